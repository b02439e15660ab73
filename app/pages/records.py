"""The register's pages: everybody, one person's record, and the whole of it as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app import audit, erasing
from app.actors import Actor, Role
from app.audit.exporting import safe_cell
from app.db import writing
from app.deps import ActorDep, ServiceDep
from app.errors import NotFound
from app.gate import GuardedRoute
from app.models import AuditTag
from app.pages.people import register_view
from app.pages.rendering import page
from app.pages.words import SCOPES, STANDINGS, day_words
from app.person_files import PersonFiles
from consent.errors import NotInRegister
from consent.exporting import export_csv
from consent.facts import Scope, Standing, judge, judge_recognition, named_ok, today
from consent.models import AnswerRow, Guardian, Person, PublicationConsent
from consent.register import Register

router = APIRouter(route_class=GuardedRoute)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer in words: what about, what, by whom, and until when."""

    about: str
    words: str
    by: str
    when: str


@router.get("/register")
def register(request: Request, service: ServiceDep, actor: ActorDep, q: str = "") -> Response:
    """Everybody, with how they stand today; that it was looked at is audited."""
    day = today()
    with writing(service.engine) as session:
        rows = Register(session, actor.school_id).listing(day)
        audit.record(session, actor.school_id, AuditTag.REGISTER_VIEWED, actor.school_id, actor=actor.ref)
    return page(request, "register.html", register=register_view(rows, " ".join(q.split())[:200], day_words(day)))


@router.post("/register/export")
def export(service: ServiceDep, actor: ActorDep) -> Response:
    """The register as CSV, as `gatepost import` reads it; who is never to be published is told to the lead alone."""
    with writing(service.engine) as session:
        known = Register(session, actor.school_id)
        text, people = export_csv(known, reveal_never_publish=actor.has_role(Role.LEAD), cell=safe_cell)
        tag = AuditTag.REGISTER_EXPORTED
        audit.record(session, actor.school_id, tag, actor.school_id, actor=actor.ref, rows=people)
    headers = {"Content-Disposition": f'attachment; filename="gatepost-register-{today():%Y-%m-%d}.csv"'}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/register/{person_id}")
def record(person_id: str, request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    """One person's record; every look at it is audited."""
    day = today()
    with writing(service.engine) as session:
        known = Register(session, actor.school_id)
        person = _person(known, person_id)
        audit.record(session, actor.school_id, AuditTag.RECORD_VIEWED, person.id, actor=actor.ref)
        shown = _record(known, person, day, actor)
    return page(request, "record.html", **shown)


def _record(known: Register, person: Person, day: date, actor: Actor) -> dict[str, Any]:
    facts, recognition = known.facts_of(person.id), known.recognition_of(person.id)
    guardians = known.guardians(person.id)
    answers: Sequence[AnswerRow] = [*known.consents(person.id), *known.recognition_consents(person.id)]
    may_know = actor.has_role(Role.LEAD)
    standings = {scope: judge(facts, scope, day) for scope in Scope}
    if not may_know:
        standings = {
            scope: Standing.REFUSED if standing is Standing.NEVER else standing for scope, standing in standings.items()
        }
    return {
        "person": person,
        "day": day_words(day),
        "left": day_words(person.leaving_date) if person.leaving_date else "",
        "never_publish": may_know and person.never_publish,
        "guardians": guardians,
        "today": [
            (SCOPES[scope], STANDINGS[standing] + (", named too" if named_ok(facts, scope, day) else ""))
            for scope, standing in standings.items()
        ]
        + [("Face recognition", STANDINGS[judge_recognition(recognition, day)])],
        "answers": [_answer(each, guardians) for each in sorted(answers, key=lambda each: each.recorded_at)],
        "references": len(known.references(person.id)),
    }


def _answer(answer: AnswerRow, guardians: Sequence[Guardian]) -> AnswerLine:
    about = SCOPES[answer.scope] if isinstance(answer, PublicationConsent) else "Face recognition"
    by = next((f"{each.name}, {each.relationship}" for each in guardians if each.id == answer.guardian_id), "")
    words = "Yes" if answer.granted else "No"
    if isinstance(answer, PublicationConsent) and answer.named_ok:
        words += ", named too"
    when = day_words(answer.decided_on)
    if answer.until is not None:
        when += f", until {day_words(answer.until)}"
    if answer.withdrawn_on is not None:
        when += f"; taken back on {day_words(answer.withdrawn_on)}"
    return AnswerLine(about, words, by.strip(", ") or "Themself", when)


@router.post("/register/{person_id}/erase-face")
def erase_face(person_id: str, service: ServiceDep, actor: ActorDep) -> Response:
    """Destroy the key of this person's templates and reference photos: nobody can open them again, in no copy."""
    with writing(service.engine) as session:
        _person(Register(session, actor.school_id), person_id)
    files = PersonFiles(service.settings.people)
    erasing.erase_face_data(service.engine, files, actor.school_id, person_id, actor=actor.ref)
    return RedirectResponse(f"/register/{person_id}", status_code=303)


def _person(known: Register, person_id: str) -> Person:
    try:
        return known.person(person_id)
    except NotInRegister:
        raise NotFound("There is no such person in the register.") from None
