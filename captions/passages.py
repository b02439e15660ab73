"""The draft's fields as passages to read: each field by itself, the lines read in one picture together.

Lines of a picture stand in the order in which they are read on the page (see captions.layout). Where a line was read
in more than one way, each further reading is a passage of its own, with the lines around it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from captions.findings import FieldName, Kind, TextField, TextFinding
from captions.layout import BLOCK, arrange
from captions.reading import Reading


@dataclass(frozen=True, slots=True)
class Found:
    """One name or detail in a passage, as in TextFinding: `start` and `end` are in the passage's own text."""

    kind: Kind
    start: int
    end: int
    score: float
    why: str
    pupils: tuple[str, ...] = ()
    replacement: str | None = None
    recogniser: str = ""
    evidence: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Text read in one go, and the fields it was put together from (index, where it begins in the passage).

    `beside`: pairs of these fields that stand together in the picture and do not follow each other in the text.
    `another`: a further reading of lines of a passage before; `only` are the fields that are new in it.
    """

    reading: Reading
    parts: tuple[tuple[int, int], ...]
    picture: int | None
    beside: tuple[tuple[int, int], ...] = ()
    another: bool = False
    only: frozenset[int] = frozenset()

    def findings(self, found: Found, fields: Sequence[TextField]) -> Iterator[TextFinding]:
        """The finding as the caller knows it: one for each field it touches, offsets in that field's text."""
        for index, start, end in self.places(found.start, found.end, fields):
            if self.another and index not in self.only:
                continue
            yield TextFinding(
                index,
                found.kind,
                start,
                end,
                found.score,
                found.why,
                found.pupils,
                found.replacement,
                found.recogniser,
                found.evidence,
                found.doubtful,
            )

    def places(self, first: int, last: int, fields: Sequence[TextField]) -> Iterator[tuple[int, int, int]]:
        """Which fields a span of the passage's original text touches, and where in each."""
        at = bisect_right(self.parts, first, key=lambda part: part[1]) - 1
        for index, begins in islice(self.parts, max(at, 0), None):
            if begins >= last:
                break
            start, end = max(first - begins, 0), min(last - begins, len(fields[index].text))
            if start < end:
                yield index, start, end


def passages(fields: Sequence[TextField], limit: int) -> Iterator[Passage]:
    """Every field's text, at most `limit` characters of each; lines of hidden pictures are read as any lines are."""
    lines: dict[tuple[int | None, int | None], list[int]] = {}  # by picture, and hidden picture in it
    for index, text_field in enumerate(fields):
        if text_field.name is FieldName.OCR:
            lines.setdefault((text_field.picture, None), []).append(index)
        elif text_field.name is FieldName.HIDDEN:
            lines.setdefault((text_field.picture, text_field.part), []).append(index)
        elif text_field.text:
            text = text_field.text[:limit]
            yield Passage(Reading.of(text_field.name, text), ((index, 0),), text_field.picture)
    for (picture, _), indices in lines.items():
        yield from _of_picture(fields, picture, indices, limit)


def _of_picture(fields: Sequence[TextField], picture: int | None, indices: list[int], limit: int) -> Iterator[Passage]:
    first = [index for index in indices if not fields[index].another]
    layout = arrange(fields, first)
    yield _joined(fields, picture, layout.order, limit, beside=layout.beside)
    others = _other_readings(fields, indices)
    for turn in range(max(map(len, others.values()), default=0)):
        instead = {index: readings[turn] for index, readings in others.items() if len(readings) > turn}
        order = [(instead.get(index, index), gap) for index, gap in _around(layout.order, instead.keys())]
        pairs = ((instead.get(a, a), instead.get(b, b)) for a, b in layout.beside if a in instead or b in instead)
        yield _joined(fields, picture, order, limit, beside=tuple(pairs), only=frozenset(instead.values()))


def _other_readings(fields: Sequence[TextField], indices: list[int]) -> dict[int, list[int]]:
    """By a line's first reading, the further ones that stand after it."""
    others: dict[int, list[int]] = {}
    first = None
    for index in indices:
        if fields[index].another and first is not None:
            others.setdefault(first, []).append(index)
        elif not fields[index].another:
            first = index
    return others


def _around(order: Sequence[tuple[int, str]], wanted: Collection[int]) -> Iterator[tuple[int, str]]:
    """The wanted lines and the one before and after each, where no block ends between them."""
    size = len(order)
    kept = sorted({at + step for at, (index, _) in enumerate(order) if index in wanted for step in (-1, 0, 1)})
    last = None
    for at in kept:
        if 0 <= at < size:
            index, gap = order[at]
            yield index, gap if at - 1 == last else BLOCK
            last = at


def _joined(
    fields: Sequence[TextField],
    picture: int | None,
    order: Sequence[tuple[int, str]],
    limit: int,
    *,
    beside: tuple[tuple[int, int], ...] = (),
    only: frozenset[int] = frozenset(),
) -> Passage:
    parts: list[tuple[int, int]] = []
    texts: list[str] = []
    at = 0
    for number, (index, gap) in enumerate(order):
        before = gap if number else ""
        text = fields[index].text[:limit]
        parts.append((index, at + len(before)))
        texts.append(before + text)
        at += len(before) + len(text)
    return Passage(Reading.of(FieldName.OCR, "".join(texts)), tuple(parts), picture, beside, bool(only), only)
