"""The draft's fields as passages to read: each field by itself, the lines read in one picture together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from captions.findings import FieldName, Kind, TextField, TextFinding
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
    """Text read in one go, and the fields it was put together from (index, where it begins in the passage)."""

    reading: Reading
    parts: tuple[tuple[int, int], ...]
    picture: int | None

    def findings(self, found: Found, fields: Sequence[TextField]) -> Iterator[TextFinding]:
        """The finding as the caller knows it: one for each field it touches, offsets in that field's text."""
        starts = [start for _, start in self.parts]
        first = bisect_right(starts, found.start) - 1
        for index, begins in self.parts[first:]:
            if begins >= found.end:
                break
            length = len(fields[index].text)
            start, end = max(found.start - begins, 0), min(found.end - begins, length)
            if start < end:
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


def passages(fields: Sequence[TextField], limit: int) -> Iterator[Passage]:
    """Every field's text, at most `limit` characters of each; OCR lines of a picture are joined in their order."""
    lines: dict[int | None, list[int]] = {}
    for index, text_field in enumerate(fields):
        if text_field.name is FieldName.OCR:
            lines.setdefault(text_field.picture, []).append(index)
        elif text_field.text:
            text = text_field.text[:limit]
            yield Passage(Reading.of(text_field.name, text), ((index, 0),), text_field.picture)
    for picture, indices in lines.items():
        yield _joined(fields, picture, indices, limit)


def _joined(fields: Sequence[TextField], picture: int | None, indices: list[int], limit: int) -> Passage:
    parts: list[tuple[int, int]] = []
    texts: list[str] = []
    at = 0
    for index in indices:
        text = fields[index].text[:limit]
        parts.append((index, at))
        texts.append(text)
        at += len(text) + 1
    return Passage(Reading.of(FieldName.OCR, "\n".join(texts)), tuple(parts), picture)
