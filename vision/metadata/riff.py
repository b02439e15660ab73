"""Metadata blocks of a WebP file: its RIFF chunks, and what follows its end."""

from __future__ import annotations

from vision.findings import MetadataKind
from vision.metadata.blocks import Blocks
from vision.metadata.items import decoded

_PIXELS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM"}


def walk(content: bytes, blocks: Blocks) -> None:
    """Collect the blocks of a WebP; an animation counts its frames."""
    stop = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    at = 12
    while at + 8 <= stop:
        name = content[at : at + 4]
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        payload = content[at + 8 : at + 8 + length]
        if name == b"EXIF":
            blocks.exif.append(payload.removeprefix(b"Exif\x00\x00"))
        elif name == b"XMP ":
            blocks.xmp.append(payload)
        elif name == b"ICCP":
            blocks.icc.append(payload)
        elif name == b"ANMF":
            blocks.frames += 1
        elif name not in _PIXELS:
            blocks.say(MetadataKind.OTHER, f"WebP {decoded(name)}", decoded(payload[:2_000]))
        at += 8 + length + length % 2
    blocks.frames = max(blocks.frames, 1)
    blocks.trailing(content, stop)
