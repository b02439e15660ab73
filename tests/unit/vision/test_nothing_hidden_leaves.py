"""What is hidden in a file, picture or name, is in no byte of what is released."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import PngImagePlugin

from tests.unit.vision.test_hidden import FILES, plain, saved, secret, with_chunk, with_segment
from tests.unit.vision.test_metadata_odd import own_profile
from vision import metadata
from vision.findings import HiddenKind, Released
from vision.hidden import hidden_pixels, is_same
from vision.images import decode
from vision.testing import fake_eyes

NAME = "Orla Quist"
OTHERS_SHOWN = (HiddenKind.UNDER_ALPHA, HiddenKind.LOW_BITS, HiddenKind.OTHER_LOOK)  # what is seen is not the plain one


def released_of(content: bytes) -> Released:
    released = fake_eyes().inspect(content).released
    assert released is not None
    return released


@pytest.mark.parametrize(("kind", "make"), FILES.values(), ids=FILES.keys())
def test_no_hidden_picture_is_in_what_is_released(kind: HiddenKind, make: Callable[[], bytes]) -> None:
    content = make()
    released = released_of(content)
    again = decode(released.content)
    assert is_same(again.pixels, decode(content).pixels)
    assert not is_same(again.pixels, np.asarray(secret()))
    assert kind in OTHERS_SHOWN or is_same(again.pixels, np.asarray(plain()))
    assert hidden_pixels(released.content, again) == []
    assert metadata.read(released.content, again) == ()


def in_png_text() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Title", NAME)
    words.add_itxt("Person", NAME, zip=True)
    return saved(plain(), "PNG", pnginfo=words)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(with_segment(saved(plain()), 0xFE, NAME.encode()), id="JPEG comment"),
        pytest.param(with_segment(saved(plain()), 0xE5, NAME.encode()), id="JPEG segment"),
        pytest.param(saved(plain(), exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00" + NAME.encode()), id="EXIF"),
        pytest.param(saved(plain(), icc_profile=own_profile(NAME, NAME.encode())), id="profile"),
        pytest.param(saved(plain()) + NAME.encode(), id="behind the end"),
        pytest.param(with_chunk(saved(plain(), "PNG"), b"prVt", NAME.encode("utf-16-le")), id="PNG chunk"),
        pytest.param(in_png_text(), id="PNG text"),
        pytest.param(saved(plain(), "GIF", comment=NAME), id="GIF comment"),
        pytest.param(saved(plain(), "WEBP", xmp=NAME.encode()), id="WebP XMP"),
        pytest.param(saved(plain(), "AVIF", xmp=NAME.encode()), id="AVIF XMP"),
    ],
)
def test_no_name_is_in_a_byte_of_what_is_released(content: bytes) -> None:
    released = released_of(content).content
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        for word in NAME.split():
            assert word.encode(encoding) not in released
    assert metadata.read(released, decode(released)) == ()
