"""Dates of birth: a date called so, or a child's birthday."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, Spaced, Taken, found, left_of

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_NTH = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|"
    r"fifteenth|"
    r"sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first|twenty-second|twenty-third|twenty-fourth|"
    r"twenty-fifth|twenty-sixth|twenty-seventh|twenty-eighth|twenty-ninth|thirtieth|thirty-first)"
)
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_NTH})"
_FEAST = (
    r"(?:christmas (?:day|eve)|boxing day|new year'?s (?:day|eve)|halloween|valentine'?s day|bonfire night|leap day)"
)
_YEAR = r"(?:[12]\d{3}|'?\d{2})"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s(?:the\s)?)?"
_DATE = re.compile(
    rf"\b{_WEEKDAY}(?:\d{{1,2}}(?P<gap>\s?[/.\-|]\s?)\d{{1,2}}(?P=gap){_YEAR}|(?:19|"
    rf"20)\d{{2}}[\-/.]\d{{1,2}}[\-/.]\d{{1,2}}|"
    rf"{_DAY}[\s/\-]?(?:\s?of\s)?{_MONTH}(?:[\s,/\-]{{1,2}}{_YEAR}(?![\d:.]\d))?|"
    rf"{_MONTH}\s(?:the\s)?{_DAY}(?:,?\s{_YEAR}(?![\d:.]\d))?|"
    rf"{_MONTH},?\s(?:19|20)\d{{2}}|{_FEAST}(?:,?\s(?:of\s)?{_YEAR}(?![\d:.]\d))?)(?![\d/])",
    re.IGNORECASE,
)
_CALLED_AFTER = re.compile(r"\s?[()\-,:]{0,2}\s?(?:d\.?o\.?b\b|date of birth\b)", re.IGNORECASE)
_BARE = re.compile(
    r"(?<!\d)(?:\d{1,2}[ /.\-]\d{1,2}[ /.\-](?:\d{4}|\d{2})|\d{1,2}[/.\-]\d{1,2}|\d{8}|\d{6}|(?:19|20)\d{2})(?![\d/])"
)  # only where it is called a date of birth
_CALLED = re.compile(
    r"(?:\bd\.?\s?o\.?\s?b\b\.?|\bdate of birth\b|\bbirth[ -]?date\b|\bdate born\b|\bb/?day\b|\byear of birth\b)"
    r"[\s:=\-()*>]*(?:is\s+|was\s+)?(?:on\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"(?:\b(?:born|birthdays?|b'?day|turn(?:s|ed|ing)? \w+(?: years old)?|will be \w+|birth|came into the world|"
    r"came along|special day)\b[^.!?\n]{0,30}|"
    r"[(\s,]b\.\s?)$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"^\s*(?:\(|,|-|is|was|marks?|will be|has|for|:)?[^.!?\n]{0,30}\b(?:birthday|b'?day|was born|arrived in the "
    r"world)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:party|assembly|book|raffle|sale|trip|club|on loan|meeting|deadline|closes|tickets)\b", re.IGNORECASE
)
_BORN_BARE = re.compile(r"\b(?:born|birthday)\b(?: is)?(?: on| in)?[:\s]{1,2}$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r" \(\d{1,2}[/.\-]\d{1,2}[/.\-](?:20)?[0-2]\d\)")
_FIRST_YEAR = 1995  # before it, a birth is history (or a parent's)


def find(reading: Reading, about: About) -> Iterator[Found]:
    view = Spaced.of(reading)
    text = view.text
    taken = Taken()
    for match in _DATE.finditer(text):
        span, left = view.span(*match.span()), left_of(text, match.start(), 45)
        called = bool(_CALLED.search(left) or _CALLED_AFTER.match(text, match.end()))
        born = _born(text, match, left)
        if not called and not born:
            continue
        year = re.search(r"(?<!\d)[12]\d{3}(?!\d)", match.group())
        if not called and year and int(year.group()) < _FIRST_YEAR:
            continue
        named = about.person_near(reading, span[0]) or about.named_in(span[0] - 30, span[0])
        if (called or named) and taken.take(span):
            said = "it is called a date of birth" if called else "a birth or birthday beside somebody's name"
            yield _date(reading, span, 0.95 if called else 0.85, said)
        elif not named and year and re.search(r"\bborn\b", left, re.I) and taken.take(span):
            yield _date(reading, span, 0.7, "words about a birth")
    for match in _BARE.finditer(text):
        span, left = view.span(*match.span()), left_of(text, match.start(), 45)
        called = bool(_CALLED.search(left) or _CALLED_AFTER.match(text, match.end()))
        if not called and _is_recent(match.group()) and _BORN_BARE.search(left):
            called = about.person_near(reading, span[0])
        if called and taken.take(span):
            yield _date(reading, span, 0.9, "it is called a date of birth")
        elif _beside_a_name(text, match, span, about) and taken.take(span):
            yield _date(reading, span, 0.7, "a date in brackets behind a name")


def _beside_a_name(text: str, match: re.Match[str], span: tuple[int, int], about: About) -> bool:
    """ "Ada Stone (3.12.15)"."""
    bracketed = _IN_BRACKETS.search(text, max(0, match.start() - 2), match.end() + 1)
    return bracketed is not None and about.named_in(span[0] - 30, span[0])


def _is_recent(written: str) -> bool:
    return not written.isdigit() or (len(written) == 4 and int(written) >= _FIRST_YEAR)


def _born(text: str, match: re.Match[str], left: str) -> bool:
    before = _BORN.search(left)
    if before and not _BETWEEN.search(before.group()):
        return True
    after = _TAIL.match(text[match.end() : match.end() + 60])
    return after is not None and not _BETWEEN.search(after.group())


def _date(reading: Reading, span: tuple[int, int], score: float, evidence: str) -> Found:
    shown = " ".join(reading.folded.text[slice(*span)].split())
    return found(reading, Kind.DOB, span, score, f"'{shown}' is a date of birth.", None, evidence)
