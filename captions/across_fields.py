"""Names split over fields: the first name in the caption, the surname in the file name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from captions.findings import FieldName, Kind
from captions.matching import How
from captions.mentions import Basis
from captions.naming import Judged
from captions.passages import Passage

_WHY = "is one half of a pupil's name; the other half stands in another field of this draft."


def joined_over_fields(read: Iterable[tuple[Passage, list[Judged]]]) -> Iterator[tuple[Passage, list[Judged]]]:
    """The passages with halves of one pupil's name flagged, where each alone would have been let through as a word.

    The other half must have been flagged already, and this one be no lower-case word of a sentence.
    """
    passages = list(read)
    halves: dict[int, dict[bool, set[int]]] = defaultdict(lambda: {True: set(), False: set()})
    for number, (_, judged) in enumerate(passages):
        for item in judged:
            half = item.mention.basis in (Basis.GIVEN, Basis.FAMILY) and item.mention.how is not How.SLIP
            for person in item.mention.people if half and item.flags else ():
                halves[person][item.mention.basis is Basis.GIVEN].add(number)
    for number, (passage, judged) in enumerate(passages):
        yield passage, [_joined(passage, item, halves, number) for item in judged]


def _joined(passage: Passage, item: Judged, halves: dict[int, dict[bool, set[int]]], number: int) -> Judged:
    if item.flags or not item.open or item.mention.basis not in (Basis.GIVEN, Basis.FAMILY):
        return item
    reading, mention = passage.reading, item.mention
    written = reading.folded.text[mention.start]
    in_text = reading.field in (FieldName.CAPTION, FieldName.ALT)
    if written.islower() and in_text and reading.has_capitals:
        return item
    other_half = mention.basis is not Basis.GIVEN
    people = tuple(p for p in mention.people if p in halves and halves[p][other_half] - {number})
    if not people:
        return item
    start, end = reading.span(mention.start, mention.end)
    why = f"'{reading.text[start:end]}' {_WHY}"
    return Judged(
        replace(mention, people=people), Kind.PUPIL_NAME, 0.7, why, evidence=("the other half in another field",)
    )
