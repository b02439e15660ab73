"""Where in a large picture text is looked for, and where small text may be: cheap looks before dear ones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from vision.findings import Box
from vision.images import Pixels

WINDOW = 832  # pixels: the sides of a window at most
OVERLAP = 128  # pixels, at that size, that two windows share
TILE = 800  # pixels: small text is searched for in squares of this size, at full resolution
MOST_TILES = 24  # of which each takes about .2 s of a processor

# Fine detail: what a picture loses when it is smoothed over two pixels. Small letters are little else, also where the
# search at a lower resolution sees nothing of them; walls, skies, skin and cloth have hardly any.
CELL = 16  # pixels: detail is averaged over squares of this size
_SMOOTH = 2.0  # pixels, standard deviation
_LEAST_DETAIL = 3.0  # grey levels: letters on paper have 10 to 40
_TIMES_USUAL = 2.5  # of the picture's own median, so that a grainy picture is not all detail
_LEAST_CELLS = 3  # in one row: three letters of ten pixels
_ROOM = 48  # pixels round a place, so that its letters do not touch the border of their square


def windows(width: int, height: int, scale: float) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, right, bottom of overlapping windows that cover the picture, none larger than WINDOW at this scale."""

    def spans(length: int) -> list[tuple[int, int]]:
        room, shared = WINDOW / scale, OVERLAP / scale
        count = max(1, math.ceil((length - shared) / (room - shared)))
        step = (length - shared) / count
        return [(round(i * step), min(length, round((i + 1) * step + shared))) for i in range(count)]

    for top, bottom in spans(height):
        for left, right in spans(width):
            yield left, top, right, bottom


def detailed(bgr: Pixels) -> list[Box]:
    """Places of fine detail that may be small text, the likeliest first: long and low ones before large areas."""
    height, width = bgr.shape[:2]
    grid = (width // CELL, height // CELL)
    if min(grid) < 1:
        return []
    grey = cv2.cvtColor(bgr[: grid[1] * CELL, : grid[0] * CELL], cv2.COLOR_BGR2GRAY)
    fine = cv2.convertScaleAbs(cv2.subtract(grey, cv2.GaussianBlur(grey, (0, 0), _SMOOTH), dtype=cv2.CV_16S))
    cells = cv2.resize(fine, grid, interpolation=cv2.INTER_AREA)
    limit = max(_LEAST_DETAIL, _TIMES_USUAL * float(np.median(cells)))
    rows = cv2.morphologyEx((cells > limit).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    count, _, areas, _ = cv2.connectedComponentsWithStats(rows)
    found = [tuple(int(value) for value in area) for area in areas[1:count]]
    fine_places = [
        Box(left * CELL, top * CELL, (left + across) * CELL, (top + down) * CELL)
        for left, top, across, down, size in found
        if size >= _LEAST_CELLS
    ]
    return sorted(fine_places, key=lambda box: box.height)


def tiles(places: Sequence[Box], width: int, height: int, most: int = MOST_TILES) -> list[tuple[int, int]]:
    """Left and top of squares of the picture that hold these places, at most so many; the first places come first."""
    corners: list[tuple[int, int]] = []
    for place in _pieces(places):
        if len(corners) == most:
            break
        if any(_holds(corner, place) for corner in corners):
            continue
        left = int(np.clip(place.left - _ROOM, 0, max(width - TILE, 0)))
        top = int(np.clip((place.top + place.bottom - TILE) // 2, 0, max(height - TILE, 0)))
        corners.append((left, top))
    return corners


def _pieces(places: Sequence[Box]) -> Iterator[Box]:
    """The places, those that no square holds cut into pieces that one does."""
    step = TILE - 2 * _ROOM
    for place in places:
        for top in range(place.top, place.bottom, step):
            for left in range(place.left, place.right, step):
                yield Box(left, top, min(left + step, place.right), min(top + step, place.bottom))


def _holds(corner: tuple[int, int], place: Box) -> bool:
    left, top = corner
    return left <= place.left and top <= place.top and place.right <= left + TILE and place.bottom <= top + TILE


def below(face: Box, width: int, height: int) -> Box:
    """Where somebody with this face would wear a badge, a medal or a name on a jumper, inside the picture."""
    return Box(
        max(0, face.left - face.width),
        max(0, face.top),
        min(width, face.right + face.width),
        min(height, face.bottom + 3 * face.height),
    )
