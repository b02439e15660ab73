"""Wording unfit for a school's account: swearing, and words that run people down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found
from captions.vocabulary import language

# What else these words mean where a school writes them.
_INNOCENT = re.compile(
    r"bloody (?:mary|sunday|assizes|tower)|(?:ugly|stupid) (?:duckling|ducklings|sister|sisters|bug ball)|"
    r"(?:the )?(?:biggest|sore|bad) loser|winners? (?:and|or|nor) losers?|losers? (?:and|or|nor) winners?",
    re.IGNORECASE,
)
_WHY = {
    "swearing": "'{}' is swearing, which does not belong on a school's account.",
    "disparaging": "'{}' runs somebody down, which does not belong on a school's account.",
}


# How a letter is written by somebody who does not want it to be found.
_DISGUISES = {"a": "a4@", "e": "e3", "i": "i1!", "o": "o0", "s": "s5$", "u": "uv"}


@lru_cache(maxsize=1)
def _pattern() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """One group for each word, and the words in the order of their groups."""
    words = tuple(sorted(language(), key=lambda word: (-len(word), word)))
    groups = "|".join(f"({re.escape(word[0])}{''.join(map(_disguised, word[1:]))})" for word in words)
    return re.compile(rf"(?<![A-Za-z0-9])(?:{groups})(?![A-Za-z0-9])", re.IGNORECASE), words


def _disguised(letter: str) -> str:
    return rf"[{_DISGUISES.get(letter, letter)}\*]" if letter.isalpha() else re.escape(letter)


def find(reading: Reading, about: About) -> Iterator[Found]:  # noqa: ARG001
    text = reading.folded.text
    innocent = [match.span() for match in _INNOCENT.finditer(text)]
    pattern, words = _pattern()
    for match in pattern.finditer(text):
        if any(start <= match.start() < end for start, end in innocent):
            continue
        word = words[(match.lastindex or 1) - 1]
        why = _WHY[language()[word]].format(match.group())
        yield found(reading, Kind.LANGUAGE, match, 0.9, why, None)
