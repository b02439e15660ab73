"""Faces and pictures for trying what looks at one face."""

from __future__ import annotations

import numpy as np

from vision.detection import DetectedFace
from vision.findings import Box
from vision.images import Pixels

NOISE: Pixels = np.random.default_rng(1).integers(0, 255, (600, 800, 3), dtype=np.uint8)
Marks = tuple[tuple[float, float], ...]
EYES_LEVEL: Marks = ((0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8))


def a_face(box: Box, marks: Marks = EYES_LEVEL) -> DetectedFace:
    """A face with landmarks at these shares of its box."""
    eye, other, nose, mouth, corner = ((box.left + x * box.width, box.top + y * box.height) for x, y in marks)
    return DetectedFace(box, 0.9, (eye, other, nose, mouth, corner))


def turned(marks: Marks, quarters: int) -> Marks:
    """The marks after so many quarter turns clockwise."""
    for _ in range(quarters):
        marks = tuple((1 - y, x) for x, y in marks)
    return marks


FACE = a_face(Box(300, 200, 400, 320))
