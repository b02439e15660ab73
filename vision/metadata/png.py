"""Metadata blocks of a PNG file: its chunks, and what follows its end."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from vision.findings import MetadataKind
from vision.metadata.blocks import Blocks
from vision.metadata.items import MOST_UNPACKED, decoded, words_in

_SIGNATURE = 8
_PIXELS_AND_COLOURS = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"bKGD", b"hIST", b"pHYs"),
    *(b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI", b"oFFs", b"sTER"),
}
_LONG = 1_000  # bytes: a path is shorter, a picture longer
_OTHER = {"software", "source", "warning"}
_CALLED = (
    (("copyright", "rights", "credit", "licence", "license"), MetadataKind.COPYRIGHT),
    (("author", "artist", "creator", "person", "people", "owner", "photographer", "writer"), MetadataKind.NAME),
    (("gps", "latitude", "longitude", "location", "place"), MetadataKind.GPS),
    (("serial", "uuid", "uniqueid"), MetadataKind.SERIAL),
    (("date", "time"), MetadataKind.DATE),
)


def walk(content: bytes, blocks: Blocks) -> None:
    """Collect the blocks of a PNG; an animation counts its frames."""
    blocks.frames = 1
    for name, payload, end in _chunks(content):
        if name == b"IEND":
            blocks.trailing(content, end)
        elif name == b"eXIf":
            blocks.exif.append(payload)
        elif name == b"iCCP":
            _profile(blocks, payload)
        elif name == b"acTL":
            blocks.frames = max(blocks.frames, int.from_bytes(payload[:4], "big"))
        elif name == b"tIME" and len(payload) == 7:
            year = int.from_bytes(payload[:2], "big")
            blocks.say(MetadataKind.DATE, "PNG tIME", f"{year:04}-{payload[2]:02}-{payload[3]:02}")
        elif name in (b"tEXt", b"zTXt", b"iTXt"):
            _text(blocks, name, payload)
        elif name not in _PIXELS_AND_COLOURS:
            text = decoded(payload[:2_000]) if payload.isascii() else words_in(payload)
            blocks.say(MetadataKind.OTHER, f"PNG {decoded(name)}", text or f"{len(payload):,} bytes")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Each chunk's name, payload and end, up to the end of the picture."""
    at = _SIGNATURE
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        end = at + 12 + length
        yield name, b"" if name in (b"IDAT", b"fdAT") else content[at + 8 : end - 4], end
        if name == b"IEND":
            return
        at = end


def _profile(blocks: Blocks, payload: bytes) -> None:
    name, _, packed = payload.partition(b"\x00")
    blocks.say(MetadataKind.OTHER, "PNG colour profile", decoded(name))
    try:
        blocks.icc.append(_unpacked(packed[1:]))
    except ValueError:
        blocks.cannot_read("PNG colour profile")


def _text(blocks: Blocks, name: bytes, payload: bytes) -> None:
    key, _, rest = payload.partition(b"\x00")
    keyword = key.decode("latin-1")
    where = f"PNG {decoded(name)} {keyword}"
    try:
        if name == b"zTXt":
            raw = _unpacked(rest[1:])
        elif name == b"iTXt":
            packed = rest[:1] == b"\x01"
            _, _, tail = rest[2:].partition(b"\x00")  # language
            _, _, value = tail.partition(b"\x00")  # translated keyword
            raw = _unpacked(value) if packed else value
        else:
            raw = rest
        _keyword(blocks, keyword, where, raw)
    except ValueError:
        blocks.cannot_read(where)


def _keyword(blocks: Blocks, keyword: str, where: str, raw: bytes) -> None:
    lowered = keyword.lower()
    if lowered == "xml:com.adobe.xmp":
        blocks.xmp.append(raw)
    elif lowered.startswith("raw profile type"):
        _raw_profile(blocks, lowered.split()[-1], raw)
    elif lowered in _OTHER:
        blocks.say(MetadataKind.OTHER, where, decoded(raw))
    elif "thumb" in lowered and (len(raw) > _LONG or "uri" not in lowered):
        blocks.say(MetadataKind.THUMBNAIL, where, f"{len(raw):,} bytes")
    else:
        kind = next((kind for words, kind in _CALLED if any(word in lowered for word in words)), MetadataKind.CAPTION)
        text = decoded(raw)
        blocks.say(kind, where, f"{keyword}: {text}" if kind is MetadataKind.CAPTION else text)


def _raw_profile(blocks: Blocks, kind: str, raw: bytes) -> None:
    """ImageMagick's way: a line break, the kind, the length, then hexadecimal digits. Raises ValueError."""
    block = bytes.fromhex("".join(raw.decode("latin-1").split("\n")[3:]))
    if kind in ("exif", "app1"):
        if b"http://ns.adobe.com/xap/" in block[:64]:
            blocks.xmp.append(block.partition(b"\x00")[2])
        else:
            blocks.exif.append(block.removeprefix(b"Exif\x00\x00"))
    elif kind in ("iptc", "8bim"):
        blocks.photoshop.append(block)
    elif kind == "xmp":
        blocks.xmp.append(block)
    elif kind in ("icc", "icm"):
        blocks.icc.append(block)
    else:
        blocks.say(MetadataKind.OTHER, f"PNG raw profile {kind}", f"{len(block):,} bytes")


def _unpacked(packed: bytes) -> bytes:
    """Decompressed, up to a limit; raises ValueError."""
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(packed, MOST_UNPACKED)
    except zlib.error as error:
        raise ValueError("not zlib data") from error
    if unpacker.unconsumed_tail:
        raise ValueError("too long")
    return raw
