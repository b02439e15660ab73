"""The class or year group of a named child."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import FieldName, Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found, nearby

_YEAR = re.compile(
    r"\b(?:(?:year|yr)[ _\-]?(?:group )?(?:1[0-3]|[1-9]|one|two|three|four|five|six)(?!\d)(?:[A-Z]\b)?|y[1-9]\b|"
    r"(?:reception|nursery) class|(?:(?<=in )|(?<=from ))(?:reception|nursery))",
    re.I,
)


def find(reading: Reading, about: About) -> Iterator[Found]:
    if not about.named:
        return
    text = reading.folded.text
    flat = text.replace("_", " ")
    whole = reading.field in (FieldName.FILENAME, FieldName.HASHTAGS)
    seen: list[tuple[int, int]] = []
    for pattern in (_class_pattern(about.classes, whole), _YEAR):
        for match in pattern.finditer(flat) if pattern else ():
            start, end = (0, len(text)) if whole else nearby(reading, match.start())
            span = match.span(match.lastgroup) if match.lastgroup else match.span()
            if any(a < span[1] and span[0] < b for a, b in (*seen, *about.named)):
                continue
            if any(start <= a < end for a, _ in about.named):
                seen.append(span)
                shown = text[slice(*span)]
                why = f"'{shown}' is the class or year of a child who is named."
                yield found(reading, Kind.CLASS_DETAIL, span, 0.85, why, shown)


def _class_pattern(classes: frozenset[str], compound: bool) -> re.Pattern[str] | None:
    """Class names with "class", in brackets, or after in, from, of; in file names and hashtags anywhere."""
    if not classes:
        return None
    names = "|".join(re.escape(name) for name in sorted(classes, key=len, reverse=True))
    if compound:
        return re.compile(rf"(?<![A-Za-z])(?P<class>(?:{names})(?:[ _\-]?class)?)(?![a-z])", re.I)
    written = "|".join(re.escape(form) for name in sorted(classes) for form in (name.title(), name.upper()))
    return re.compile(
        rf"(?:(?<=from )|(?<=in )|(?<=of )|(?<=[Cc]lass )|(?<=[Cc]lass: )|(?<=\()|(?<=- )|^)"
        rf"(?P<class>(?:{written})(?: [Cc]lass(?:room)?)?)(?=[\s.,;:!?)]*(?:$|\)|[.,;!?]|\s(?![Cc]lass)))"
        rf"|\b(?P<tail>(?i:{names}) (?i:class(?:room)?))\b",
        re.MULTILINE,
    )
