"""`POST /api/v1/drafts/{id}/revisions`: the draft with remedies applied, as a new draft."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.drafts import DECIDED_IN_TIME, draft_response, problems
from app.deps import ServiceDep
from app.errors import BadForm, NotAvailableYet
from app.revising import Cover, Revision, revise
from app.schemas import DraftPublic
from vision.findings import Box

router = APIRouter(prefix="/api/v1/drafts", tags=["drafts"])


class CoverIn(BaseModel):
    """Cover a face by its number, or a box in pixels of the upright picture."""

    model_config = ConfigDict(extra="forbid")

    picture: int = Field(ge=1)
    face: int | None = Field(default=None, ge=1)
    box: tuple[int, int, int, int] | None = Field(default=None, description="left, top, right, bottom")


class RevisionIn(BaseModel):
    """Remedies; what is absent stays as it was. Pictures are counted from 1."""

    model_config = ConfigDict(extra="forbid")

    channel: str | None = None
    caption: str | None = None
    hashtags: str | None = None
    alt_texts: dict[int, str] = Field(default_factory=dict, description="by picture number")
    cover: list[CoverIn] = Field(default_factory=list, max_length=2000)
    leave_out: list[int] = Field(default_factory=list, max_length=2000)
    neutral_names: list[int] = Field(default_factory=list, max_length=2000)
    answers: list[dict[str, Any]] = Field(default_factory=list, description="not available yet: who a face is")


@router.post(
    "/{draft_id}/revisions",
    status_code=202,
    response_model=DraftPublic,
    responses=DECIDED_IN_TIME | problems(404, 413, 422, 501, 503, 507),
)
async def post_revision(draft_id: str, body: RevisionIn, request: Request, service: ServiceDep) -> Response:
    """Apply remedies. The result is a draft of its own, checked again from the start; the old one stays as it is."""
    if body.answers:
        raise NotAvailableYet("Answers about who a face is are not available yet. Cover the face, or leave it out.")
    revision = Revision(
        channel=body.channel,
        caption=body.caption,
        hashtags=body.hashtags,
        alt_texts=body.alt_texts,
        cover=tuple(_cover(each) for each in body.cover),
        leave_out=frozenset(body.leave_out),
        neutral_names=frozenset(body.neutral_names),
    )
    new_id = await run_in_threadpool(revise, service, draft_id, revision)
    return await draft_response(request, service, new_id)


def _cover(cover: CoverIn) -> Cover:
    if (cover.face is None) == (cover.box is None):
        raise BadForm("Each cover names either a face or a box.")
    if cover.box is None:
        return Cover(cover.picture, face=cover.face)
    try:
        return Cover(cover.picture, box=Box(*cover.box))
    except ValueError:
        raise BadForm(
            f"The box {list(cover.box)} is empty: right must exceed left, and bottom must exceed top."
        ) from None
