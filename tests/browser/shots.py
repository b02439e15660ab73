"""Pictures and words with what stands against them, and drafts put into known states: no models, no worker."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import select

from app import drafts
from app.actors import Actor
from app.answers import Answer, AnswerKind
from app.db import writing
from app.deps import Service
from app.drafts import NewDraft, NewPicture
from app.models import DecisionRecord, Draft, DraftPicture, DraftStatus, Job, JobStatus
from app.policy import FACE_REMEDIES, POLICY_VERSION
from app.reasons import Code, Reason, Remedy, Where, reason_to_json
from app.word_answers import WordAnswer
from consent.facts import today
from consent.register import Register
from tests.browser.drawing import Drawn
from vision.findings import Box

WEBSITE, INSTAGRAM, NEWSLETTER = "School website", "Year 6 Instagram", "Parents' newsletter"


@dataclass(slots=True)
class Shot:
    """One picture of a draft in some state: what was drawn, what was read in it, what stands against it."""

    drawn: Drawn | None
    read: tuple[str, ...] = ()
    reasons: list[Reason] = field(default_factory=list)
    notices: tuple[str, ...] = ()
    file_name: str = "IMG_2041.jpg"
    alt_text: str = ""
    covers: tuple[tuple[int, int, int, int], ...] = ()
    doubtful: tuple[int, ...] = ()  # numbers of faces that may be none
    answers: tuple[Answer, ...] = ()
    others: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # further readings of a line, by its index
    codes: tuple[Mapping[str, Any], ...] = ()  # as findings tell them
    search: Mapping[str, Any] | None = None  # how text was looked for, where that is told

    def findings(self) -> dict[str, Any]:
        if self.drawn is None:
            return {"width": 0, "height": 0, "format": "", "faces": [], "texts": [], "metadata": [], "problems": []}
        read = zip(self.drawn.texts, self.read, strict=True)
        return {
            "width": self.drawn.width,
            "height": self.drawn.height,
            "format": "JPEG",
            "faces": [
                {"box": list(box), "detection_score": 0.9, "doubtful": number in self.doubtful}
                for number, box in enumerate(self.drawn.faces, start=1)
            ],
            "texts": [
                {"box": list(box), "text": text, "score": 0.9, "others": list(self.others.get(at, ()))}
                for at, (box, text) in enumerate(read)
            ],
            "codes": [dict(code) for code in self.codes],
            "metadata": [],
            "problems": [],
        } | ({"text_search": dict(self.search)} if self.search is not None else {})


def face_reason(
    shot: Shot, picture: int, face: int, code: Code = Code.FACE_NOT_IDENTIFIED, because: str = ""
) -> Reason:
    assert shot.drawn is not None
    where = Where(picture=picture, face=face, box=Box(*shot.drawn.faces[face - 1]))
    return Reason(code, where, because or f"We could not tell who face {face} is.", FACE_REMEDIES)


def said_of(shot: Shot, face: int, kind: AnswerKind, person_id: str | None = None, by: str = "R. Patel") -> Answer:
    """What a person said about a found face."""
    assert shot.drawn is not None
    return Answer(Box(*shot.drawn.faces[face - 1]), kind, by, person_id)


def text_reason(shot: Shot, picture: int, line: int, said: str, because: str, reading: int | None = None) -> Reason:
    """Something in a line of text read in the picture; `said` is the part that stands against it."""
    assert shot.drawn is not None
    text = shot.read[line] if reading is None else shot.others[line][reading - 1]
    start = text.index(said)
    box = Box(*shot.drawn.texts[line])
    where = Where("ocr", picture, None, box, start, start + len(said), line + 1, reading)
    return Reason(Code.NAME_IN_PICTURE, where, because, (Remedy.COVER, Remedy.LEAVE_OUT))


def words_reason(
    field_name: str,
    text: str,
    said: str,
    because: str,
    *,
    picture: int | None = None,
    replacement: str | None = None,
    code: Code = Code.PUPIL_NAMED,
    remedy: Remedy = Remedy.REWORD,
    evidence: tuple[str, ...] = (),
    asks: bool = False,
) -> Reason:
    start = text.index(said)
    where = Where(field=field_name, picture=picture, start=start, end=start + len(said))
    return Reason(code, where, because, (Remedy.ANSWER, remedy) if asks else (remedy,), replacement, evidence)


@dataclass(slots=True)
class States:
    """Puts drafts in known states into a service."""

    service: Service
    actor: Actor  # whose drafts they are

    def take_in(
        self,
        shots: Iterable[Shot],
        caption: str = "",
        hashtags: str = "",
        channel: str = WEBSITE,
        word_answers: tuple[WordAnswer, ...] = (),
    ) -> str:
        pictures = [
            NewPicture(
                shot.file_name,
                io.BytesIO(shot.drawn.content if shot.drawn else b"?"),
                shot.alt_text,
                shot.covers,
                shot.answers,
            )
            for shot in shots
        ]
        new = NewDraft(
            channel=channel, caption=caption, hashtags=hashtags, pictures=pictures, word_answers=word_answers
        )
        service = self.service
        return drafts.submit(service.engine, service.store, service.settings, self.actor, new)

    def progress(self, draft_id: str, status: DraftStatus, done: int) -> None:
        with writing(self.service.engine) as session:
            draft = session.get_one(Draft, draft_id)
            draft.status, draft.pictures_done = status.value, done

    def give_up(self, draft_id: str) -> None:
        """As after the last try."""
        self.progress(draft_id, DraftStatus.FAILED, 0)
        with writing(self.service.engine) as session:
            session.exec(select(Job).where(Job.draft_id == draft_id)).one().status = JobStatus.FAILED.value

    def decide(
        self,
        shots: list[Shot],
        reasons: Iterable[Reason] = (),
        people: Iterable[str] = (),
        rewritten: Mapping[str, Any] | None = None,
        **draft: Any,
    ) -> str:
        """A draft with its decision: the shots' reasons and `reasons` about the rest."""
        draft_id = self.take_in(shots, **draft)
        told = [*reasons, *(reason for shot in shots for reason in shot.reasons)]
        service = self.service
        with writing(service.engine) as session:
            kept = session.exec(select(DraftPicture).where(DraftPicture.draft_id == draft_id)).all()
            for picture in kept:
                shot = shots[picture.number - 1]
                picture.findings = shot.findings()
                if shot.drawn is None:
                    continue
                content = shot.drawn.content
                service.store.put(draft_id, drafts.released_name(picture.number), content)
                picture.released_sha256 = hashlib.sha256(content).hexdigest()
                picture.released_media_type = "image/jpeg"
            notices = [
                {"code": "metadata-gps", "where": {"picture": number}, "because": each}
                for number, shot in enumerate(shots, start=1)
                for each in shot.notices
            ]
            session.add(
                DecisionRecord(
                    draft_id=draft_id,
                    outcome="block" if told else "publish",
                    reasons=[reason_to_json(reason) for reason in told],
                    notices=notices,
                    people=list(people),
                    rewritten=dict(rewritten or {}),
                    versions={},
                    policy_version=POLICY_VERSION,
                    register_version=Register(session, service.school_id).version(),
                    decided_for=today().isoformat(),
                )
            )
            draft_row = session.get_one(Draft, draft_id)
            draft_row.status, draft_row.pictures_done = DraftStatus.DECIDED.value, len(shots)
            session.exec(select(Job).where(Job.draft_id == draft_id)).one().status = JobStatus.DONE.value
        return draft_id
