"""The blocks of metadata that a file holds, before anybody reads them."""

from __future__ import annotations

from dataclasses import dataclass, field

from vision.findings import MetadataItem, MetadataKind
from vision.metadata.items import MOST_ITEMS, UNREADABLE, item


@dataclass(slots=True)
class Blocks:
    """Raw blocks by kind, and what the walk through the file shows by itself.

    `frames` counts pictures in the file (0: the walk does not say); `more` says that items were left off.
    """

    exif: list[bytes] = field(default_factory=list)
    xmp: list[bytes] = field(default_factory=list)
    photoshop: list[bytes] = field(default_factory=list)
    icc: list[bytes] = field(default_factory=list)
    items: list[MetadataItem] = field(default_factory=list)
    frames: int = 0
    more: bool = False

    def say(self, kind: MetadataKind, where: str, text: str) -> None:
        if len(self.items) < MOST_ITEMS:
            self.items.append(item(kind, where, text))
        else:
            self.more = True

    def cannot_read(self, where: str) -> None:
        self.say(MetadataKind.OTHER, where, UNREADABLE)

    def trailing(self, content: bytes, end: int) -> None:
        """Note what follows the end of the picture, if anything but zeros does."""
        rest = content[end:]
        if rest.strip(b"\x00"):
            self.say(MetadataKind.TRAILING, "after the end of the picture", f"{len(rest):,} bytes{_looks_like(rest)}")


_STILL = (b"heic", b"heix", b"mif1", b"avif")  # brands of single pictures (ISO/IEC 23008-12)


def _looks_like(rest: bytes) -> str:
    start = rest[:4096]
    brand = start[start.find(b"ftyp") + 4 :][:4] if b"ftyp" in start else b""
    if brand and brand not in _STILL:
        return ", which look like a video (a motion photo's, say)"
    for mark, name in (
        (b"ftyp", "another picture"),
        (b"MotionPhoto_Data", "a video (a motion photo's, say)"),
        (b"\xff\xd8\xff", "another picture"),
        (b"\x89PNG", "another picture"),
        (b"IDAT", "parts of another picture"),
        (b"PK\x03\x04", "an archive"),
        (b"%PDF", "a PDF"),
        (b"<html", "a web page"),
        (b"<script", "a web page"),
    ):
        if mark in start:
            return f", which look like {name}"
    return ""
