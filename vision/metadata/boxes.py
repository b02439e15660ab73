"""What the boxes of a HEIF or AVIF file show; their EXIF and XMP come from the decoder, which finds its way inside."""

from __future__ import annotations

import re

from vision.findings import MetadataKind
from vision.metadata.blocks import Blocks
from vision.metadata.items import decoded, words_in

_PICTURE = {b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"wide", b"pdin", b"idat"}

_INSIDE = {b"meta", b"moov"}
# Boxes that hold boxes, and how many bytes of their own come first (ISO/IEC 14496-12 and 23008-12).
_HOLDERS = {
    **dict.fromkeys((b"iprp", b"ipco", b"moov", b"trak", b"mdia", b"udta", b"ilst"), 0),
    b"meta": 4,
    b"iinf": 6,
}
_HEAD, _MOST, _DEEPEST = 8, 400_000, 8
_USUAL_NAMES = re.compile(r"^(Color|Alpha|Depth|Exif|XMP|HEVC Image|[A-Za-z]|(application|image)/[a-z0-9+.-]+)$")
_NAME_AT = {0: 8, 1: 8, 2: 12, 3: 14}  # where an item's name begins, by the version of its box


def walk(content: bytes, blocks: Blocks) -> None:
    """Note the boxes beside the picture's own; a motion photo's video is one of them."""
    at = 0
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(content[at + 8 : at + 16], "big")
        if length == 0:  # up to the end
            length = len(content) - at
        if length < 8 or not name.isalnum():
            break
        if name == b"mpvd":
            blocks.say(MetadataKind.FRAMES, "HEIF mpvd", "the video of a motion photo")
        elif name in _INSIDE:
            _inside(blocks, name, content[at + _HEAD : at + min(length, _MOST)], 0)
        elif name not in _PICTURE:
            blocks.say(MetadataKind.OTHER, f"HEIF {decoded(name)}", f"{length:,} bytes")
        at += length
    blocks.trailing(content, at)


def _inside(blocks: Blocks, holder: bytes, content: bytes, depth: int) -> None:
    """Note what the boxes in these bytes say in words: names of items, descriptions by users, words about a film."""
    at = _HOLDERS.get(holder, 4)
    while at + _HEAD <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        if length < _HEAD:
            return
        payload = content[at + _HEAD : at + length]
        if name == b"infe":
            _words(blocks, MetadataKind.CAPTION, "HEIF item", payload[_NAME_AT.get(payload[0], 8) if payload else 0 :])
        elif name == b"udes":
            _words(blocks, MetadataKind.CAPTION, "HEIF description", payload[4:])
        elif name[:1] == b"\xa9" or name in (b"cprt", b"auth", b"titl", b"dscp", b"perf", b"loci", b"name", b"data"):
            _words(blocks, MetadataKind.CAPTION, f"HEIF {decoded(name)}", payload)
        elif name in _HOLDERS and depth < _DEEPEST:
            _inside(blocks, name, payload, depth + 1)
        at += length


def _words(blocks: Blocks, kind: MetadataKind, where: str, payload: bytes) -> None:
    said = [word for word in (decoded(part).strip() for part in payload.split(b"\x00")) if word]
    text = " ".join(word for word in said if not _USUAL_NAMES.match(word))
    if words_in(text.encode()):
        blocks.say(kind, where, text)
