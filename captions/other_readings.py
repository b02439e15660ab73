"""One line of a picture that was read in more than one way: what each reading says, told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from captions.findings import FieldName, Kind, TextField, TextFinding

_IN_PICTURES = (FieldName.OCR, FieldName.HIDDEN)
_NAMES = (Kind.PUPIL_NAME, Kind.PERSON_NAME)


def told_once(findings: Iterable[TextFinding], fields: Sequence[TextField]) -> list[TextFinding]:
    """The findings without those that another reading of the same line makes at the same place, and makes surer.

    What the first reading spells exactly is what stands there: no further reading adds somebody else. Where it spells
    nobody exactly, everybody whom a reading may mean is kept, since nobody knows which reading is right.
    """
    lines = _first_readings(fields)
    if not lines:
        return list(findings)
    everything = list(findings)
    exact: dict[int, list[TextFinding]] = defaultdict(list)
    for each in everything:
        if lines.get(each.field_index) == each.field_index and _is_exact(each):
            exact[each.field_index].append(each)
    kept: list[TextFinding] = []
    by_line: dict[int, list[TextFinding]] = defaultdict(list)
    for finding in sorted(everything, key=_weakness):
        line = lines.get(finding.field_index)
        if line is not None:
            if any(_says_the_same(each, finding, fields) for each in by_line[line]):
                continue
            if any(_rules_out(each, finding, fields) for each in exact[line]):
                continue
            by_line[line].append(finding)
        kept.append(finding)
    return kept


def _first_readings(fields: Sequence[TextField]) -> dict[int, int]:
    """By field, the first reading of its line; only lines with several readings."""
    lines: dict[int, int] = {}
    first: int | None = None
    for index, field in enumerate(fields):
        if field.name not in _IN_PICTURES or not field.another:
            first = index if field.name in _IN_PICTURES else None
        elif first is not None:
            lines[first] = lines[index] = first
    return lines


def _weakness(finding: TextFinding) -> tuple[bool, bool, float, int]:
    return finding.kind is Kind.PERSON_NAME, finding.doubtful, -finding.score, finding.field_index


def _is_exact(finding: TextFinding) -> bool:
    return (
        finding.kind is Kind.PUPIL_NAME
        and not finding.doubtful
        and not any("misread" in ground for ground in finding.evidence)
    )


def _says_the_same(surer: TextFinding, finding: TextFinding, fields: Sequence[TextField]) -> bool:
    if surer.field_index == finding.field_index or not _at_one_place(surer, finding, fields):
        return False
    if finding.kind is Kind.PERSON_NAME:
        return surer.kind in _NAMES
    return surer.kind is finding.kind and (
        finding.kind is not Kind.PUPIL_NAME or bool({*surer.pupils} & {*finding.pupils})
    )


def _rules_out(exact: TextFinding, finding: TextFinding, fields: Sequence[TextField]) -> bool:
    """Whether the first reading spells somebody else where a further one makes out this name."""
    if finding.kind not in _NAMES or exact.field_index == finding.field_index:
        return False
    return not {*exact.pupils} & {*finding.pupils} and _at_one_place(exact, finding, fields)


def _at_one_place(one: TextFinding, other: TextFinding, fields: Sequence[TextField]) -> bool:
    """Whether two stretches overlap, each measured along its own reading."""
    (a, b), (c, d) = (
        (each.start / len(fields[each.field_index].text), each.end / len(fields[each.field_index].text))
        for each in (one, other)
    )
    return min(b, d) - max(a, c) > 0.3 * min(b - a, d - c)
