"""Covering places of a picture so that nothing of what was there can be won back."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from vision.errors import RedactionError
from vision.findings import Box
from vision.images import Pixels

COVER = (96, 96, 96)  # one grey for every cover: a colour taken from the picture would tell something of it

# A detector's box goes from brow to chin and from cheek to cheek. By the usual proportions of a head the top of the
# skull is a quarter of the box's height above it, an ear a fifth of its width beside it; hair stands out further.
# Measured on the shorter side, so that a cover over a line of text grows by part of a letter, not of the line.
HEAD_MARGIN = 0.4


def cover(pixels: Pixels, boxes: Sequence[Box], margin: float = HEAD_MARGIN) -> Pixels:
    """A copy with every box, grown on each side by `margin` times its shorter side, in one solid colour.

    Boxes are clipped to the picture. Raises RedactionError for one that lies outside: what was to be covered there is
    somewhere else.
    """
    height, width = pixels.shape[:2]
    covered = pixels.copy()
    for box in boxes:
        if box.right <= 0 or box.bottom <= 0 or box.left >= width or box.top >= height:
            raise RedactionError("A place to cover lies outside this picture. Mark it again.")
        grown = grow(box, margin)
        covered[max(grown.top, 0) : grown.bottom, max(grown.left, 0) : grown.right] = np.array(COVER, np.uint8)
    return covered


def grow(box: Box, margin: float) -> Box:
    """The box with `margin` times its shorter side added on every side, rounded outwards."""
    more = math.ceil(margin * min(box.width, box.height))
    return Box(box.left - more, box.top - more, box.right + more, box.bottom + more)
