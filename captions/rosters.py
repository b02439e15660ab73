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
    others = [each for each in sure if each is not mention]
    named = bytearray(len(text))
    for each in others:
        named[each.start : each.end] = b"\1" * (each.end - each.start)
    line = _words(reading, start, len(text) if end < 0 else end)
    own = [word for word in line if word.end <= mention.start or mention.end <= word.start]
    if not line or not all(any(named[word.start : word.end]) for word in own):
        return False
    if own:
        return True
    rows = {text.rfind("\n", 0, each.start) + 1 for each in others} - {start}
    return sum(_holds_names_alone(reading, row, named) for row in rows) >= _BESIDE


def _holds_names_alone(reading: Reading, start: int, named: bytearray) -> bool:
    end = reading.folded.text.find("\n", start)
    words = _words(reading, start, len(named) if end < 0 else end)
    return bool(words) and all(any(named[word.start : word.end]) for word in words)


def _words(reading: Reading, start: int, end: int) -> list[Word]:
    words = [word for word in reading.words_in(start, end) if word.is_word]
    return [word for word in words if not (len(word.text) <= _CODE and word.text.isupper())]
