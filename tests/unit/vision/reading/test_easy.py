"""EasyOCR's answers become lines in the picture's own pixels, and what it cannot do is a failure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from vision.errors import ReaderError
from vision.findings import Box, PictureText
from vision.images import Pixels
from vision.reading.easy import SHAPES, EasyOcr

Level = Sequence[float]  # left, right, top, bottom
SLANTED = [[10.0, 10.0], [110.0, 30.0], [106.0, 50.0], [6.0, 30.0]]


class Engine:
    """EasyOCR by the book: the same places in every picture, and the same texts in them."""

    def __init__(
        self, level: Sequence[Level] = (), other: Sequence[Any] = (), says: Sequence[tuple[str, float]] = ()
    ) -> None:
        self.level, self.other, self.says = level, other, says
        self.searched: list[tuple[int, ...]] = []
        self.asked: tuple[list[Any], list[Any]] = ([], [])

    def detect(self, shown: Pixels, **options: object) -> tuple[list[Any], list[Any]]:
        self.searched.append(shown.shape[:2])
        return [list(self.level)], [list(self.other)]

    def recognize(self, grey: Pixels, level: list[Any], other: list[Any]) -> list[Any]:
        self.asked = level, other
        corners = [[[a, c], [b, c], [b, d], [a, d]] for a, b, c, d in level]
        return [(quad, *said) for quad, said in zip([*corners, *other], self.says, strict=False)]


class Broken(Engine):
    def __init__(self, where: str) -> None:
        super().__init__([(10, 110, 20, 50)], says=[("Ava", 0.9)])
        self.where = where

    def detect(self, shown: Pixels, **options: object) -> tuple[list[Any], list[Any]]:
        if self.where == "search":
            raise RuntimeError("could not create a primitive")
        return super().detect(shown)

    def recognize(self, grey: Pixels, level: list[Any], other: list[Any]) -> list[Any]:
        raise RuntimeError("out of memory")


def blank(width: int, height: int) -> Pixels:
    return np.full((height, width, 3), 255, np.uint8)


def lines(engine: Engine, width: int = 600, height: int = 400) -> tuple[PictureText, ...]:
    return EasyOcr(engine, "v").read(blank(width, height)).lines


@pytest.mark.parametrize(
    ("engine", "size", "box"),
    [
        pytest.param(Engine([(10, 110, 20, 50)]), (600, 400), Box(10, 20, 110, 50), id="level"),
        pytest.param(Engine(other=[SLANTED]), (600, 400), Box(6, 10, 110, 50), id="slanted"),
        pytest.param(Engine([(-4, 110, -6, 50)]), (600, 400), Box(0, 0, 110, 50), id="over the edge"),
        pytest.param(Engine([(10, 110, 20, 50)]), (2560, 1920), Box(20, 40, 220, 100), id="found at half the size"),
        pytest.param(
            Engine([(500, 640, 380, 470)]), (600, 400), Box(500, 380, 600, 400), id="partly beyond the picture"
        ),
    ],
)
def test_lines_lie_in_the_pictures_own_pixels(engine: Engine, size: tuple[int, int], box: Box) -> None:
    engine.says = [("Ava Lee", 0.8)]
    assert lines(engine, *size) == (PictureText(box, "Ava Lee", 0.8),)


def test_a_place_that_lies_in_the_border_is_not_read() -> None:
    engine = Engine([(610, 700, 420, 460), (10, 110, 20, 50)], says=[("Ava", 0.8)])
    assert [line.text for line in lines(engine)] == ["Ava"]
    assert engine.asked == ([[10, 110, 20, 50]], [])


@pytest.mark.parametrize(
    ("width", "height"), [(48, 48), (640, 480), (641, 480), (4000, 3000), (3000, 4000), (3000, 3000), (9000, 20)]
)
def test_the_search_is_only_shown_sizes_that_were_warmed_up(width: int, height: int) -> None:
    engine = Engine()
    reader = EasyOcr(engine, "v")
    reader.read(blank(width, height))
    assert engine.searched[0] in SHAPES
    engine.searched.clear()
    engine.says = [("", 0.0)] * 2
    reader.warm_up()
    assert engine.searched == list(SHAPES)


@pytest.mark.parametrize(
    ("text", "score", "told"),
    [
        ("Ava", 0.3, True),
        ("Ava", 0.29, False),
        ("A", 0.95, True),
        ("A", 0.6, False),
        ("--", 0.99, False),
        ("", 0.0, False),
    ],
)
def test_what_is_hardly_text_is_not_told_as_text_but_as_unread(text: str, score: float, told: bool) -> None:
    read = EasyOcr(Engine([(10, 110, 20, 50)], says=[(text, score)]), "v").read(blank(600, 400))
    assert [line.text for line in read.lines] == ([text] if told else [])
    assert read.unread == (() if told else (Box(10, 20, 110, 50),))
    assert read.readers == ("EasyOCR",)


@pytest.mark.parametrize(
    "place", [pytest.param((10, 110, 20, 32), id="low"), pytest.param((10, 40, 20, 50), id="as high as long")]
)
def test_small_places_that_say_nothing_are_no_writing(place: Level) -> None:
    assert EasyOcr(Engine([place], says=[("", 0.0)]), "v").read(blank(600, 400)).unread == ()


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(Broken("search"), id="search fails"),
        pytest.param(Broken("reading"), id="reading fails"),
        pytest.param(Engine([(10, 110, 20, 50)], says=[]), id="a place left out"),
        pytest.param(Engine([(10, 110, 20, 50)], says=[("Ava", float("nan"))]), id="a score that is none"),
        pytest.param(Engine([(10, 110, 20, 50)], says=[("Ava", 1.5)]), id="a score above one"),
        pytest.param(Engine([(10, float("nan"), 20, 50)], says=[("Ava", 0.9)]), id="a place that is none"),
        pytest.param(Engine(other=[[[1.0, 2.0], [3.0, 4.0]]], says=[("Ava", 0.9)]), id="a place of two corners"),
    ],
)
def test_what_goes_wrong_is_a_failure_and_never_no_text(engine: Engine) -> None:
    with pytest.raises(ReaderError, match="EasyOCR"):
        lines(engine)
