"""Whom the rows of an import are about: people of the register, or new ones. In doubt nobody is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from consent.facts import Role
from consent.models import Person
from consent.rows import ParsedRow, RowPerson

DETAILS = tuple(field.name for field in fields(RowPerson) if field.name != "role")
WRITE_IDS = "Write the UPN or the admission number on every line of both."


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the register that is to hold another value."""

    row: Any
    field: str
    value: Any


class People:
    """The register's people and those an import adds, found by UPN, admission number, or name and class."""

    def __init__(self, school_id: str, people: Iterable[Person], rows: Sequence[ParsedRow]) -> None:
        self.new: list[Person] = []
        self.changes: list[Change] = []
        self.seen: set[str] = set()  # ids of the people the file speaks of
        self._school_id = school_id
        self._by_upn: dict[str, Person] = {}
        self._by_admission: dict[str, Person] = {}
        self._by_name: dict[tuple[Role, str, str], list[Person]] = defaultdict(list)
        self._first_line: dict[str, int] = {}  # of people the file adds
        self._stated: dict[tuple[str, str], tuple[object, int]] = {}
        self._with_ids: dict[tuple[Role, str, str], int] = {}
        for person in people:
            self._index(person)
        for row in rows:
            if row.person and (row.person.upn or row.person.admission_number):
                self._with_ids.setdefault(_name_of(row.person), row.line)

    def resolve(self, row: RowPerson, line: int) -> tuple[Person | None, list[str]]:
        """The person, and what is wrong; None where the row could be about more than one person."""
        person, problem = self._find(row)
        if problem:
            return None, [problem]
        if person is None:
            person = self._create(row, line)
        self.seen.add(person.id)
        return person, self._take_over(person, row, line)

    def is_new(self, person: Person) -> bool:
        return person.id in self._first_line

    def _find(self, row: RowPerson) -> tuple[Person | None, str]:
        if not row.upn and not row.admission_number:
            return self._find_by_name(row)
        by_upn = self._by_upn.get(row.upn) if row.upn else None
        by_admission = self._by_admission.get(row.admission_number) if row.admission_number else None
        if by_upn and by_admission and by_upn is not by_admission:
            return None, "The UPN and the admission number belong to two different people."
        found = by_upn or by_admission
        if found is None:
            return self._find_without_ids(row)
        for own, written, what in (
            (found.upn, row.upn, "UPN"),
            (found.admission_number, row.admission_number, "admission number"),
        ):
            if own and written and own != written:
                return None, f"{found.full_name} has another {what}, {own}. Check which one is right."
        if _fold(found.given) != _fold(row.given) and _fold(found.family) != _fold(row.family):
            return None, f"This UPN or admission number belongs to {found.full_name}. Check the line."
        if found.role is not row.role:
            return None, f"{found.full_name} is registered as {found.role}. Check the role."
        return found, ""

    def _find_without_ids(self, row: RowPerson) -> tuple[Person | None, str]:
        """Nobody has this UPN or admission number yet: a new person, unless it may be somebody known by name only."""
        for known in self._by_name[_name_of(row)]:
            differs = (row.upn and known.upn) or (row.admission_number and known.admission_number)
            if differs:
                continue  # another number of the same kind: another person of the same name
            nameless = not known.upn and not known.admission_number
            if nameless and _same_class(known, row):
                return known, ""
            return None, self._twins(known)
        return None, ""

    def _find_by_name(self, row: RowPerson) -> tuple[Person | None, str]:
        if (line := self._with_ids.get(_name_of(row))) is not None:
            return None, (
                f"Line {line} has a UPN or admission number for {row.name} and this line has none: it may be another "
                f"person of the same name. {WRITE_IDS}"
            )
        known = self._by_name[_name_of(row)]
        if len(known) > 1:
            return None, f"{len(known)} people in the register are called {row.name}. {WRITE_IDS}"
        if known and not _same_class(known[0], row):
            return None, self._twins(known[0])
        return (known[0] if known else None), ""

    def _twins(self, known: Person) -> str:
        line = self._first_line.get(known.id)
        where = f"on line {line}" if line else "in the register"
        class_name = f" ({known.class_name})" if known.class_name else ""
        return f"{known.full_name}{class_name} {where} may be the same person or another of the same name. {WRITE_IDS}"

    def _create(self, row: RowPerson, line: int) -> Person:
        person = Person(
            school_id=self._school_id,
            role=row.role,
            given=row.given,
            family=row.family,
            known_as=row.known_as,
            other_names=row.other_names,
            title=row.title,
            upn=row.upn,
            admission_number=row.admission_number,
            year=row.year,
            class_name=row.class_name,
            leaving_date=row.leaving_date,
            never_publish=bool(row.never_publish),
        )
        self.new.append(person)
        self._first_line[person.id] = line
        self._index(person)
        return person

    def _take_over(self, person: Person, row: RowPerson, line: int) -> list[str]:
        """What the row says of the person; two lines that say different things are both wrong."""
        problems = []
        if row.never_publish is False and person.never_publish:
            problems.append("The register says: never publish. Only the safeguarding lead lifts that; leave it blank.")
        for field in DETAILS:
            value = getattr(row, field)
            if value in (None, ""):
                continue
            said, on = self._stated.setdefault((person.id, field), (value, line))
            if _fold(str(said)) != _fold(str(value)):
                problems.append(f"{field.removesuffix('_name')} is {value} here and {said} on line {on}.")
            elif on == line and getattr(person, field) != value:
                self._set(person, field, value)
        return problems

    def _set(self, person: Person, field: str, value: object) -> None:
        if self.is_new(person):
            setattr(person, field, value)
        else:
            self.changes.append(Change(person, field, value))
        if field in {"upn", "admission_number"}:
            (self._by_upn if field == "upn" else self._by_admission)[str(value)] = person

    def _index(self, person: Person) -> None:
        if person.upn:
            self._by_upn[person.upn] = person
        if person.admission_number:
            self._by_admission[person.admission_number] = person
        self._by_name[(person.role, _fold(person.given), _fold(person.family))].append(person)


def _name_of(row: RowPerson) -> tuple[Role, str, str]:
    return (row.role, _fold(row.given), _fold(row.family))


def _same_class(known: Person, row: RowPerson) -> bool:
    return (_fold(known.class_name), _fold(known.year)) == (_fold(row.class_name), _fold(row.year))


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
