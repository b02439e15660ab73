"""Names in two lines of a picture that stand together and do not follow each other: columns, names over two lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from captions.findings import FieldName, TextField
from captions.layout import BLOCK, LINE
from captions.mentions import Basis
from captions.naming import Judged, Naming
from captions.passages import Passage
from captions.reading import Reading

_HALVES = frozenset({Basis.GIVEN, Basis.FAMILY, Basis.NAMESAKE, Basis.STRANGER, Basis.PLURAL})
_WHOLE = frozenset({Basis.FULL, Basis.NEARLY_FULL})


@dataclass(frozen=True, slots=True)
class Together:
    """Pupils' names over neighbouring lines; `halves`: spans of mentions of the first passage that are told here."""

    passage: Passage
    names: tuple[Judged, ...]
    halves: frozenset[tuple[int, int]]


def standing_together(
    passage: Passage, judged: list[Judged], naming: Naming, fields: Sequence[TextField]
) -> Together | None:
    """Pairs of neighbours read together, of which one holds half a name; None where that makes no name."""
    pairs = list(_promising(passage, judged, fields))
    if not pairs:
        return None
    together = _paired(passage, pairs, fields)
    found: list[Judged] = []
    covered: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for item in naming.read(together.reading):
        places = _places(together, item, fields)
        if item.flags and item.mention.basis in _WHOLE and len(places) == 2:
            found.append(item)
            for index, start, end in places:
                covered[index].append((start, end))
    if not found:
        return None
    halves = (item.mention for item in judged if _is_half_of(passage, item, covered, fields))
    return Together(together, tuple(found), frozenset((each.start, each.end) for each in halves))


def _places(passage: Passage, item: Judged, fields: Sequence[TextField]) -> list[tuple[int, int, int]]:
    return list(passage.places(*passage.reading.span(item.mention.start, item.mention.end), fields))


def _promising(passage: Passage, judged: Iterable[Judged], fields: Sequence[TextField]) -> Iterator[tuple[int, int]]:
    if not passage.beside:
        return
    half: set[int] = set()
    whole: set[int] = set()
    for item in judged:
        lines = {index for index, _, _ in _places(passage, item, fields)}
        if item.mention.basis in _HALVES:
            half |= lines
        elif item.flags and item.mention.basis in _WHOLE:
            whole |= lines
    for pair in passage.beside:
        if not whole & {*pair} and half & {*pair}:
            yield pair


def _paired(passage: Passage, pairs: Iterable[tuple[int, int]], fields: Sequence[TextField]) -> Passage:
    text = ""
    parts: list[tuple[int, int]] = []
    for pair in pairs:
        for index, gap in zip(pair, (BLOCK if text else "", LINE), strict=True):
            text += gap
            parts.append((index, len(text)))
            text += fields[index].text
    reading = Reading.of(FieldName.OCR, text)
    return Passage(reading, tuple(parts), passage.picture, another=passage.another, only=passage.only)


def _is_half_of(
    passage: Passage, item: Judged, covered: dict[int, list[tuple[int, int]]], fields: Sequence[TextField]
) -> bool:
    return item.mention.basis in _HALVES and any(
        start < b and a < end for index, start, end in _places(passage, item, fields) for a, b in covered.get(index, ())
    )
