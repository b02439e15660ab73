"""`POST /api/v1/drafts/{id}/revisions`: the draft with remedies applied, as a new draft."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.answers import BY_LENGTH, AnswerKind
from app.api.drafts import DECIDED_IN_TIME, draft_response, problems
from app.deps import ActorDep, ServiceDep
from app.errors import BadForm
from app.gate import GuardedRoute
from app.revising import MOST_ANSWERS, Answering, Cover, Revision, WordAnswering, revise
from app.schemas import DraftPublic
from app.word_answers import WordAnswerKind
from vision.findings import Box

router = APIRouter(prefix="/api/v1/drafts", tags=["drafts"], route_class=GuardedRoute)


class CoverIn(BaseModel):
    """Cover a face by its number, or a box in pixels of the upright picture."""

    model_config = ConfigDict(extra="forbid")

    picture: int = Field(ge=1)
    face: int | None = Field(default=None, ge=1)
    box: tuple[int, int, int, int] | None = Field(default=None, description="left, top, right, bottom")


class AnswerIn(BaseModel):
    """What a person says about one face: by its number, or, for a face that was missed, by a box they drew."""

    model_config = ConfigDict(extra="forbid")

    picture: int = Field(ge=1)
    face: int | None = Field(default=None, ge=1)
    box: tuple[int, int, int, int] | None = Field(default=None, description="left, top, right, bottom")
    kind: AnswerKind = Field(alias="is")
    person_id: str | None = Field(default=None, description="with person alone: who of the register it is")


class WordAnswerIn(BaseModel):
    """What a person says about words that may name a pupil: only the word, or an adult who agreed to be named."""

    model_config = ConfigDict(extra="forbid")

    reason: int = Field(ge=1, description="which of the decision's reasons, counted from 1; its remedies name `answer`")
    kind: WordAnswerKind = Field(alias="is")


class RevisionIn(BaseModel):
    """Remedies; what is absent stays as it was. Pictures are counted from 1."""

    model_config = ConfigDict(extra="forbid")

    channel: str | None = None
    caption: str | None = None
    hashtags: str | None = None
    taken_of: list[str] | None = Field(
        default=None, max_length=500, description="the classes that could be in the pictures"
    )
    alt_texts: dict[int, str] = Field(default_factory=dict, description="by picture number")
    cover: list[CoverIn] = Field(default_factory=list, max_length=2000)
    leave_out: list[int] = Field(default_factory=list, max_length=2000)
    neutral_names: list[int] = Field(default_factory=list, max_length=2000)
    answers: list[AnswerIn] = Field(default_factory=list, max_length=MOST_ANSWERS, description="who a face is")
    word_answers: list[WordAnswerIn] = Field(
        default_factory=list, max_length=MOST_ANSWERS, description="what words are that may be a name"
    )
    answered_by: str = Field(
        default="", max_length=BY_LENGTH, description="the name of who gives the answers; needed where there are any"
    )


@router.post(
    "/{draft_id}/revisions",
    status_code=202,
    response_model=DraftPublic,
    responses=DECIDED_IN_TIME | problems(404, 413, 422, 503, 507),
)
async def post_revision(
    draft_id: str, body: RevisionIn, request: Request, service: ServiceDep, actor: ActorDep
) -> Response:
    """Apply remedies. The result is a draft of its own, checked again from the start; the old one stays as it is."""
    revision = Revision(
        channel=body.channel,
        caption=body.caption,
        hashtags=body.hashtags,
        taken_of=None if body.taken_of is None else tuple(each for each in body.taken_of if each),
        alt_texts=body.alt_texts,
        cover=tuple(_cover(each) for each in body.cover),
        leave_out=frozenset(body.leave_out),
        neutral_names=frozenset(body.neutral_names),
        answers=tuple(_answer(each) for each in body.answers),
        word_answers=tuple(WordAnswering(each.reason, each.kind) for each in body.word_answers),
        answered_by=body.answered_by,
    )
    new_id = await run_in_threadpool(revise, service, actor, draft_id, revision)
    return await draft_response(request, service, actor, new_id)


def _cover(cover: CoverIn) -> Cover:
    if (cover.face is None) == (cover.box is None):
        raise BadForm("Each cover names either a face or a box.")
    return Cover(cover.picture, cover.face, _box(cover.box))


def _answer(answer: AnswerIn) -> Answering:
    return Answering(answer.picture, answer.kind, answer.face, _box(answer.box), answer.person_id)


def _box(corners: tuple[int, int, int, int] | None) -> Box | None:
    if corners is None:
        return None
    try:
        return Box(*corners)
    except ValueError:
        raise BadForm(
            f"The box {list(corners)} is empty: right must exceed left, and bottom must exceed top."
        ) from None
