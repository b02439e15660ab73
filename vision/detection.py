"""Where the faces are: a one-method protocol, and CenterFace behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vision import thresholds
from vision.centerface import Candidates, CenterFace, Floats, join, load_centerface, overlaps, suppress, turn_back
from vision.errors import DetectorError
from vision.findings import Box
from vision.images import Pixels
from vision.turning import quarter_turns

Point = tuple[float, float]

LONG_SIDE = 2048  # pixels: small faces need the full working size
SMALL_SIDE = 640  # faces that fill the picture are found only when it is small: 0 of 45 at 2048, 45 of 45 here
UPRIGHT_FIRST = 0.9  # of a face seen both ways the upright one is kept, unless its score is lower by more than this
SMALL_LOOK_MIN = 0.03  # of the long side: smaller boxes of the small look are mostly false, the large look has the rest
SAME_FACE = 0.5  # intersection over union from which two looks mean the same box, which is their average


@dataclass(frozen=True, slots=True)
class DetectedFace:
    """A face's box, the detector's score (0 to 1) and five landmarks (x, y) in pixels.

    Landmarks are named as a person facing us upright would show them: the eye on the picture's left, the other eye, the
    tip of the nose, the two corners of the mouth. They may lie outside the picture. `doubtful`: it may be no face at
    all, and a person must say.
    """

    box: Box
    detection_score: float
    landmarks: tuple[Point, Point, Point, Point, Point]
    doubtful: bool = False


class FaceDetector(Protocol):
    """Finds faces in pixels (uint8, height x width x 3, RGB), best score first; `version` names the model.

    Raises DetectorError: an empty answer always means that it looked and found none.
    """

    @property
    def version(self) -> str: ...

    def detect(self, pixels: Pixels) -> tuple[DetectedFace, ...]: ...


class CenterFaceDetector:
    """Looks large and small, and once more turned where the faces say that the picture lies on its side."""

    def __init__(self, network: CenterFace, limits: Sequence[thresholds.FaceLimit] = thresholds.FACE) -> None:
        self._network = network
        self._limits = limits
        self._least = min(limit.value for limit in limits)
        self.version = network.version

    def detect(self, pixels: Pixels) -> tuple[DetectedFace, ...]:
        _check(pixels)
        small = self._look_small(pixels)
        found = self._likely(pixels, small)
        ranks = found.scores
        turns = quarter_turns(self._network, pixels, small)
        if turns:
            height, width = pixels.shape[:2]
            upright = np.ascontiguousarray(np.rot90(pixels, turns))
            turned = self._likely(upright, self._look_small(upright))
            found = join(found, turn_back(turned, turns, width, height))
            ranks = np.concatenate([ranks, UPRIGHT_FIRST * turned.scores])
        kept = found.only(suppress(found.boxes, ranks))
        boxes = average(kept, found)
        return tuple(_face(kept, boxes[i], i, pixels.shape[1], pixels.shape[0]) for i in range(len(kept.scores)))

    def turns(self, pixels: Pixels) -> int:
        """Quarter turns against the clock that bring the picture upright; raises DetectorError."""
        _check(pixels)
        return quarter_turns(self._network, pixels, self._look_small(pixels))

    def _look_small(self, pixels: Pixels) -> Candidates:
        return self._network.look(pixels, min(SMALL_SIDE, max(pixels.shape[:2])), self._least)

    def _likely(self, pixels: Pixels, small: Candidates) -> Candidates:
        """What may be a face by the large look and by the small one, which is taken at its word for large ones only."""
        long_side = max(pixels.shape[:2])
        large_side = min(LONG_SIDE, 2 * long_side)
        large = self._network.look(pixels, large_side, self._least)
        found = join(large, small.only(small.heights >= SMALL_LOOK_MIN * long_side))
        return found.only(found.scores > thresholds.least_score(found.heights * large_side / long_side, self._limits))


def average(kept: Candidates, found: Candidates) -> Floats:
    """The boxes of those kept, each the mean of all that found the same face nearly as well, weighted by score."""
    boxes = kept.boxes.copy()
    for i, (box, score) in enumerate(zip(kept.boxes, kept.scores, strict=True)):
        same = (overlaps(box, found.boxes) > SAME_FACE) & (found.scores > score / 2)
        boxes[i] = np.average(found.boxes[same], axis=0, weights=found.scores[same])
    return boxes


def _check(pixels: Pixels) -> None:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise DetectorError(f"Faces are sought in 8-bit RGB pixels, not in {pixels.dtype} {pixels.shape}.")


def _face(found: Candidates, sides: Floats, i: int, width: int, height: int) -> DetectedFace:
    left, top, right, bottom = (float(side) for side in sides)
    box = Box(
        left=min(max(int(np.floor(left)), 0), width - 1),
        top=min(max(int(np.floor(top)), 0), height - 1),
        right=max(min(int(np.ceil(right)), width), 1),
        bottom=max(min(int(np.ceil(bottom)), height), 1),
    )
    eye, other_eye, nose, mouth, other_mouth = ((float(x), float(y)) for x, y in found.landmarks[i])
    score = float(found.scores[i])
    landmarks = (eye, other_eye, nose, mouth, other_mouth)
    return DetectedFace(box, score, landmarks, doubtful=score < thresholds.CERTAIN_FACE)


def load_detector(threads: int | None = None) -> FaceDetector:
    """CenterFace from its checked file; raises ModelError."""
    return CenterFaceDetector(load_centerface(threads))
