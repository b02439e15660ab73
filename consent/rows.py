"""One row of an import, read strictly: exact words, real dates, and never a yes that is not written down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from consent.csvfile import CsvRow
from consent.facts import Role, Scope

REQUIRED = (
    "upn",
    "admission_number",
    "legal_forename",
    "legal_surname",
    "preferred_forename",
    "year",
    "class",
    "scope",
    "decision",
    "named_ok",
    "decided_by",
    "relationship",
    "has_pr",
    "decided_on",
    "evidence_ref",
    "expires_on",
    "source",
)
OPTIONAL = ("role", "title", "other_names", "leaving_date", "never_publish", "starts_on", "form_version")
RECOGNITION = "recognition"  # in the scope column: consent to face recognition
SELF = "self"  # in the relationship column: the pupil or member of staff themself
NOT_RECORDED = "(not recorded)"  # who said no where the row does not say: a no counts all the same
FIRST_YEAR, LAST_YEAR = 1990, 2100
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


class Decided(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class RowPerson:
    """Whom the row is about; what is blank is "" or None and changes nothing."""

    role: Role
    given: str
    family: str
    known_as: str
    other_names: str
    title: str
    upn: str | None
    admission_number: str | None
    year: str
    class_name: str
    leaving_date: date | None
    never_publish: bool | None

    @property
    def name(self) -> str:
        return f"{self.known_as or self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """One answer. `scope` None: about face recognition; `giver` None: by the person themself; `decided_on` None: a no
    without a date, which counts from today."""

    scope: Scope | None
    decided: Decided
    giver: str | None
    relationship: str
    has_pr: bool | None
    decided_on: date | None
    starts_on: date | None
    until: date | None
    named_ok: bool
    evidence_ref: str
    form_version: str
    source: str


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """`errors` stop the whole import; `doubts` say why an answer is left out, which means no consent."""

    line: int
    person: RowPerson | None
    answer: RowAnswer | None
    errors: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class _Reader:
    """The cells of one row, and what is wrong with them."""

    def __init__(self, cells: dict[str, str], today: date) -> None:
        self.cells = cells
        self.today = today
        self.errors: list[str] = []
        self.doubts: list[str] = []

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def yes_or_no(self, column: str) -> bool | None:
        word = self.text(column).casefold()
        if word not in {"yes", "no", ""}:
            self.errors.append(f"{column} must be yes, no or blank, and is {self.text(column)!r}.")
        return {"yes": True, "no": False}.get(word)

    def day(self, column: str, *, past: bool = False) -> date | None:
        written = self.text(column)
        if not written:
            return None
        day = parse_day(written)
        if day is None:
            self.errors.append(f"{column} must be a date such as 2026-09-01 or 01/09/2026, and is {written!r}.")
        elif past and day > self.today:
            self.errors.append(f"{column} is {written}, a day that has not come yet.")
        return day


def parse_day(written: str) -> date | None:
    """The day that is written as 2026-09-01 or 1/9/2026 (day first), or None."""
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", written, re.ASCII):
        year, month, day = found.groups()
    elif found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", written, re.ASCII):
        day, month, year = found.groups()
    else:
        return None
    try:
        parsed = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return parsed if FIRST_YEAR <= parsed.year <= LAST_YEAR else None


def upn_is_valid(upn: str) -> bool:
    """Form and check letter: positions 2 to 13 weighted by position, modulo 23 (DfE; the last may be a letter)."""
    if not re.fullmatch(rf"[{UPN_LETTERS}]\d{{11}}[\d{UPN_LETTERS}]", upn, re.ASCII):
        return False
    values = [int(mark) if mark.isdigit() else UPN_LETTERS.index(mark) for mark in upn[1:]]
    return UPN_LETTERS[sum(place * value for place, value in enumerate(values, start=2)) % 23] == upn[0]


def parse_row(row: CsvRow, today: date) -> ParsedRow:
    """The row's person and answer, with everything that is wrong with it."""
    if row.problem:
        return ParsedRow(row.line, None, None, (row.problem,))
    reader = _Reader(row.cells, today)
    person = _person(reader)
    answer = _answer(reader, person.role)
    return ParsedRow(row.line, person, None if reader.doubts else answer, tuple(reader.errors), tuple(reader.doubts))


def _person(reader: _Reader) -> RowPerson:
    word = reader.text("role").casefold()
    if word not in {"", *Role}:
        reader.errors.append(f"role must be pupil, staff or blank (pupil), and is {reader.text('role')!r}.")
    role = Role.STAFF if word == Role.STAFF else Role.PUPIL
    upn = reader.text("upn").upper() or None
    if upn and role is Role.STAFF:
        reader.errors.append("A member of staff has no UPN.")
    elif upn and not upn_is_valid(upn):
        reader.errors.append(f"The UPN {upn} is mistyped: it should be 13 characters with the right check letter.")
    for column in ("legal_forename", "legal_surname"):
        if not reader.text(column):
            reader.errors.append(f"{column} is blank.")
    return RowPerson(
        role=role,
        given=reader.text("legal_forename"),
        family=reader.text("legal_surname"),
        known_as=reader.text("preferred_forename"),
        other_names=reader.text("other_names"),
        title=reader.text("title"),
        upn=upn,
        admission_number=reader.text("admission_number") or None,
        year=f"Year {year}" if (year := reader.text("year")).isdecimal() else year,
        class_name=reader.text("class"),
        leaving_date=reader.day("leaving_date"),
        never_publish=reader.yes_or_no("never_publish"),
    )


def _answer(reader: _Reader, role: Role) -> RowAnswer | None:
    scope = reader.text("scope").casefold()
    word = reader.text("decision").casefold()
    if scope not in {"", RECOGNITION, *Scope}:
        known = ", ".join([*Scope, RECOGNITION])
        reader.errors.append(f"The scope {reader.text('scope')!r} is not known. Known are: {known}.")
        return None
    if not word:
        reader.doubts.append("No decision is written down. That is no consent.")
        return None
    if word not in set(Decided):
        reader.errors.append(f"decision must be granted, refused or withdrawn, and is {reader.text('decision')!r}.")
        return None
    if not scope:
        reader.errors.append("There is a decision but no scope: say what it is about.")
        return None
    by_self, giver = _giver(reader, role)
    decided = Decided(word)
    decided_on = reader.day("decided_on", past=True)
    starts_on = reader.day("starts_on")
    until = reader.day("expires_on")
    if until and until < max(filter(None, (decided_on, starts_on)), default=until):
        reader.errors.append("expires_on lies before the answer begins.")
    if decided is Decided.GRANTED:
        if not decided_on and not reader.text("decided_on"):
            reader.doubts.append("The day of the consent is not written down, so it is left out. That is no consent.")
        if not by_self and not giver:
            reader.doubts.append("Nobody is named as having consented, so it is left out. That is no consent.")
    return RowAnswer(
        scope=None if scope == RECOGNITION else Scope(scope),
        decided=decided,
        giver=None if by_self else giver or NOT_RECORDED,
        relationship="" if by_self else reader.text("relationship"),
        has_pr=reader.yes_or_no("has_pr"),
        decided_on=decided_on,
        starts_on=starts_on,
        until=until,
        named_ok=bool(reader.yes_or_no("named_ok")),
        evidence_ref=reader.text("evidence_ref"),
        form_version=reader.text("form_version"),
        source=reader.text("source"),
    )


def _giver(reader: _Reader, role: Role) -> tuple[bool, str]:
    """Whether the person answers for themself, and else who does."""
    relationship = reader.text("relationship").casefold()
    if role is Role.STAFF and relationship not in {"", SELF}:
        reader.errors.append("A member of staff answers for themself: relationship must be self or blank.")
    return relationship == SELF or role is Role.STAFF, reader.text("decided_by")
