"""Where the faces are: CenterFace behind a one-method protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt
import onnx

from vision import models, runtime, thresholds
from vision.errors import DetectorError, ModelError
from vision.findings import Box
from vision.images import Pixels

Floats = npt.NDArray[np.float32]
Point = tuple[float, float]

LONG_SIDE = 2048  # pixels: small faces need the full working size
SMALL_SIDE = (
    640  # faces that fill the picture are found only when it is small: 0 of 45 close-ups at 2048, 45 of 45 here
)
TURN_SIDES = (448, 224, 128)  # which way up a picture is: at one size 15 of 199 close-ups looked turned, at three 1
TURN_MARGIN = 1.1  # by so much the faces must look better turned: most pictures are upright
UPRIGHT_FIRST = 0.9  # of a face seen both ways the upright one is kept, unless its score is lower by more than this
SMALL_LOOK_MIN = 0.03  # of the long side: smaller boxes of the small look are mostly false, the large look has the rest
OVERLAP = 0.3  # intersection over union from which two boxes are one face; CenterFace's own
_STRIDE = 32  # the network halves the picture five times
_CELL = 4  # one cell of its answer stands for 4 x 4 pixels
_LARGEST = 4.0  # a box of more than four times the picture is no box


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


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes (n x 4: left, top, right, bottom), scores (n) and landmarks (n x 5 x 2) in pixels, not yet told apart."""

    boxes: Floats
    scores: Floats
    landmarks: Floats

    def only(self, which: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Candidates:
        return Candidates(self.boxes[which], self.scores[which], self.landmarks[which])


class CenterFace:
    """CenterFace (Xu et al. 2019, arXiv:1911.03599): an anchor-free network, run by onnxruntime."""

    def __init__(self, session: runtime.Session, version: str = models.CENTERFACE.version) -> None:
        self._session = session
        self.version = version

    def detect(self, pixels: Pixels) -> tuple[DetectedFace, ...]:
        """Look large and small, and once more turned where the faces say that the picture lies on its side."""
        _check(pixels)
        found = self._look_twice(pixels)
        ranks = found.scores
        turns = self._turns(pixels)
        if turns:
            height, width = pixels.shape[:2]
            turned = self._look_twice(np.ascontiguousarray(np.rot90(pixels, turns)))
            found = _join(found, turn_back(turned, turns, width, height))
            ranks = np.concatenate([ranks, UPRIGHT_FIRST * turned.scores])
        kept = found.only(suppress(found.boxes, ranks))
        return tuple(_face(kept, i, pixels.shape[1], pixels.shape[0]) for i in range(len(kept.scores)))

    def _look_twice(self, pixels: Pixels) -> Candidates:
        long_side = max(pixels.shape[:2])
        large = self._look(pixels, min(LONG_SIDE, 2 * long_side), thresholds.FACE.value)
        small = self._look(pixels, min(SMALL_SIDE, long_side), thresholds.FACE.value)
        heights = small.boxes[:, 3] - small.boxes[:, 1]
        return _join(large, small.only(heights >= SMALL_LOOK_MIN * long_side))

    def _turns(self, pixels: Pixels) -> int:
        """Quarter turns against the clock that bring the faces upright: where most of them look most like faces."""
        evidence = np.zeros(4)
        for side in TURN_SIDES:
            shrunk = shrink(pixels, side)
            for turns in range(4):
                look = self._look(np.ascontiguousarray(np.rot90(shrunk, turns)), side, thresholds.TURNED_FACE)
                look = look.only(suppress(look.boxes, look.scores))
                heights = (look.boxes[:, 3] - look.boxes[:, 1]) / max(shrunk.shape[:2])
                evidence[turns] += float((look.scores**2 * np.sqrt(heights)).sum())
        best = int(np.argmax(evidence))
        return best if evidence[best] > TURN_MARGIN * evidence[0] else 0

    def _look(self, pixels: Pixels, long_side: int, threshold: float) -> Candidates:
        """One run at this long side; the answer is in pixels of the given picture."""
        height, width = pixels.shape[:2]
        blob = prepare(pixels, long_side)
        try:
            heat, size, offset, marks = self._session.run(None, {"input.1": blob})
        except Exception as error:
            raise DetectorError("The search for faces failed. Try again.") from error
        scale = np.array([width / blob.shape[3], height / blob.shape[2]], np.float32)
        found = decode(heat, size, offset, marks, threshold)
        found = Candidates(found.boxes * np.tile(scale, 2), found.scores, found.landmarks * scale)
        sides = found.boxes[:, 2:] - found.boxes[:, :2]
        if (sides <= 0).any() or (sides > _LARGEST * max(height, width)).any():
            raise DetectorError("The search for faces gave impossible boxes. Try again.")
        return found


def shrink(pixels: Pixels, long_side: int) -> Pixels:
    """The picture with a long side of at most so many pixels."""
    height, width = pixels.shape[:2]
    scale = long_side / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def prepare(pixels: Pixels, long_side: int) -> Floats:
    """The picture at this long side as 1 x 3 x height x width, both sides multiples of 32, values 0 to 255."""
    height, width = pixels.shape[:2]
    scale = long_side / max(height, width)
    size = [max(1, round(side * scale / _STRIDE)) * _STRIDE for side in (width, height)]
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(pixels, size, interpolation=interpolation)
    return np.ascontiguousarray(resized.transpose(2, 0, 1)[np.newaxis], dtype=np.float32)


def decode(heat: Floats, size: Floats, offset: Floats, marks: Floats, threshold: float) -> Candidates:
    """Read the network's four maps (1 x 1, 2, 2, 10 x h x w): a face's centre is a hot cell; raises DetectorError."""
    if not np.isfinite(heat).all() or heat.min(initial=0.0) < -1e-3 or heat.max(initial=0.0) > 1 + 1e-3:
        raise DetectorError("The search for faces gave impossible scores. Try again.")
    rows, columns = np.nonzero(heat[0, 0] > threshold)
    heights, widths = (np.exp(size[0, i, rows, columns]) * _CELL for i in (0, 1))
    left = (columns + offset[0, 1, rows, columns] + 0.5) * _CELL - widths / 2
    top = (rows + offset[0, 0, rows, columns] + 0.5) * _CELL - heights / 2
    boxes = np.stack([left, top, left + widths, top + heights], axis=1)
    relative = marks[0, :, rows, columns].reshape(-1, 5, 2)  # y, x in shares of the box
    landmarks = np.stack(
        [
            relative[:, :, 1] * widths[:, None] + left[:, None],
            relative[:, :, 0] * heights[:, None] + top[:, None],
        ],
        axis=2,
    )
    if not (np.isfinite(boxes).all() and np.isfinite(landmarks).all()):
        raise DetectorError("The search for faces gave impossible boxes. Try again.")
    scores = np.clip(heat[0, 0, rows, columns], 0.0, 1.0)
    return Candidates(boxes.astype(np.float32), scores, landmarks.astype(np.float32))


def suppress(boxes: Floats, scores: Floats) -> npt.NDArray[np.intp]:
    """The boxes to keep, best first: of those that overlap, the one with the better score."""
    order = np.argsort(-scores, kind="stable")
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    while order.size:
        best, rest = order[0], order[1:]
        kept.append(best)
        corner = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        sides = np.clip(corner - np.maximum(boxes[best, :2], boxes[rest, :2]), 0, None)
        shared = sides[:, 0] * sides[:, 1]
        order = rest[shared / (areas[best] + areas[rest] - shared) < OVERLAP]
    return np.array(kept, dtype=np.intp)


def turn_back(found: Candidates, turns: int, width: int, height: int) -> Candidates:
    """What was found in the picture after quarter turns against the clock, in pixels of the picture before them."""

    def back(points: Floats) -> Floats:
        x, y = points[..., 0], points[..., 1]
        return np.stack({1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}[turns], axis=-1)

    corners = np.stack([back(found.boxes[:, :2]), back(found.boxes[:, 2:])], axis=1)
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    return Candidates(boxes, found.scores, back(found.landmarks))


def _join(*parts: Candidates) -> Candidates:
    return Candidates(
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.landmarks for part in parts]),
    )


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
    return DetectedFace(box, float(found.scores[i]), (eye, other_eye, nose, mouth, other_mouth))


def free_input_size(model: bytes) -> bytes:
    """The same network for pictures of any size: the file fixes 32 x 32, its layers do not; raises ModelError."""
    try:
        proto = onnx.load_from_string(model)
        weights = {weight.name for weight in proto.graph.initializer}
        inputs = [value for value in proto.graph.input if value.name not in weights]
        if not inputs:
            raise ValueError("a network without an input")
        del proto.graph.input[:]
        proto.graph.input.extend(inputs)
        for value in [*proto.graph.input, *proto.graph.output]:
            shape = value.type.tensor_type.shape.dim
            shape[0].dim_value = 1
            shape[2].dim_param, shape[3].dim_param = f"{value.name}_height", f"{value.name}_width"
        return bytes(proto.SerializeToString())
    except Exception as error:
        raise ModelError("The model that finds faces could not be opened: install Gatepost again.") from error


def load_detector(threads: int | None = None) -> FaceDetector:
    """CenterFace from its checked file; raises ModelError."""
    model = free_input_size(models.verified_bytes(models.CENTERFACE))
    return CenterFace(runtime.open_session(model, threads))
