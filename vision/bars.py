"""Whether upright bars are a barcode, where nothing could read them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.code_places import share_below

Grey = NDArray[np.uint8]
Numbers = NDArray[np.float32]

BANDS = 10  # of a place, across its bars
ALIKE = 0.86  # correlation of a band with the others of one barcode
SAME_BARS = 0.5  # correlation of two rows next to each other
FEWEST_EDGES, MOST_EDGES = 30, 400  # EAN-8 has 44, Code 128 with three letters 38
FAINTEST_BAR = 3.0  # greys off its surroundings
UNEVEN = 0.2  # how far the grey of a wide bar is off the others', as a share of the contrast
REPEATING = 0.62  # correlation of a row of bars with itself, moved: fences, blinds and keys repeat, a code does not


def rows_of_the_same(straight: Grey) -> tuple[float, float]:
    """How far bars that stand upright in the middle go on above and below it, as shares of the picture's height."""
    height = straight.shape[0]
    step = max(height // 120, 2)
    rows = [straight[top : top + step].astype(np.float32).mean(axis=0) for top in range(0, height - step + 1, step)]
    middle = len(rows) // 2
    reach = []
    for way in (-1, 1):
        last, at = rows[middle], middle
        while 0 <= at + way < len(rows) and _correlation(rows[at + way], last) > SAME_BARS:
            at += way
            last = rows[at]
        reach.append((abs(at - middle) + 1) * step / height)
    return reach[0], reach[1]


def is_barcode(straight: Grey) -> bool:
    """Whether upright bars are a barcode: the same in every row, many, of several widths, and never repeating."""
    height = straight.shape[0]
    inner = straight[height // 8 : height - height // 8]
    if inner.shape[0] < BANDS:
        return False
    bands = np.stack([band.mean(axis=0) for band in np.array_split(inner.astype(np.float32), BANDS)])
    greys = np.median(bands, axis=0)
    window = max(bands.shape[1] // 12, 9)
    bands -= cv2.blur(bands, (window, 1))  # bars alone: one strong edge, or a shadow, is alike in all bands, too
    mean = np.median(bands, axis=0)
    alike = [_correlation(band, mean) for band in bands]
    if sum(each > ALIKE for each in alike) < 0.7 * BANDS:
        return False
    return _is_row_of_bars(mean, greys)


def _is_row_of_bars(row: Numbers, greys: Numbers) -> bool:
    """`row` is brighter (above 0) and darker than its surroundings, `greys` as they are."""
    turns = np.flatnonzero(np.diff((row < 0).astype(np.int8))) + 1
    if len(turns) < FEWEST_EDGES:
        return False
    heights = np.maximum.reduceat(np.abs(row), turns[:-1])
    bars = heights > max(FAINTEST_BAR, 0.25 * float(heights.max()))
    first, last = (int(np.flatnonzero(bars)[at]) for at in (0, -1)) if bars.any() else (0, 0)
    inside = bars[first : last + 1]
    if not FEWEST_EDGES <= len(inside) <= MOST_EDGES or inside.mean() < 0.8:
        return False
    widths = np.diff(turns)[first : last + 1].astype(np.float32)
    middle = float(np.median(widths))
    if widths.max() < 1.6 * middle or share_below(widths, 0.95) > 6 * share_below(widths, 0.2):
        return False
    runs = [slice(turns[at], turns[at + 1]) for at in range(first, last + 1)]
    wide = [run for run in runs if run.stop - run.start > middle]
    bright = np.array([greys[run].max() for run in wide if row[run].mean() > 0])
    dark = np.array([greys[run].min() for run in wide if row[run].mean() < 0])
    return _in_two_greys(bright, dark) and not _repeats(row[turns[first] : turns[last]], middle)


def _in_two_greys(bright: Numbers, dark: Numbers) -> bool:
    """Whether the wide bars are nearly all as dark, and the wide gaps as bright: windows and railings are not."""
    if min(len(bright), len(dark)) < 3:
        return False
    contrast = float(np.median(bright) - np.median(dark))
    even = [float((np.abs(greys - np.median(greys)) < UNEVEN * contrast).mean()) for greys in (bright, dark)]
    return min(even) >= 0.8


def _repeats(row: Numbers, width: float) -> bool:
    length = len(row)
    for shift in range(max(int(1.5 * width), 2), length // 3):
        if _correlation(row[shift:], row[:-shift]) > REPEATING:
            return True
    return False


def _correlation(one: Numbers, other: Numbers) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / size if size else 0.0
