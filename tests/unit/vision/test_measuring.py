"""How large, sharp and turned a face is, and what enrolment is told of it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.vision.faces import EYES_LEVEL, FACE, NOISE, a_face, turned
from vision.findings import Box
from vision.measuring import quality, recognisable, roll_of, sharpness_of, yaw_of
from vision.quality import FaceQuality


@pytest.mark.parametrize(
    ("quarters", "degrees"),
    [(0, 0.0), (1, 90.0), (2, 180.0), (3, -90.0)],
)
def test_roll_is_how_far_the_eyes_are_from_level(quarters: int, degrees: float) -> None:
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
def test_yaw_is_how_far_the_nose_is_from_the_middle(nose: tuple[float, float], yaw: float) -> None:
    marks = (*EYES_LEVEL[:2], nose, *EYES_LEVEL[3:])

    assert yaw_of(a_face(Box(0, 0, 100, 100), marks)) == pytest.approx(yaw)


def test_eyes_in_one_place_are_a_face_turned_aside() -> None:
    assert yaw_of(a_face(Box(0, 0, 100, 100), ((0.5, 0.4),) * 2 + EYES_LEVEL[2:])) == 1.0


def test_blur_lowers_sharpness_brightness_and_contrast_do_not() -> None:
    rows = np.arange(600)[:, None, None] // 8 % 2 * 100 + 50
    stripes = np.broadcast_to(rows, (600, 800, 3)).astype(np.uint8)
    blurred = np.cumsum(stripes.astype(float), axis=0)
    blurred = np.clip((blurred - np.roll(blurred, 12, axis=0)) / 12, 0, 255).astype(np.uint8)

    sharp = sharpness_of(stripes, FACE)

    assert sharpness_of(blurred, FACE) < 0.7 * sharp
    assert sharpness_of(stripes + np.uint8(60), FACE) == pytest.approx(sharp, rel=0.01)
    assert sharpness_of(stripes // 2, FACE) == pytest.approx(sharp, rel=0.05)


def test_a_face_of_one_colour_is_neither_sharp_nor_recognisable() -> None:
    flat = np.full((600, 800, 3), 128, np.uint8)

    assert sharpness_of(flat, FACE) == 0.0
    assert not recognisable(flat, FACE)
    assert recognisable(NOISE, FACE)


def test_a_good_reference_has_no_shortcomings() -> None:
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
def test_each_shortcoming_says_what_to_do(measured: FaceQuality, advice: str) -> None:
    (sentence,) = measured.shortcomings

    assert advice in sentence


def test_every_shortcoming_is_named_at_once() -> None:
    assert len(FaceQuality(10, 0.0, 1.0, 90.0).shortcomings) == 4
