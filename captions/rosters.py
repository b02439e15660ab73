"""Lists of names without commas: coat pegs, team sheets and casts, one name or a few to a line."""

from __future__ import annotations

from collections.abc import Iterable

from captions.mentions import Mention
from captions.reading import Reading, Word

_BESIDE = 2  # other lines of nothing but names that make a lone word one of them
_CODE = 2  # letters of "GK" or "ST", which say where a player plays


def in_roster(reading: Reading, mention: Mention, sure: Iterable[Mention]) -> bool:
    """Whether its line holds names alone, another pupil's among them or on the lines around it."""
    text = reading.folded.text
    if "\n" not in text:
        return False
    start, end = text.rfind("\n", 0, mention.start) + 1, text.find("\n", mention.end)
    spans = [(each.start, each.end) for each in sure if each is not mention]
    own = [*spans, (mention.start, mention.end)]
    line = _words(reading, start, len(text) if end < 0 else end)
    if not line or not all(_covered(word, own) for word in line):
        return False
    if any(_covered(word, spans) for word in line):
        return True
    others = 0
    at = 0
    for row in text.split("\n"):
        words = _words(reading, at, at + len(row)) if at != start else []
        others += bool(words) and all(_covered(word, spans) for word in words)
        at += len(row) + 1
    return others >= _BESIDE


def _words(reading: Reading, start: int, end: int) -> list[Word]:
    words = [word for word in reading.words_in(start, end) if word.is_word]
    return [word for word in words if not (len(word.text) <= _CODE and word.text.isupper())]


def _covered(word: Word, spans: list[tuple[int, int]]) -> bool:
    return any(start < word.end and word.start < end for start, end in spans)
