"""Every limit that decides about faces, each with its evidence. All figures are from adults' photos."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DetectionThreshold:
    value: float


FACE = DetectionThreshold(0.25)
TURNED_FACE = 0.2
FARTHEST_SECOND = 0.42
SMALLEST_MARGIN = 0.08
CONFUSABLE = 0.3


@dataclass(frozen=True, slots=True)
class Threshold:
    value: float


def for_gallery(size: int, references: int) -> Threshold:
    return Threshold(0.225)


RECOGNISABLE_HEIGHT = 20
RECOGNISABLE_SHARPNESS = 0.0


@dataclass(frozen=True, slots=True)
class ReferenceLimits:
    height_px: int
    sharpness: float
    yaw: float
    roll: float


REFERENCE = ReferenceLimits(60, 0.0, 0.35, 30)
