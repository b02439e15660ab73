"""The age of a named child; ages of groups ("aged 4 to 11") pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import SMALL_NUMBERS, About, found

_N = rf"(?:\d{{1,2}}|{'|'.join(SMALL_NUMBERS)})"
_TH = r"(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)"
_HALF = r"(?: and a half| 1/2|\.5)?"
_PATTERNS = (
    re.compile(rf"\b{_N}{_HALF}[ -]?(?:years?|yrs?|months?)[ -]?old\b", re.I),
    re.compile(rf"\b{_N}{_HALF}[ -]year[ -]olds?\b", re.I),
    re.compile(rf"\b(?:aged?|age:|age is) ?:?{_N}{_HALF}\b(?!\s*(?:to|-|and (?:over|under|above|up))\s*\d?)", re.I),
    re.compile(
        rf"\b(?:turn(?:s|ed|ing)?|just turned|is now|is only|is|was|nearly|almost) ({_N}{_HALF})"
        r"(?: (?:today|tomorrow|yesterday|on|this|next|last)\b|(?=\s*[!.,\n]|\s*$))",
        re.I,
    ),
    re.compile(rf"\b(?:turn(?:s|ed|ing)?) ({_N})\b", re.I),
    re.compile(rf"\b{_TH} birthday\b", re.I),
    re.compile(rf"\b{_N} candles\b", re.I),
    re.compile(r"\((\d{1,2})\)"),
    re.compile(r",\s(\d{1,2})(?=,)"),
    re.compile(rf"\bbirthday\b[^.!?\n]{{0,30}}\b({_N}) (?:today|years)\b", re.I),
)
_BESIDE_NAME = tuple(pattern for pattern in _PATTERNS if pattern.pattern.startswith((r"\((", ",")))
_SCORES = re.compile(r"\b(?:goals?|scores?|scored|points|runs|tries|wickets|medals)\b", re.I)
_RANGE = re.compile(rf"\s*(?:to|-|and)\s*{_N}\b", re.I)
_NOT_AGE_BEFORE = re.compile(
    r"(?:\b(?:year|years|class|group|score|number|no|page|room|level|ages|children|all|everyone)\s*)$", re.I
)


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    seen: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            span = match.span(match.lastindex or 0)
            if any(a < span[1] and span[0] < b for a, b in seen) or not about.person_near(reading, span[0]):
                continue
            if _RANGE.match(text, match.end()) or _NOT_AGE_BEFORE.search(text[: match.start()]):
                continue
            if pattern in _BESIDE_NAME and not (_follows_name(match.start(), about) and _may_be_age(text, span)):
                continue
            seen.append(span)
            shown = text[slice(*span)]
            yield found(reading, Kind.AGE, span, 0.85, f"'{shown}' gives the age of a child who is named.", shown)


def _may_be_age(text: str, span: tuple[int, int]) -> bool:
    """A bare number after a name: not a score, and of an age to be at school."""
    return 3 <= int(text[slice(*span)]) <= 18 and not _SCORES.search(text)


def _follows_name(place: int, about: About) -> bool:
    return any(0 <= place - end <= 1 for _, end in about.named)
