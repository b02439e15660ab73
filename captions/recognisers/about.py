"""What a recogniser may know besides the text: the school's own details, and where names were found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from captions.findings import Kind, SchoolProfile
from captions.passages import Found
from captions.reading import Reading
from captions.vocabulary import cues

SMALL_NUMBERS = cues()["numbers"]


@dataclass(frozen=True, slots=True)
class About:
    """`named`: folded spans of people found; `classes`: class names and their years, lower case."""

    school: SchoolProfile
    named: tuple[tuple[int, int], ...] = ()
    classes: frozenset[str] = field(default_factory=frozenset)

    def person_near(self, reading: Reading, place: int) -> bool:
        """Whether a person is named in the sentence around a place, or in the line before or after it."""
        start, end = nearby(reading, place)
        return any(start <= a < end for a, _ in self.named)


def nearby(reading: Reading, place: int) -> tuple[int, int]:
    """The sentence around a place; of a list of short lines, also the line before and after; file names whole."""
    start, end = reading.sentence_at(place)
    spans = reading.sentences
    i = next((i for i, span in enumerate(spans) if span[0] == start), 0)
    text = reading.folded.text
    if i and text[start - 1 : start] == "\n":
        start = spans[i - 1][0]
    if i + 1 < len(spans) and text[end - 1 : end] == "\n":
        end = spans[i + 1][1]
    return start, end


def found(
    reading: Reading,
    kind: Kind,
    match: re.Match[str] | tuple[int, int],
    score: float,
    why: str,
    replacement: str | None,
) -> Found:
    """A finding over a match (or span) of the folded text."""
    a, b = match if isinstance(match, tuple) else match.span()
    text = reading.folded.text
    while a < b and text[a].isspace():
        a += 1
    while b > a and text[b - 1].isspace():
        b -= 1
    start, end = reading.span(a, b)
    return Found(kind, start, end, score, why, (), replacement)
