"""How a face is handed to face_recognition, what is too poor for it, and what enrolment is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from vision import thresholds
from vision.detection import DetectedFace
from vision.embedding import (
    FaceQuality,
    FaceRecognition,
    quality,
    recognisable,
    roll_of,
    sharpness_of,
    upright_crop,
    yaw_of,
)
from vision.errors import EncoderError
from vision.findings import Box
from vision.images import Pixels

NOISE: Pixels = np.random.default_rng(1).integers(0, 255, (600, 800, 3), dtype=np.uint8)
EYES_LEVEL = ((0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8))


def a_face(box: Box, marks: tuple[tuple[float, float], ...] = EYES_LEVEL) -> DetectedFace:
    """A face with landmarks at these shares of its box."""
    eye, other, nose, mouth, corner = ((box.left + x * box.width, box.top + y * box.height) for x, y in marks)
    return DetectedFace(box, 0.9, (eye, other, nose, mouth, corner))


def turned(marks: tuple[tuple[float, float], ...], quarters: int) -> tuple[tuple[float, float], ...]:
    """The marks after so many quarter turns clockwise."""
    for _ in range(quarters):
        marks = tuple((1 - y, x) for x, y in marks)
    return marks


FACE = a_face(Box(300, 200, 400, 320))


class Library:
    """Stands in for face_recognition: remembers what it was asked and gives one encoding."""

    def __init__(self, encoding: Any = None) -> None:
        self.encoding = np.arange(1.0, 129.0) if encoding is None else encoding
        self.asked: list[tuple[Pixels, tuple[int, int, int, int]]] = []

    def face_encodings(self, pixels: Pixels, boxes: list[tuple[int, int, int, int]]) -> list[Any]:
        self.asked += [(pixels, box) for box in boxes]
        if isinstance(self.encoding, Exception):
            raise self.encoding
        return [self.encoding]


class TestEncoding:
    def test_a_template_has_128_numbers_and_length_1(self) -> None:
        (template,) = FaceRecognition(Library()).encode(NOISE, [FACE])

        assert template is not None
        assert len(template) == 128
        assert np.linalg.norm(template) == pytest.approx(1.0)

    def test_the_library_is_asked_top_right_bottom_left(self) -> None:
        library = Library()
        FaceRecognition(library).encode(NOISE, [FACE])

        ((crop, (top, right, bottom, left)),) = library.asked
        assert right - left == bottom - top == pytest.approx(0.9 * 120, abs=1)
        # the same pixels as in the picture: the crop begins one face's height before the box
        assert (crop[top, left] == NOISE[200 - 120 + top, 300 - 120 + left]).all()

    def test_one_answer_for_each_face_none_for_the_hopeless(self) -> None:
        library = Library()
        tiny = a_face(Box(10, 10, 10 + 15, 10 + thresholds.RECOGNISABLE_HEIGHT - 1))

        first, second, third = FaceRecognition(library).encode(NOISE, [FACE, tiny, FACE])

        assert first is not None
        assert second is None
        assert third is not None
        assert len(library.asked) == 2

    def test_no_faces_no_work(self) -> None:
        assert FaceRecognition(Library()).encode(NOISE, []) == ()

    @pytest.mark.parametrize(
        "encoding",
        [
            pytest.param(RuntimeError("dlib"), id="it raises"),
            pytest.param(np.full(128, np.nan), id="NaN"),
            pytest.param(np.zeros(128), id="zeros"),
            pytest.param("nonsense", id="no numbers"),
        ],
    )
    def test_failure_is_an_error_never_an_unknown_face(self, encoding: Any) -> None:
        with pytest.raises(EncoderError):
            FaceRecognition(Library(encoding)).encode(NOISE, [FACE])


class TestCrop:
    @pytest.mark.parametrize("quarters", [0, 1, 2, 3])
    def test_a_face_is_brought_upright_in_quarter_turns(self, quarters: int) -> None:
        upright, square = upright_crop(NOISE, FACE)
        picture = np.ascontiguousarray(np.rot90(NOISE, -quarters))
        box = {
            0: FACE.box,
            1: Box(600 - 320, 300, 600 - 200, 400),
            2: Box(800 - 400, 600 - 320, 800 - 300, 600 - 200),
            3: Box(200, 800 - 400, 320, 800 - 300),
        }[quarters]

        crop, same_square = upright_crop(picture, a_face(box, turned(EYES_LEVEL, quarters)))

        assert (crop == upright).all()
        assert same_square == square

    def test_a_face_in_the_corner_is_cropped_inside_the_picture(self) -> None:
        crop, (left, top, right, bottom) = upright_crop(NOISE, a_face(Box(0, 0, 100, 120)))

        assert crop.shape[:2] == (240, 220)
        assert (left, top) == (-4, 16)
        assert (right, bottom) == (104, 124)


class TestQuality:
    @pytest.mark.parametrize(
        ("quarters", "degrees"),
        [(0, 0.0), (1, 90.0), (2, 180.0), (3, -90.0)],
    )
    def test_roll_is_how_far_the_eyes_are_from_level(self, quarters: int, degrees: float) -> None:
        square = Box(100, 100, 200, 200)

        assert abs(roll_of(a_face(square, turned(EYES_LEVEL, quarters)))) == pytest.approx(abs(degrees))

    @pytest.mark.parametrize(
        ("nose", "yaw"),
        [
            pytest.param((0.5, 0.6), 0.0, id="into the camera"),
            pytest.param((0.7, 0.6), 0.5, id="the nose over an eye"),
            pytest.param((0.3, 0.6), 0.5, id="or over the other"),
        ],
    )
    def test_yaw_is_how_far_the_nose_is_from_the_middle(self, nose: tuple[float, float], yaw: float) -> None:
        marks = (*EYES_LEVEL[:2], nose, *EYES_LEVEL[3:])

        assert yaw_of(a_face(Box(0, 0, 100, 100), marks)) == pytest.approx(yaw)

    def test_eyes_in_one_place_are_a_face_turned_aside(self) -> None:
        assert yaw_of(a_face(Box(0, 0, 100, 100), ((0.5, 0.4),) * 2 + EYES_LEVEL[2:])) == 1.0

    def test_blur_lowers_sharpness_brightness_and_contrast_do_not(self) -> None:
        rows = np.arange(600)[:, None, None] // 8 % 2 * 100 + 50
        stripes = np.broadcast_to(rows, (600, 800, 3)).astype(np.uint8)
        blurred = np.cumsum(stripes.astype(float), axis=0)
        blurred = np.clip((blurred - np.roll(blurred, 12, axis=0)) / 12, 0, 255).astype(np.uint8)

        sharp = sharpness_of(stripes, FACE)

        assert sharpness_of(blurred, FACE) < 0.7 * sharp
        assert sharpness_of(stripes + np.uint8(60), FACE) == pytest.approx(sharp, rel=0.01)
        assert sharpness_of(stripes // 2, FACE) == pytest.approx(sharp, rel=0.05)

    def test_a_face_of_one_colour_is_neither_sharp_nor_recognisable(self) -> None:
        flat = np.full((600, 800, 3), 128, np.uint8)

        assert sharpness_of(flat, FACE) == 0.0
        assert not recognisable(flat, FACE)
        assert recognisable(NOISE, FACE)

    def test_a_good_reference_has_no_shortcomings(self) -> None:
        assert quality(NOISE, FACE).shortcomings == ()

    @pytest.mark.parametrize(
        ("measured", "advice"),
        [
            pytest.param(FaceQuality(79, 1.0, 0.0, 0.0), "from nearer", id="too small"),
            pytest.param(FaceQuality(200, 0.07, 0.0, 0.0), "hold the camera still", id="blurred"),
            pytest.param(FaceQuality(200, 1.0, 0.36, 0.0), "look into the camera", id="turned aside"),
            pytest.param(FaceQuality(200, 1.0, 0.0, -40.0), "hold the head straight", id="tilted"),
        ],
    )
    def test_each_shortcoming_says_what_to_do(self, measured: FaceQuality, advice: str) -> None:
        (sentence,) = measured.shortcomings

        assert advice in sentence

    def test_every_shortcoming_is_named_at_once(self) -> None:
        assert len(FaceQuality(10, 0.0, 1.0, 90.0).shortcomings) == 4
