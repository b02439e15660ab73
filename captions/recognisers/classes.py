"""The class or year group of a named child; a class alone or a year group alone passes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import COMPOUND, About, Spaced, Taken, found

_N = r"(?:1[0-3]|[1-9]|one|two|three|four|five|six|seven)"
_YEAR = re.compile(
    rf"\b(?:(?:years?|yrs?\.?)[ _\-]?(?:group )?{_N}(?!\d)(?:[A-Z]{{1,2}}\b)?(?:[/&]\d\b)?|"
    rf"y ?[1-9](?:[A-Z]{{1,2}}|s)?\b|"
    r"(?:reception|nursery|foundation|pre-?school)(?:[ -](?:class|pupil|child|boy|girl|star|starter|stage)\b|'s\b)|"
    r"eyfs\b|"
    r"(?:(?<=in )|(?<=from )|(?<=of )|(?<=\()|(?<=- )|(?<=, )|(?<=starts )|(?<=joins ))(?:reception|nursery)\b)",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\((?P<bracketed>Rec|R|(?:[1-6]|R|N)[A-Z]{1,2})\)|\b(?:[Cc]lass|from|in|of) (?P<code>[1-6][A-CE-Z][A-Z]?)\b(?! "
    r"shapes?)"
)
_BESIDE = re.compile(r"\s?[:/|*(\[\-]\s?|\s?'s class, ")  # between a name and a class


def find(reading: Reading, about: About) -> Iterator[Found]:
    if not about.named:
        return
    view = Spaced.of(reading)
    taken = Taken(about.named)
    for span in (*_written(view, reading, about), *_beside_names(reading, about)):
        if about.person_near(reading, span[0]) and taken.take(span):
            shown = reading.folded.text[slice(*span)]
            why = f"'{shown}' is the class or year of a child who is named."
            yield found(reading, Kind.CLASS_DETAIL, span, 0.85, why, shown, "a class or year, and a name near it")


def _written(view: Spaced, reading: Reading, about: About) -> Iterator[tuple[int, int]]:
    """Where a class or year is written as one, in folded offsets."""
    for pattern in (_class_pattern(about.classes, reading.field in COMPOUND), _CODE, _YEAR):
        for match in pattern.finditer(view.text) if pattern else ():
            yield view.span(*(match.span(match.lastgroup) if match.lastgroup else match.span()))


def _beside_names(reading: Reading, about: About) -> Iterator[tuple[int, int]]:
    """ "Kai: Owls", "Kai/Owls": a class's name straight after a child's."""
    ends = sorted(end for _, end in about.named)
    for match in _any_class(about.classes).finditer(reading.folded.text) if about.classes else ():
        at = bisect_left(ends, match.start() + 1) - 1
        if at >= 0 and _BESIDE.fullmatch(reading.folded.text, ends[at], match.start()):
            yield match.span()


@lru_cache(maxsize=64)
def _any_class(classes: frozenset[str]) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(classes, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])(?:{names})(?![A-Za-z])", re.IGNORECASE)


@lru_cache(maxsize=64)
def _class_pattern(classes: frozenset[str], compound: bool) -> re.Pattern[str] | None:
    """Class names with "class", in brackets, or after in, from, of; in file names and hashtags anywhere."""
    if not classes:
        return None
    ordered = sorted(classes, key=len, reverse=True)
    names = "|".join(re.escape(name) for name in ordered)
    if compound:
        return re.compile(rf"(?<![A-Za-z])(?P<class>(?:{names})(?:[ _\-]?class)?)(?![a-z])", re.IGNORECASE)
    written = "|".join(dict.fromkeys(re.escape(form) for name in ordered for form in (name.title(), name.upper())))
    after = "|".join(
        f"(?<={words})"
        for words in (
            *("from ", "in ", "of ", "from the ", "in the ", "of the ", "[Cc]lass ", "[Cc]lass: ", "class, "),
            *("joins ", "joined ", "joining ", r"\(", "- ", r"\* "),
        )
    )
    return re.compile(
        rf"(?:{after}|^)"
        rf"(?P<class>(?:{written})(?:[ \-][Cc]lass(?:room)?)?)(?=[\s.,;:!?)*]*(?:$|\)|[.,;!?:*]|\s(?![Cc]lass)))"
        rf"|\b(?P<tail>(?i:{names})(?:[ \-]|'s |s' )?(?i:class(?:room)?))\b"
        rf"|\((?P<low>(?i:{names}))\)"
        rf"|(?<=, )(?P<listed>{written})(?=\s?(?:$|[.;)\n]))"
        rf"|\b(?P<whose>{written})'s?(?= (?:own |very own |star |captain )?[A-Z])",
        re.MULTILINE,
    )
