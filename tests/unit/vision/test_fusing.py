"""Several looks at one picture: who is seen by most is surer than who is seen once."""

from __future__ import annotations

import numpy as np
import pytest

from vision.centerface import Candidates
from vision.fusing import Look, fuse


def found(*faces: tuple[float, float, float]) -> Candidates:
    """Faces 10 pixels wide and so high, from this left edge on, with this score."""
    boxes = np.array([[left, 0, left + 10, height] for left, height, _ in faces], np.float32).reshape(-1, 4)
    scores = np.array([score for *_, score in faces], np.float32)
    landmarks = np.repeat(boxes[:, None, :2], 5, axis=1)
    return Candidates(boxes, scores, landmarks)


def scores(*looks: Look) -> list[float]:
    return [round(float(score), 3) for score in fuse(looks).scores]


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        pytest.param([Look(found((0, 10, 0.8))), Look(found((0, 10, 0.6)))], [0.7], id="both see it"),
        pytest.param([Look(found((0, 10, 0.8))), Look(found())], [0.4], id="one does not"),
        pytest.param(
            [Look(found((0, 10, 0.8))), Look(found(), smallest=20)],
            [0.8],
            id="the other is not asked: too small for it",
        ),
        pytest.param(
            [Look(found((0, 10, 0.8))), Look(found(), largest=9)], [0.8], id="the other is not asked: too large for it"
        ),
        pytest.param(
            [Look(found((0, 10, 0.8))), Look(found((0, 10, 0.2)), smallest=20)], [0.5], id="not asked, and sees it"
        ),
        pytest.param(
            [Look(found((0, 10, 0.5))), Look(found((40, 10, 0.9)))], [0.45, 0.25], id="two faces, the surer one first"
        ),
        pytest.param(
            [Look(found((0, 10, 0.8), (1, 10, 0.7))), Look(found())], [0.4], id="twice in one look counts once"
        ),
        pytest.param([Look(found()), Look(found())], [], id="nobody"),
    ],
)
def test_the_score_is_the_mean_over_the_looks_that_are_asked(looks: list[Look], expected: list[float]) -> None:
    assert scores(*looks) == pytest.approx(expected)


def test_box_and_landmarks_lie_between_those_of_the_looks_nearer_to_the_surer_one() -> None:
    fused = fuse((Look(found((0, 10, 0.9))), Look(found((2, 10, 0.3)))))

    assert fused.boxes[0].tolist() == pytest.approx([0.5, 0, 10.5, 10])
    assert fused.landmarks[0].tolist() == [pytest.approx([0.5, 0])] * 5


def test_the_order_of_the_looks_does_not_matter() -> None:
    one, other = Look(found((0, 10, 0.5), (60, 10, 0.2))), Look(found((1, 10, 0.6), (30, 10, 0.3)))

    assert scores(one, other) == scores(other, one)
