"""The register's page as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.pages.words import SCOPES, STANDINGS, Verbatim, day_words
from consent.facts import Role, Scope, Standing
from consent.snapshots import ListingRow


@dataclass(frozen=True, slots=True)
class Answer:
    """How one person stands to one thing: the words, and the shape drawn beside them."""

    label: str
    words: str
    shape: str  # "yes", "no", "none"


@dataclass(frozen=True, slots=True)
class PersonView:
    id: str
    name: str
    note: str
    answers: tuple[Answer, ...]
    recognition: Answer
    references: str


@dataclass(frozen=True, slots=True)
class ClassView:
    key: str
    title: str
    people: tuple[PersonView, ...]


@dataclass(frozen=True, slots=True)
class RegisterView:
    query: Verbatim  # for the field
    query_shown: str
    total: int
    shown: int
    day: str
    scopes: tuple[str, ...]
    classes: tuple[ClassView, ...]


SHAPES = {Standing.GIVEN: "yes", Standing.NONE: "none", Standing.OTHER_CHANNEL: "none"}


def register_view(rows: Sequence[ListingRow], query: str, day: str) -> RegisterView:
    """Pupils by class, then staff; `query` keeps those whose name, class or year holds all its words."""
    wanted = query.casefold().split()
    kept = [row for row in rows if all(word in _searched(row) for word in wanted)]
    return RegisterView(
        query=Verbatim(query),
        query_shown=query,
        total=len(rows),
        shown=len(kept),
        day=day,
        scopes=tuple(SCOPES.values()),
        classes=tuple(_classes(kept)),
    )


def _searched(row: ListingRow) -> str:
    role = "staff" if row.role is Role.STAFF else "pupil"
    return f"{row.name} {row.class_name} {row.year} {role}".casefold()


def _classes(rows: Iterable[ListingRow]) -> list[ClassView]:
    groups: dict[tuple[bool, str, str], list[ListingRow]] = {}
    for row in rows:
        staff = row.role is Role.STAFF
        groups.setdefault((staff, "" if staff else row.year, "" if staff else row.class_name), []).append(row)
    return [
        ClassView(f"class-{at}", _title(*key), tuple(_person(row) for row in groups[key]))
        for at, key in enumerate(sorted(groups, key=_reading_order), start=1)
    ]


def _reading_order(key: tuple[bool, str, str]) -> tuple[object, ...]:
    """Staff last, and "Year 10" behind "Year 9"."""
    staff, year, class_name = key
    return (staff, *(re.sub(r"\d+", lambda digits: digits[0].zfill(4), part.casefold()) for part in (year, class_name)))


def _title(staff: bool, year: str, class_name: str) -> str:
    if staff:
        return "Staff"
    return ", ".join(part for part in (class_name, year) if part) or "No class"


def _person(row: ListingRow) -> PersonView:
    left = row.leaving_date
    return PersonView(
        id=row.person_id,
        name=row.name,
        note=f"Leaving date: {day_words(left)}" if left else "",
        answers=tuple(_answer(SCOPES[scope], row.standings[scope], scope in row.named) for scope in Scope),
        recognition=_answer("Face recognition", row.recognition),
        references=str(row.references),
    )


def _answer(label: str, standing: Standing, named: bool = False) -> Answer:
    words = STANDINGS[standing] + (", named too" if named else "")
    return Answer(label, words, SHAPES.get(standing, "no"))
