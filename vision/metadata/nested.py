"""Blocks inside blocks: Photoshop keeps EXIF and XMP among its resources, EXIF keeps XMP and IPTC among its tags."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from vision.findings import MetadataItem
from vision.metadata.blocks import Blocks
from vision.metadata.exif import NESTED
from vision.metadata.iptc import resources
from vision.metadata.items import unreadable

_EXIF, _MORE_EXIF, _XMP, _ICC = 0x0422, 0x0423, 0x0424, 0x040F  # Photoshop's numbers of resources
_MOST = 20  # blocks of a kind that are opened


def unfold(blocks: Blocks) -> Iterator[MetadataItem]:
    """Add the blocks that stand in others, one level deep; an item for each that cannot be opened."""
    photoshop = list(blocks.photoshop[:_MOST])
    for raw in blocks.exif[:_MOST]:
        try:
            photoshop += _of_exif(raw, blocks)
        except Exception:  # noqa: BLE001  # Pillow raises anything; what EXIF says for itself is read elsewhere
            yield unreadable("blocks inside EXIF")
    blocks.photoshop += [raw for raw in photoshop if raw not in blocks.photoshop]
    for raw in photoshop:
        for number, payload in resources(raw):
            if number in (_EXIF, _MORE_EXIF):
                blocks.exif.append(payload)
            elif number == _XMP:
                blocks.xmp.append(payload)
            elif number == _ICC:
                blocks.icc.append(payload)


def _of_exif(raw: bytes, blocks: Blocks) -> list[bytes]:
    """Add XMP and profiles; returns Photoshop's and IPTC's blocks."""
    exif = Image.Exif()
    exif.load(raw)
    found = []
    for tag in sorted(NESTED):
        value = _bytes(exif.get(tag), exif.endian)
        if not value:
            continue
        if tag == 0x02BC:
            blocks.xmp.append(value)
        elif tag == 0x8773:
            blocks.icc.append(value)
        else:
            found.append(value)
    return found


def _bytes(value: object, endian: str | None) -> bytes:
    """Some writers call the bytes whole numbers of one or of four bytes."""
    if isinstance(value, str):
        return value.encode("latin-1", "replace")
    if isinstance(value, tuple) and value and all(isinstance(part, int) and 0 <= part < 1 << 32 for part in value):
        wide = 1 if max(value) < 256 else 4
        return b"".join(part.to_bytes(wide, "little" if endian == "<" else "big") for part in value)
    return value if isinstance(value, bytes) else b""
