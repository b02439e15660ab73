"""Text in pictures: rapidocr (PP-OCRv6) behind a one-method protocol."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from vision import models, runtime
from vision.errors import ModelError, ReaderError
from vision.findings import Box, PictureText
from vision.images import Pixels

Floats = npt.NDArray[np.float32]

LONG_SIDE = 2560  # pixels: lines are sought in the picture at this size, and read from its own pixels
TILE = 800  # pixels: small lines are read once more in squares of this size, at full resolution
MOST_TILES = 12  # of which each takes about .2 s of a processor
SMALL_LINE = 36  # pixels at working size: letters of up to about 18 pixels, with what is left round them
TEXT_SCORE = 0.5  # rapidocr's own: what scores less is nearly always no text
_CROP_HEIGHT = 72  # pixels: the recogniser takes 48 and shrinks without smoothing
_GROWTH = 0.1  # of a small line's height: at working size its edges are found to a pixel, which may be two of its own


class TextReader(Protocol):
    """Reads the lines of text in pixels (uint8, height x width x 3, RGB); `version` names the models.

    Raises ReaderError. An empty answer means that it looked and read nothing, which is no proof that nothing is there.
    """

    @property
    def version(self) -> str: ...

    def read(self, pixels: Pixels) -> tuple[PictureText, ...]: ...


class RapidOcr:
    """rapidocr finds lines, turns those that stand on their head, reads them.

    Left to itself it shrinks a picture to 2000 pixels and reads small letters from what is left. Here the lines are
    found at 2560 pixels and read from the picture's own pixels; where a line is small, the square round it is searched
    once more at full resolution.
    """

    version = "+".join(model.version for model in models.TEXT)

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def read(self, pixels: Pixels) -> tuple[PictureText, ...]:
        bgr = np.ascontiguousarray(pixels[:, :, ::-1])
        quads = self._find(bgr)
        scale = min(1.0, LONG_SIDE / max(pixels.shape[:2]))
        small = np.array([scale < 1 and short_side(quad) * scale < SMALL_LINE for quad in quads], bool)
        lines = self._read(
            bgr, [grown(quad) if is_small else quad for quad, is_small in zip(quads, small, strict=True)]
        )
        closer: list[PictureText] = []
        for left, top in tiles([quad for quad, is_small in zip(quads, small, strict=True) if is_small], bgr.shape):
            tile = np.ascontiguousarray(bgr[top : top + TILE, left : left + TILE])
            closer += [_moved(line, left, top) for line in self._read(tile, self._find(tile))]
        return united(lines, closer)

    def warm_up(self) -> None:
        """Open all three models now, not at the first picture; raises ReaderError."""
        blank = np.full((64, 256, 3), 255, np.uint8)
        self._find(blank)
        self._read(blank, [np.array([[8, 8], [248, 8], [248, 56], [8, 56]], np.float32)])

    def _find(self, bgr: Pixels) -> list[Floats]:
        """The corners (4 x 2: along the upper edge, back along the lower) of every line, in pixels of the picture."""
        try:
            found = self._engine(bgr, use_det=True, use_cls=False, use_rec=False).boxes
        except Exception as error:
            raise ReaderError("The search for text failed. Try again.") from error
        quads = [np.asarray(quad, np.float32) for quad in (() if found is None else found)]
        if not all(np.isfinite(quad).all() and quad.shape == (4, 2) for quad in quads):
            raise ReaderError("The search for text gave impossible boxes. Try again.")
        return quads

    def _read(self, bgr: Pixels, quads: Sequence[Floats]) -> list[PictureText]:
        if not quads:
            return []
        height, width = bgr.shape[:2]
        try:
            crops = [_shrunk(crop) for crop in self._engine.crop_text_regions(bgr, np.array(quads, np.float32))]
            upright, _ = self._engine.cls_and_rotate(crops)
            answer = self._engine.recognize_txt(upright)
            read = list(zip(quads, answer.txts, answer.scores, strict=True))
        except Exception as error:
            raise ReaderError("The text in the picture could not be read. Try again.") from error
        if not all(0.0 <= score <= 1.001 for _, _, score in read):  # false for NaN too
            raise ReaderError("The reading of text gave impossible scores. Try again.")
        return [
            PictureText(box_of(quad, width, height), text, min(float(score), 1.0))
            for quad, text, score in read
            if text.strip() and score >= TEXT_SCORE
        ]


def short_side(quad: Floats) -> float:
    """The height of a line with these corners, whichever way it runs."""
    return float(min(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])))


def grown(quad: Floats) -> Floats:
    """The same corners, moved outwards along both sides."""
    along, across = quad[1] - quad[0], quad[3] - quad[0]
    step = _GROWTH * short_side(quad)
    along, across = (side / max(float(np.linalg.norm(side)), 1e-6) * step for side in (along, across))
    return np.array(
        [quad[0] - along - across, quad[1] + along - across, quad[2] + along + across, quad[3] - along + across],
        np.float32,
    )


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


def load_reader(threads: int | None = None) -> TextReader:
    """rapidocr on sessions made from its checked files, so that it never looks for a file or for the network.

    Raises ModelError.
    """
    sessions = [runtime.open_session(models.verified_bytes(model), threads) for model in models.TEXT]
    try:
        from omegaconf import flag_override
        from rapidocr import RapidOCR

        engine = RapidOCR(params={"Global.log_level": "critical", "Global.max_side_len": LONG_SIDE})
        with flag_override(engine.cfg, "allow_objects", True):
            for part, session in zip((engine.cfg.Det, engine.cfg.Cls, engine.cfg.Rec), sessions, strict=True):
                part.session = session
        reader = RapidOcr(engine)
        reader.warm_up()
    except Exception as error:
        raise ModelError("The reader of text in pictures could not be opened: install Gatepost again.") from error
    return reader
