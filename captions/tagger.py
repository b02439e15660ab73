"""The seam for a trained tagger of person names: it finds people who are not on the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PersonSpan:
    """A person's name at characters `start` to `end` (exclusive) of the text given; `score` is 0 to 1."""

    start: int
    end: int
    score: float


class PersonTagger(Protocol):
    def tag(self, text: str) -> tuple[PersonSpan, ...]:
        """Every person named in a text. Raises TaggerError where the text could not be read."""
        ...


class TaggerError(Exception):
    """The tagger could not read a text: what it did not read is not clear."""
