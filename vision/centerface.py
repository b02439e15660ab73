"""CenterFace (Xu et al. 2019, arXiv:1911.03599), an anchor-free network: one look at a picture, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import onnx

from vision import models, runtime
from vision.errors import DetectorError, ModelError
from vision.images import Pixels

Floats = npt.NDArray[np.float32]

OVERLAP = 0.3  # intersection over union from which two boxes are one face; CenterFace's own
_STRIDE = 32  # the network halves the picture five times
_CELL = 4  # one cell of its answer stands for 4 x 4 pixels
_LARGEST = 4.0  # a box of more than four times the picture is no box


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes (n x 4: left, top, right, bottom), scores (n) and landmarks (n x 5 x 2) in pixels, not yet told apart."""

    boxes: Floats
    scores: Floats
    landmarks: Floats

    @property
    def heights(self) -> Floats:
        return self.boxes[:, 3] - self.boxes[:, 1]

    def scaled(self, across: float, down: float) -> Candidates:
        """The same in a picture so many times as wide and as high."""
        scale = np.array([across, down], np.float32)
        return Candidates(self.boxes * np.tile(scale, 2), self.scores, self.landmarks * scale)

    def only(self, which: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Candidates:
        return Candidates(self.boxes[which], self.scores[which], self.landmarks[which])


class CenterFace:
    """The network, run by onnxruntime."""

    def __init__(self, session: runtime.Session, version: str = models.CENTERFACE.version) -> None:
        self._session = session
        self.version = version

    def look(self, pixels: Pixels, long_side: int, threshold: float, *, mirrored: bool = False) -> Candidates:
        """One run at this long side, on the picture or its mirror image; raises DetectorError.

        The answer is in pixels of the given picture either way.
        """
        height, width = pixels.shape[:2]
        blob = prepare(pixels, long_side)
        if mirrored:
            blob = np.ascontiguousarray(blob[..., ::-1])
        try:
            heat, size, offset, marks = self._session.run(None, {"input.1": blob})
        except Exception as error:
            raise DetectorError("The search for faces failed. Try again.") from error
        found = decode(heat, size, offset, marks, threshold)
        found = found.scaled(width / blob.shape[3], height / blob.shape[2])
        sides = found.boxes[:, 2:] - found.boxes[:, :2]
        if (sides <= 0).any() or (sides > _LARGEST * max(height, width)).any():
            raise DetectorError("The search for faces gave impossible boxes. Try again.")
        return mirror_back(found, width) if mirrored else found


def mirror_back(found: Candidates, width: int) -> Candidates:
    """What was found in the mirror image, in pixels of the picture: left and right change places."""
    boxes = found.boxes.copy()
    boxes[:, [0, 2]] = width - found.boxes[:, [2, 0]]
    landmarks = found.landmarks[:, [1, 0, 2, 4, 3]].copy()
    landmarks[:, :, 0] = width - landmarks[:, :, 0]
    return Candidates(boxes, found.scores, landmarks)


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


def overlaps(box: Floats, others: Floats) -> Floats:
    """Intersection over union of one box with each of the others."""
    sides = np.clip(np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2]), 0, None)
    shared = sides[:, 0] * sides[:, 1]
    areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    return np.asarray(shared / (areas + (box[2] - box[0]) * (box[3] - box[1]) - shared), np.float32)


def suppress(boxes: Floats, scores: Floats) -> npt.NDArray[np.intp]:
    """The boxes to keep, best first: of those that overlap, the one with the better score."""
    order = np.argsort(-scores, kind="stable")
    kept = []
    while order.size:
        best, rest = order[0], order[1:]
        kept.append(best)
        order = rest[overlaps(boxes[best], boxes[rest]) < OVERLAP]
    return np.array(kept, dtype=np.intp)


def turn_back(found: Candidates, turns: int, width: int, height: int) -> Candidates:
    """What was found in the picture after quarter turns against the clock, in pixels of the picture before them."""

    def back(points: Floats) -> Floats:
        x, y = points[..., 0], points[..., 1]
        return np.stack({1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}[turns], axis=-1)

    corners = np.stack([back(found.boxes[:, :2]), back(found.boxes[:, 2:])], axis=1)
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    return Candidates(boxes, found.scores, back(found.landmarks))


def join(*parts: Candidates) -> Candidates:
    """All of them in one."""
    return Candidates(
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.landmarks for part in parts]),
    )


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


def load_centerface(threads: int | None = None) -> CenterFace:
    """The network from its checked file; raises ModelError."""
    return CenterFace(runtime.open_session(free_input_size(models.verified_bytes(models.CENTERFACE)), threads))
