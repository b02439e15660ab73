"""EasyOCR as a reader of text: CRAFT finds the lines, a network for English reads them, both on torch."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vision import runtime, weights
from vision.errors import ModelError, ReaderError
from vision.findings import Box, PictureText, TextReading
from vision.images import Pixels
from vision.reading.lines import Floats, box_of, folded, long_side, short_side

NAME = "EasyOCR"
CANVAS = 1280  # pixels: at EasyOCR's own 2560 the search takes 4.4 GB
SHAPES = ((640, 640), (960, 1280), (1280, 960), (CANVAS, CANVAS))  # height, width of what is searched
LEAST_SIDE = 10  # pixels of what is searched: what is shorter is no line
TEXT_SCORE = 0.3  # not measured with genuine weights: low, as what is missed is worse than what is read too much
LONE_LETTER = 0.9
_UNREAD_HEIGHT = 14  # pixels
_UNREAD_LENGTH = 1.8  # of its height
_MOST_UNREAD = 20
_LONGEST_LINE = 80  # of its height: a longer one is no line, and reading it takes memory without end


class EasyOcr:
    """EasyOCR finds lines, level or not, and reads them from the picture's own pixels.

    The search is shown the picture at one of a few sizes and no other: torch makes the code for each size when it is
    first used, which cannot be done once the process may make no memory executable.
    """

    def __init__(self, engine: Any, version: str) -> None:
        self._engine = engine
        self.version = version

    def read(self, pixels: Pixels, near: Sequence[Box] = ()) -> TextReading:  # noqa: ARG002
        """`near` is not needed: what EasyOCR searches is the whole picture, once."""
        height, width = pixels.shape[:2]
        grey = np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY), np.uint8)
        lines: list[PictureText] = []
        unread: list[Box] = []
        for quad, text, score in self._read(grey, self._find(pixels)):
            box = box_of(quad, width, height)
            if score >= _least_score(text):
                lines.append(PictureText(box, text, score))
            elif short_side(quad) >= _UNREAD_HEIGHT and long_side(quad) >= _UNREAD_LENGTH * short_side(quad):
                unread.append(box)
        return TextReading(lines=tuple(lines), unread=tuple(unread[:_MOST_UNREAD]), readers=(NAME,))

    def warm_up(self) -> None:
        """Search a blank picture of every size and read a place in it; raises ReaderError."""
        for height, width in SHAPES:
            self._search(np.full((height, width, 3), 255, np.uint8))
        blank = np.full((64, 256), 255, np.uint8)
        blank[24:40, 16:240:9] = 0
        slanted = np.array([[8, 12], [240, 4], [240, 52], [8, 60]], np.float32)
        self._read(blank, ([[8, 248, 8, 56]], [slanted.tolist()]))

    def _find(self, pixels: Pixels) -> tuple[list[list[float]], list[list[list[float]]]]:
        """Level places (left, right, top, bottom) and others (four corners), in the picture's own pixels."""
        height, width = pixels.shape[:2]
        scale = min(1.0, CANVAS / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        shown = np.ascontiguousarray(pixels)
        shown = np.asarray(cv2.resize(shown, size, interpolation=cv2.INTER_AREA), np.uint8) if scale < 1 else shown
        tall, wide = next(shape for shape in SHAPES if shape[0] >= size[1] and shape[1] >= size[0])
        padded = cv2.copyMakeBorder(shown, 0, tall - size[1], 0, wide - size[0], cv2.BORDER_REPLICATE)
        level, other = self._search(np.asarray(padded, np.uint8))
        actual = np.array([width / size[0], height / size[1]], np.float64)
        most = (width, height)
        boxes = [np.clip(np.array(each, float).reshape(2, 2).T * actual, 0, most).T.ravel() for each in level]
        quads = [np.clip(np.array(each, float) * actual, 0, most) for each in other]
        return (
            [box.tolist() for box in boxes if _is_line(box[1] - box[0], box[3] - box[2])],
            [quad.tolist() for quad in quads if _is_line(*np.ptp(quad, axis=0))],
        )

    def _search(self, shown: Pixels) -> tuple[list[Any], list[Any]]:
        try:
            with _quiet():
                level, other = self._engine.detect(shown, min_size=LEAST_SIDE, canvas_size=CANVAS)
            found = [np.array(each, float) for each in (*level[0], *other[0])]
        except Exception as error:
            raise ReaderError("The search for text by EasyOCR failed. Try again.") from error
        if not all(each.shape in ((4,), (4, 2)) and np.isfinite(each).all() for each in found):
            raise ReaderError("The search for text by EasyOCR gave impossible boxes. Try again.")
        return level[0], other[0]

    def _read(self, grey: Pixels, places: tuple[list[Any], list[Any]]) -> list[tuple[Floats, str, float]]:
        level = [[round(side) for side in place] for place in places[0]]
        if not level and not places[1]:
            return []
        try:
            with _quiet(), _plain_code():
                answer = self._engine.recognize(grey, level, places[1])
            read = [(np.asarray(quad, np.float32), str(text), float(score)) for quad, text, score in answer]
        except Exception as error:
            raise ReaderError("The text in the picture could not be read by EasyOCR. Try again.") from error
        if len(read) != len(level) + len(places[1]):
            raise ReaderError("EasyOCR left places out that it should have read. Try again.")
        if not all(0.0 <= score <= 1.001 and quad.shape == (4, 2) for quad, _, score in read):  # false for NaN too
            raise ReaderError("The reading of text by EasyOCR gave impossible scores. Try again.")
        return [(quad, text, min(score, 1.0)) for quad, text, score in read]


def _is_line(wide: float, high: float) -> bool:
    return min(wide, high) >= 2 and max(wide, high) <= _LONGEST_LINE * min(wide, high)


def _least_score(text: str) -> float:
    """What a text must score to be told; more than any can where it says nothing."""
    letters = folded(text)
    if not letters:
        return 2.0
    return TEXT_SCORE if len(letters) > 1 else LONE_LETTER


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the warnings of torch, such as that there is no accelerator."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _plain_code() -> contextlib.AbstractContextManager[Any]:
    """Without oneDNN, which makes machine code for each new length of a line: see EasyOcr."""
    torch = sys.modules.get("torch")
    return torch.backends.mkldnn.flags(enabled=False) if torch else contextlib.nullcontext()


def load_easy(folder: Path, threads: int | None = None) -> EasyOcr:
    """EasyOCR on its checked weights in `folder`; it fetches nothing. Raises ModelError."""
    weights.verify(folder)
    os.environ["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] = "1"  # else a file of weights may hold a program
    path = list(sys.path)
    try:
        with _quiet():
            from vision.reading.torchvision_mend import import_torchvision

            import_torchvision()
            import easyocr
            import torch

            torch.set_num_threads(threads or runtime.default_threads())
            engine = easyocr.Reader(
                ["en"],
                gpu=False,
                model_storage_directory=str(folder),
                user_network_directory=str(folder),
                download_enabled=False,
                quantize=False,
                verbose=False,
            )
        reader = EasyOcr(engine, "+".join(file.version for file in weights.EASYOCR))
        reader.warm_up()
    except ImportError as error:
        raise ModelError("EasyOCR is not installed: install Gatepost with its extra `easyocr`.") from error
    except Exception as error:
        raise ModelError("EasyOCR could not be opened: run `gatepost models` and install its extra again.") from error
    finally:
        sys.path[:] = path  # EasyOCR adds its folder, from which no code is wanted
    return reader
