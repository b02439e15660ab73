"""Chips: pictures of one face each, upright, in one size, with eyes, nose and mouth where the network expects them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from vision import models
from vision.detection import DetectedFace
from vision.encoder_network import CHIP_SIDE
from vision.errors import EncoderError, ModelError
from vision.images import Pixels
from vision.measuring import roll_of

Points = npt.NDArray[np.float64]  # n x 2: x, y in pixels
Square = tuple[int, int, int, int]  # left, top, right, bottom

CHIPS = 4  # of one face
WORKING_HEIGHT = 160  # pixels: larger faces are made as high as this first; in a chip a face is some 110 high
_AROUND = 0.6  # of the face's longer side: what a chip may show beyond the box, however it is turned

# Where the landmarks belong, in a square around the face whose side is 1. First the mean of dlib's training: two
# corners of the right eye, two of the left, under the nose. Then CenterFace's landmarks in chips made by dlib's:
# medians of 1,789 photos, made symmetric. Around the square is a padding, in shares of the side: dlib's own, and a
# smaller one, as two different views of a face say more than two equal ones: FNIR at FPIR 0.1 % falls by half a point.
DLIB_SHAPE: Points = np.array(
    [[0.859567, 0.213498], [0.646060, 0.228967], [0.120575, 0.213727], [0.334085, 0.229064], [0.490112, 0.627798]]
)
CENTERFACE_SHAPE: Points = np.array(
    [[0.21622, 0.22026], [0.77377, 0.22026], [0.49500, 0.54193], [0.25787, 0.78949], [0.73213, 0.78949]]
)
DLIB_PADDING, CENTERFACE_PADDING = 0.25, 0.20


class Landmarker(Protocol):
    """Finds five landmarks of the face in a square (5 x 2, in the order of `DLIB_SHAPE`); raises EncoderError."""

    def mark(self, pixels: Pixels, square: Square) -> Points: ...


class DlibLandmarker:
    """dlib's shape predictor with five points."""

    def __init__(self, predictor: Any, rectangle: Any) -> None:
        self._predictor = predictor
        self._rectangle = rectangle

    def mark(self, pixels: Pixels, square: Square) -> Points:
        try:
            shape = self._predictor(pixels, self._rectangle(*square))
            return np.array([(shape.part(i).x, shape.part(i).y) for i in range(5)], np.float64)
        except Exception as error:
            raise EncoderError("The eyes and the nose of a face could not be found. Try again.") from error


@dataclass(frozen=True, slots=True)
class Crop:
    """A face with plenty around it, in quarter turns the right way up, with everything in pixels of the crop.

    `square` is round the face as dlib would frame it, `landmarks` are CenterFace's.
    """

    pixels: Pixels
    square: Square
    landmarks: Points


def chips_of(pixels: Pixels, face: DetectedFace, landmarker: Landmarker) -> Pixels:
    """Four chips (4 x 150 x 150 x 3): by dlib's landmarks and by CenterFace's, and the mirror image of both.

    Raises EncoderError.
    """
    crop = upright_crop(pixels, face)
    marked = landmarker.mark(crop.pixels, crop.square)
    alignments = (
        similarity(marked, in_chip(DLIB_SHAPE, DLIB_PADDING)),
        similarity(crop.landmarks, in_chip(CENTERFACE_SHAPE, CENTERFACE_PADDING)),
    )
    straight = np.stack([_warped(crop.pixels, alignment) for alignment in alignments])
    return np.concatenate([straight, straight[:, :, ::-1]])


def upright_crop(pixels: Pixels, face: DetectedFace) -> Crop:
    """Cut out the face, not higher than `WORKING_HEIGHT`, and turn it.

    dlib's landmarks were trained in the squares of its own detector: .85 as high as CenterFace's boxes and .04 lower
    (medians over 179 photos). The square goes by the height, which stays when a head turns.
    """
    box = face.box
    height, width = pixels.shape[:2]
    around = math.ceil(_AROUND * max(box.width, box.height))
    x, y = max(box.left - around, 0), max(box.top - around, 0)
    cut = pixels[y : min(box.bottom + around, height), x : min(box.right + around, width)]
    corners = np.array([[box.left, box.top], [box.right, box.bottom]], np.float64) - (x, y)
    landmarks = np.array(face.landmarks, np.float64) - (x, y)
    scale = WORKING_HEIGHT / max(box.width, box.height)
    if scale < 1:
        size = [max(1, round(side * scale)) for side in (cut.shape[1], cut.shape[0])]
        factors = np.array(size) / (cut.shape[1], cut.shape[0])
        cut = np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), np.uint8)
        corners, landmarks = corners * factors, landmarks * factors
    turns = round(roll_of(face) / 90) % 4
    for _ in range(turns):
        wide = cut.shape[1]
        cut = np.rot90(cut)
        corners, landmarks = (np.stack([part[:, 1], wide - part[:, 0]], axis=1) for part in (corners, landmarks))
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    side = 0.9 * (bottom - top)
    across, down = (left + right) / 2, (top + bottom) / 2 + 0.08 * (bottom - top)
    a, b, c, d = (round(float(v)) for v in (across - side / 2, down - side / 2, across + side / 2, down + side / 2))
    return Crop(np.ascontiguousarray(cut), (a, b, c, d), landmarks)


def in_chip(shape: Points, padding: float) -> Points:
    """The landmarks of a shape in pixels of a chip with this padding."""
    return np.asarray(CHIP_SIDE * (shape + padding) / (1 + 2 * padding))


def similarity(points: Points, onto: Points) -> Points:
    """Turn, scale and shift (2 x 3) that bring points nearest to others by least squares; raises EncoderError.

    Umeyama 1991 (doi:10.1109/34.88573), in two dimensions and without mirroring.
    """
    middle, other_middle = points.mean(axis=0), onto.mean(axis=0)
    a, b = points - middle, onto - other_middle
    spread = float((a**2).sum())
    if not (math.isfinite(spread) and spread > 0):
        raise EncoderError("The eyes, nose and mouth of a face lie where they cannot be. Try again.")
    cosine = float((a * b).sum()) / spread
    sine = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / spread
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.hstack([turn, (other_middle - turn @ middle)[:, np.newaxis]])


def _warped(pixels: Pixels, alignment: Points) -> Pixels:
    """The chip under this alignment; what lies outside the picture is black, as in dlib."""
    return np.asarray(cv2.warpAffine(pixels, alignment, (CHIP_SIDE, CHIP_SIDE), flags=cv2.INTER_LINEAR), np.uint8)


def load_landmarker() -> Landmarker:
    """dlib's five landmarks from their checked file; raises ModelError."""
    models.verify((models.LANDMARKS_5,))
    try:
        import dlib

        landmarker = DlibLandmarker(dlib.shape_predictor(str(models.locate(models.LANDMARKS_5))), dlib.rectangle)
        landmarker.mark(np.full((160, 160, 3), 128, np.uint8), (40, 40, 120, 120))
    except Exception as error:
        raise ModelError("The package dlib could not be loaded: install Gatepost again.") from error
    return landmarker
