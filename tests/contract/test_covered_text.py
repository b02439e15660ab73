"""A cover of a line hides the whole line: the real reader finds nothing of a covered list of names, however it lies."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from vision.images import Pixels
from vision.reading import TextReader, load_reader
from vision.redaction import cover

pytestmark = pytest.mark.models

NAMES = (
    *("Olivia Smith", "Kofi Mensah", "Zosia Nowak", "Amara Okafor", "Sian Pryce", "Mohammed Rahman", "Isla Fraser"),
    *("Tomas Byrne", "Freya Lindqvist", "Ada Finch", "Ben Marsh", "Leo Hart", "Mia Stone", "Noah Reed", "Ruby Vale"),
    *("Sami Aziz", "Tara Quinn", "Yusuf Khan"),
)


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return load_reader(threads=1)


def a_list(angle: float) -> Pixels:
    """A sheet with a line for each name, turned by so many degrees."""
    picture = Image.new("RGB", (900, 1200), "#c9b79c")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 40, 840, 1160), fill="#fdfcf7")
    for at, name in enumerate(NAMES):
        pen.text((140, 80 + at * 58), name, fill="#222222", font=ImageFont.load_default(36))
    return np.asarray(picture.rotate(angle, expand=True, fillcolor="#c9b79c"))


@pytest.mark.parametrize("angle", [0, 8, -15, 90])
def test_nothing_of_a_covered_list_can_be_read(reader: TextReader, angle: float) -> None:
    pixels = a_list(angle)
    lines = reader.read(pixels).lines
    read = " ".join(line.text for line in lines).casefold()
    assert all(name.split()[1].casefold() in read for name in NAMES)
    again = reader.read(cover(pixels, [line.box for line in lines])).lines
    assert [line.text for line in again if sum(each.isalpha() for each in line.text) > 2] == []
