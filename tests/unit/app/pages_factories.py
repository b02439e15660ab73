"""Decided drafts without a database, for the pages: say only what matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.answers import Answer, AnswerKind
from app.drafts import DraftView
from app.models import DecisionRecord, Draft, DraftPicture, DraftStatus
from app.pages.filling import Filled
from app.pages.rendering import environment
from app.pages.results import ResultView, result_view
from app.pages.views import account_views
from app.policy import FACE_REMEDIES
from app.reasons import Code, Reason, Remedy, Where, reason_to_json
from app.word_answers import WordAnswer, WordAnswerKind, spot_of
from consent.facts import ChannelFacts, Scope
from vision.findings import Box

CHANNEL = "School website"


def a_picture(
    number: int = 1,
    *,
    faces: int = 0,
    texts: Iterable[str] = (),
    alt_text: str = "",
    file_name: str = "IMG_1.jpg",
    covers: int = 0,
    released: bool = True,
    doubtful: Iterable[int] = (),
    answers: Iterable[Answer] = (),
) -> DraftPicture:
    """A picture of 100 by 80 pixels; faces stand at the top, texts below them."""
    return DraftPicture(
        draft_id="draft",
        number=number,
        file_name=file_name,
        alt_text=alt_text,
        sha256="00",
        size=1,
        covers=[[0, 0, 5, 5]] * covers,
        answers=[answer.as_json() for answer in answers],
        findings={
            "width": 100,
            "height": 80,
            "faces": [
                {"box": list(face_box(at)), "detection_score": 0.9, "doubtful": at in doubtful}
                for at in range(1, faces + 1)
            ],
            "texts": [{"box": list(text_box(at)), "text": text, "score": 0.9} for at, text in enumerate(texts)],
        },
        released_sha256="11" if released else None,
        released_media_type="image/jpeg" if released else None,
    )


def face_box(face: int) -> tuple[int, int, int, int]:
    return (face * 10, 0, face * 10 + 8, 10)


def said_of(face: int, kind: AnswerKind, person_id: str | None = None) -> Answer:
    return Answer(Box(*face_box(face)), kind, "R. Patel", person_id)


def text_box(line: int) -> tuple[int, int, int, int]:
    return (0, 40 + line * 10, 60, 48 + line * 10)


def a_view(
    *pictures: DraftPicture,
    reasons: Iterable[Reason] = (),
    notices: Iterable[dict[str, Any]] = (),
    caption: str = "",
    hashtags: str = "",
    status: DraftStatus = DraftStatus.DECIDED,
    done: int = 0,
    decided_for: str = "2026-11-22",
    draft_id: str = "draft",
    revision_of: str | None = None,
    rewritten: Mapping[str, Any] | None = None,
    word_answers: Iterable[WordAnswer] = (),
) -> DraftView:
    draft = Draft(
        id=draft_id,
        school_id="school",
        channel=CHANNEL,
        caption=caption,
        hashtags=hashtags,
        status=status.value,
        pictures_done=done,
        revision_of=revision_of,
        word_answers=[answer.as_json() for answer in word_answers],
    )
    told = [reason_to_json(reason) for reason in reasons]
    decision = DecisionRecord(
        draft_id=draft_id,
        outcome="block" if told else "publish",
        reasons=told,
        notices=list(notices),
        rewritten=dict(rewritten or {}),
        policy_version="1",
        register_version=7,
        decided_for=decided_for,
    )
    return DraftView(draft, pictures, decision if status is DraftStatus.DECIDED else None)


def a_face_reason(
    picture: int = 1, face: int = 1, code: Code = Code.FACE_NOT_IDENTIFIED, because: str = "We could not tell."
) -> Reason:
    return Reason(code, Where(picture=picture, face=face, box=Box(*face_box(face))), because, FACE_REMEDIES)


def a_text_reason(picture: int = 1, line: int = 0, start: int = 0, end: int = 3) -> Reason:
    where = Where(field="ocr", picture=picture, box=Box(*text_box(line)), start=start, end=end)
    return Reason(Code.NAME_IN_PICTURE, where, "A name can be read.", (Remedy.COVER, Remedy.LEAVE_OUT))


def a_words_reason(
    start: int, end: int, replacement: str | None = None, field: str = "caption", picture: int | None = None
) -> Reason:
    where = Where(field=field, picture=picture, start=start, end=end)
    return Reason(Code.PUPIL_NAMED, where, "This is a pupil's name.", (Remedy.REWORD,), replacement)


def a_question(
    start: int, end: int, replacement: str | None = "a pupil", field: str = "caption", picture: int | None = None
) -> Reason:
    remedies = (Remedy.ANSWER, *((Remedy.REWORD,) if field in ("caption", "hashtags", "alt") else (Remedy.COVER,)))
    box = Box(*text_box(0)) if field == "ocr" else None
    where = Where(field=field, picture=picture, box=box, start=start, end=end)
    return Reason(Code.PUPIL_NAMED, where, "Only the word, or the pupil?", remedies, replacement, ("a person acts",))


def said_of_words(
    words: str, text: str, kind: WordAnswerKind, field: str = "caption", picture: int | None = None
) -> WordAnswer:
    start = text.index(words)
    return WordAnswer(spot_of(field, picture, text, start, start + len(words)), kind, "R. Patel")


def a_file_name_reason(picture: int = 1) -> Reason:
    where = Where(field="filename", picture=picture, start=0, end=3)
    return Reason(Code.PUPIL_NAMED, where, "The file name names a pupil.", (Remedy.NEUTRAL_NAME,))


def an_unreadable_reason(picture: int = 1) -> Reason:
    remedies = (Remedy.CHOOSE_ANOTHER, Remedy.LEAVE_OUT)
    return Reason(Code.PICTURE_UNREADABLE, Where(picture=picture), f"Picture {picture} is damaged.", remedies)


def a_channel_reason() -> Reason:
    remedies = (Remedy.CHOOSE_ACCOUNT, Remedy.ASK_OFFICE)
    return Reason(Code.CHANNEL_NOT_APPROVED, Where(field="channel"), "The account is not approved.", remedies)


def not_checked_reason(picture: int = 1) -> Reason:
    remedies = (Remedy.TRY_AGAIN, Remedy.LEAVE_OUT)
    return Reason(Code.NOT_CHECKED, Where(picture=picture), "Reading took too long.", remedies)


TODAY = date(2026, 11, 22)
ACCOUNTS = account_views(
    [ChannelFacts("School website", Scope.WEBSITE), ChannelFacts("Club", Scope.SOCIAL, "It is suspended.")]
)


def result_of(view: DraftView, void: str | None = None) -> ResultView:
    return result_view(view, void, ACCOUNTS, TODAY)


NOBODY: dict[str, Any] = {"actor": None, "csrf": "", "menu": ()}  # what every page is given besides


def page_of(view: DraftView, void: str | None = None) -> str:
    template = environment.get_template("result.html")
    told = {"looked_for": ("names",), "not_looked_for": ("others",)}
    return template.render(**NOBODY, path="/x", result=result_of(view, void), sent=Filled(), **told)
