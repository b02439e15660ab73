"""Metadata blocks of a PNG file: its chunks, and what follows its end."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from vision.findings import MetadataKind
from vision.metadata.blocks import Blocks
from vision.metadata.items import MOST_UNPACKED, decoded

_SIGNATURE = 8
_PIXELS_AND_COLOURS = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"bKGD", b"hIST", b"pHYs"),
    *(b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI", b"oFFs", b"sTER"),
}
_NAMES = {"author", "artist", "creator", "person", "people"}
_OTHER = {"software", "source", "warning"}


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
            blocks.say(MetadataKind.OTHER, f"PNG {decoded(name)}", decoded(payload[:2_000]))


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
    elif lowered == "copyright":
        blocks.say(MetadataKind.COPYRIGHT, where, decoded(raw))
    elif lowered in _NAMES:
        blocks.say(MetadataKind.NAME, where, decoded(raw))
    elif "date" in lowered or "time" in lowered:
        blocks.say(MetadataKind.DATE, where, decoded(raw))
    elif "thumb" in lowered:
        blocks.say(MetadataKind.THUMBNAIL, where, f"{len(raw):,} bytes")
    elif lowered in _OTHER:
        blocks.say(MetadataKind.OTHER, where, decoded(raw))
    else:
        blocks.say(MetadataKind.CAPTION, where, f"{keyword}: {decoded(raw)}")


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
