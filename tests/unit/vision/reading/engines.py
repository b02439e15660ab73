"""Stand-ins for the engines of text reading, and pictures for them."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np

from vision.images import Pixels
from vision.reading.again import SecondReader
from vision.reading.lines import short_side
from vision.reading.rapid import RapidOcr

Quad = np.ndarray[Any, Any]
LINE = (100, 50, 300, 80)


def quad(left: float, top: float, right: float, bottom: float) -> Quad:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


class Engine:
    """Stands in for rapidocr: every white rectangle of what it is shown is a line, and says what is set."""

    def __init__(self, text: Any = "Ann", score: Any = 0.99, found: Any = None):
        self.text, self.score, self.found = text, score, found
        self.text_det = SimpleNamespace(limit_side_len=736)
        self.searched: list[tuple[int, ...]] = []
        self.crops: list[tuple[int, ...]] = []
        self.first_pixel: list[int] = []

    def __call__(self, bgr: Pixels, **steps: bool) -> Any:
        assert steps == {"use_det": True, "use_cls": False, "use_rec": False}
        self.searched.append(bgr.shape[:2])
        self.first_pixel = bgr[0, 0].tolist()
        if self.found is not None:
            return SimpleNamespace(boxes=np.array(self.found))
        count, _, boxes, _ = cv2.connectedComponentsWithStats((bgr.min(axis=2) > 127).astype(np.uint8))
        quads = [quad(x, y, x + width, y + height) for x, y, width, height, _ in boxes[1:count]]
        return SimpleNamespace(boxes=np.array(quads) if quads else None)

    def crop_text_regions(self, _bgr: Pixels, quads: Quad) -> list[Pixels]:
        return [np.zeros((max(1, int(short_side(one))), 200, 3), np.uint8) for one in quads]

    def cls_and_rotate(self, crops: list[Pixels]) -> tuple[list[Pixels], None]:
        return crops, None

    def recognize_txt(self, crops: list[Pixels]) -> Any:
        self.crops += [crop.shape[:2] for crop in crops]
        return SimpleNamespace(txts=(self.text,) * len(crops), scores=(self.score,) * len(crops))


class Again(SecondReader):
    """Stands in for the second reader: what it reads by its looks, in their order; nothing where none is set."""

    def __init__(self, *looks: tuple[str, float]) -> None:
        object.__setattr__(self, "looks", looks)

    def readings(self, crops: Sequence[Pixels]) -> list[list[tuple[str, float]]]:
        looks: tuple[tuple[str, float], ...] = getattr(self, "looks")  # noqa: B009
        return [list(looks)] * len(crops)


def reader(engine: Engine | None = None, again: Again | None = None) -> RapidOcr:
    return RapidOcr(engine or Engine(), again or Again())


def picture(height: int, width: int, *lines: tuple[int, int, int, int]) -> Pixels:
    """Black, with white rectangles (left, top, right, bottom)."""
    pixels = np.zeros((height, width, 3), np.uint8)
    for left, top, right, bottom in lines:
        pixels[top:bottom, left:right] = 255
    return pixels


SMALL_PICTURE = picture(600, 800, LINE)
