"""Which way up a picture lies, told by its faces."""

from __future__ import annotations

import cv2
import numpy as np

from vision import thresholds
from vision.centerface import Candidates, CenterFace, suppress
from vision.images import Pixels

SIDES = (448, 224, 128)  # pixels: at one size 15 of 199 close-ups looked turned, at three 1
MARGIN = 1.1  # by so much the faces must look better turned: most pictures are upright

# One large face with a score over .8, or two over .6, whose eyes lie above their mouths: of 237 turned crowd pictures
# and 300 turned portraits none shows that, of upright ones nearly all do.
_CLEAR, _VERY_CLEAR, _LARGE = 0.6, 0.8, 0.05


def quarter_turns(network: CenterFace, pixels: Pixels, upright: Candidates) -> int:
    """Quarter turns against the clock that bring the faces upright; `upright` was found in the picture as it is.

    Where that shows clear upright faces nothing more is asked. Otherwise four turns are compared at three small sizes:
    the one in which most faces look most like faces wins. Raises DetectorError.
    """
    if is_clearly_upright(upright, max(pixels.shape[:2])):
        return 0
    evidence = np.zeros(4)
    for side in SIDES:
        shrunk = shrink(pixels, side)
        for turns in range(4):
            look = network.look(np.ascontiguousarray(np.rot90(shrunk, turns)), side, thresholds.TURNED_FACE)
            look = look.only(suppress(look.boxes, look.scores))
            evidence[turns] += float((look.scores**2 * np.sqrt(look.heights / max(shrunk.shape[:2]))).sum())
    best = int(np.argmax(evidence))
    return best if evidence[best] > MARGIN * evidence[0] else 0


def is_clearly_upright(found: Candidates, long_side: int) -> bool:
    """Whether clear faces stand upright: their eyes over their mouths by more than to the side."""
    found = found.only(found.scores > _CLEAR)
    found = found.only(suppress(found.boxes, found.scores))
    down = found.landmarks[:, 3:].mean(axis=1) - found.landmarks[:, :2].mean(axis=1)
    found = found.only(down[:, 1] > np.abs(down[:, 0]))
    large = (found.scores > _VERY_CLEAR) & (found.heights > _LARGE * long_side)
    return bool(len(found.scores) > 1 or large.any())


def shrink(pixels: Pixels, long_side: int) -> Pixels:
    """The picture with a long side of at most so many pixels."""
    height, width = pixels.shape[:2]
    scale = long_side / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
