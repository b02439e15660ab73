"""Where the faces are: a one-method protocol, and CenterFace behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vision import thresholds
from vision.centerface import Candidates, CenterFace, join, load_centerface, suppress, turn_back
from vision.errors import DetectorError
from vision.findings import Box
from vision.fusing import Look, fuse
from vision.images import Pixels
from vision.turning import quarter_turns, shrink

Point = tuple[float, float]

LONG_SIDE = 2048  # pixels: small faces need the full working size
SMALL_SIDE = 640  # faces that fill the picture are found only when it is small: 0 of 45 at 2048, 45 of 45 here
UPRIGHT_FIRST = 0.9  # of a face seen both ways the upright one is kept, unless its score is lower by more than this
MIRRORED_SIDE = 1280  # pixels: the mirror image of a large picture at 2048 would take twice as long
SEEN_FROM = 28  # pixels in a look: smaller faces are left to the large look
SEEN_TO = 400  # pixels in a look: larger ones it may well not see
CANDIDATE = 0.05  # score from which a look's answer is considered at all


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
    """Looks large and small, at the picture and its mirror image, and again at a picture that lies on its side."""

    def __init__(self, network: CenterFace, limits: Sequence[thresholds.FaceLimit] = thresholds.FACE) -> None:
        self._network = network
        self._limits = limits
        self.version = network.version

    def detect(self, pixels: Pixels) -> tuple[DetectedFace, ...]:
        found = within_limits(self.candidates(pixels), max(pixels.shape[:2]), self._limits)
        height, width = pixels.shape[:2]
        return tuple(_face(found, i, width, height) for i in range(len(found.scores)))

    def candidates(self, pixels: Pixels) -> Candidates:
        """Everything that looks a little like a face, each once, best first; raises DetectorError."""
        _check(pixels)
        seen = shrink(pixels, LONG_SIDE)  # once, not for each look
        height, width = seen.shape[:2]
        small = self._look_small(seen)
        found = self._all_looks(seen, small)
        turns = quarter_turns(self._network, seen, small)
        if turns:
            upright = np.ascontiguousarray(np.rot90(seen, turns))
            turned = self._all_looks(upright, self._look_small(upright))
            both = join(found, turn_back(turned, turns, width, height))
            found = both.only(suppress(both.boxes, np.concatenate([found.scores, UPRIGHT_FIRST * turned.scores])))
        return found.scaled(pixels.shape[1] / width, pixels.shape[0] / height)

    def turns(self, pixels: Pixels) -> int:
        """Quarter turns against the clock that bring the picture upright; raises DetectorError."""
        _check(pixels)
        seen = shrink(pixels, LONG_SIDE)
        return quarter_turns(self._network, seen, self._look_small(seen))

    def _look_small(self, pixels: Pixels) -> Candidates:
        return self._network.look(pixels, min(SMALL_SIDE, max(pixels.shape[:2])), CANDIDATE)

    def _all_looks(self, pixels: Pixels, small: Candidates) -> Candidates:
        long_side = max(pixels.shape[:2])
        large_side, small_side = large_side_of(long_side), min(SMALL_SIDE, long_side)

        def look(side: int, found: Candidates) -> Look:
            scale = side / long_side
            smallest = 0.0 if side >= large_side else SEEN_FROM / scale
            return Look(found.only(found.heights >= smallest), smallest, SEEN_TO / scale)

        mirrored_side = min(MIRRORED_SIDE, large_side)
        return fuse(
            (
                look(large_side, self._network.look(pixels, large_side, CANDIDATE)),
                look(mirrored_side, self._network.look(pixels, mirrored_side, CANDIDATE, mirrored=True)),
                look(small_side, small),
                look(small_side, self._network.look(pixels, small_side, CANDIDATE, mirrored=True)),
            )
        )


def large_side_of(long_side: int) -> int:
    """The long side at which a picture of this long side is looked at: small ones enlarged twice."""
    return min(LONG_SIDE, 2 * long_side)


def within_limits(found: Candidates, long_side: int, limits: Sequence[thresholds.FaceLimit]) -> Candidates:
    """Those that may be faces, in a picture of this long side; of a face on its side the width is the height."""
    sizes = (found.boxes[:, 2:] - found.boxes[:, :2]).max(axis=1, initial=0.0)
    seen_as = sizes * large_side_of(long_side) / long_side
    return found.only(found.scores > thresholds.least_score(seen_as, limits))


def _check(pixels: Pixels) -> None:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise DetectorError(f"Faces are sought in 8-bit RGB pixels, not in {pixels.dtype} {pixels.shape}.")


def _face(found: Candidates, i: int, width: int, height: int) -> DetectedFace:
    left, top, right, bottom = (float(side) for side in found.boxes[i])
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
