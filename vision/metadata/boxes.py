"""What the boxes of a HEIF or AVIF file show; their EXIF and XMP come from the decoder, which finds its way inside."""

from __future__ import annotations

from vision.findings import MetadataKind
from vision.metadata.blocks import Blocks
from vision.metadata.items import decoded

_PICTURE = {b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"wide", b"pdin", b"idat"}


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
        elif name not in _PICTURE:
            blocks.say(MetadataKind.OTHER, f"HEIF {decoded(name)}", f"{length:,} bytes")
        at += length
    blocks.trailing(content, at)
