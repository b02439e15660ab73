"""Metadata blocks of a GIF file: its extensions, and what follows its end."""

from __future__ import annotations

from vision.findings import MetadataKind
from vision.metadata.blocks import Blocks
from vision.metadata.items import decoded

_EXTENSION, _IMAGE, _END = 0x21, 0x2C, 0x3B
_GRAPHICS, _COMMENT, _PLAIN_TEXT, _APPLICATION = 0xF9, 0xFE, 0x01, 0xFF
_XMP = b"XMP DataXMP"
_XMP_TRAILER = 258  # bytes that close the XMP packet, so that readers of plain GIF step over it
_HARMLESS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def walk(content: bytes, blocks: Blocks) -> None:
    """Collect the blocks of a GIF; an animation counts its frames. Raises IndexError where it breaks off."""
    at = 13 + _table(content[10])
    while at < len(content):
        kind = content[at]
        if kind == _END:
            blocks.trailing(content, at + 1)
            break
        if kind == _IMAGE:
            blocks.frames += 1
            at += 10 + _table(content[at + 9]) + 1
            _, at = _sub_blocks(content, at)
        elif kind == _EXTENSION:
            at = _extension(blocks, content, at)
        else:
            blocks.trailing(content, at)
            break


def _table(flags: int) -> int:
    """The size of a colour table in bytes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks(content: bytes, at: int) -> tuple[bytes, int]:
    parts = []
    while length := content[at]:
        parts.append(content[at + 1 : at + 1 + length])
        at += 1 + length
    return b"".join(parts), at + 1


def _extension(blocks: Blocks, content: bytes, at: int) -> int:
    label = content[at + 1]
    if label == _APPLICATION and content[at + 3 : at + 14] == _XMP:
        start = at + 14
        _, end = _sub_blocks(content, start)
        blocks.xmp.append(content[start : end - _XMP_TRAILER])
        return end
    payload, end = _sub_blocks(content, at + 2)
    if label == _COMMENT:
        blocks.say(MetadataKind.CAPTION, "GIF comment", decoded(payload))
    elif label == _PLAIN_TEXT:
        blocks.say(MetadataKind.CAPTION, "GIF text", decoded(payload[12:]))
    elif label != _GRAPHICS and not payload.startswith(_HARMLESS):
        blocks.say(MetadataKind.OTHER, "GIF extension", decoded(payload[:2_000]))
    return end
