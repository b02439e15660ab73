"""The second reading of a line of which the first was unsure: by a network of our own, taught on what is hard to read.

How it was made and what it must not be used for: vision/training/MODEL_CARD.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vision.images import Pixels
from vision.runtime import Session

HEIGHT = 48  # pixels of a line that the network takes
MOST_WIDTH = 1200  # pixels of it: longer lines are squeezed
_BATCH = 8
_FRAME = 0.1  # of the height: what is cut off all round for a closer look
_LEAST_SIDE = 8  # pixels that are left
_LEGIBLE = 0.5  # what is read so surely the right way up is not upside down
_SMALL = 72  # pixels: what is higher is shrunk by averaging, or its strokes would be missed between pixels


@dataclass(frozen=True, slots=True)
class SecondReader:
    """Reads crops of single lines (uint8, height x width x 3, BGR). `characters` are its classes, after CTC's blank."""

    session: Session
    characters: str

    def read(self, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
        """What stands in each crop, and the mean certainty of its characters, 0 to 1 (0 where it reads nothing)."""
        read: list[tuple[str, float]] = [("", 0.0)] * len(crops)
        order = sorted(range(len(crops)), key=lambda at: crops[at].shape[1] / crops[at].shape[0])
        for start in range(0, len(order), _BATCH):
            part = order[start : start + _BATCH]
            for at, text in zip(part, self._batch([crops[at] for at in part]), strict=True):
                read[at] = text
        return read

    def readings(self, crops: Sequence[Pixels]) -> list[list[tuple[str, float]]]:
        """What stands in each crop by several looks, the likeliest way up: as it is, cut closer, with more contrast.

        What is hard to read is hard to tell the right way up, and is mostly framed too loosely or faint.
        """
        upright = self.read(crops)
        turned = self.read([np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops])
        closer, clearer = self.read([_closer(crop) for crop in crops]), self.read([_clearer(crop) for crop in crops])
        found = []
        for at, here in enumerate(upright):
            is_upright = here[1] >= turned[at][1] or here[1] >= _LEGIBLE
            best = max(here, turned[at], key=lambda reading: reading[1])
            found.append([best, *((closer[at], clearer[at]) if is_upright else ())])
        return found

    def _batch(self, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
        shown = [_fitted(crop) for crop in crops]
        lines = np.zeros((len(shown), 3, HEIGHT, max(crop.shape[1] for crop in shown)), np.float32)
        for at, crop in enumerate(shown):
            lines[at, :, :, : crop.shape[1]] = crop.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
        (likely,) = self.session.run(None, {"lines": lines})
        if likely.shape[0] != len(crops) or likely.shape[2] != len(self.characters) + 1:
            raise ValueError("the network for second readings is of another shape")
        return [self._text(frames) for frames in likely]

    def _text(self, frames: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> tuple[str, float]:
        """Greedy CTC: the likeliest class of each frame, repeats and blanks left out (Graves and others, 2006)."""
        best = frames.argmax(axis=1)
        kept = [at for at, label in enumerate(best) if label and (at == 0 or label != best[at - 1])]
        text = "".join(self.characters[best[at] - 1] for at in kept)
        return text, float(np.mean([frames[at, best[at]] for at in kept])) if kept else 0.0


def _closer(crop: Pixels) -> Pixels:
    height, width = crop.shape[:2]
    off = round(_FRAME * height)
    if min(height, width) - 2 * off < _LEAST_SIDE:
        return crop
    return np.ascontiguousarray(crop[off : height - off, off : width - off])


def _clearer(crop: Pixels) -> Pixels:
    """With the darkest hundredth black and the lightest white."""
    darkest, lightest = (float(np.percentile(crop, share)) for share in (1, 99))
    levels = (crop.astype(np.float32) - darkest) * (255 / max(1.0, lightest - darkest))
    return np.asarray(np.clip(levels, 0, 255), np.uint8)


def _fitted(crop: Pixels) -> Pixels:
    height, width = crop.shape[:2]
    wide = min(MOST_WIDTH, max(8, round(HEIGHT * width / height)))
    how = cv2.INTER_AREA if height > _SMALL else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, (wide, HEIGHT), interpolation=how), np.uint8)


def characters_of(description: bytes) -> str:
    """The classes of the network, from the JSON file beside it."""
    return str(json.loads(description)["characters"])
