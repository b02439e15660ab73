"""Where in a file the picture ends, and what follows is no part of it."""

from __future__ import annotations

from dataclasses import dataclass

from vision.images import Format
from vision.metadata import gif, jpeg, png, riff
from vision.metadata.blocks import Blocks

_WALKS = {Format.JPEG: jpeg.walk, Format.PNG: png.walk, Format.WEBP: riff.walk, Format.GIF: gif.walk}


@dataclass(slots=True)
class _End(Blocks):
    end: int | None = None

    def trailing(self, content: bytes, end: int) -> None:  # noqa: ARG002
        self.end = end


def end_of_picture(content: bytes, kind: Format) -> int:
    """The place (bytes from the start) behind the picture; the file's length where it has no end of its own."""
    blocks = _End()
    try:
        walk = _WALKS.get(kind)
        if walk is not None:
            walk(content, blocks)
    except Exception:  # noqa: BLE001  # a file that breaks off has no end; its metadata says so
        return len(content)
    return len(content) if blocks.end is None else min(blocks.end, len(content))
