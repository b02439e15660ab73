"""The same face for recognition as somebody else, and answers with everything taken out that must differ."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from consent.facts import Scope
from consent.models import Person
from consent.register import NewAnswer, Register
from tests.e2e.conftest import DECIDED_ON, ScriptedInspector, Site
from vision.findings import PictureFindings
from vision.inspection import InspectionRequest

# Every way in which a face may be not cleared; "unknown" is in no register, "twins" looks like two people of it.
NOT_CLEARED = ("none", "refused", "lapsed", "withdrawn", "never", "channel", "left", "twins")
ID = re.compile(r"\b[0-9a-f]{32}\b")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?")
CLOCK = re.compile(r"\b\d\d:\d\d\b")


def template_of(who: str) -> tuple[float, ...]:
    values = [0.0] * 128
    values[20 + NOT_CLEARED.index(who) if who in NOT_CLEARED else 110] = 1.0
    return tuple(values)


class Recast:
    """Looks as the scripted inspector does, save that the first face of each picture is this person's."""

    def __init__(self, inner: ScriptedInspector) -> None:
        self._inner = inner
        self.who = "unknown"

    def versions(self) -> dict[str, str]:
        return self._inner.versions()

    def inspect(self, content: bytes, request: InspectionRequest | None = None) -> PictureFindings:
        found = self._inner.inspect(content, request)
        first = [replace(face, template=face.template and template_of(self.who)) for face in found.faces[:1]]
        return replace(found, faces=(*first, *found.faces[1:]))


def recast(site: Site) -> Recast:
    """Fill the register with people whose faces are not cleared, and put the recasting inspector in its place."""
    with site.register() as register:
        for who in NOT_CLEARED:
            _add(register, site.service.school_id, who)
        near = [0.0] * 128
        near[20 + NOT_CLEARED.index("twins")], near[120] = 0.99999, 0.0045
        _add(register, site.service.school_id, "twins", "other-twin", tuple(near))
    caster = Recast(site.inspector)
    site.inspector = caster  # type: ignore[assignment]  # the same interface
    return caster


def _add(
    register: Register, school_id: str, who: str, person_id: str = "", template: tuple[float, ...] | None = None
) -> None:
    person = Person(id=person_id or who, school_id=school_id, given="Al", family=f"Q{(person_id or who).title()}")
    person.never_publish = who == "never"
    person.leaving_date = date(2026, 10, 1) if who == "left" else None
    register.add_person(person)
    mother = register.add_guardian(person.id, "Mrs Q", "mother", parental_responsibility=True)
    yes = NewAnswer(granted=True, decided_on=DECIDED_ON, guardian_id=mother.id)
    if who == "channel":
        register.record_consent(person.id, Scope.NEWSLETTER, yes)
    elif who == "refused":
        register.record_consent(person.id, Scope.WEBSITE, replace(yes, granted=False))
    elif who == "lapsed":
        register.record_consent(person.id, Scope.WEBSITE, replace(yes, until=DECIDED_ON + timedelta(days=1)))
    elif who != "none":
        given = register.record_consent(person.id, Scope.WEBSITE, yes)
        if who == "withdrawn":
            register.withdraw(given.id, DECIDED_ON + timedelta(days=2))
    register.record_recognition(person.id, yes)
    for _ in range(3 if who == "refused" else 1):  # the threshold depends on how many there are
        register.add_reference(
            person.id, template or template_of(who), quality=1.0, taken_on=DECIDED_ON, day=DECIDED_ON
        )


def masked(text: str) -> str:
    return CLOCK.sub("CLOCK", TIME.sub("TIME", ID.sub("ID", text)))


def canonical(body: Any, headers: Mapping[str, str], status: int) -> str:
    """Status, headers and body as one text, with ids and times masked; keys keep the order in which they came."""
    return masked(json.dumps([status, sorted(headers.items()), body], ensure_ascii=False))
