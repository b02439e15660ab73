"""`/api/v1/drafts`: hand in a draft, read its decision, fetch the safe files."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from app import drafts
from app.actors import Actor
from app.db import writing
from app.deps import ActorDep, Service, ServiceDep
from app.errors import PROBLEM
from app.gate import GuardedRoute
from app.intake import FORM_BODY, submit_form, view_when_decided, wait_wanted
from app.models import DraftStatus
from app.schemas import DraftPublic, Problem, draft_json

Responses = dict[int | str, dict[str, Any]]
DECIDED_IN_TIME: Responses = {200: {"model": DraftPublic, "description": "Decided within the time of `Prefer: wait`"}}
SAFE_FILE: Responses = {200: {"content": {"image/jpeg": {}, "image/png": {}}, "description": "The safe file"}}

router = APIRouter(prefix="/api/v1/drafts", tags=["drafts"], route_class=GuardedRoute)


def problems(*statuses: int) -> Responses:
    """What the description says of each problem an endpoint may answer with."""
    return {status: {"model": Problem, "content": {PROBLEM: {}}} for status in statuses}


@router.post(
    "",
    status_code=202,
    response_model=DraftPublic,
    openapi_extra=FORM_BODY,
    responses=DECIDED_IN_TIME | problems(400, 413, 422, 503, 507),
)
async def post_draft(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    """Hand in a draft. 202 means that it is kept and will be decided, whatever happens to any process."""
    return await draft_response(request, service, actor, await submit_form(request, service, actor))


async def draft_response(request: Request, service: Service, actor: Actor, draft_id: str) -> Response:
    """The answer to a draft just kept: 200 with the decision if it comes within `Prefer: wait`, else 202."""
    wanted = wait_wanted(request)
    view, void = await view_when_decided(service, actor, draft_id, wanted)
    done = view.draft.status in (DraftStatus.DECIDED, DraftStatus.FAILED)
    headers = {"Location": f"/api/v1/drafts/{draft_id}"}
    if not done:
        headers["Retry-After"] = "1"
    if wanted:
        headers["Preference-Applied"] = f"wait={wanted:.0f}"
    body = draft_json(view, void, reads_register=actor.reads_register)
    return JSONResponse(body, status_code=200 if done else 202, headers=headers)


@router.get("/{draft_id}", response_model=DraftPublic, responses=problems(404, 503))
async def get_draft(draft_id: str, request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    """The draft, with its decision once it is decided. A block is an answer, not an error."""
    view, void = await view_when_decided(service, actor, draft_id, wait_wanted(request))
    return JSONResponse(draft_json(view, void, reads_register=actor.reads_register))


@router.get(
    "/{draft_id}/pictures/{number}",
    response_class=Response,
    responses=SAFE_FILE | problems(404, 409, 503),
)
async def get_picture(draft_id: str, number: int, service: ServiceDep, actor: ActorDep) -> Response:
    """The safe file of one picture, only while its draft is cleared: consent is read again at this moment."""
    return await run_in_threadpool(released_response, service, actor, draft_id, number)


def released_response(service: Service, actor: Actor, draft_id: str, number: int) -> Response:
    """The safe file as an answer, to be kept under a name that says nothing."""
    with writing(service.engine) as session:
        picture, content = drafts.released(session, service.store, actor, draft_id, number)
    headers = {
        "Content-Disposition": f'attachment; filename="{drafts.safe_file_name(picture)}"',
        "ETag": f'"{picture.released_sha256}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=picture.released_media_type, headers=headers)
