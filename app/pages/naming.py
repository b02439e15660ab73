"""Whom a teacher may name on a result page: everybody at the school, told apart, whatever anybody consented to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.answers import Answer, AnswerKind
from app.errors import BadForm
from consent.facts import Role
from consent.models import Person


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who can be named. `label` is nobody else's: "Ben Marsh, Willow"; `called` what they go by, folded."""

    person_id: str
    label: str
    called: frozenset[str]
    here: bool  # has not left the school


def choices(people: Sequence[Person], day: date) -> tuple[Choice, ...]:
    """Everybody of the register in the given order, leavers too: somebody may have been named before they left."""
    labels = _told_apart(people)
    return tuple(
        Choice(
            person.id,
            label,
            frozenset(_folded(f"{first} {person.family}") for first in _firsts(person)),
            here=person.leaving_date is None or person.leaving_date >= day,
        )
        for person, label in zip(people, labels, strict=True)
    )


def _firsts(person: Person) -> list[str]:
    names = [person.given, person.known_as, person.title, f"{person.title} {person.known_as or person.given}"]
    return [name for name in names if name.strip()]


def _told_apart(people: Sequence[Person]) -> list[str]:
    """A label for each: name and class, and where that is not enough year, admission number, or a running number."""
    labels = [_label(person, person.class_name or person.year) for person in people]
    finer: tuple[Callable[[Person], str], ...] = (
        lambda person: person.year if person.class_name else "",
        lambda person: person.admission_number or "",
    )
    for more in finer:
        twice = {label for label, times in Counter(map(_folded, labels)).items() if times > 1}
        labels = [
            f"{label}, {more(person)}" if _folded(label) in twice and more(person) else label
            for person, label in zip(people, labels, strict=True)
        ]
    seen: Counter[str] = Counter()
    told = []
    for label in labels:
        seen[_folded(label)] += 1
        times = seen[_folded(label)]
        told.append(label if times == 1 else f"{label} ({times})")
    return told


def _label(person: Person, place: str) -> str:
    if person.role is Role.STAFF:
        title = f"{person.title} " if person.title else ""
        return f"{title}{person.full_name}, staff"
    return f"{person.full_name}, {place}" if place else person.full_name


def person_called(text: str, known: Sequence[Choice], where: str) -> str:
    """The id of the one person whom the text names, as the list has it or by name alone; BadForm where that is nobody.

    What it says is the same whether or not anybody consented to anything. `where` is the face that is named.
    """
    wanted = _folded(text)
    here = [choice for choice in known if choice.here]
    found = [choice for choice in here if _folded(choice.label) == wanted]
    found = found or [choice for choice in here if wanted in choice.called]
    if len(found) == 1:
        return found[0].person_id
    shown = " ".join(text.split())[:80]
    if found:
        raise BadForm(f"For {where}: {len(found)} people are called “{shown}”. Choose one of them from the list.")
    raise BadForm(f"For {where}: nobody at the school is called “{shown}”. Choose somebody from the list.")


SAID = {
    AnswerKind.VISITOR: "An adult visitor who agreed",
    AnswerKind.NOT_A_FACE: "Not a face",
    AnswerKind.MISSED: "Marked by hand",
}


def said_words(answer: Answer, known: Sequence[Choice]) -> str:
    """ "Ben Marsh, Willow, said by R. Patel." """
    if answer.kind is AnswerKind.PERSON:
        labels = (choice.label for choice in known if choice.person_id == answer.person_id)
        what = next(labels, "Somebody who is no longer in the register")
    else:
        what = SAID[answer.kind]
    return f"{what}, said by {answer.by}."


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
