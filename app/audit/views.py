"""The page of the trail as plain data. Names are looked up when it is shown, and are kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session, col, select

from app.actors import Actor
from app.audit.fields import is_actor, is_id
from app.audit.tables import AuditEvent
from app.audit.tags import GROUPS, AuditTag
from app.audit.trail import Filters
from app.audit.verifying import Report
from app.audit.words import GROUP_WORDS, entry_words
from app.errors import BadForm
from app.keys.pages import names_of
from app.models import Draft
from app.pages.words import count, moment_words
from consent.models import Person

SYSTEM = "Gatepost"
OF_PEOPLE = frozenset({*GROUPS["register"]} - {AuditTag.REGISTER_VIEWED, AuditTag.IMPORT_APPLIED})
OF_DRAFTS = frozenset(GROUPS["drafts"])


@dataclass(frozen=True, slots=True)
class Line:
    """One entry; `href` leads to what it is about, where there is such a page."""

    number: int
    words: str
    more: str
    moment: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What those who look at the page may be told: names of accounts and keys, and pupils' names to the lead alone."""

    actors: Mapping[str, str]
    people: Mapping[str, str]
    drafts: frozenset[str]

    def who(self, ref: str) -> str:
        return SYSTEM if ref == "system" else self.actors.get(ref, "somebody whose account is gone")

    def about(self, tag: str, subject: str) -> str:
        if tag in OF_PEOPLE:
            return self.people.get(subject, "a person in the register")
        for kind in ("account", "key"):
            if found := self.actors.get(f"{kind}:{subject}"):
                return found
        return "somebody"


def names_for(session: Session, actor: Actor, entries: Sequence[AuditEvent]) -> Names:
    """The names that these entries need, as far as the actor may read them."""
    subjects = {entry.subject for entry in entries if entry.tag in OF_PEOPLE}
    people: dict[str, str] = {}
    if actor.reads_register and subjects:
        mine = select(Person).where(Person.school_id == actor.school_id, col(Person.id).in_(subjects))
        people = {person.id: person.full_name for person in session.exec(mine)}
    drafts = {entry.subject for entry in entries if entry.tag in OF_DRAFTS}
    there = select(Draft.id).where(Draft.school_id == actor.school_id, col(Draft.id).in_(drafts))
    return Names(names_of(session, actor.school_id), people, frozenset(session.exec(there)))


def line_of(entry: AuditEvent, names: Names, today: date, *, opens_drafts: bool) -> Line:
    who, about = names.who(entry.actor), names.about(entry.tag, entry.subject)
    words, more = entry_words(entry.tag, entry.details, who, about)
    href = f"/drafts/{entry.subject}" if opens_drafts and entry.subject in names.drafts else ""
    return Line(entry.sequence, words, more, moment_words(entry.happened_at, today), href)


def filters_of(asked: Mapping[str, str]) -> Filters:
    """The filters of a form or an address; BadForm where one cannot be read."""
    group, actor, subject = (asked.get(name, "").strip() for name in ("group", "actor", "subject"))
    if group and group not in GROUPS:
        raise BadForm("There is no such kind of entry. Choose one from the list.")
    if actor and not is_actor(actor):
        raise BadForm("Choose who did it from the list.")
    if subject and not is_id(subject):
        raise BadForm("What it is about is an id: letters, digits, hyphens.")
    first, last = (_day(asked.get(name, "")) for name in ("from", "to"))
    if first and last and first > last:
        raise BadForm("The first day is after the last. Exchange them.")
    return Filters(group=group, first_day=first, last_day=last, actor=actor, subject=subject)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise BadForm(f"'{text[:20]}' is no day. Write it as 2027-07-31.") from None
    if not 1970 <= day.year <= 9000:
        raise BadForm(f"'{text[:20]}' is no day that the trail could know.")
    return day


def before_of(text: str) -> int | None:
    """Where the page begins; BadForm where that is no number."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadForm("This address is not complete. Open the audit trail again.")
    return int(text)


def older_address(filters: Filters, before: int | None) -> str:
    """The address of the next page; empty where there is none."""
    return "" if before is None else f"/audit?{urlencode({**as_fields(filters), 'before': str(before)})}"


def as_fields(filters: Filters) -> dict[str, str]:
    """The filters as the form sends them, without those that are empty."""
    fields: dict[str, Any] = {
        "group": filters.group,
        "from": filters.first_day,
        "to": filters.last_day,
        "actor": filters.actor,
        "subject": filters.subject,
    }
    return {name: str(value) for name, value in fields.items() if value}


def actor_choices(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Who may have done something, as value and words, by name."""
    return [("system", SYSTEM), *sorted(names, key=lambda each: each[1].casefold())]


def group_choices() -> list[tuple[str, str]]:
    return list(GROUP_WORDS.items())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the trail found, for the page."""

    tone: str
    words: str
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def verdict_of(report: Report) -> Verdict:
    notes = (*report.unchecked, *report.notes)
    checked = count(report.entries, "entry", "entries")
    if report.findings:
        words = (
            "The trail is not as it was written. Tell whoever looks after the machine, and keep everything as it is."
        )
        return Verdict("stop", words, tuple(finding.words for finding in report.findings), notes)
    if report.unchecked:
        return Verdict("mend", "The trail could not be checked completely.", (), notes)
    return Verdict("clear", f"The trail verifies: {checked} and {count(report.checkpoints, 'checkpoint')}.", (), notes)
