"""How a face is cut out, turned upright and laid into chips."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vision.faces import EYES_LEVEL, FACE, NOISE, a_face, turned
from vision.chips import (
    CENTERFACE_PADDING,
    CENTERFACE_SHAPE,
    DLIB_PADDING,
    DLIB_SHAPE,
    WORKING_HEIGHT,
    DlibLandmarker,
    Points,
    Square,
    chips_of,
    in_chip,
    similarity,
    upright_crop,
)
from vision.encoder_network import CHIP_SIDE
from vision.errors import EncoderError
from vision.findings import Box
from vision.images import Pixels

SCENE = np.add.outer(np.arange(600) / 3, np.arange(800) / 8)[..., None].repeat(3, axis=2).astype(np.uint8)


class WhereTheyBelong:
    """Finds dlib's landmarks where they would be in a face that fills the square."""

    def mark(self, pixels: Pixels, square: Square) -> Points:
        left, top, right, bottom = square
        return DLIB_SHAPE * (right - left, bottom - top) + (left, top)


class TestCrop:
    @pytest.mark.parametrize("quarters", [0, 1, 2, 3])
    def test_a_face_is_brought_upright_in_quarter_turns(self, quarters: int) -> None:
        upright = upright_crop(NOISE, FACE)
        picture = np.ascontiguousarray(np.rot90(NOISE, -quarters))
        box = {
            0: FACE.box,
            1: Box(600 - 320, 300, 600 - 200, 400),
            2: Box(800 - 400, 600 - 320, 800 - 300, 600 - 200),
            3: Box(200, 800 - 400, 320, 800 - 300),
        }[quarters]

        crop = upright_crop(picture, a_face(box, turned(EYES_LEVEL, quarters)))

        assert (crop.pixels == upright.pixels).all()
        assert crop.square == upright.square
        assert np.allclose(crop.landmarks, upright.landmarks)

    def test_a_face_in_the_corner_is_cropped_inside_the_picture(self) -> None:
        crop = upright_crop(NOISE, a_face(Box(0, 0, 100, 120)))

        assert crop.pixels.shape[:2] == (192, 172)
        assert crop.square == (-4, 16, 104, 124)

    def test_a_large_face_is_made_smaller_and_everything_with_it(self) -> None:
        small = upright_crop(NOISE, FACE)
        large = upright_crop(np.kron(NOISE, np.ones((4, 4, 1), np.uint8)), a_face(Box(1200, 800, 1600, 1280)))
        scale = WORKING_HEIGHT / FACE.box.height

        assert max(large.pixels.shape) <= 2.5 * WORKING_HEIGHT
        assert np.allclose(large.landmarks, scale * small.landmarks, atol=0.5)
        assert np.allclose(large.square, scale * np.array(small.square), atol=1.0)


class TestChips:
    def test_there_are_four_two_and_their_mirror_images(self) -> None:
        chips = chips_of(NOISE, FACE, WhereTheyBelong())

        assert chips.shape == (4, CHIP_SIDE, CHIP_SIDE, 3)
        assert chips.dtype == np.uint8
        assert (chips[2:] == chips[:2, :, ::-1]).all()

    def test_each_set_of_landmarks_comes_to_where_the_network_expects_it(self) -> None:
        """In a picture in which every place has its own grey value, a chip shows the landmarks' values there."""
        crop = upright_crop(SCENE, FACE)
        marked = WhereTheyBelong().mark(crop.pixels, crop.square)
        by_dlib, by_centerface = chips_of(SCENE, FACE, WhereTheyBelong())[:2]

        for chip, points, there in (
            (by_dlib, marked, in_chip(DLIB_SHAPE, DLIB_PADDING)),
            (by_centerface, crop.landmarks, in_chip(CENTERFACE_SHAPE, CENTERFACE_PADDING)),
        ):
            alignment = similarity(points, there)
            for x, y in (points @ alignment[:, :2].T + alignment[:, 2]).round().astype(int):
                source = np.linalg.solve(alignment[:, :2], np.array([x, y]) - alignment[:, 2]).round().astype(int)
                assert abs(int(chip[y, x, 0]) - int(crop.pixels[source[1], source[0], 0])) <= 2

    def test_what_lies_outside_the_picture_is_black(self) -> None:
        white = np.full((600, 800, 3), 255, np.uint8)

        assert (chips_of(white, a_face(Box(0, 0, 100, 120)), WhereTheyBelong())[:2, 0, 0] == 0).all()
        assert (chips_of(white, FACE, WhereTheyBelong()) == 255).all()

    @pytest.mark.parametrize(
        "marks",
        [
            pytest.param(((0.5, 0.5),) * 5, id="all in one place"),
            pytest.param(((math.nan, 0.5), *EYES_LEVEL[1:]), id="NaN"),
        ],
    )
    def test_impossible_landmarks_are_an_error(self, marks: Any) -> None:
        crop = upright_crop(NOISE, FACE)

        with pytest.raises(EncoderError):
            similarity(np.array(marks) * len(crop.pixels), in_chip(CENTERFACE_SHAPE, 0.25))


@given(
    st.floats(0.1, 10),
    st.floats(-math.pi, math.pi),
    st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
)
def test_a_turned_scaled_and_shifted_shape_is_brought_back_exactly(
    scale: float, angle: float, shift: tuple[float, float]
) -> None:
    turn = scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    moved = DLIB_SHAPE @ turn.T + shift

    back = similarity(moved, DLIB_SHAPE)

    assert np.allclose(moved @ back[:, :2].T + back[:, 2], DLIB_SHAPE, atol=1e-6)


def test_a_failing_landmarker_is_an_error() -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("dlib")

    def short(*_: object) -> SimpleNamespace:
        return SimpleNamespace(part=[SimpleNamespace(x=1, y=2)].__getitem__)

    for predictor in (broken, short):
        with pytest.raises(EncoderError):
            DlibLandmarker(predictor, lambda *sides: sides).mark(NOISE, (0, 0, 10, 10))


def test_dlib_is_asked_left_top_right_bottom() -> None:
    asked = []

    def predictor(pixels: Pixels, sides: Square) -> SimpleNamespace:
        asked.append(sides)
        return SimpleNamespace(part=lambda i: SimpleNamespace(x=i, y=10 * i))

    points = DlibLandmarker(predictor, lambda *sides: sides).mark(NOISE, (1, 2, 3, 4))

    assert asked == [(1, 2, 3, 4)]
    assert points.tolist() == [[0, 0], [1, 10], [2, 20], [3, 30], [4, 40]]
