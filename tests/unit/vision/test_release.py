"""What may be published holds the looked-at pixels and nothing else; anything more is refused."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from vision import allowlist
from vision.errors import ReleaseError
from vision.findings import Released
from vision.images import Format, Pixels
from vision.release import release


def photograph(width: int = 64, height: int = 48) -> Pixels:
    """Many colours, smooth enough for JPEG."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // max(width - 1, 1), y * 255 // max(height - 1, 1), (x * 7 + y * 5) % 200], 2).astype(
        np.uint8
    )


def drawing(width: int = 64, height: int = 48) -> Pixels:
    pixels = np.full((height, width, 3), 255, np.uint8)
    pixels[10:20, 10:30] = (200, 0, 0)
    return pixels


def opened(released: Released) -> Pixels:
    return np.array(Image.open(io.BytesIO(released.content)))


def test_a_photograph_becomes_a_jpeg_that_looks_the_same() -> None:
    released = release(photograph(), Format.JPEG)
    assert released.media_type == "image/jpeg"
    assert (released.width, released.height) == (64, 48)
    assert np.abs(opened(released).astype(int) - photograph()).mean() < 12


@pytest.mark.parametrize("source", [Format.PNG, Format.GIF])
def test_a_drawing_becomes_a_png_with_the_same_pixels(source: Format) -> None:
    released = release(drawing(), source)
    assert released.media_type == "image/png"
    assert (opened(released) == drawing()).all()


@pytest.mark.parametrize(
    ("pixels", "source"),
    [
        pytest.param(photograph(200, 200), Format.PNG, id="photograph-in-png"),
        pytest.param(drawing(), Format.JPEG, id="drawing-in-jpeg"),
        pytest.param(drawing(), Format.HEIF, id="drawing-in-heic"),
    ],
)
def test_everything_else_becomes_a_jpeg(pixels: Pixels, source: Format) -> None:
    assert release(pixels, source).media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("size", "long_side", "expected"),
    [
        pytest.param((4000, 3000), 2048, (2048, 1536), id="12-megapixels"),
        pytest.param((300, 400), 100, (75, 100), id="portrait"),
        pytest.param((2048, 10), 2048, (2048, 10), id="just-fits"),
        pytest.param((5000, 1), 500, (500, 1), id="one-pixel-high"),
        pytest.param((10, 10), 2048, (10, 10), id="never-enlarged"),
    ],
)
def test_the_long_side_is_capped(size: tuple[int, int], long_side: int, expected: tuple[int, int]) -> None:
    released = release(photograph(*size), Format.JPEG, long_side)
    assert (released.width, released.height) == expected
    assert opened(released).shape[:2] == (expected[1], expected[0])


@pytest.mark.parametrize(("pixels", "source"), [(photograph(), Format.JPEG), (drawing(), Format.PNG)])
def test_the_same_pixels_give_the_same_bytes(pixels: Pixels, source: Format) -> None:
    first, second = release(pixels, source), release(pixels.copy(), source)
    assert first == second
    assert first.sha256 == hashlib.sha256(first.content).hexdigest()


def test_pixels_that_cannot_be_written_are_an_error() -> None:
    with pytest.raises(ReleaseError):
        release(np.zeros((0, 0, 3), np.uint8), Format.JPEG)


def test_a_writer_that_adds_something_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Image.Image.save

    def with_a_comment(picture: Image.Image, *args: Any, **options: Any) -> None:
        plain(picture, *args, **options, comment=b"Orla Quist")

    monkeypatch.setattr(Image.Image, "save", with_a_comment)
    with pytest.raises(ReleaseError, match="FFFE"):
        release(photograph(), Format.JPEG)


def jpeg(**options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(photograph()).save(out, "JPEG", **options)
    return out.getvalue()


def png(picture: Image.Image | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    (picture or Image.fromarray(drawing())).save(out, "PNG", **options)
    return out.getvalue()


def exif() -> bytes:
    block = Image.Exif()
    block[0x013B] = "Orla Quist"
    return block.tobytes()


def text() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Orla Quist")
    return info


def after(content: bytes, mark: bytes, added: bytes) -> bytes:
    """`added` put behind the first segment that starts with `mark`."""
    at = content.index(mark) + 2
    at += int.from_bytes(content[at : at + 2], "big")
    return content[:at] + added + content[at:]


def longer(content: bytes, mark: bytes, added: bytes) -> bytes:
    """The first segment that starts with `mark`, made longer by `added`."""
    at = content.index(mark) + 2
    length = int.from_bytes(content[at : at + 2], "big")
    body = content[at + 2 : at + length] + added
    return content[:at] + struct.pack(">H", len(body) + 2) + body + content[at + length :]


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def rewritten(rows: Callable[[bytes], bytes]) -> bytes:
    """A PNG whose compressed rows were changed."""
    content = png()
    at = content.index(b"IDAT") - 4
    length = int.from_bytes(content[at : at + 4], "big")
    packed = rows(content[at + 8 : at + 8 + length])
    return content[:at] + chunk(b"IDAT", packed) + content[at + 12 + length :]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(jpeg(exif=exif()), id="exif"),
        pytest.param(jpeg(comment=b"Orla"), id="comment"),
        pytest.param(jpeg(icc_profile=b"profile"), id="icc"),
        pytest.param(jpeg(xmp=b"<x/>"), id="xmp"),
        pytest.param(jpeg(dpi=(300, 300)), id="density"),
        pytest.param(jpeg() + b"\x00", id="trailing-zero"),
        pytest.param(jpeg() + jpeg(), id="second-picture"),
        pytest.param(jpeg()[:-2], id="no-end"),
        pytest.param(jpeg()[:300], id="cut-short"),
        pytest.param(jpeg()[2:], id="no-start"),
        pytest.param(b"", id="empty"),
        pytest.param(after(jpeg(), b"\xff\xdb", b"Orla"), id="bytes-between"),
        pytest.param(longer(jpeg(), b"\xff\xdb", b"Orla"), id="long-quantisation-table"),
        pytest.param(longer(jpeg(), b"\xff\xc4", b"Orla"), id="long-huffman-table"),
        pytest.param(longer(jpeg(), b"\xff\xc0", b"Orla"), id="long-frame"),
        pytest.param(longer(jpeg(), b"\xff\xda", b"Orla"), id="long-scan"),
        pytest.param(longer(jpeg(), b"\xff\xe0", b"Orla"), id="long-header"),
        pytest.param(after(jpeg(), b"\xff\xe0", jpeg()[2:20]), id="second-header"),
        pytest.param(jpeg()[:-2] + b"\xff\xfe\x00\x06Orla\xff\xd9", id="comment-behind-the-scan"),
        pytest.param(jpeg()[:-2] + b"\xff\xd0Orla\xff\xd9", id="restart-marker"),
        pytest.param(jpeg()[:2] + jpeg()[20:], id="no-header"),
        pytest.param(png(), id="png-under-another-name"),
    ],
)
def test_a_jpeg_with_anything_more_is_refused(content: bytes) -> None:
    with pytest.raises(ReleaseError):
        allowlist.check(content, "image/jpeg", 64, 48)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(png(pnginfo=text()), id="text"),
        pytest.param(png(exif=exif()), id="exif"),
        pytest.param(png(icc_profile=b"profile"), id="icc"),
        pytest.param(png(dpi=(300, 300)), id="density"),
        pytest.param(png(Image.fromarray(drawing()).convert("P")), id="palette"),
        pytest.param(png(Image.fromarray(drawing()).convert("RGBA")), id="alpha"),
        pytest.param(png() + b"\x00", id="trailing-zero"),
        pytest.param(png()[:-12], id="no-end"),
        pytest.param(png()[:100], id="cut-short"),
        pytest.param(png()[:-12] + chunk(b"IEND", b"Orla"), id="words-in-the-end"),
        pytest.param(png()[:40] + bytes([png()[40] ^ 1]) + png()[41:], id="one-bit-flipped"),
        pytest.param(rewritten(lambda packed: packed + b"Orla"), id="bytes-behind-the-pixels"),
        pytest.param(rewritten(lambda packed: zlib.compress(zlib.decompress(packed) + b"Orla")), id="more-rows"),
        pytest.param(rewritten(lambda packed: zlib.compress(zlib.decompress(packed)[:-9])), id="fewer-rows"),
        pytest.param(rewritten(lambda packed: b"Orla" + packed), id="no-zlib-data"),
        pytest.param(b"", id="empty"),
        pytest.param(jpeg(), id="jpeg-under-another-name"),
    ],
)
def test_a_png_with_anything_more_is_refused(content: bytes) -> None:
    with pytest.raises(ReleaseError):
        allowlist.check(content, "image/png", 64, 48)


@pytest.mark.parametrize(("content", "media_type"), [(jpeg(), "image/jpeg"), (png(), "image/png")])
def test_a_file_of_another_size_is_refused(content: bytes, media_type: str) -> None:
    allowlist.check(content, media_type, 64, 48)
    with pytest.raises(ReleaseError):
        allowlist.check(content, media_type, 48, 64)


@pytest.mark.parametrize("media_type", ["image/svg+xml", "image/gif", ""])
def test_other_types_are_never_released(media_type: str) -> None:
    with pytest.raises(ReleaseError, match="Only JPEG and PNG"):
        allowlist.check(png(), media_type, 64, 48)


PLAIN = {"image/jpeg": jpeg(), "image/png": png()}


@settings(max_examples=300)
@given(
    media_type=st.sampled_from(list(PLAIN)),
    places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    kept=st.floats(0, 1),
)
def test_whatever_the_bytes_the_answer_is_yes_or_a_release_error(
    media_type: str, places: list[tuple[float, int]], kept: float
) -> None:
    content = bytearray(PLAIN[media_type])
    for place, value in places:
        content[int(place * (len(content) - 1))] = value
    content = content[: int(len(content) * kept)] if kept < 0.9 else content
    try:
        allowlist.check(bytes(content), media_type, 64, 48)
    except ReleaseError:
        return
    assert kept >= 0.9
