"""The pages: parse, call, show. All rules live elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from app import audit, drafts
from app.actors import Actor
from app.answers import BY_LENGTH
from app.api.drafts import released_response
from app.db import reading, writing
from app.deps import ActorDep, Service, ServiceDep
from app.drafts import DraftView
from app.errors import BadForm, NotFound, ServiceError
from app.gate import CSRF_FIELD, MOST_FIELDS, MOST_TEXT_BYTES, GuardedRoute
from app.intake import submit_form
from app.models import AuditTag, DraftStatus
from app.notices import looked_for_words
from app.pages.filling import Filled
from app.pages.naming import Choice, choices
from app.pages.remedying import revision_of
from app.pages.rendering import page
from app.pages.results import result_view
from app.pages.views import (
    AccountView,
    ClassView,
    account_views,
    class_views,
    draft_lines,
    draft_title,
    new_draft_view,
    progress_view,
)
from app.readiness import worker_problems
from app.revising import revise
from consent.facts import RecognitionMode, today
from consent.register import Register
from consent.snapshots import channel_facts
from consent.vault.errors import SealBroken

router = APIRouter(route_class=GuardedRoute)

PREVIEW_TYPES = frozenset({"image/jpeg", "image/png"})


@router.get("/")
def new_draft(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    return _new_draft_page(request, service, actor)


@router.post("/drafts")
async def post_draft(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    """Take the form in. What is wrong with it is said on the form itself, with what was typed still in it."""
    try:
        draft_id = await submit_form(request, service, actor)
    except ServiceError as error:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        fields = await _typed(request)
        return await run_in_threadpool(_new_draft_page, request, service, actor, error, fields)
    return RedirectResponse(f"/drafts/{draft_id}", status_code=303)


def _new_draft_page(
    request: Request,
    service: Service,
    actor: Actor,
    error: ServiceError | None = None,
    fields: Sequence[tuple[str, str]] = (),
) -> Response:
    typed, day = dict(fields), today()
    with reading(service.engine) as session:
        register = Register(session, service.school_id)
        lines = draft_lines(drafts.recent(session, actor), register.version(), day)
        accounts = _accounts(session, service, typed.get("channel", ""))
        people = len(register.people())
        mode = register.recognition_setting().in_force(day)
        chosen = [value for name, value in fields if name == "taken_of"]
        classes = _classes(register, day, chosen)
    new = new_draft_view(accounts, lines, people, service.settings, error.detail if error else "", typed)
    new = replace(new, classes=classes, recognises=mode is not RecognitionMode.OFF)
    status, headers = (error.status_code, error.headers) if error else (200, {})
    return page(request, "new.html", status=status, headers=headers, new=new)


def _classes(register: Register, day: date, chosen: Collection[str]) -> tuple[ClassView, ...]:
    """The classes to choose from, where rosters decide whether faces are recognised."""
    if register.recognition_setting().in_force(day) is not RecognitionMode.ROSTERS:
        return ()
    return class_views(register.classes(day), chosen)


async def _typed(request: Request) -> list[tuple[str, str]]:
    """The words of a form that was refused, as far as it could be read."""
    try:
        form = await request.form()  # already read, unless it was refused while it arrived
    except (RuntimeError, HTTPException, ServiceError):
        return []
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _accounts(session: Session, service: Service, chosen: str) -> tuple[AccountView, ...]:
    register = Register(session, service.school_id)
    profile, day = register.profile(), today()
    return account_views([channel_facts(channel, profile, day) for channel in register.channels()], chosen)


@router.get("/drafts/{draft_id}")
def draft(draft_id: str, request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    """The draft as it stands: being checked, given up, or decided."""
    with writing(service.engine) as session:
        view = drafts.find(session, actor, draft_id)
        if view.draft.made_by != actor.ref:
            _audit_viewed(session, actor, view)
        if view.draft.status == DraftStatus.FAILED:
            return page(request, "failed.html", id=draft_id, title=draft_title(view), channel=view.draft.channel)
        if view.decision is None:
            return page(request, "progress.html", progress=progress_view(view, worker_problems(session)))
        return _result_page(request, service, session, view)


def _audit_viewed(session: Session, actor: Actor, view: DraftView) -> None:
    """Somebody else's draft was looked at; and with it the children in it."""
    people = sorted({*view.decision.people, *view.decision.named}) if view.decision else []
    audit.record(session, actor.school_id, AuditTag.DRAFT_VIEWED, view.draft.id, actor=actor.ref, people=people)


@router.get("/drafts/{draft_id}/progress")
def progress(draft_id: str, service: ServiceDep, actor: ActorDep) -> dict[str, str | int]:
    """How far the check is, for the page that waits: no reason, no finding."""
    with reading(service.engine) as session:
        view = drafts.find(session, actor, draft_id)
    return {"status": view.draft.status, "pictures": len(view.pictures), "pictures_done": view.draft.pictures_done}


def _result_page(
    request: Request, service: Service, session: Session, view: DraftView, sent: Filled | None = None, status: int = 200
) -> Response:
    """The result; `sent` is what a form held that was refused, and why."""
    sent = sent or Filled()
    void = drafts.void_because(session, view)
    accounts = _accounts(session, service, sent.text("channel", view.draft.channel))
    result = result_view(view, void, accounts, today(), _known(session, service))
    chosen = [value for name, value in sent.fields if name == "taken_of"] or view.draft.taken_of
    result = replace(result, classes=_classes(Register(session, service.school_id), today(), chosen))
    told = (view.decision.looked_for if view.decision else None) or looked_for_words(None)
    return page(request, "result.html", status=status, result=result, sent=sent, **told)


def _known(session: Session, service: Service) -> tuple[Choice, ...]:
    return choices(Register(session, service.school_id).people(), today())


@router.post("/drafts/{draft_id}/revisions")
async def post_revision(draft_id: str, request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    """Make the changes that were ticked and typed; the new draft is checked from the start.

    What is wrong with them is said on the page itself, with everything still ticked and typed in it.
    """
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=MOST_TEXT_BYTES) as form:
        fields = _texts(form)
    try:
        new_id = await run_in_threadpool(_revise, service, actor, draft_id, fields)
    except ServiceError as error:
        if error.status_code != BadForm.status_code or "text/html" not in request.headers.get("accept", ""):
            raise
        return await run_in_threadpool(
            _refused_page, request, service, actor, draft_id, Filled(tuple(fields), error.detail)
        )
    return RedirectResponse(f"/drafts/{new_id}", status_code=303)


def _refused_page(request: Request, service: Service, actor: Actor, draft_id: str, sent: Filled) -> Response:
    with reading(service.engine) as session:
        view = drafts.find(session, actor, draft_id)
        if view.decision is None:
            raise BadForm(sent.error)
        return _result_page(request, service, session, view, sent, BadForm.status_code)


def _texts(form: FormData) -> list[tuple[str, str]]:
    fields = []
    for name, value in form.multi_items():
        if not isinstance(value, str):
            raise BadForm("A change cannot bring a new picture. Put it into a new draft.")
        if name != CSRF_FIELD:
            fields.append((name, value))
    return fields


def _revise(service: Service, actor: Actor, draft_id: str, fields: Sequence[tuple[str, str]]) -> str:
    with reading(service.engine) as session:
        view = drafts.find(session, actor, draft_id)
        known = _known(session, service)
    revision = replace(revision_of(fields, view, known), answered_by=actor.name[:BY_LENGTH])
    return revise(service, actor, draft_id, revision)


@router.get("/drafts/{draft_id}/pictures/{number}/preview")
def preview(draft_id: str, number: int, service: ServiceDep, actor: ActorDep) -> Response:
    """The picture as it would be published, to look at: made anew from the pixels, never the file that was sent."""
    with reading(service.engine) as session:
        view = drafts.find(session, actor, draft_id)
    picture = next((each for each in view.pictures if each.number == number), None)
    missing = NotFound("There is nothing to show of this picture.")
    if picture is None or picture.released_sha256 is None or picture.released_media_type not in PREVIEW_TYPES:
        raise missing
    try:
        content = service.store.get(draft_id, drafts.released_name(number))
    except (FileNotFoundError, SealBroken):
        raise missing from None
    if hashlib.sha256(content).hexdigest() != picture.released_sha256:
        raise missing
    return Response(content, media_type=picture.released_media_type)


@router.get("/drafts/{draft_id}/pictures/{number}/file")
def safe_file(draft_id: str, number: int, service: ServiceDep, actor: ActorDep) -> Response:
    """The safe file of one picture, to keep: only while its draft is cleared, and audited."""
    return released_response(service, actor, draft_id, number)


@router.get("/help")
def help_page(request: Request) -> Response:
    return page(request, "help.html")
