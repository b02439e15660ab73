"""Words to put in place of a name or a detail, so that the sentence still reads naturally."""

from __future__ import annotations

from collections.abc import Sequence

from captions.findings import FieldName, RegisteredName
from captions.reading import Reading

_SCHOOL_YEARS = frozenset({"reception", "nursery", *(f"year {n}" for n in range(1, 14))})


def pupil_words(pupils: Sequence[RegisteredName], reading: Reading, start: int, *, plural: bool) -> str | None:
    """ "a Year 3 pupil" for a name at `start` of the folded text; None where it is best left out, as in a hashtag."""
    if reading.field is FieldName.FILENAME:
        return "pupil"
    if reading.field is FieldName.HASHTAGS or reading.in_tag(start):
        return None
    if plural:
        return "family of one of our pupils"
    years = {pupil.year for pupil in pupils}
    year = years.pop() if len(years) == 1 else ""
    words = f"{year} pupil" if year.lower() in _SCHOOL_YEARS else "pupil"
    before = reading.before(start, 1)
    if before and before[0].low in {
        "our",
        "the",
        "a",
        "an",
        "my",
        "your",
        "little",
        "young",
        "brave",
        "clever",
        "dear",
    }:
        return words
    at = reading.index_at(start)
    opens = at < len(reading.words) and reading.words[at].opens
    return f"{'A' if opens else 'a'} {words}"
