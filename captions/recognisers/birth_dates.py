"""Dates of birth: a date called so, or a child's birthday with its year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:'?\d{2}|(?:19|20)\d{2})"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?{_YEAR}|(?:19|20)\d{{2}}-\d{{2}}-\d{{2}}|"
    rf"{_DAY}(?: of)? {_MONTH},?(?: {_YEAR})?|{_MONTH} {_DAY},?(?: {_YEAR})?)(?![\d/])",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:\bd\.?\s?o\.?\s?b\b\.?|\bdate of birth\b|\bbirth ?date\b)[\s:=\-]*(?:is\s+|on\s+)?$", re.IGNORECASE
)
_BORN = re.compile(r"\b(?:born|birthday|birthdays?)\b[^.!?\n]{0,25}$", re.IGNORECASE)
_TAIL = re.compile(r"^\s*(?:is|was)\b[^.!?\n]{0,20}\bbirthday\b", re.IGNORECASE)
_FIRST_YEAR = 1995  # before it, a birth is history (or a parent's)


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    for match in _DATE.finditer(text):
        left = text[max(0, match.start() - 40) : match.start()]
        year = re.search(r"\d{4}", match.group())
        called = _CALLED.search(left)
        born = _BORN.search(left) or _TAIL.match(text[match.end() : match.end() + 40])
        if called or (
            born and (not year or int(year.group()) >= _FIRST_YEAR) and about.person_near(reading, match.start())
        ):
            why = f"'{match.group()}' is a date of birth."
            yield found(reading, Kind.DOB, match, 0.95 if called else 0.85, why, None)
        elif born and year and int(year.group()) >= _FIRST_YEAR and re.search(r"\bborn\b", left, re.I):
            yield found(reading, Kind.DOB, match, 0.7, f"'{match.group()}' reads like a date of birth.", None)
