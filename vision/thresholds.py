"""Every limit that decides about faces, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DetectionThreshold:
    value: float


FACE = DetectionThreshold(0.25)
TURNED_FACE = 0.2
