"""Who each face of a picture is, once what recognition found and what a person said are put together: pure.

A person's answer settles what recognition left open; it never overrules what recognition found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.answers import Answer, AnswerKind
from vision.findings import Box
from vision.matching import Identification, Outcome

SAME_PLACE = 0.5  # intersection over union from which two boxes are the same face
COVERED = 0.9  # share of a box that one cover must hide for nothing to be left to ask about


class State(StrEnum):
    PERSON = "person"  # this person, so the consent rules apply
    SETTLED = "settled"  # nobody to ask: an adult visitor who agreed, or no face at all
    OPEN = "open"  # nobody could tell and nobody said
    DOUBTFUL = "doubtful"  # it may be no face at all, and nobody said
    AMBIGUOUS = "ambiguous"  # it looks like several people, and nobody said which
    CONTRADICTED = "contradicted"  # what was said does not fit what was found


@dataclass(frozen=True, slots=True)
class Settled:
    """How one face stands; `person_id` is set for PERSON alone."""

    state: State
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedFace:
    """One face of a picture by its number (from 1): the found ones, then those that a person drew.

    `found` is its index among the found faces, None where a person drew it.
    """

    number: int
    box: Box
    found: int | None
    answer: Answer | None


def settle(match: Identification | None, answer: Answer | None, *, doubtful: bool = False) -> Settled:
    """What recognition found (None where it could not, or may not, look) and what a person said, put together."""
    outcome = match.outcome if match else Outcome.UNKNOWN
    candidates = [each.subject_id for each in match.candidates] if match else []
    if outcome is Outcome.IDENTIFIED:
        agreed = answer is None or answer.person_id == candidates[0]
        return Settled(State.PERSON, candidates[0]) if agreed else Settled(State.CONTRADICTED)
    if answer is None or answer.kind is AnswerKind.MISSED:
        if doubtful:
            return Settled(State.DOUBTFUL)
        return Settled(State.AMBIGUOUS if outcome is Outcome.AMBIGUOUS else State.OPEN)
    if outcome is Outcome.AMBIGUOUS and answer.person_id not in candidates:
        return Settled(State.CONTRADICTED)
    if answer.kind is AnswerKind.PERSON:
        return Settled(State.PERSON, answer.person_id)
    return Settled(State.SETTLED)


def place(found: Sequence[Box], answers: Sequence[Answer], covers: Sequence[Box]) -> tuple[PlacedFace, ...]:
    """The faces of a picture, each with the answer that belongs to it.

    An answer belongs to the found face with which its box overlaps best, one to one. One that fits no found face stands
    for a further face that a person drew, unless it says that there is none, or a cover hides the place. A face that
    was drawn as missed is always a further one: what was found is no answer to what was missed.
    """
    about = _matched(found, answers)
    placed = [PlacedFace(at + 1, box, at, about.get(at)) for at, box in enumerate(found)]
    taken = [id(answer) for answer in about.values()]
    for answer in answers:
        if id(answer) in taken or answer.kind is AnswerKind.NOT_A_FACE or is_covered(answer.box, covers):
            continue
        placed.append(PlacedFace(len(placed) + 1, answer.box, None, answer))
    return tuple(placed)


def _matched(found: Sequence[Box], answers: Sequence[Answer]) -> dict[int, Answer]:
    """The answer that belongs to each found face, by its index; of two that fit equally well the later one."""
    pairs = [
        (fit, order, at)
        for order, answer in enumerate(answers)
        if answer.kind is not AnswerKind.MISSED
        for at, box in enumerate(found)
        if (fit := overlap(box, answer.box)) >= SAME_PLACE
    ]
    matched: dict[int, int] = {}
    for _, order, at in sorted(pairs, reverse=True):
        if at not in matched and order not in matched.values():
            matched[at] = order
    return {at: answers[order] for at, order in matched.items()}


def same_place(box: Box, answers: Iterable[Answer]) -> Answer | None:
    """The answer about this place: the one whose box overlaps best with it, None where none is near enough."""
    best = max(answers, key=lambda each: overlap(box, each.box), default=None)
    return best if best is not None and overlap(box, best.box) >= SAME_PLACE else None


def is_covered(box: Box, covers: Iterable[Box]) -> bool:
    """Whether one of the covers hides so much of the box that nothing is left to ask about."""
    area = box.width * box.height
    return any(_shared(box, cover) >= COVERED * area for cover in covers)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0 to 1."""
    shared = _shared(one, other)
    return shared / (one.width * one.height + other.width * other.height - shared)


def _shared(one: Box, other: Box) -> int:
    """Pixels in both boxes."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(width, 0) * max(height, 0)
