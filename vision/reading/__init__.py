"""Text in pictures: the lines that are in them, by an engine behind a one-method protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from vision.findings import Box, TextReading
from vision.images import Pixels

__all__ = ["TextReader", "load_reader"]


class TextReader(Protocol):
    """Reads the lines of text in pixels (uint8, height x width x 3, RGB); `version` names the models.

    `near` are places round which text is looked for more closely, such as faces with a badge below. Raises ReaderError.
    An empty answer means that it looked and read nothing, which is no proof that nothing is there.
    """

    @property
    def version(self) -> str: ...

    def read(self, pixels: Pixels, near: Sequence[Box] = ()) -> TextReading: ...


def load_reader(threads: int | None = None) -> TextReader:
    """The reader with its checked models loaded. Raises ModelError."""
    from vision.reading.rapid import load_rapid

    return load_rapid(threads)
