"""From faces to templates: which get one, of what it is made, and what happens when something fails."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vision.faces import FACE, NOISE, a_face
from vision import models, thresholds
from vision.chips import CHIPS, DLIB_SHAPE, Points, Square
from vision.descriptors import LENGTH, Floats
from vision.detection import DetectedFace
from vision.embedding import ChipEncoder, template_of
from vision.errors import EncoderError
from vision.findings import Box
from vision.images import Pixels

FAR_TOO_SMALL = a_face(Box(10, 10, 10 + 15, 10 + thresholds.RECOGNISABLE_HEIGHT - 1))


class Landmarks:
    def mark(self, pixels: Pixels, square: Square) -> Points:
        left, top, right, bottom = square
        return DLIB_SHAPE * (right - left, bottom - top) + (left, top)


class Descriptors:
    """Numbers the chips that it is given, and answers with these numbers or with what it was told to."""

    runs_on = "nothing"

    def __init__(self, answer: Floats | Exception | None = None) -> None:
        self.answer = answer
        self.asked: list[int] = []

    def compute(self, chips: Pixels) -> Floats:
        self.asked.append(len(chips))
        if isinstance(self.answer, Exception):
            raise self.answer
        return np.eye(LENGTH)[np.arange(len(chips)) % LENGTH] if self.answer is None else self.answer


def test_a_template_is_the_mean_of_the_faces_own_descriptors_with_length_1() -> None:
    first, second = ChipEncoder(Landmarks(), Descriptors()).encode(NOISE, [FACE, FACE])

    assert first == pytest.approx([0.5] * CHIPS + [0.0] * (LENGTH - CHIPS))
    assert second == pytest.approx([0.0] * CHIPS + [0.5] * CHIPS + [0.0] * (LENGTH - 2 * CHIPS))


def test_one_answer_for_each_face_none_for_the_hopeless_and_all_in_one_run() -> None:
    descriptors = Descriptors()

    first, second, third = ChipEncoder(Landmarks(), descriptors).encode(NOISE, [FACE, FAR_TOO_SMALL, FACE])

    assert first is not None
    assert second is None
    assert third is not None
    assert descriptors.asked == [2 * CHIPS]


@pytest.mark.parametrize("faces", [[], [FAR_TOO_SMALL]], ids=["no face", "a hopeless one"])
def test_the_network_is_not_asked_for_nothing(faces: list[DetectedFace]) -> None:
    descriptors = Descriptors()

    assert ChipEncoder(Landmarks(), descriptors).encode(NOISE, faces) == (None,) * len(faces)
    assert descriptors.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(EncoderError("It broke."), id="it fails"),
        pytest.param(np.full((CHIPS, LENGTH), np.nan), id="NaN"),
        pytest.param(np.zeros((CHIPS, LENGTH)), id="zeros"),
        pytest.param(np.ones((CHIPS - 1, LENGTH)), id="too few"),
        pytest.param(np.array([[1.0] * LENGTH, [-1.0] * LENGTH] * 2), id="descriptors that contradict each other"),
    ],
)
def test_failure_is_an_error_never_an_unknown_face(answer: Floats | Exception) -> None:
    with pytest.raises(EncoderError):
        ChipEncoder(Landmarks(), Descriptors(answer)).encode(NOISE, [FACE])


@given(st.lists(st.floats(0.01, 100), min_size=CHIPS, max_size=CHIPS))
def test_the_length_of_a_descriptor_makes_no_difference(lengths: list[float]) -> None:
    descriptors = np.random.default_rng(1).normal(size=(CHIPS, LENGTH))

    assert template_of(descriptors * np.array(lengths)[:, None]) == pytest.approx(template_of(descriptors))


def test_templates_of_another_way_of_making_them_have_another_name() -> None:
    encoder = ChipEncoder(Landmarks(), Descriptors())

    assert encoder.version == models.TEMPLATE != models.ENCODER.version
    assert encoder.runs_on == "nothing"
