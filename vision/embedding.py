"""Templates of faces, and whether a face is good enough for one: face_recognition behind a one-method protocol."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any, Protocol

import cv2
import numpy as np

from vision import models, thresholds
from vision.detection import DetectedFace
from vision.errors import EncoderError, ModelError
from vision.findings import Box
from vision.images import Pixels
from vision.quality import FaceQuality as FaceQuality

Template = tuple[float, ...]
Square = tuple[int, int, int, int]  # left, top, right, bottom

_SHARPNESS_HEIGHT = 64  # pixels: faces are made equally high before their sharpness is compared


class FaceEncoder(Protocol):
    """Computes the template of each face (L2-normalised, 128 floats), or None where it is too poor to be recognised.

    `pixels` are uint8, height x width x 3, RGB. `version` names the model: templates of different versions cannot be
    compared. Raises EncoderError.
    """

    @property
    def version(self) -> str: ...

    def encode(self, pixels: Pixels, faces: Sequence[DetectedFace]) -> tuple[Template | None, ...]: ...


class FaceRecognition:
    """The face_recognition package: dlib's network on a chip aligned by dlib's five landmarks."""

    version = models.ENCODER.version

    def __init__(self, library: Any) -> None:
        self._library = library

    def encode(self, pixels: Pixels, faces: Sequence[DetectedFace]) -> tuple[Template | None, ...]:
        return tuple(self._encode(pixels, face) if recognisable(pixels, face) else None for face in faces)

    def warm_up(self) -> None:
        """Compute a template of something, so that what does not work shows now; raises EncoderError."""
        eyes_nose_mouth = ((60.0, 70.0), (100.0, 70.0), (80.0, 90.0), (65.0, 110.0), (95.0, 110.0))
        self._encode(np.full((160, 160, 3), 128, np.uint8), DetectedFace(Box(40, 40, 120, 140), 1.0, eyes_nose_mouth))

    def _encode(self, pixels: Pixels, face: DetectedFace) -> Template:
        crop, (left, top, right, bottom) = upright_crop(pixels, face)
        try:
            (raw,) = self._library.face_encodings(crop, [(top, right, bottom, left)])
            vector = np.asarray(raw, np.float64)
        except Exception as error:
            raise EncoderError("The template of a face could not be computed. Try again.") from error
        length = float(np.linalg.norm(vector))
        if not (math.isfinite(length) and length > 0):
            raise EncoderError("The template of a face came out impossible. Try again.")
        return tuple((vector / length).tolist())


def upright_crop(pixels: Pixels, face: DetectedFace) -> tuple[Pixels, Square]:
    """The face with plenty around it, in quarter turns the right way up, and a square round it as dlib would frame it.

    dlib's landmarks were trained in the squares of its own detector: .85 as high as CenterFace's boxes and .04 lower
    (medians over 179 photos). The square goes by the height, which stays when a head turns.
    """
    box = face.box
    height, width = pixels.shape[:2]
    around = max(box.width, box.height)
    x, y = max(box.left - around, 0), max(box.top - around, 0)
    crop = pixels[y : min(box.bottom + around, height), x : min(box.right + around, width)]
    turns = round(roll_of(face) / 90) % 4
    left, top, right, bottom = box.left - x, box.top - y, box.right - x, box.bottom - y
    wide, high = crop.shape[1], crop.shape[0]
    for _ in range(turns):
        left, top, right, bottom = top, wide - right, bottom, wide - left
        wide, high = high, wide
    side = 0.9 * (bottom - top)
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2 + 0.08 * (bottom - top)
    corners = (centre_x - side / 2, centre_y - side / 2, centre_x + side / 2, centre_y + side / 2)
    a, b, c, d = (round(corner) for corner in corners)
    return np.ascontiguousarray(np.rot90(crop, turns)), (a, b, c, d)


def roll_of(face: DetectedFace) -> float:
    """How far the head is tilted in the picture, in degrees from -180 to 180, clockwise; 0 is upright."""
    (x, y), (other_x, other_y) = face.landmarks[:2]
    return math.degrees(math.atan2(other_y - y, other_x - x))


def yaw_of(face: DetectedFace) -> float:
    """How far the head is turned aside: the nose's distance from the eyes' middle line, in distances of the eyes.

    0 faces the camera; from .5 on the nose is over an eye.
    """
    eye, other, nose = (np.array(point) for point in face.landmarks[:3])
    apart = float(np.linalg.norm(other - eye))
    if apart == 0:
        return 1.0
    return abs(float((nose - (eye + other) / 2) @ (other - eye))) / apart**2


def sharpness_of(pixels: Pixels, face: DetectedFace) -> float:
    """Fine detail for the face's contrast: the Laplacian's variance over that of the grey values, 64 pixels high."""
    box = face.box
    grey = cv2.cvtColor(pixels[box.top : box.bottom, box.left : box.right], cv2.COLOR_RGB2GRAY)
    size = (max(1, round(_SHARPNESS_HEIGHT * box.width / box.height)), _SHARPNESS_HEIGHT)
    shrinks = box.height > _SHARPNESS_HEIGHT
    level = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR).astype(np.float32)
    return float(cv2.Laplacian(level, cv2.CV_32F).var() / (level.var() + 1.0))


def recognisable(pixels: Pixels, face: DetectedFace) -> bool:
    """Whether the face is large and sharp enough to be recognised at all."""
    return (
        face.box.height >= thresholds.RECOGNISABLE_HEIGHT
        and sharpness_of(pixels, face) >= thresholds.RECOGNISABLE_SHARPNESS
    )


def quality(pixels: Pixels, face: DetectedFace) -> FaceQuality:
    """Measure the face for enrolment."""
    return FaceQuality(face.box.height, sharpness_of(pixels, face), yaw_of(face), roll_of(face))


def load_encoder() -> FaceEncoder:
    """face_recognition, after its four model files were checked; raises ModelError.

    The package lets Pillow take cut pictures for whole ones, and says goodbye by quit() where its models are missing:
    both are undone.
    """
    models.verify(models.FACE_RECOGNITION)
    from PIL import ImageFile

    tolerant = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*pkg_resources.*")
            import face_recognition
    except (Exception, SystemExit) as error:
        raise ModelError("The package face_recognition could not be loaded: install Gatepost again.") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
    encoder = FaceRecognition(face_recognition)
    try:
        encoder.warm_up()
    except EncoderError as error:
        raise ModelError("The package face_recognition does not work: install Gatepost again.") from error
    return encoder
