"""Places in a picture where a code may stand: parallel bars at any angle, and small squares full of dots."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.findings import Box

Grey = NDArray[np.uint8]
Numbers = NDArray[np.float32]

WORKING_SIDE = 2000  # pixels of the long side in which places are looked for: bars of two pixels in 12 megapixels show
CELL = 8  # pixels of the working picture
BARS = 0.72  # coherence of the structure tensor: 1 where all edges run one way (Bigun and Granlund, 1987)
STACKED = 0.3  # of rows of bars, as in PDF417
FAINTEST = 20.0  # mean squared slope, in greys a pixel
SECTORS = 6  # directions into which places are parted
FEWEST_CELLS = 8
MOST_BARS, MOST_STACKED, MOST_DOTS = 60, 20, 16
MOST_SIDE = 1600  # pixels of a place laid straight
LARGEST_DOTS = 40  # cells: a larger code is read without looking closer


@dataclass(frozen=True, slots=True)
class Place:
    """A turned rectangle of bars: its middle, its length across the bars and along them (pixels), and the angle
    (radians) of the line that crosses the bars."""

    x: float
    y: float
    across: float
    along: float
    angle: float

    def box(self, width: int, height: int) -> Box:
        cos, sin = abs(math.cos(self.angle)), abs(math.sin(self.angle))
        half_width = (self.across * cos + self.along * sin) / 2
        half_height = (self.across * sin + self.along * cos) / 2
        corners = (self.x - half_width, self.y - half_height, self.x + half_width, self.y + half_height)
        return box_inside(corners, width, height)


def box_inside(corners: tuple[float, float, float, float], width: int, height: int) -> Box:
    """The box round left, top, right, bottom, of which what lies in a picture of this size is kept."""
    left, top = min(max(int(corners[0]), 0), width - 1), min(max(int(corners[1]), 0), height - 1)
    right, bottom = min(math.ceil(corners[2]), width), min(math.ceil(corners[3]), height)
    return Box(left, top, max(right, left + 1), max(bottom, top + 1))


def share_below(values: NDArray[np.floating[Any]], share: float) -> float:
    """The value below which this share lies. numpy's own quantile imports a module when it is first called, which the
    process that looks cannot do."""
    return float(np.sort(values)[min(int(share * len(values)), len(values) - 1)])


class Slopes:
    """The structure tensor of a grey picture, a value for each cell of its working size."""

    def __init__(self, working: Grey, scale: float) -> None:
        dx = cv2.Scharr(working, cv2.CV_32F, 1, 0, scale=1 / 32)
        dy = cv2.Scharr(working, cv2.CV_32F, 0, 1, scale=1 / 32)
        size = (max(working.shape[1] // CELL, 1), max(working.shape[0] // CELL, 1))

        def cells(values: Numbers) -> Numbers:
            return np.asarray(cv2.blur(cv2.resize(values, size, interpolation=cv2.INTER_AREA), (3, 3)), np.float32)

        self.xx, self.yy, self.xy = cells(dx * dx), cells(dy * dy), cells(dx * dy)
        self.energy = self.xx + self.yy
        spread = np.sqrt((self.xx - self.yy) ** 2 + 4 * self.xy**2)
        self.coherence = spread / np.maximum(self.energy, 1e-6)
        self.angle = 0.5 * np.arctan2(2 * self.xy, self.xx - self.yy)
        self.pixels = CELL / scale  # of the whole picture in one cell


def places_of_bars(slopes: Slopes) -> list[Place]:
    """Where bars may stand, the strongest first."""
    return _oriented(slopes, BARS, 3, MOST_BARS)


def places_of_stacks(slopes: Slopes) -> list[Place]:
    """Where rows of bars may stand on one another, the strongest first."""
    return _oriented(slopes, STACKED, 5, MOST_STACKED)


def _oriented(slopes: Slopes, coherence: float, closing: int, most: int) -> list[Place]:
    coherent = (slopes.energy > FAINTEST) & (slopes.coherence > coherence)
    found: list[tuple[float, Place]] = []
    for sector in range(SECTORS):
        off = np.abs((slopes.angle - math.pi * sector / SECTORS + math.pi / 2) % math.pi - math.pi / 2)
        mask = (coherent & (off < 0.75 * math.pi / SECTORS)).astype(np.uint8)
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((closing, closing), np.uint8))
        found.extend(_places(np.asarray(closed, np.uint8), slopes))
    found.sort(key=lambda each: -each[0])
    return [place for _, place in found[:most]]


def _places(mask: Grey, slopes: Slopes) -> Iterator[tuple[float, Place]]:
    """The strength and the place of each connected part of the mask that is roughly a filled rectangle."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for label in range(1, count):
        left, top, wide, high, area = stats[label]
        if area < FEWEST_CELLS:
            continue
        rows, columns = np.nonzero(labels[top : top + high, left : left + wide] == label)
        rows, columns = rows + top, columns + left
        xx, yy, xy = (float(values[rows, columns].sum()) for values in (slopes.xx, slopes.yy, slopes.xy))
        angle = 0.5 * math.atan2(2 * xy, xx - yy)
        cos, sin = math.cos(angle), math.sin(angle)
        u, v = columns * cos + rows * sin, rows * cos - columns * sin
        low_u, high_u = float(u.min()), float(u.max())
        low_v, high_v = share_below(v, 0.03), share_below(v, 0.97)
        across, along = high_u - low_u + 1, high_v - low_v + 1
        if across < 5 or along < 1.5 or len(rows) < 0.35 * across * along:
            continue
        middle_u, middle_v = (low_u + high_u) / 2, (low_v + high_v) / 2
        x, y = middle_u * cos - middle_v * sin + 0.5, middle_u * sin + middle_v * cos + 0.5
        size = slopes.pixels
        yield xx + yy, Place(x * size, y * size, across * size, along * size, angle)


def places_of_dots(slopes: Slopes, width: int, height: int) -> list[Box]:
    """Small squares full of edges that run all ways, the strongest first, each with a margin."""
    mask = ((slopes.energy > FAINTEST) & (slopes.coherence < BARS)).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    found: list[tuple[float, Box]] = []
    for label in range(1, count):
        left, top, wide, high, area = (int(value) for value in stats[label])
        if not 3 <= min(wide, high) <= max(wide, high) <= min(LARGEST_DOTS, 1.8 * min(wide, high)):
            continue
        if area < 0.45 * wide * high:  # a square on its corner fills half of its box
            continue
        strength = float(slopes.energy[top : top + high, left : left + wide].mean())
        margin = 1 + max(wide, high) * 0.12
        corners = (left - margin, top - margin, left + wide + margin, top + high + margin)
        x, y, right, bottom = (corner * slopes.pixels for corner in corners)
        found.append((strength, box_inside((x, y, right, bottom), width, height)))
    found.sort(key=lambda each: -each[0])
    return [box for _, box in found[:MOST_DOTS]]


def laid_straight(grey: Grey, place: Place, margin: float = 0.12) -> Grey:
    """The place turned so that its bars stand upright, with `margin` of its length more at both ends."""
    width = place.across * (1 + 2 * margin) + 16
    height = max(place.along, 12)
    scale = min(1.0, MOST_SIDE / max(width, height))
    cos, sin = math.cos(place.angle) / scale, math.sin(place.angle) / scale
    columns, rows = max(int(width * scale), 8), max(int(height * scale), 8)
    # where a point of the straight picture lies in the whole one
    back = np.array(
        [
            [cos, -sin, place.x - cos * columns / 2 + sin * rows / 2],
            [sin, cos, place.y - sin * columns / 2 - cos * rows / 2],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    straight = cv2.warpAffine(grey, back, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(straight, np.uint8)
