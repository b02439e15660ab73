"""What the API gives: the shapes of `/api/v1`. They may grow, never change meaning."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from app.answers import answers_of
from app.drafts import DraftView, faces_of
from app.models import DraftPicture
from app.reasons import reason_to_json
from app.tried import tried
from app.veil import reasons_for, versions_for
from app.word_answers import WordAnswer, word_answers_of


class WherePublic(BaseModel):
    """Where a reason lies; parts that do not apply are absent. Boxes in pixels of the upright picture."""

    field: str | None = None
    picture: int | None = Field(default=None, description="counted from 1")
    face: int | None = Field(default=None, description="counted from 1 within its picture")
    box: list[int] | None = Field(default=None, description="left, top, right, bottom; right and bottom exclusive")
    start: int | None = Field(default=None, description="first character, counted from 0")
    end: int | None = Field(default=None, description="behind the last character")
    line: int | None = Field(default=None, description="of the lines of text read in the picture, counted from 1")
    reading: int | None = Field(default=None, description="of its `others`, counted from 1; absent: its `text`")


class ReasonPublic(BaseModel):
    code: str
    where: WherePublic
    because: str
    remedies: list[str]
    replacement: str | None = None
    evidence: list[str] | None = Field(default=None, description="what spoke for it, where it is about words")


class NoticePublic(BaseModel):
    """Something worth knowing that blocks nothing."""

    code: str
    where: WherePublic
    because: str


class RewrittenPublic(BaseModel):
    """The safe wording of what was typed; a text against which nothing stands is absent."""

    caption: str | None = None
    hashtags: str | None = None
    alt_texts: dict[int, str] | None = Field(default=None, description="by picture number")


class DecisionPublic(BaseModel):
    outcome: str = Field(description="publish or block")
    reasons: list[ReasonPublic]
    notices: list[NoticePublic]
    rewritten: RewrittenPublic
    decided_at: str
    policy_version: str
    register_version: int
    versions: dict[str, str]


class AnswerPublic(BaseModel):
    """What a person said about one place in a picture, and who said it."""

    face: int | None = Field(
        description="which face it stands for: the found ones, then those that a person drew; null for none"
    )
    box: list[int] = Field(description="left, top, right, bottom; right and bottom exclusive")
    kind: str = Field(serialization_alias="is", description="person, visitor, not-a-face or missed")
    person_id: str | None
    by: str
    drawn: bool = Field(description="the box was drawn by the person, round a face that was missed")


class WordAnswerPublic(BaseModel):
    """What a person said about words that may name a pupil. It holds for these words in this very sentence."""

    field: str
    picture: int | None
    words: str
    sentence: str
    kind: str = Field(serialization_alias="is", description="not-a-name or adult")
    by: str


class PicturePublic(BaseModel):
    number: int
    file_name: str
    alt_text: str
    sha256: str = Field(description="of the bytes as they were sent")
    findings: dict[str, Any] | None = Field(description="as `gatepost inspect --json` prints it; null until looked at")
    text_tried: list[str] = Field(description="how text was looked for in it, in sentences; empty until looked at")
    answers: list[AnswerPublic]
    released_sha256: str | None = Field(description="of the safe file; null unless the draft is cleared")
    released_url: str | None


class DraftPublic(BaseModel):
    id: str
    status: str = Field(description="queued, checking, decided or failed (blocked, never decided)")
    channel: str
    caption: str
    hashtags: str
    revision_of: str | None
    received_at: str
    pictures_done: int
    decision: DecisionPublic | None
    word_answers: list[WordAnswerPublic]
    void: str | None = Field(description="why a decision to publish no longer holds; null while it does")
    pictures: list[PicturePublic]


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str = Field(default="", description="say this if you ask for help: the log knows the request by it")


def draft_json(view: DraftView, void: str | None, *, reads_register: bool) -> dict[str, Any]:
    """The draft as JSON; parts of `where` that do not apply are left out, as the contract has it."""
    body: dict[str, Any] = draft_public(view, void, reads_register=reads_register).model_dump(
        mode="json", by_alias=True
    )
    decision = body["decision"] or {}
    for entry in [*decision.get("reasons", []), *decision.get("notices", [])]:
        entry["where"] = {key: value for key, value in entry["where"].items() if value is not None}
        for part in ("replacement", "evidence"):
            if entry.get(part, "") is None:
                del entry[part]
    if decision:
        decision["rewritten"] = {key: text for key, text in decision["rewritten"].items() if text is not None}
    return body


def draft_public(view: DraftView, void: str | None, *, reads_register: bool) -> DraftPublic:
    """The draft as a caller sees it; for those who may not read the register nothing in it says who a face is."""
    record = view.decision
    cleared = record is not None and record.outcome == "publish" and void is None
    decision = None
    if record is not None:
        reasons = reasons_for(view, reads_register=reads_register)
        decision = DecisionPublic(
            outcome=record.outcome,
            reasons=[ReasonPublic.model_validate(reason_to_json(reason)) for reason in reasons],
            notices=[NoticePublic.model_validate(notice) for notice in record.notices],
            rewritten=RewrittenPublic.model_validate(record.rewritten),
            decided_at=record.decided_at.isoformat(),
            policy_version=record.policy_version,
            register_version=record.register_version,
            versions=versions_for(record.versions, reads_register=reads_register),
        )
    return DraftPublic(
        id=view.draft.id,
        status=view.draft.status,
        channel=view.draft.channel,
        caption=view.draft.caption,
        hashtags=view.draft.hashtags,
        revision_of=view.draft.revision_of,
        received_at=view.draft.received_at.isoformat(),
        pictures_done=view.draft.pictures_done,
        decision=decision,
        void=void,
        word_answers=[_word_answer_public(each) for each in word_answers_of(view.draft.word_answers)],
        pictures=[_picture_public(picture, cleared) for picture in view.pictures],
    )


def _word_answer_public(answer: WordAnswer) -> WordAnswerPublic:
    spot = answer.spot
    return WordAnswerPublic(
        field=spot.field,
        picture=spot.picture,
        words=spot.words,
        sentence=spot.sentence,
        kind=answer.kind.value,
        by=answer.by,
    )


def _picture_public(picture: DraftPicture, cleared: bool) -> PicturePublic:
    return PicturePublic(
        number=picture.number,
        file_name=picture.file_name,
        alt_text=picture.alt_text,
        sha256=picture.sha256,
        findings=picture.findings,
        text_tried=list(tried(picture.findings or {})),
        answers=_answers_public(picture),
        released_sha256=picture.released_sha256 if cleared else None,
        released_url=f"/api/v1/drafts/{picture.draft_id}/pictures/{picture.number}" if cleared else None,
    )


def _answers_public(picture: DraftPicture) -> list[AnswerPublic]:
    standing = [(face.number, face.answer) for face in faces_of(picture) if face.answer is not None]
    told = []
    for answer in answers_of(picture.answers):
        number = next((number for number, given in standing if given == answer), None)
        told.append(
            AnswerPublic(
                face=number,
                box=answer.box.as_list(),
                kind=answer.kind.value,
                person_id=answer.person_id,
                by=answer.by,
                drawn=answer.drawn,
            )
        )
    return told
