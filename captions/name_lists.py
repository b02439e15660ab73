"""Class lists in pictures: many names at once are still a finding each, and each says that it is one of many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from captions.findings import FieldName, Kind, TextField, TextFinding
from captions.layout import BLOCK
from captions.passages import Passage

_LEAST = 5  # names that make a list
_SHARE = 0.6  # of the lines with words, at least, are names
_NAMES = (Kind.PUPIL_NAME, Kind.PERSON_NAME)


def said_to_be_lists(
    findings: Sequence[TextFinding], passages: Iterable[Passage], fields: Sequence[TextField]
) -> list[TextFinding]:
    """The findings, those in a list of names with how many there are."""
    named: dict[int, list[TextFinding]] = defaultdict(list)
    for finding in findings:
        if finding.kind in _NAMES:
            named[finding.field_index].append(finding)
    sizes: dict[int, int] = {}
    for passage in passages:
        for rows in _blocks(passage) if passage.reading.field is FieldName.OCR else ():
            size = _names_in(rows, named, fields)
            sizes.update((index, size) for row in rows for index in row if size)
    return [_one_of(finding, sizes.get(finding.field_index, 0)) for finding in findings]


def _blocks(passage: Passage) -> Iterable[list[list[int]]]:
    """The lines that stand together, row by row."""
    text = passage.reading.text
    block: list[list[int]] = []
    at = 0
    for index, begins in passage.parts:
        gap = text[max(0, begins - len(BLOCK)) : begins]
        if gap == BLOCK and block:
            yield block
            block = []
        if not block or "\n" in text[at:begins]:
            block.append([])
        block[-1].append(index)
        at = begins
    if block:
        yield block


def _names_in(rows: list[list[int]], named: dict[int, list[TextFinding]], fields: Sequence[TextField]) -> int:
    """How many names a block lists; 0 where it is no list."""
    if len(rows) < 2:
        return 0
    lines = sum(any(char.isalpha() for index in row for char in fields[index].text) for row in rows)
    people = [{finding.pupils[:1] for index in row for finding in named.get(index, ())} for row in rows]
    names = sum(map(len, people))
    return names if names >= _LEAST and sum(map(bool, people)) >= _SHARE * lines else 0


def _one_of(finding: TextFinding, size: int) -> TextFinding:
    if not size or finding.kind not in _NAMES:
        return finding
    ground = f"one of {size} names in a list"
    why = finding.why if finding.doubtful else f"{finding.why} It is {ground}."
    return replace(finding, why=why, evidence=(*finding.evidence, ground))
