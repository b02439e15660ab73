"""The page of the audit trail, for the safeguarding lead and the administrator."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from sqlmodel import Session

from app.actors import Actor, Role
from app.audit import checkpoints, exporting, trail
from app.audit.checkpoints import Checkpoint, NoCheckpoint
from app.audit.keeping import outside_files
from app.audit.trail import Filters
from app.audit.verifying import verify
from app.audit.views import (
    Verdict,
    actor_choices,
    as_fields,
    before_of,
    filters_of,
    group_choices,
    line_of,
    names_for,
    older_address,
    verdict_of,
)
from app.db import reading, writing
from app.deps import ActorDep, Service, ServiceDep
from app.errors import BadForm, NotFound
from app.gate import GuardedRoute
from app.keys.pages import names_of
from app.pages.rendering import page
from consent.facts import today

UNREAD = (
    "A checkpoint in the folder of GATEPOST_CHECKPOINTS could not be read, so the trail was not checked against any "
    "that are kept outside. gatepost audit verify names the file."
)
router = APIRouter(route_class=GuardedRoute)


@router.get("/audit")
def show_trail(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    try:
        filters, before = filters_of(request.query_params), before_of(request.query_params.get("before", ""))
    except BadForm as error:
        return _trail(request, service, actor, Filters(), problem=error.detail)
    return _trail(request, service, actor, filters, before)


@router.post("/audit/verify")
def verify_trail(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    """Check it now, against the checkpoints outside, too, where there is a folder for them."""
    outside: list[Checkpoint] = []
    unread: tuple[str, ...] = ()
    try:
        outside = [each for each in outside_files(service.settings.checkpoints) if each.school_id == service.school_id]
    except (OSError, NoCheckpoint):
        unread = (UNREAD,)
    with reading(service.engine) as session:
        report = verify(session, service.school_id, outside)
    verdict = verdict_of(replace(report, unchecked=(*report.unchecked, *unread)))
    return _trail(request, service, actor, Filters(), verdict=verdict)


@router.post("/audit/checkpoint")
def download_checkpoint(service: ServiceDep, actor: ActorDep) -> Response:
    """The trail as it stands now, signed, as a file to keep elsewhere."""
    with writing(service.engine) as session:
        made = checkpoints.make(session, service.school_id, actor=actor.ref)
        made = made or checkpoints.newest(session, service.school_id)
    if made is None:
        raise NotFound("There is nothing in the trail yet.")
    return _file(checkpoints.as_text(made), "application/json", made.file_name)


@router.get("/audit/export")
def ask_export(request: Request) -> Response:
    return page(request, "audit_export.html", groups=group_choices(), asked={}, problem="")


@router.post("/audit/export")
async def export_trail(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    form = await request.form(max_files=0, max_fields=20, max_part_size=10_000)
    asked = {name: str(value) for name, value in form.items()}
    try:
        filters = filters_of(asked)
    except BadForm as error:
        told: dict[str, Any] = {"groups": group_choices(), "asked": asked, "problem": error.detail}
        return page(request, "audit_export.html", status=error.status_code, **told)
    text = await run_in_threadpool(_exported, service, actor, filters)
    return _file(text, "text/csv; charset=utf-8", f"gatepost-audit-{today():%Y-%m-%d}.csv")


def _exported(service: Service, actor: Actor, filters: Filters) -> str:
    with writing(service.engine) as session:
        return exporting.export(session, service.school_id, filters, actor=actor.ref)[0]


def _trail(
    request: Request,
    service: Service,
    actor: Actor,
    filters: Filters,
    before: int | None = None,
    verdict: Verdict | None = None,
    problem: str = "",
) -> Response:
    with reading(service.engine) as session:
        entries, older = trail.newest_first(session, actor.school_id, filters, before)
        names, day = names_for(session, actor, entries), today()
        opens = actor.has_role(Role.LEAD)
        lines = [line_of(entry, names, day, opens_drafts=opens) for entry in entries]
        told = _choices(session, actor)
    return page(
        request,
        "audit.html",
        status=422 if problem else 200,
        lines=lines,
        older=older_address(filters, older),
        newest="" if before is None else "/audit",
        asked=as_fields(filters),
        verdict=verdict,
        problem=problem,
        **told,
    )


def _choices(session: Session, actor: Actor) -> dict[str, Any]:
    return {"groups": group_choices(), "actors": actor_choices(names_of(session, actor.school_id).items())}


def _file(text: str, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type=media_type, headers=headers)
