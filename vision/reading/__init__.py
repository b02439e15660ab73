"""Text in pictures: the lines that are in them, by an engine behind a one-method protocol."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from vision.errors import ModelError
from vision.findings import Box, TextReading
from vision.images import Pixels

__all__ = ["OcrEngine", "TextReader", "load_reader"]


class OcrEngine(StrEnum):
    RAPIDOCR = "rapidocr"
    EASYOCR = "easyocr"
    BOTH = "both"


class TextReader(Protocol):
    """Reads the lines of text in pixels (uint8, height x width x 3, RGB); `version` names the models.

    `near` are places round which text is looked for more closely, such as faces with a badge below. Raises ReaderError.
    An empty answer means that it looked and read nothing, which is no proof that nothing is there.
    """

    @property
    def version(self) -> str: ...

    def read(self, pixels: Pixels, near: Sequence[Box] = ()) -> TextReading: ...


def load_reader(
    threads: int | None = None, engine: OcrEngine = OcrEngine.RAPIDOCR, weights: Path | None = None
) -> TextReader:
    """The reader with its checked models loaded. Raises ModelError.

    `weights` is the folder with EasyOCR's; only it needs one.
    """
    first = None
    if engine is not OcrEngine.EASYOCR:
        from vision.reading.rapid import load_rapid

        first = load_rapid(threads)
        if engine is OcrEngine.RAPIDOCR:
            return first
    if weights is None:
        raise ModelError("There is no folder with EasyOCR's weights: set GATEPOST_EASYOCR_WEIGHTS.")
    from vision.reading.both import BothReaders
    from vision.reading.easy import load_easy

    second = load_easy(weights, threads)
    return BothReaders(first, second) if first else second
