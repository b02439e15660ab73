"""What a picture's file says beside its pixels. All of it is left out of what is released: this is for findings only.

Metadata that cannot be read is an item of its own, never an error: nothing of it is published either way.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from vision.findings import MetadataItem, MetadataKind
from vision.images import Format, Picture
from vision.metadata import boxes, gif, jpeg, nested, png, riff
from vision.metadata.blocks import Blocks
from vision.metadata.coordinates import coordinates
from vision.metadata.exif import exif_items
from vision.metadata.icc import icc_items
from vision.metadata.iptc import photoshop_items
from vision.metadata.items import MOST_ITEMS, UNREADABLE, collect, item, unreadable
from vision.metadata.xmp import xmp_items

__all__ = ["MOST_ITEMS", "UNREADABLE", "read"]

_WALKS: dict[Format, Callable[[bytes, Blocks], None]] = {
    Format.JPEG: jpeg.walk,
    Format.PNG: png.walk,
    Format.WEBP: riff.walk,
    Format.GIF: gif.walk,
    Format.HEIF: boxes.walk,
    Format.AVIF: boxes.walk,
}
_MOST_BLOCKS = 20  # of one kind that are read


def read(content: bytes, picture: Picture) -> tuple[MetadataItem, ...]:
    """Everything that the file of this picture says; raises nothing."""
    blocks = Blocks()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns about damaged EXIF, which is an item here
        failed = collect("the file's blocks", lambda: _walk(content, picture, blocks))
        failed += collect("blocks inside blocks", lambda: nested.unfold(blocks))
        found = [*_of_picture(picture, blocks), *blocks.items, *failed, *_of_blocks(blocks)]
    unique = list(dict.fromkeys((*found, *coordinates(found))))
    if len(unique) > MOST_ITEMS or blocks.more:
        rest = item(MetadataKind.OTHER, "the rest", "There is more than is shown; it is left out of what is published.")
        told = sorted(unique, key=lambda piece: piece.kind is MetadataKind.OTHER)  # what nobody asks for goes first
        return (*told[:MOST_ITEMS], rest)
    return tuple(unique)


def _walk(content: bytes, picture: Picture, blocks: Blocks) -> Iterable[MetadataItem]:
    _WALKS[picture.format](content, blocks)
    if picture.format in (Format.HEIF, Format.AVIF):
        blocks.exif += [picture.exif] if picture.exif else []
        blocks.xmp += [picture.xmp] if picture.xmp else []
        blocks.icc += [picture.icc] if picture.icc else []
    return ()


def _of_blocks(blocks: Blocks) -> Iterator[MetadataItem]:
    readers: tuple[tuple[str, list[bytes], Callable[[bytes], Iterator[MetadataItem]]], ...] = (
        ("EXIF", blocks.exif, exif_items),
        ("IPTC", blocks.photoshop, photoshop_items),
        ("XMP", blocks.xmp, xmp_items),
        ("ICC", blocks.icc, icc_items),
    )
    for where, raw_blocks, reader in readers:
        for raw in raw_blocks[:_MOST_BLOCKS]:
            yield from collect(where, partial(reader, raw))
        if len(raw_blocks) > _MOST_BLOCKS:
            yield unreadable(f"{where} blocks after the first {_MOST_BLOCKS}")


def _of_picture(picture: Picture, blocks: Blocks) -> Iterator[MetadataItem]:
    frames = max(picture.frames, blocks.frames)
    if frames > 1:
        text = f"{frames:,} pictures in one file: only the first was looked at, only the first is published."
        yield item(MetadataKind.FRAMES, "frames", text)
    if picture.alpha:
        yield item(MetadataKind.ALPHA, "transparent places", "Transparent places were laid on white.")
    if picture.thumbnails:
        yield item(MetadataKind.THUMBNAIL, "HEIF thumbnail", "present")
