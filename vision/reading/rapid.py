"""rapidocr (PP-OCRv6) as the reader of text: where it is shown what, and what of its answers is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from vision import models, runtime
from vision.errors import ModelError, ReaderError
from vision.findings import Box, PictureText, TextReading
from vision.images import Pixels
from vision.reading.again import SecondReader, characters_of
from vision.reading.lines import (
    Floats,
    ReadLine,
    box_of,
    grown,
    long_side,
    merged,
    not_among,
    short_side,
    united,
    with_others,
)
from vision.reading.places import TILE, below, detailed, tiles, windows

NAME = "PP-OCRv6"
WHOLE = 1408  # pixels: the whole picture is searched at this size, for lines however long
COARSE = (640, 448)  # pixels: and at these, at which blurred letters are sharp again
LONG_SIDE = 2560  # pixels: and in windows of the picture at this size, for small ones
SMALL_LINE = 36  # pixels at window size: letters of up to about 18 pixels, with what is left round them
LEAST_SIDE = 736  # pixels: rapidocr enlarges what is smaller on its short side
TEXT_SCORE = 0.5  # rapidocr's own: what scores less is nearly always no text
LEAST_LETTERS = 3  # single ones, of the shortest names
LONE_LETTER = 0.9  # edges and rings are read as letters, too, but seldom so surely
LARGEST_LETTER = 0.1  # of the picture: larger ones are edges of tables and walls
OTHER_SCORE = 0.3  # a second reading that is less sure than this says nothing
SURE = 0.98  # below it a line is read again: so score 14 % of the lines read rightly, and 90 % of the others
_UNREAD_HEIGHT = 14  # pixels: what is lower and cannot be read is hardly ever writing
_UNREAD_LENGTH = 1.8  # of its height
_MOST_UNREAD = 20
_CROP_HEIGHT = 72  # pixels: the recogniser takes 48 and shrinks without smoothing
_THINNEST = 4  # a strip is padded to this proportion: rapidocr would enlarge it to 736 pixels across
_MOST_NEAR = 8  # squares round faces


class RapidOcr:
    """rapidocr finds lines, turns those that stand on their head, reads them.

    Left to itself it shrinks a picture to 2000 pixels, searches that as a whole and reads what is left of the letters.
    Its search weighs the whole of what it is shown, so that a small line on a large plain area is overlooked, the more
    so the larger the picture, and it does not see blurred letters as long as they are large. Here lines are sought in
    the whole picture at low resolutions, in windows of it at a higher one, and at full resolution where there is fine
    detail, round small lines and round faces; they are read from the picture's own pixels. A line of which the reading
    is unsure is read again by another network.
    """

    version = "+".join(model.version for model in models.TEXT)

    def __init__(self, engine: Any, second: SecondReader) -> None:
        self._engine = engine
        self._second = second

    def read(self, pixels: Pixels, near: Sequence[Box] = ()) -> TextReading:
        bgr = np.ascontiguousarray(pixels[:, :, ::-1])
        height, width = bgr.shape[:2]
        quads = self._find(bgr)
        scale = min(1.0, LONG_SIDE / max(height, width))
        small = [quad for quad in quads if scale < 1 and short_side(quad) * scale < SMALL_LINE]
        large = [quad for quad in quads if not any(quad is other for other in small)]
        coarse = not_among(self._find_coarse(bgr), quads)
        lines = self._read(bgr, [*large, *map(grown, small), *coarse])
        squares = self._squares(bgr, small, near)
        for left, top in squares:
            tile = np.ascontiguousarray(bgr[top : top + TILE, left : left + TILE])
            inner = (left or -np.inf, top or -np.inf), (_end(left + TILE, width), _end(top + TILE, height))
            for line in (line.moved(left, top) for line in self._read(tile, self._search(tile))):
                lines.append(replace(line, cut=bool((line.quad <= inner[0]).any() or (line.quad >= inner[1]).any())))
        said = _without_lone_letters(
            [line for line in lines if line.text.score >= _least_score(line.text, width * height)]
        )
        return TextReading(
            lines=united(said),
            unread=tuple(_unread(lines, said)),
            closer=len(squares),
            again=sum(line.again for line in lines),
            readers=(NAME,),
        )

    def _squares(self, bgr: Pixels, small: Sequence[Floats], near: Sequence[Box]) -> list[tuple[int, int]]:
        """Where the picture is searched once more at full resolution (left, top)."""
        height, width = bgr.shape[:2]
        if max(height, width) <= WHOLE:
            return []
        lines = [box_of(quad, width, height) for quad in small]
        faces = sorted(near, key=lambda box: box.height, reverse=True)
        badges = tiles([below(face, width, height) for face in faces], width, height, _MOST_NEAR)
        squares = tiles([*lines, *detailed(bgr)], width, height)
        return list(dict.fromkeys([*squares, *badges]))

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

    def _find_coarse(self, bgr: Pixels) -> list[Floats]:
        """Lines of the whole picture at low resolutions, where rapidocr does not enlarge what it is shown."""
        found: list[Floats] = []
        for side in COARSE:
            if side < max(bgr.shape[:2]):
                found += not_among(self._search(bgr, side / max(bgr.shape[:2]), least_side=32), found)
        return found

    def warm_up(self) -> None:
        """Open all models now, not at the first picture; raises ReaderError."""
        blank = np.full((64, 256, 3), 255, np.uint8)
        self._search(blank)
        self._read(blank, [np.array([[8, 8], [248, 8], [248, 56], [8, 56]], np.float32)])
        self._second.read([blank])

    def _search(self, bgr: Pixels, scale: float = 1.0, least_side: int = LEAST_SIDE) -> list[Floats]:
        """The corners (4 x 2: along the upper edge, back along the lower) of every line, sought at this scale."""
        height, width = bgr.shape[:2]
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        shown = bgr if scale == 1 else cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
        least = max(size) // _THINNEST
        right, bottom = max(0, least - size[0]), max(0, least - size[1])
        shown = cv2.copyMakeBorder(shown, 0, bottom, 0, right, cv2.BORDER_REPLICATE) if right or bottom else shown
        try:
            self._engine.text_det.limit_side_len = least_side
            found = self._engine(np.ascontiguousarray(shown), use_det=True, use_cls=False, use_rec=False).boxes
        except Exception as error:
            raise ReaderError("The search for text failed. Try again.") from error
        quads = [np.asarray(quad, np.float32) for quad in (() if found is None else found)]
        if not all(np.isfinite(quad).all() and quad.shape == (4, 2) for quad in quads):
            raise ReaderError("The search for text gave impossible boxes. Try again.")
        actual = np.array([size[0] / width, size[1] / height], np.float32)
        return [np.clip(quad / actual, 0, (width, height)).astype(np.float32) for quad in quads]

    def _read(self, bgr: Pixels, quads: Sequence[Floats]) -> list[ReadLine]:
        """What stands in each of these places, read again where that is not sure; also what could not be read."""
        if not quads:
            return []
        height, width = bgr.shape[:2]
        try:
            crops = [_shrunk(crop) for crop in self._engine.crop_text_regions(bgr, np.array(quads, np.float32))]
            upright, _ = self._engine.cls_and_rotate(crops)
            answer = self._engine.recognize_txt(upright)
            first = [(str(text), float(score)) for text, score in zip(answer.txts, answer.scores, strict=True)]
            unsure = [at for at, (text, score) in enumerate(first) if score < SURE or not text.strip()]
            again = dict(zip(unsure, self._second.readings([upright[at] for at in unsure]), strict=True))
            read = list(zip(quads, first, strict=True))
        except Exception as error:
            raise ReaderError("The text in the picture could not be read. Try again.") from error
        lines = []
        for at, (quad, reading) in enumerate(read):
            readings = [reading, *again.get(at, ())]
            if not all(0.0 <= score <= 1.001 for _, score in readings):  # false for NaN too
                raise ReaderError("The reading of text gave impossible scores. Try again.")
            lines.append(ReadLine(_line(box_of(quad, width, height), readings), quad, at in again))
        return lines


def says_something(text: str) -> bool:
    """Whether it is more than a shape that looks like a character: a letter or digit, and no lone digit or ideograph.

    A lone Latin letter counts: bunting spells names with one letter on each flag.
    """
    letters = [char for char in unicodedata.normalize("NFKC", text) if char.isalnum()]
    if len(letters) > 2:
        return True
    return any(char.isalpha() and "LATIN" in unicodedata.name(char, "") for char in letters) or (
        len(letters) == 2 and all(char.isdigit() for char in letters)
    )


def _end(at: int, length: int) -> float:
    """The last pixels of a part of the picture that ends here; nothing can go on beyond the picture itself."""
    return at - 1 if at < length else np.inf


def _without_lone_letters(lines: list[ReadLine]) -> list[ReadLine]:
    """The lines, single letters only where there are enough of them to spell a name, as on bunting."""
    lone = [line for line in lines if _letters(line.text.text) == 1]
    if len(united(lone)) >= LEAST_LETTERS:
        return lines
    return [line for line in lines if _letters(line.text.text) > 1]


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _least_score(line: PictureText, area: int) -> float:
    """What a text must score to be told, in a picture of so many pixels; more than any can where it says nothing."""
    if not says_something(line.text):
        return 2.0
    if _letters(line.text) > 1:
        return TEXT_SCORE
    return LONE_LETTER if line.box.width * line.box.height < LARGEST_LETTER * area else 2.0


def _line(box: Box, readings: Sequence[tuple[str, float]]) -> PictureText:
    """The surest reading, and the others as far as they may be right."""
    best, *rest = sorted(readings, key=lambda reading: (says_something(reading[0]), reading[1]), reverse=True)
    line = PictureText(box, best[0], min(best[1], 1.0))
    return with_others(line, [text for text, score in rest if score >= OTHER_SCORE and says_something(text)])


def _unread(lines: Sequence[ReadLine], said: Sequence[ReadLine]) -> Iterator[Box]:
    """Places that have the form of a line and that nobody could read, and where nothing else was read."""
    boxes = [line.text.box for line in said]
    for line in lines:
        box = line.text.box
        low, long = short_side(line.quad), long_side(line.quad)
        if line.text.score >= TEXT_SCORE or low < _UNREAD_HEIGHT or long < _UNREAD_LENGTH * low:
            continue
        if not any(_touch(box, other) for other in boxes) and len(boxes) - len(said) < _MOST_UNREAD:
            boxes.append(box)
            yield box


def _touch(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) > max(one.left, other.left)
    return across and min(one.bottom, other.bottom) > max(one.top, other.top)


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
    sessions = [runtime.open_session(models.verified_bytes(model), threads) for model in models.PADDLE]
    second = runtime.open_session(models.verified_bytes(models.HARD_LINES), threads)
    characters = characters_of(models.verified_bytes(models.HARD_LINES_CHARACTERS))
    try:
        from omegaconf import flag_override
        from rapidocr import RapidOCR

        engine = RapidOCR(params={"Global.log_level": "critical", "Global.max_side_len": 2 * WHOLE})
        with flag_override(engine.cfg, "allow_objects", True):
            for part, session in zip((engine.cfg.Det, engine.cfg.Cls, engine.cfg.Rec), sessions, strict=True):
                part.session = session
        engine(np.full((64, 64, 3), 255, np.uint8), use_det=True, use_cls=False, use_rec=False)  # makes `text_det`
        reader = RapidOcr(engine, SecondReader(second, characters))
        reader.warm_up()
    except Exception as error:
        raise ModelError("The reader of text in pictures could not be opened: install Gatepost again.") from error
    return reader
