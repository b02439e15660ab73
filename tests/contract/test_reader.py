"""The real reader on drawn text. Sockets are off in every test: whatever looked for a network here would fail."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from vision.images import Pixels
from vision.reading import TextReader, load_reader

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return load_reader(threads=1)


def written(
    text: str, height: int = 40, size: tuple[int, int] = (800, 400), place: tuple[int, int] = (120, 150)
) -> Pixels:
    """Dark letters on light paper; `height` is that of the font, capital letters are about .7 of it."""
    picture = Image.new("RGB", size, (240, 238, 230))
    ImageDraw.Draw(picture).text(place, text, (30, 30, 50), ImageFont.load_default(height))
    return np.asarray(picture)


def test_a_name_is_read_where_it_stands(reader: TextReader) -> None:
    (line,) = reader.read(written("Olivia Bennett")).lines

    assert line.text == "Olivia Bennett"
    assert line.score > 0.9
    assert (line.box.left, line.box.top) == pytest.approx((120, 155), abs=15)
    assert line.box.right < 500
    assert line.box.bottom < 220


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_name_is_read_whichever_way_up(reader: TextReader, turns: int) -> None:
    lines = reader.read(np.ascontiguousarray(np.rot90(written("Olivia Bennett"), turns))).lines

    assert "Olivia Bennett" in [line.text for line in lines]


@pytest.mark.parametrize("size", [(32, 32), (400, 800), (2000, 3000)])
def test_an_empty_page_has_no_text(reader: TextReader, size: tuple[int, int]) -> None:
    assert reader.read(np.full((*size, 3), 240, np.uint8)).lines == ()


def test_several_lines_are_several_texts(reader: TextReader) -> None:
    lines = reader.read(written("Year 3 trip\nTom Okafor\nZoe Nowak")).lines

    assert [line.text for line in lines] == ["Year 3 trip", "Tom Okafor", "Zoe Nowak"]


def test_small_letters_in_a_large_picture_are_read(reader: TextReader) -> None:
    pixels = written("Florence Hughes", height=18, size=(4000, 3000), place=(2900, 1700))

    lines = reader.read(pixels).lines

    assert "Florence Hughes" in [line.text for line in lines]
    for line in lines:
        assert 2880 < line.box.left < line.box.right < 3100
        assert 1690 < line.box.top < line.box.bottom < 1740


def test_large_letters_beside_small_ones_are_read_whole(reader: TextReader) -> None:
    """The squares in which small letters are read from nearer cut through large lines."""
    picture = Image.new("RGB", (3000, 2400), (240, 238, 230))
    pen, names = ImageDraw.Draw(picture), ("Mohammed Rahman", "Florence Hughes", "Theodore Okafor", "Priya Whitaker")
    for at, name in enumerate(names):
        pen.text((250 + 500 * at, 500 + 350 * at), name, (30, 30, 50), ImageFont.load_default(84))
        pen.text((1000 + 90 * at, 640 + 350 * at), f"row {at}", (60, 60, 80), ImageFont.load_default(16))

    texts = [line.text for line in reader.read(np.asarray(picture)).lines]

    assert set(names) <= set(texts)


def test_writing_that_is_blurred_is_read(reader: TextReader) -> None:
    sharp = Image.fromarray(written("Olivia Bennett", 36, (1280, 960), (400, 420)))

    texts = [line.text for line in reader.read(np.asarray(sharp.filter(ImageFilter.GaussianBlur(3)))).lines]

    assert texts == ["Olivia Bennett"]


def test_loading_says_nothing_and_warns_of_nothing() -> None:
    command = "from vision.reading import load_reader; load_reader(1)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", command], capture_output=True, text=True, timeout=120)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
