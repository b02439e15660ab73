"""Text in pictures: rapidocr (PP-OCRv6) behind a one-method protocol."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from vision import models, runtime
from vision.errors import ModelError, ReaderError
from vision.findings import Box, PictureText, TextReading
from vision.images import Pixels

Floats = npt.NDArray[np.float32]

NAME = "PP-OCRv6"
WHOLE = 1408  # pixels: the whole picture is searched at this size, for lines however long
LONG_SIDE = 2560  # pixels: and in windows of the picture at this size, for small ones
WINDOW = 832  # pixels: the sides of such a window at most
OVERLAP = 128  # pixels, at that size, that two windows share
TILE = 800  # pixels: small lines are searched and read once more in squares of this size, at full resolution
MOST_TILES = 12  # of which each takes about .2 s of a processor
SMALL_LINE = 36  # pixels at window size: letters of up to about 18 pixels, with what is left round them
TEXT_SCORE = 0.5  # rapidocr's own: what scores less is nearly always no text
_CROP_HEIGHT = 72  # pixels: the recogniser takes 48 and shrinks without smoothing
_GROWTH = 0.1  # of a small line's height: at window size its edges are found to a pixel, which may be two of its own
_COVERED = 0.7  # of a line's area: with so much of it in a longer one it is a piece of that
_SAME_LENGTH = 0.85  # what a window shows of a line is shorter where the line goes on beyond the window
_THINNEST = 4  # a strip is padded to this proportion: rapidocr would enlarge it to 736 pixels across


class RapidOcr:
    """rapidocr finds lines, turns those that stand on their head, reads them.

    Left to itself it shrinks a picture to 2000 pixels, searches that as a whole and reads what is left of the letters.
    Its search weighs the whole of what it is shown, so that a small line on a large plain area is overlooked, the more
    so the larger the picture. Here lines are sought in the whole picture at low resolution and in windows of it at a
    higher one, and read from the picture's own pixels; where a line is small, the square round it is searched and read
    once more at full resolution.
    """

    version = "+".join(model.version for model in models.TEXT)

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def read(self, pixels: Pixels, near: Sequence[Box] = ()) -> TextReading:  # noqa: ARG002
        bgr = np.ascontiguousarray(pixels[:, :, ::-1])
        quads = self._find(bgr)
        scale = min(1.0, LONG_SIDE / max(bgr.shape[:2]))
        small = [quad for quad in quads if scale < 1 and short_side(quad) * scale < SMALL_LINE]
        lines = self._read(
            bgr, [*(quad for quad in quads if scale == 1 or short_side(quad) * scale >= SMALL_LINE), *map(grown, small)]
        )
        closer: list[PictureText] = []
        squares = list(tiles(small, bgr.shape))
        for left, top in squares:
            tile = np.ascontiguousarray(bgr[top : top + TILE, left : left + TILE])
            closer += [_moved(line, left, top) for line in self._read(tile, self._search(tile))]
        return TextReading(united(lines, closer), closer=len(squares), readers=(NAME,))

    def _find(self, bgr: Pixels) -> list[Floats]:
        """The corners of every line, in the whole picture and in windows of it."""
        height, width = bgr.shape[:2]
        side = max(height, width)
        whole = self._search(bgr, min(1.0, WHOLE / side))
        if side <= WHOLE:
            return whole
        scale = min(1.0, LONG_SIDE / side)
        parts: list[Floats] = []
        pieces: list[Floats] = []
        for left, top, right, bottom in windows(width, height, scale):
            here = np.array([left, top], np.float32)
            inner = (left or -np.inf, top or -np.inf), (right - 1 / scale, bottom - 1 / scale)
            for quad in self._search(bgr[top:bottom, left:right], scale):
                placed = quad + here
                cut = (placed <= inner[0]).any() or (placed >= inner[1]).any()
                (pieces if cut else parts).append(placed)
        return merged(whole, parts, pieces)

    def warm_up(self) -> None:
        """Open all three models now, not at the first picture; raises ReaderError."""
        blank = np.full((64, 256, 3), 255, np.uint8)
        self._search(blank)
        self._read(blank, [np.array([[8, 8], [248, 8], [248, 56], [8, 56]], np.float32)])

    def _search(self, bgr: Pixels, scale: float = 1.0) -> list[Floats]:
        """The corners (4 x 2: along the upper edge, back along the lower) of every line, sought at this scale."""
        height, width = bgr.shape[:2]
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        shown = bgr if scale == 1 else cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
        least = max(size) // _THINNEST
        right, bottom = max(0, least - size[0]), max(0, least - size[1])
        shown = cv2.copyMakeBorder(shown, 0, bottom, 0, right, cv2.BORDER_REPLICATE) if right or bottom else shown
        try:
            found = self._engine(np.ascontiguousarray(shown), use_det=True, use_cls=False, use_rec=False).boxes
        except Exception as error:
            raise ReaderError("The search for text failed. Try again.") from error
        quads = [np.asarray(quad, np.float32) for quad in (() if found is None else found)]
        if not all(np.isfinite(quad).all() and quad.shape == (4, 2) for quad in quads):
            raise ReaderError("The search for text gave impossible boxes. Try again.")
        actual = np.array([size[0] / width, size[1] / height], np.float32)
        return [np.clip(quad / actual, 0, (width, height)).astype(np.float32) for quad in quads]

    def _read(self, bgr: Pixels, quads: Sequence[Floats]) -> list[PictureText]:
        if not quads:
            return []
        height, width = bgr.shape[:2]
        try:
            crops = [_shrunk(crop) for crop in self._engine.crop_text_regions(bgr, np.array(quads, np.float32))]
            upright, _ = self._engine.cls_and_rotate(crops)
            answer = self._engine.recognize_txt(upright)
            scores = [float(score) for score in answer.scores]
            read = list(zip(quads, answer.txts, scores, strict=True))
        except Exception as error:
            raise ReaderError("The text in the picture could not be read. Try again.") from error
        if not all(0.0 <= score <= 1.001 for _, _, score in read):  # false for NaN too
            raise ReaderError("The reading of text gave impossible scores. Try again.")
        return [
            PictureText(box_of(quad, width, height), text, min(score, 1.0))
            for quad, text, score in read
            if text.strip() and score >= TEXT_SCORE
        ]


def short_side(quad: Floats) -> float:
    """The height of a line with these corners, whichever way it runs."""
    return float(min(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])))


def long_side(quad: Floats) -> float:
    """The length of a line with these corners."""
    return float(max(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])))


def grown(quad: Floats) -> Floats:
    """The same corners, moved outwards along both sides."""
    along, across = quad[1] - quad[0], quad[3] - quad[0]
    step = _GROWTH * short_side(quad)
    along, across = (side / max(float(np.linalg.norm(side)), 1e-6) * step for side in (along, across))
    return np.array(
        [quad[0] - along - across, quad[1] + along - across, quad[2] + along + across, quad[3] - along + across],
        np.float32,
    )


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


def merged(whole: Sequence[Floats], parts: Sequence[Floats], pieces: Sequence[Floats]) -> list[Floats]:
    """Each line once: as a window showed it, more exactly, or whole where windows showed pieces of it or nothing.

    `pieces` touch the border of their window, so the line may go on.
    """
    found = [quad for quad in whole if not any(_one_line(quad, part) for part in parts)]
    kept: list[Floats] = []
    for quad in sorted([*found, *parts, *pieces], key=long_side, reverse=True):
        if not any(_share(quad, other) >= _COVERED and short_side(quad) >= 0.5 * short_side(other) for other in kept):
            kept.append(quad)
    return kept


def _one_line(quad: Floats, part: Floats) -> bool:
    """Both are the same line, the second seen at a higher resolution and so less roughly framed."""
    return _share(quad, part) >= 0.5 and long_side(part) >= _SAME_LENGTH * long_side(quad)


def _share(quad: Floats, other: Floats) -> float:
    """How much of the first line's area lies in the other."""
    if (quad.max(axis=0) <= other.min(axis=0)).any() or (other.max(axis=0) <= quad.min(axis=0)).any():
        return 0.0
    area = float(cv2.contourArea(quad))
    return float(cv2.intersectConvexConvex(quad, other)[0]) / area if area > 0 else 0.0


def tiles(quads: Sequence[Floats], shape: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Left and top of squares inside the picture (shape: height, width) that hold these lines, at most MOST_TILES."""
    waiting = list(quads)
    for _ in range(MOST_TILES):
        if not waiting:
            return
        centre = waiting[0].mean(axis=0)
        left = int(np.clip(centre[0] - TILE / 2, 0, max(shape[1] - TILE, 0)))
        top = int(np.clip(centre[1] - TILE / 2, 0, max(shape[0] - TILE, 0)))
        yield left, top
        corner = np.array([left, top])
        waiting = [quad for quad in waiting[1:] if (quad < corner).any() or (quad > corner + TILE).any()]


def united(lines: Sequence[PictureText], closer: Sequence[PictureText]) -> tuple[PictureText, ...]:
    """Both readings; of two that say the same in the same place, one. Where they differ, either may be right."""
    all_lines = list(lines)
    for line in closer:
        if not any(_folded(line.text) == _folded(other.text) and _touch(line.box, other.box) for other in all_lines):
            all_lines.append(line)
    return tuple(all_lines)


def box_of(quad: Floats, width: int, height: int) -> Box:
    """The upright box round the corners, inside the picture."""
    left, top = np.clip(np.floor(quad.min(axis=0)), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int)
    return Box(int(left), int(top), int(np.clip(right, left + 1, width)), int(np.clip(bottom, top + 1, height)))


def _touch(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) > max(one.left, other.left)
    return across and min(one.bottom, other.bottom) > max(one.top, other.top)


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


def _moved(line: PictureText, x: int, y: int) -> PictureText:
    box = line.box
    return PictureText(Box(box.left + x, box.top + y, box.right + x, box.bottom + y), line.text, line.score)


def _shrunk(crop: Pixels) -> Pixels:
    height, width = crop.shape[:2]
    if height <= _CROP_HEIGHT:
        return crop
    size = (max(1, round(width * _CROP_HEIGHT / height)), _CROP_HEIGHT)
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)


def load_rapid(threads: int | None = None) -> RapidOcr:
    """rapidocr on sessions made from its checked files, so that it never looks for a file or for the network.

    Raises ModelError.
    """
    sessions = [runtime.open_session(models.verified_bytes(model), threads) for model in models.TEXT]
    try:
        from omegaconf import flag_override
        from rapidocr import RapidOCR

        engine = RapidOCR(params={"Global.log_level": "critical", "Global.max_side_len": 2 * WHOLE})
        with flag_override(engine.cfg, "allow_objects", True):
            for part, session in zip((engine.cfg.Det, engine.cfg.Cls, engine.cfg.Rec), sessions, strict=True):
                part.session = session
        reader = RapidOcr(engine)
        reader.warm_up()
    except Exception as error:
        raise ModelError("The reader of text in pictures could not be opened: install Gatepost again.") from error
    return reader
