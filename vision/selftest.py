"""How well a gallery tells its own people apart: each reference is searched for as if it were a new photo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from vision import thresholds
from vision.matching import Gallery, Outcome, Reference, identify


@dataclass(frozen=True, slots=True)
class Missed:
    """A reference by which its person is not found; `number` counts the person's references from 1.

    `taken_for` is somebody else whom it was identified as: the worst that can happen.
    """

    subject_id: str
    number: int
    outcome: Outcome
    taken_for: str | None = None


@dataclass(frozen=True, slots=True)
class ConfusablePair:
    """Two people whose templates lie nearer than `thresholds.CONFUSABLE`; `distance` is the chord."""

    one: str
    other: str
    distance: float


@dataclass(frozen=True, slots=True)
class SelfTest:
    """`tried` counts the references of people with two or more: one alone has nothing to be compared with."""

    tried: int
    missed: tuple[Missed, ...]
    pairs: tuple[ConfusablePair, ...]

    @property
    def found(self) -> int:
        return self.tried - len(self.missed)


def self_test(references: Sequence[Reference]) -> SelfTest:
    """Search for each reference in the gallery of all others, and for pairs of people who are hard to tell apart.

    The rates are of this gallery's own photos, which were taken on purpose: pictures of an afternoon are harder. Raises
    TemplateError.
    """
    gallery = Gallery.build(references)
    people: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        people[reference.subject_id].append(reference)
    tried, missed = 0, []
    for subject_id, mine in people.items():
        if len(mine) < 2:
            continue
        for at, left_out in enumerate(mine):
            tried += 1
            others = gallery.with_references(subject_id, mine[:at] + mine[at + 1 :])
            found = identify(left_out.template, others, left_out.model_id)
            who = found.candidates[0].subject_id if found.outcome is Outcome.IDENTIFIED else None
            if who != subject_id:
                missed.append(Missed(subject_id, at + 1, found.outcome, who))
    return SelfTest(tried, tuple(missed), _confusable_pairs(gallery))


def _confusable_pairs(gallery: Gallery) -> tuple[ConfusablePair, ...]:
    pairs = []
    for at, subject_id in enumerate(gallery.subject_ids):
        distances = gallery.distances(gallery.template(subject_id))
        for other in range(at + 1, len(gallery)):
            if distances[other] <= thresholds.CONFUSABLE:
                pairs.append(ConfusablePair(subject_id, gallery.subject_ids[other], float(distances[other])))
    return tuple(sorted(pairs, key=lambda pair: pair.distance))
