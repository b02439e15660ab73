"""How large, sharp and turned a face is, from its pixels and landmarks."""

from __future__ import annotations

import math

import cv2
import numpy as np

from vision import thresholds
from vision.detection import DetectedFace
from vision.images import Pixels
from vision.quality import FaceQuality

_SHARPNESS_HEIGHT = 64  # pixels: faces are made equally high before their sharpness is compared


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
