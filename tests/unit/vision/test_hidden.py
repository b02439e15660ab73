"""Pictures inside a file that nobody sees are found, wherever they are; what shows the same is nothing hidden."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from vision.errors import DamagedPicture, PictureTooLarge
from vision.findings import HiddenKind
from vision.hidden import LOOK_SIDE, MOST_LOOKED_AT, HiddenPixels, hidden_pixels, is_same
from vision.images import Limits, decode

SHOWN, SECRET = (200, 190, 170), (30, 60, 120)


def plain(size: tuple[int, int] = (160, 120)) -> Image.Image:
    return Image.new("RGB", size, SHOWN)


def secret(size: tuple[int, int] = (160, 120)) -> Image.Image:
    """A light disc on dark ground: nothing of it is in the plain picture."""
    picture = Image.new("RGB", size, SECRET)
    ImageDraw.Draw(picture).ellipse((size[0] // 4, 10, 3 * size[0] // 4, size[1] - 10), fill=(240, 220, 60))
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def with_segment(jpeg: bytes, marker: int, payload: bytes) -> bytes:
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload + jpeg[2:]


def with_chunk(png: bytes, name: bytes, payload: bytes) -> bytes:
    chunk = struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))
    return png[:33] + chunk + png[33:]


def under_alpha() -> bytes:
    pixels = np.dstack([np.asarray(secret()), np.zeros((120, 160), np.uint8)])
    pixels[:20, :, 3] = 255
    return saved(Image.fromarray(pixels), "PNG")


def in_low_bits() -> bytes:
    grey = np.asarray(secret().convert("L")).astype(np.uint16)
    return saved(Image.fromarray((180 << 8 | grey).astype(np.uint16)), "PNG")


def with_gamma() -> bytes:
    faint = (np.asarray(secret()).astype(np.uint16) * 40 // 255).astype(np.uint8)
    return with_chunk(saved(Image.fromarray(faint), "PNG"), b"gAMA", struct.pack(">I", 8_000))


def in_exif() -> bytes:
    ifd = struct.pack("<HHII", 0x0201, 4, 1, 44) + struct.pack("<HHII", 0x0202, 4, 1, len(saved(secret((80, 60)))))
    tiff = b"II*\x00\x08\x00\x00\x00" + b"\x00\x00" + struct.pack("<I", 14) + b"\x02\x00" + ifd + b"\x00" * 4
    return with_segment(saved(plain()), 0xE1, b"Exif\x00\x00" + tiff + saved(secret((80, 60))))


def in_photoshop_block() -> bytes:
    thumbnail = b"\x00" * 28 + saved(secret((80, 60)))
    block = b"8BIM\x04\x0c\x00\x00" + struct.pack(">I", len(thumbnail)) + thumbnail
    return with_segment(saved(plain()), 0xED, b"Photoshop 3.0\x00" + block)


def in_xmp(line: bytes) -> bytes:
    text = base64.b64encode(saved(secret((80, 60))))
    lines = line.join(text[at : at + 76] for at in range(0, len(text), 76))
    return with_segment(
        saved(plain()), 0xE1, b"http://ns.adobe.com/xap/1.0/\x00<xmpGImg:image>" + lines + b"</xmpGImg:image>"
    )


def frames(kind: str, count: int = 2) -> bytes:
    more = [secret((160, 120 - at)).resize((160, 120)) for at in range(count - 1)]
    return saved(plain(), kind, save_all=True, append_images=more)


FILES: dict[str, tuple[HiddenKind, Callable[[], bytes]]] = {
    "second frame, GIF": (HiddenKind.FRAME, lambda: frames("GIF")),
    "second frame, PNG": (HiddenKind.FRAME, lambda: frames("PNG")),
    "second frame, WebP": (HiddenKind.FRAME, lambda: frames("WEBP")),
    "second frame, AVIF": (HiddenKind.FRAME, lambda: frames("AVIF")),
    "second picture, multi-picture JPEG": (HiddenKind.FRAME, lambda: frames("MPO")),
    "under transparent places": (HiddenKind.UNDER_ALPHA, under_alpha),
    "in the lower eight bits": (HiddenKind.LOW_BITS, in_low_bits),
    "by its gamma": (HiddenKind.OTHER_LOOK, with_gamma),
    "EXIF preview": (HiddenKind.THUMBNAIL, in_exif),
    "Photoshop preview": (HiddenKind.THUMBNAIL, in_photoshop_block),
    "XMP preview, lines broken": (HiddenKind.THUMBNAIL, lambda: in_xmp(b"\n")),
    "XMP preview, lines broken by entities": (HiddenKind.THUMBNAIL, lambda: in_xmp(b"&#xA;")),
    "unknown JPEG segment": (HiddenKind.THUMBNAIL, lambda: with_segment(saved(plain()), 0xE7, saved(secret((80, 60))))),
    "PNG chunk": (HiddenKind.THUMBNAIL, lambda: with_chunk(saved(plain(), "PNG"), b"prVt", saved(secret((80, 60))))),
    "JPEG behind the end": (HiddenKind.TRAILING, lambda: saved(plain()) + saved(secret())),
    "PNG behind the end": (HiddenKind.TRAILING, lambda: saved(plain()) + b"more" + saved(secret(), "PNG")),
    "JPEG behind the end of a PNG": (HiddenKind.TRAILING, lambda: saved(plain(), "PNG") + saved(secret())),
    "JPEG behind the end of a GIF": (HiddenKind.TRAILING, lambda: saved(plain(), "GIF") + saved(secret())),
}


def look(content: bytes) -> list[HiddenPixels]:
    return hidden_pixels(content, decode(content))


@pytest.mark.parametrize(("kind", "make"), FILES.values(), ids=FILES.keys())
def test_what_is_hidden_is_found_once(kind: HiddenKind, make: Callable[[], bytes]) -> None:
    (found,) = look(make())

    assert found.kind is kind
    assert found.pixels is not None
    assert not is_same(found.pixels, np.asarray(plain()))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(saved(plain()), id="a plain picture"),
        pytest.param(saved(plain()) + saved(plain((80, 60))), id="a smaller copy behind the end"),
        pytest.param(with_segment(saved(secret()), 0xE7, saved(secret().resize((80, 60)))), id="a true preview"),
        pytest.param(saved(secret(), "GIF", save_all=True, append_images=[secret()]), id="the same frame twice"),
    ],
)
def test_what_shows_the_same_is_not_hidden(content: bytes) -> None:
    assert look(content) == []


def test_a_preview_that_shows_one_face_more_is_another_picture() -> None:
    covered = secret((640, 480))
    ImageDraw.Draw(covered).rectangle((300, 200, 340, 240), fill=(20, 20, 20))

    (found,) = look(with_segment(saved(covered), 0xE7, saved(secret((640, 480)).resize((160, 120)))))

    assert found.kind is HiddenKind.THUMBNAIL


def test_what_cannot_be_opened_behind_the_end_is_told() -> None:
    (found,) = look(saved(plain()) + saved(secret())[:200])

    assert (found.kind, found.pixels) == (HiddenKind.TRAILING, None)


def test_a_beginning_by_chance_inside_a_picture_is_nothing() -> None:
    assert look(with_segment(saved(plain()), 0xE7, b"....\xff\xd8\xff\xe0....")) == []


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_a_further_frame_that_is_cut_short_makes_the_file_one_that_was_not_looked_at(kind: str) -> None:
    whole = frames(kind)
    content = whole[: len(whole) - len(whole) // 8]

    with pytest.raises(DamagedPicture, match="several pictures"):
        hidden_pixels(content, decode(frames(kind)))


def test_more_frames_than_can_be_opened_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vision.hidden.MOST_FRAMES", 3)

    with pytest.raises(PictureTooLarge, match="5 pictures"):
        look(frames("GIF", 5))


def test_of_many_frames_some_are_shown_from_beginning_to_end() -> None:
    turning = [secret().rotate(7 * at) for at in range(60)]
    content = saved(plain(), "GIF", save_all=True, append_images=turning)

    found = look(content)

    assert 2 <= len(found) <= MOST_LOOKED_AT
    assert {each.kind for each in found} == {HiddenKind.FRAME}


def test_large_ones_are_made_smaller() -> None:
    (found,) = look(saved(plain()) + saved(secret((3000, 2000))))

    assert found.pixels is not None
    assert max(found.pixels.shape) == LOOK_SIDE


def test_one_with_more_pixels_than_the_limit_is_not_opened() -> None:
    content = saved(plain()) + saved(secret((400, 300)))

    (found,) = hidden_pixels(content, decode(content), Limits(pixels=60_000))

    assert found.pixels is None
