"""What a recogniser may know besides the text: the school's own details, and where names were found."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from captions.findings import FieldName, Kind, SchoolProfile
from captions.passages import Found
from captions.reading import Reading
from captions.vocabulary import cues

SMALL_NUMBERS = cues()["numbers"]
COMPOUND = (FieldName.FILENAME, FieldName.HASHTAGS)
_PRONOUN = re.compile(r"\b(?:s?he|his|hers?|him|(?:him|her)self)\b", re.IGNORECASE)
_FAR = 400  # characters on either side of a place that are near it at most, in a sentence without an end
_SENTENCES_BACK = 2  # how far a pronoun points back


class Taken:
    """Spans already spoken for; none of them overlap."""

    def __init__(self, spans: tuple[tuple[int, int], ...] = ()) -> None:
        self._spans: list[tuple[int, int]] = []
        for span in sorted(spans):
            if self._spans and span[0] < self._spans[-1][1]:
                span = (self._spans[-1][0], max(self._spans.pop()[1], span[1]))
            self._spans.append(span)

    def touches(self, span: tuple[int, int]) -> bool:
        at = bisect_left(self._spans, (span[1], span[1])) - 1
        return at >= 0 and self._spans[at][1] > span[0]

    def take(self, span: tuple[int, int]) -> bool:
        """Take a span unless it touches another; whether it was free."""
        if self.touches(span):
            return False
        insort(self._spans, span)
        return True


@dataclass(frozen=True, slots=True)
class About:
    """`named`: folded spans of pupils found; `others`: of people who are no pupils; `classes`: in lower case."""

    school: SchoolProfile
    named: tuple[tuple[int, int], ...] = ()
    classes: frozenset[str] = field(default_factory=frozenset)
    others: tuple[tuple[int, int], ...] = ()
    everybody: tuple[tuple[int, int], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "everybody", tuple(sorted((*self.named, *self.others))))

    def named_in(self, start: int, end: int) -> bool:
        """Whether a name, or the end of one, stands in this stretch of the folded text."""
        first = bisect_left(self.everybody, (start, 0))
        return first < bisect_left(self.everybody, (end, 0)) or (first > 0 and self.everybody[first - 1][1] > start)

    def person_near(self, reading: Reading, place: int) -> bool:
        """Whether a person is named in the sentence around a place, or in the line before or after it.

        A pronoun in the sentence stands for somebody named up to two sentences before.
        """
        if not self.everybody:
            return False
        if reading.field in COMPOUND:
            return True
        start, end = nearby(reading, place)
        if self.named_in(start, end):
            return True
        if not _PRONOUN.search(reading.folded.text, start, end):
            return False
        at = max(sentence_index(reading, start) - _SENTENCES_BACK, 0)
        return self.named_in(reading.sentences[at][0], start)


def spans_of(reading: Reading, people: Iterable[Found]) -> tuple[tuple[int, int], ...]:
    """Where people found in the original text stand in the folded text, for About.others."""
    starts = reading.folded.starts
    spans = ((bisect_left(starts, item.start), bisect_left(starts, item.end)) for item in people)
    return tuple((a, b) for a, b in spans if a < b)


def sentence_index(reading: Reading, place: int) -> int:
    return max(bisect_right(reading.sentences, (place, len(reading.folded.text) + 1)) - 1, 0)


def nearby(reading: Reading, place: int) -> tuple[int, int]:
    """The sentence around a place; of a list of short lines, also the line before and after; compounds whole."""
    text, spans = reading.folded.text, reading.sentences
    if reading.field in COMPOUND or not spans:
        return max(place - _FAR, 0), min(place + _FAR, len(text))
    i = sentence_index(reading, place)
    start, end = spans[i]
    if i and text[start - 1 : start] == "\n":
        start = spans[i - 1][0]
    if i + 1 < len(spans) and text[end - 1 : end] == "\n":
        end = spans[i + 1][1]
    return max(start, place - _FAR), min(end, place + _FAR)


@dataclass(frozen=True, slots=True)
class Spaced:
    """A text to search; of file names and hashtags with a blank between words ("kaiAge7" -> "kai Age 7")."""

    text: str
    starts: tuple[int, ...] = ()  # where in the folded text each character stands; empty: where it stands here

    @classmethod
    def of(cls, reading: Reading) -> Spaced:
        if reading.field not in COMPOUND:
            return cls(reading.folded.text)
        text: list[str] = []
        starts: list[int] = []
        last = None
        for word in reading.words:
            if not word.text[0].isalnum():
                continue
            glued = last is not None and last.end == word.start and last.text[0].isdigit()  # "7th"
            if last is not None and not glued:
                text.append(" ")
                starts.append(last.end)
            text.append(word.text)
            starts.extend(range(word.start, word.end))
            last = word
        return cls("".join(text), tuple(starts))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of this text (not empty) in the folded text."""
        return (self.starts[start], self.starts[end - 1] + 1) if self.starts else (start, end)


def left_of(text: str, place: int, most: int = 40) -> str:
    """What stands before a place, for patterns that end there."""
    return text[max(0, place - most) : place]


def found(
    reading: Reading,
    kind: Kind,
    match: re.Match[str] | tuple[int, int],
    score: float,
    why: str,
    replacement: str | None,
    *evidence: str,
) -> Found:
    """A finding over a match (or span) of the folded text."""
    a, b = match if isinstance(match, tuple) else match.span()
    text = reading.folded.text
    while a < b - 1 and text[a].isspace():
        a += 1
    while b > a + 1 and text[b - 1].isspace():
        b -= 1
    start, end = reading.span(a, b)
    return Found(kind, start, end, score, why, (), replacement, evidence=evidence)
