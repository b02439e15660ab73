"""QR codes and barcodes in a picture: what they say, and those that are seen and cannot be read.

The whole picture is read first; then, closer, the places where a code may stand that was too small, too soft or too far
turned to be read there. A code that nobody could read is only told where the evidence is strong.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from vision.bars import is_barcode, rows_of_the_same
from vision.code_places import (
    WORKING_SIDE,
    Place,
    Slopes,
    box_inside,
    laid_straight,
    places_of_bars,
    places_of_dots,
    places_of_stacks,
)
from vision.errors import BarcodeError
from vision.findings import Barcode, Box
from vision.images import Pixels

Grey = NDArray[np.uint8]
_Formats = zxingcpp.BarcodeFormats

ANY_BARCODE = "barcode"  # the symbology of bars that could not be read
QR_CODE = "QR Code"
MOST_CODES = 200
MOST_TEXT = 10_000  # characters of one code; a QR code holds 7,089 digits at the most

# Films' edges are never photographed by schools, and their codes have one bit of proof.
_ANY = zxingcpp.barcode_formats_from_str("AllReadable")
_UPRIGHT = zxingcpp.barcode_formats_from_str("AllLinear,PDF417")
_STACKED = zxingcpp.barcode_formats_from_str("PDF417")
_DOTTED = zxingcpp.barcode_formats_from_str("AllMatrix")
# These are read as a whole; of any other, some rows.
_WHOLE = ("QR Code", "Micro QR", "rMQR", "Data Matrix", "Aztec", "MaxiCode", "PDF417", "Compact PDF417", "MicroPDF417")
_NEVER = frozenset({"DX Film Edge"})
# A part of another code may read as one of these: they are only believed where all of the bars in a row were read.
_WEAK = frozenset({"UPC-E", "EAN-8", "ITF", "Codabar", "DataBar Limited", "DataBar Omni", "DataBar"})
_SHORTEST = {"ITF": 6, "Codabar": 5, "Code 39": 3}  # characters: codes without a check digit that stray edges imitate
_SHARPENED_SIDE = 1400  # pixels of the long side
_SAME = 0.5  # share of the smaller box that lies in the other


def find_barcodes(pixels: Pixels) -> tuple[Barcode, ...]:
    """Every code in the picture (uint8, height x width x 3, RGB), top to bottom; raises BarcodeError.

    `text` is None where a code is seen that cannot be read. No answer is no proof that there is none.
    """
    try:
        return tuple(sorted(_Search(pixels).codes(), key=lambda code: (code.box.top, code.box.left)))
    except (cv2.error, MemoryError, RuntimeError, ValueError) as error:
        raise BarcodeError("The search for codes failed on this picture. Try again.") from error


class _Search:
    """One picture being searched; `found` grows from step to step."""

    def __init__(self, pixels: Pixels) -> None:
        self.grey: Grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
        self.height, self.width = self.grey.shape
        self.scale = min(1.0, WORKING_SIDE / max(self.grey.shape))
        self.working: Grey = self.grey
        if self.scale < 1:
            size = (max(int(self.width * self.scale), 1), max(int(self.height * self.scale), 1))
            self.working = np.asarray(cv2.resize(self.grey, size, interpolation=cv2.INTER_AREA), np.uint8)
        self.found: list[Barcode] = []

    def codes(self) -> list[Barcode]:
        self._add(code for code in self._read(self.grey, _ANY) if code.symbology not in _WEAK)
        self._add(self._read_sharpened())
        slopes = Slopes(self.working, self.scale)
        self._look_at_bars(slopes)
        self._look_at_dots(slopes)
        self._look_for_finders()
        return self.found[:MOST_CODES]

    def _read_sharpened(self) -> Iterator[Barcode]:
        """What a little blur hides; a blur hides less of a smaller picture."""
        scale = min(1.0, _SHARPENED_SIDE / max(self.working.shape))
        small = np.asarray(cv2.resize(self.working, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        return self._read(_sharpened(small, 2, 3), _DOTTED, max(self.grey.shape) / max(small.shape))

    def _look_at_bars(self, slopes: Slopes) -> None:
        for place in places_of_bars(slopes):
            box = place.box(self.width, self.height)
            if self._widened(box):
                continue
            straight = laid_straight(self.grey, place)
            read = _first_read(_ways_of_bars(straight), _UPRIGHT)
            if read is not None:
                self._add([Barcode(box, *read)])
            elif is_barcode(straight):
                self._add([Barcode(box, ANY_BARCODE, None)])
        for place in places_of_stacks(slopes):
            box = place.box(self.width, self.height)
            if not self._is_known(box):
                read = _first_read(_ways_of_bars(laid_straight(self.grey, place, 0.3)), _STACKED)
                self._add([Barcode(box, *read)] if read else [])

    def _widened(self, box: Box) -> bool:
        """Whether a read code with bars lies here: its box, of some rows only, then spans all of its bars."""
        for at, code in enumerate(self.found):
            if code.text is not None and _share(code.box, box) > _SAME:
                if not code.symbology.startswith(_WHOLE):
                    self.found[at] = replace(code, box=_round(code.box, box))
                return True
        return False

    def _look_at_dots(self, slopes: Slopes) -> None:
        for box in places_of_dots(slopes, self.width, self.height):
            if self._is_known(box):
                continue
            part = self.grey[box.top : box.bottom, box.left : box.right]
            read = _first_read(_ways_of_dots(part), _DOTTED)
            self._add([Barcode(box, *read)] if read else [])

    def _look_for_finders(self) -> None:
        """QR codes by the squares in three of their corners, though nothing could read them."""
        seen, corners = cv2.QRCodeDetectorAruco().detectMulti(self.working)
        for quad in corners if seen else ():
            low, high = quad.min(axis=0) / self.scale, quad.max(axis=0) / self.scale
            margin = float((high - low).max()) * 0.06
            (left, top), (right, bottom) = (low - margin).tolist(), (high + margin).tolist()
            box = box_inside((left, top, right, bottom), self.width, self.height)
            if self._is_known(box):
                continue
            part = self.grey[box.top : box.bottom, box.left : box.right]
            read = _first_read(_ways_of_dots(part), _DOTTED)
            self._add([Barcode(box, *(read or (QR_CODE, None)))])

    def _read(self, grey: Grey, formats: _Formats, grow: float = 1.0) -> Iterator[Barcode]:
        """What can be read in a picture that is `grow` times smaller than the whole one."""
        for code in _results(grey, formats):
            at = code.position
            corners = [(each.x, each.y) for each in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
            xs, ys = ([corner[axis] * grow for corner in corners] for axis in (0, 1))
            box = box_inside((min(xs), min(ys), max(xs) + 1, max(ys) + 1), self.width, self.height)
            if not str(code.format).startswith(_WHOLE):
                box = _round(box, self._along_its_bars(code.position))
            yield Barcode(box, str(code.format), _text(code))

    def _along_its_bars(self, at: zxingcpp.Position) -> Box:
        """The box round bars of which only some rows were read: they go on where the next rows are like the last."""
        left = ((at.top_left.x + at.bottom_left.x) / 2, (at.top_left.y + at.bottom_left.y) / 2)
        right = ((at.top_right.x + at.bottom_right.x) / 2, (at.top_right.y + at.bottom_right.y) / 2)
        wide, high = right[0] - left[0], right[1] - left[1]
        across = max(math.hypot(wide, high), 8)
        place = Place((left[0] + right[0]) / 2, (left[1] + right[1]) / 2, across, 2 * across, math.atan2(high, wide))
        above, below = rows_of_the_same(laid_straight(self.grey, place, 0))
        middle = (below - above) / 2 * across * 2
        x, y = place.x - math.sin(place.angle) * middle, place.y + math.cos(place.angle) * middle
        along = (above + below) * 2 * across
        return Place(x, y, across * 1.04, max(along, 4), place.angle).box(self.width, self.height)

    def _add(self, codes: Sequence[Barcode] | Iterator[Barcode]) -> None:
        for code in codes:
            if not any(_share(code.box, known.box) > _SAME and code.text == known.text for known in self.found):
                self.found.append(code)

    def _is_known(self, box: Box) -> bool:
        return any(_share(box, code.box) > _SAME for code in self.found)


def _results(grey: Grey, formats: _Formats, *, straight: bool = False) -> list[zxingcpp.Barcode]:
    """`straight`: bars stand upright, and nothing is smaller or larger than it should be."""
    codes = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey), formats=formats, try_rotate=not straight, try_downscale=not straight
    )
    return [code for code in codes if _is_sound(code)]


def _is_sound(code: zxingcpp.Barcode) -> bool:
    kind = str(code.format)
    return bool(code.valid) and kind not in _NEVER and len(code.text) >= _SHORTEST.get(kind, 1)


def _text(code: zxingcpp.Barcode) -> str:
    """Without lone surrogates, and as long as a code may be."""
    return str(code.text).encode("utf-8", "replace").decode()[:MOST_TEXT]


def _first_read(ways: Iterator[Grey], formats: _Formats) -> tuple[str, str] | None:
    """Symbology and text of the first code that is read in one of several pictures of a place."""
    for grey in ways:
        codes = _results(grey, formats, straight=formats is not _DOTTED)
        for code in codes:
            if str(code.format) not in _WEAK or _spans(code, grey):
                return str(code.format), _text(code)
    return None


def _spans(code: zxingcpp.Barcode, straight: Grey) -> bool:
    """Whether it has about half the width, or more, of a picture in which bars stand upright between two margins."""
    xs = [at.x for at in (code.position.top_left, code.position.top_right)]
    return bool(max(xs) - min(xs) > 0.45 * straight.shape[1])


def _ways_of_bars(straight: Grey) -> Iterator[Grey]:
    """As it is, light on dark, and twice as large."""
    yield straight
    yield 255 - straight
    if straight.shape[1] < 800:
        larger = np.asarray(cv2.resize(straight, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
        yield larger
        yield 255 - larger


def _ways_of_dots(part: Grey) -> Iterator[Grey]:
    side = max(part.shape)
    larger = 3 if side < 250 else 2 if side < 500 else 1
    grown = np.asarray(cv2.resize(part, None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC), np.uint8)
    yield grown
    yield _sharpened(grown, 1.2 * larger, 3)
    yield part


def _sharpened(grey: Grey, sigma: float, amount: float) -> Grey:
    return np.asarray(cv2.addWeighted(grey, 1 + amount, cv2.GaussianBlur(grey, (0, 0), sigma), -amount, 0), np.uint8)


def _share(one: Box, other: Box) -> float:
    """Of the smaller box, how much lies in the other."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / min(one.width * one.height, other.width * other.height)


def _round(one: Box, other: Box) -> Box:
    """The box round both."""
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )
