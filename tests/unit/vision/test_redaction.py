"""A cover is solid, grown over hair and ears, and tells nothing of what it covers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.errors import RedactionError
from vision.findings import Box
from vision.redaction import COVER, HEAD_MARGIN, cover, grow

WIDTH, HEIGHT = 60, 40


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """Boxes that meet the picture, many of them reaching out of it."""
    left, top = draw(st.integers(-30, WIDTH - 1)), draw(st.integers(-30, HEIGHT - 1))
    right = draw(st.integers(max(left, 0) + 1, WIDTH + 30))
    bottom = draw(st.integers(max(top, 0) + 1, HEIGHT + 30))
    return Box(left, top, right, bottom)


def covered_area(box: Box, margin: float) -> tuple[slice, slice]:
    grown = grow(box, margin)
    return slice(max(grown.top, 0), max(grown.bottom, 0)), slice(max(grown.left, 0), max(grown.right, 0))


@given(box=boxes(), margin=st.floats(0, 2))
def test_the_cover_is_one_colour_whatever_was_there(box: Box, margin: float) -> None:
    for seed in (1, 2):
        area = cover(noise(seed), [box], margin)[covered_area(box, margin)]
        assert area.size
        assert (area == COVER).all()


@given(box=boxes(), seed=st.integers(0, 5))
def test_what_is_covered_changes_nothing_in_the_result(box: Box, seed: int) -> None:
    first, second = noise(seed), noise(seed)
    second[covered_area(box, HEAD_MARGIN)] = noise(seed + 100)[covered_area(box, HEAD_MARGIN)]
    assert (cover(first, [box]) == cover(second, [box])).all()


@given(box=boxes())
def test_what_lies_outside_the_cover_stays(box: Box) -> None:
    pixels = noise(3)
    outside = np.ones((HEIGHT, WIDTH), bool)
    outside[covered_area(box, HEAD_MARGIN)] = False
    assert (cover(pixels, [box])[outside] == pixels[outside]).all()


def test_the_picture_given_is_not_changed() -> None:
    pixels = noise(4)
    cover(pixels, [Box(5, 5, 20, 20)])
    assert (pixels == noise(4)).all()


def test_a_face_is_covered_with_its_hair_and_ears() -> None:
    assert grow(Box(100, 100, 200, 240), HEAD_MARGIN) == Box(60, 60, 240, 280)


def test_a_line_of_text_grows_by_its_height() -> None:
    assert grow(Box(0, 100, 800, 130), HEAD_MARGIN) == Box(-12, 88, 812, 142)


@pytest.mark.parametrize(
    "box",
    [Box(-20, 5, 0, 20), Box(60, 5, 70, 20), Box(5, -20, 20, 0), Box(5, 40, 20, 50)],
    ids=["left", "right", "above", "below"],
)
def test_a_cover_outside_the_picture_is_an_error(box: Box) -> None:
    with pytest.raises(RedactionError, match="outside"):
        cover(noise(5), [box])
