"""Lists of names without commas: coat pegs, team sheets and casts, one name or a few to a line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from captions.layout import CELL
from captions.mentions import Mention
from captions.reading import Reading, Word

_BESIDE = 2  # other lines of nothing but names that make a lone word one of them
_NEAREST = 30  # certain mentions on either side that are asked about a doubtful one
_CODE = 2  # letters of "GK" or "ST", which say where a player plays


def place_of(mention: Mention) -> int:
    return mention.start


def nearest(sure: list[Mention], mention: Mention) -> list[Mention]:
    """Of certain mentions by their place, those nearest to one; those further away say nothing about it."""
    at = bisect_left(sure, mention.start, key=place_of)
    return sure[max(0, at - _NEAREST) : at + _NEAREST]


def in_roster(reading: Reading, mention: Mention, sure: Iterable[Mention]) -> bool:
    """Whether its line holds names alone, another pupil's among them or on the lines around it.

    Of a name that was misread, labels side by side are lines: its neighbours may be misread, too.
    """
    text = reading.folded.text
    if "\n" not in text:
        return False
    gaps = ("\n", CELL) if mention.weak else ("\n",)
    others = [each for each in sure if each is not mention]
    named = _Named(reading, gaps, others)
    line = named.line_at(mention.start, mention.end)
    words = _words(reading, *line)
    own = [word for word in words if word.end <= mention.start or mention.end <= word.start]
    if not words or not all(map(named.covers, own)):
        return False
    if own:
        return True
    lines = {named.line_at(each.start, each.end) for each in others} - {line}
    return sum(named.fill(each) for each in lines) >= _BESIDE


class _Named:
    """The stretches of a text that are names for sure."""

    def __init__(self, reading: Reading, gaps: tuple[str, ...], names: list[Mention]) -> None:
        self._reading, self._text, self._gaps = reading, reading.folded.text, gaps
        self._first = min((each.start for each in names), default=0)
        self._marks = bytearray(max((each.end for each in names), default=0) - self._first)
        for each in names:
            start, end = each.start - self._first, each.end - self._first
            self._marks[start:end] = b"\1" * (end - start)

    def line_at(self, start: int, end: int) -> tuple[int, int]:
        """The line around a stretch, without its ends."""
        begins = max(at + len(gap) for gap in self._gaps if (at := self._text.rfind(gap, 0, start)) >= 0 or gap == "\n")
        ends = [at for gap in self._gaps if (at := self._text.find(gap, end)) >= 0]
        return begins, min(ends, default=len(self._text))

    def covers(self, word: Word) -> bool:
        return any(self._marks[max(0, word.start - self._first) : max(0, word.end - self._first)])

    def fill(self, line: tuple[int, int]) -> bool:
        """Whether a line holds nothing but names."""
        words = _words(self._reading, *line)
        return bool(words) and all(map(self.covers, words))


def _words(reading: Reading, start: int, end: int) -> list[Word]:
    words = [word for word in reading.words_in(start, end) if word.is_word]
    return [word for word in words if not (len(word.text) <= _CODE and word.text.isupper())]
