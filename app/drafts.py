"""Taking drafts in, and giving out what became of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app import audit, jobs
from app.actors import Actor, ActorKind, Role
from app.answers import Answer, answers_of
from app.blobs import PictureStore
from app.config import Settings
from app.db import writing
from app.errors import (
    BadForm,
    ClearanceVoid,
    EmptyDraft,
    NotCleared,
    NotFound,
    NothingToCheckAgainst,
    RequestTooLarge,
    TextTooLong,
    TooManyPictures,
)
from app.keys import quotas, watching
from app.keys.secrets import holds_key
from app.models import AuditTag, DecisionRecord, Draft, DraftPicture, DraftStatus
from app.reasons import Reason, Where, reason_from_json
from app.settling import PlacedFace, place
from app.word_answers import WordAnswer
from captions.findings import FieldName
from consent.errors import RegisterEmpty
from consent.facts import NamingRule, Standing, judge, named_ok, today
from consent.models import new_id
from consent.register import Register
from consent.vault.envelope import DataKey, Owner, OwnerKind
from consent.vault.errors import SealBroken
from consent.vault.vault import vault_of
from vision.findings import Box

CHANNEL_LENGTH = 200
FILE_NAME_LENGTH = 255
REGISTER_CHANGED = "The register changed after this draft was checked. Have it checked again before you publish it."


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture as it is handed in; `source` is read once, from where it stands to its end.

    `answers` is all that was said about its faces; `answered` what was said just now, which is audited.
    """

    file_name: str
    source: BinaryIO
    alt_text: str = ""
    covers: tuple[tuple[int, int, int, int], ...] = ()
    answers: tuple[Answer, ...] = ()
    answered: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft as it is handed in. `word_answers` is all that was said about its words, `word_answered` what was said
    just now, which is audited."""

    channel: str
    caption: str = ""
    hashtags: str = ""
    taken_of: tuple[str, ...] = ()
    pictures: Sequence[NewPicture] = ()
    revision_of: str | None = None
    word_answers: tuple[WordAnswer, ...] = ()
    word_answered: tuple[WordAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with its pictures and, once it is decided, its decision."""

    draft: Draft
    pictures: tuple[DraftPicture, ...]
    decision: DecisionRecord | None


def submit(engine: Engine, store: PictureStore, settings: Settings, actor: Actor, new: NewDraft) -> str:
    """Keep the post, its pictures and its job, and return the draft's id: from then on it will be decided.

    It belongs to the actor's school, and to the actor: see `visible_to`.

    The pictures are on the disk before the one transaction that stores everything else; if anything fails, nothing
    of the draft is left.
    """
    _check_form(new, settings)
    draft_id, school_id = new_id(), actor.school_id
    key = vault_of(engine).new_key(Owner(OwnerKind.DRAFT, school_id, draft_id))
    try:
        pictures = [
            _keep(store, settings, key, number, picture) for number, picture in enumerate(new.pictures, start=1)
        ]
        with writing(engine) as session:
            answers = sum(len(picture.answered) for picture in new.pictures)
            quotas.spend(session, actor, settings, quotas.Asking(len(pictures), answers, new.revision_of))
            if not Register(session, school_id).people():
                raise NothingToCheckAgainst(
                    "The register is empty, so nobody could be recognised or found by name. Import it first."
                )
            vault_of(engine).keep(session.connection(), key)
            draft = Draft(
                id=draft_id,
                school_id=school_id,
                revision_of=new.revision_of,
                made_by=actor.ref,
                channel=new.channel,
                caption=new.caption,
                hashtags=new.hashtags,
                taken_of=list(new.taken_of),
                word_answers=[answer.as_json() for answer in new.word_answers],
            )
            session.add(draft)
            session.flush()
            session.add_all(pictures)
            jobs.enqueue(session, draft_id)
            audit.record(session, school_id, AuditTag.DRAFT_RECEIVED, draft_id, actor=actor.ref, pictures=len(pictures))
            for number, picture in enumerate(new.pictures, start=1):
                for answer in picture.answered:
                    _audit_answer(session, actor, draft_id, number, answer)
            for said in new.word_answered:
                _audit_word_answer(session, actor, draft_id, said)
    except BaseException:
        store.remove(draft_id)
        raise
    return draft_id


def _audit_answer(session: Session, actor: Actor, draft_id: str, number: int, answer: Answer) -> None:
    said = {"kind": answer.kind.value, "person_id": answer.person_id}
    tag = AuditTag.FACE_ANSWERED
    audit.record(session, actor.school_id, tag, draft_id, actor=actor.ref, picture=number, **said)


def _audit_word_answer(session: Session, actor: Actor, draft_id: str, answer: WordAnswer) -> None:
    """Where it is, and not the words: they may be a pupil's name."""
    said = {"field": answer.spot.field, "picture": answer.spot.picture, "kind": answer.kind.value}
    audit.record(session, actor.school_id, AuditTag.WORD_ANSWERED, draft_id, actor=actor.ref, **said)


def _check_form(new: NewDraft, settings: Settings) -> None:
    if not new.pictures and not new.caption.strip() and not new.hashtags.strip():
        raise EmptyDraft(
            "The draft has no picture and no caption. Add a picture or write a caption, and send it again."
        )
    if not new.channel.strip():
        raise BadForm("The account to post to is missing. Say in `channel` where the post is to go.")
    if len(new.channel) > CHANNEL_LENGTH:
        raise TextTooLong(f"The name of the account is longer than {CHANNEL_LENGTH} characters.")
    if len(new.pictures) > settings.max_pictures:
        raise TooManyPictures(
            f"The draft has {len(new.pictures)} pictures; one draft may have {settings.max_pictures}. "
            "Send them as several drafts."
        )
    texts = [("caption", new.caption), ("hashtags", new.hashtags)]
    texts += [(f"alt text of picture {number}", each.alt_text) for number, each in enumerate(new.pictures, start=1)]
    for name, text in texts:
        if holds_key(text):
            raise BadForm(f"The {name} holds an API key. Have that key revoked: keys are taken in the header alone.")
        if len(text) > settings.max_text:
            raise TextTooLong(
                f"The {name} has {len(text):,} characters; {settings.max_text:,} are allowed. "
                "Shorten it, and send it again."
            )


def _keep(store: PictureStore, settings: Settings, key: DataKey, number: int, picture: NewPicture) -> DraftPicture:
    content = picture.source.read(settings.max_picture_bytes + 1)
    if len(content) > settings.max_picture_bytes:
        raise RequestTooLarge(
            f"Picture {number} is larger than {settings.max_picture_bytes / 1e6:.0f} MB. "
            "Make it smaller, and send it again."
        )
    draft_id = key.owner.owner_id
    store.put(draft_id, original_name(number), content, key)
    return DraftPicture(
        draft_id=draft_id,
        number=number,
        file_name=bare_file_name(picture.file_name),
        alt_text=picture.alt_text,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        covers=[list(cover) for cover in picture.covers],
        answers=[answer.as_json() for answer in picture.answers],
    )


def bare_file_name(name: str) -> str:
    """The last part of a path, whichever way its slashes lean, shortened to what a disk can hold."""
    return PurePosixPath(name.replace("\\", "/")).name[-FILE_NAME_LENGTH:]


def original_name(number: int) -> str:
    return f"{number}-original"


def released_name(number: int) -> str:
    return f"{number}-released"


def safe_file_name(picture: DraftPicture) -> str:
    """A name that says nothing: `picture-3.jpg`."""
    ending = "png" if picture.released_media_type == "image/png" else "jpg"
    return f"picture-{picture.number}.{ending}"


def visible_to(draft: Draft, actor: Actor) -> bool:
    """Whether the actor may see the draft: somebody their own, the lead every one, a key what came in by any key.

    A key sees the drafts of the keys before it, so that exchanging a key loses none; never those of the teachers.
    """
    if draft.school_id != actor.school_id:
        return False
    if actor.kind is ActorKind.KEY:
        return draft.made_by.startswith(f"{ActorKind.KEY}:")
    if actor.kind is ActorKind.ACCOUNT:
        return draft.made_by == actor.ref or actor.has_role(Role.LEAD)
    return True


def find(session: Session, actor: Actor, draft_id: str) -> DraftView:
    """The draft with all that belongs to it; what the actor may not see does not exist."""
    draft = session.get(Draft, draft_id)
    if draft is None or not visible_to(draft, actor):
        raise NotFound("There is no such draft. It may have been removed, or the address is mistyped.")
    pictures = session.exec(
        select(DraftPicture).where(DraftPicture.draft_id == draft_id).order_by(col(DraftPicture.number))
    ).all()
    decision = session.exec(select(DecisionRecord).where(DecisionRecord.draft_id == draft_id)).first()
    return DraftView(draft, tuple(pictures), decision)


def faces_of(picture: DraftPicture) -> tuple[PlacedFace, ...]:
    """The faces of a picture that was looked at, each with what was said about it; none before that."""
    if picture.findings is None:
        return ()
    found = [Box(*face["box"]) for face in picture.findings.get("faces", [])]
    return place(found, answers_of(picture.answers), [Box(*cover) for cover in picture.covers])


def reasons_of(view: DraftView) -> tuple[Reason, ...]:
    """The stored reasons, as they are; a page shows them veiled."""
    return tuple(reason_from_json(each) for each in view.decision.reasons) if view.decision else ()


def text_at(view: DraftView, where: Where) -> str | None:
    """The text in which a reason lies; None where it lies in none."""
    if where.field == FieldName.CAPTION:
        return view.draft.caption
    if where.field == FieldName.HASHTAGS:
        return view.draft.hashtags
    picture = next((each for each in view.pictures if each.number == where.picture), None)
    if picture is None:
        return None
    if where.field == FieldName.ALT:
        return picture.alt_text
    if where.field == FieldName.FILENAME:
        return picture.file_name
    if where.field != FieldName.OCR or where.box is None:
        return None
    read = (picture.findings or {}).get("texts", [])
    if where.line is None:  # a decision from before lines were counted
        return next((str(text["text"]) for text in read if text["box"] == where.box.as_list()), None)
    return reading_of(read[where.line - 1], where.reading) if where.line <= len(read) else None


def reading_of(line: Mapping[str, Any], number: int | None) -> str | None:
    """A line's first reading, or a further one by its number from 1."""
    if number is None:
        return str(line["text"])
    others = line.get("others", [])
    return str(others[number - 1]) if number <= len(others) else None


def recent(session: Session, actor: Actor, limit: int = 20) -> list[DraftView]:
    """The actor's own drafts, the newest first."""
    own = select(Draft.id).where(Draft.school_id == actor.school_id, Draft.made_by == actor.ref)
    ids = session.exec(own.order_by(col(Draft.received_at).desc()).limit(limit)).all()
    return [find(session, actor, each) for each in ids]


def void_because(session: Session, view: DraftView) -> str | None:
    """Why a decision to publish no longer holds today, or None while it does.

    Consent is read again every time something is to be given out: everybody whose face was identified or named by hand
    must still be cleared for the account, everybody whom the words name must still have a consent that says so, and
    the account must still be approved.
    """
    if view.decision is None or view.decision.outcome != "publish":
        return None
    register = Register(session, view.draft.school_id)
    day = today()
    if register.version() == view.decision.register_version and day.isoformat() == view.decision.decided_for:
        return None
    try:
        snapshot = register.snapshot(view.draft.channel, day)
    except RegisterEmpty:
        return "The register is empty, so nobody's consent can be read. Import it, and have the draft checked again."
    if snapshot.channel is None or not snapshot.channel.approved:
        return "The account is no longer approved. Choose another, and have the draft checked again."
    people = [snapshot.people.get(person_id) for person_id in view.decision.people]
    if any(each is None or judge(each, snapshot.channel.scope, day) is not Standing.GIVEN for each in people):
        return REGISTER_CHANGED
    named = [snapshot.people.get(person_id) for person_id in view.decision.named]
    if named and snapshot.naming is not NamingRule.WITH_CONSENT:
        return REGISTER_CHANGED
    if any(each is None or not named_ok(each, snapshot.channel.scope, day) for each in named):
        return REGISTER_CHANGED
    return None


def released(
    session: Session, store: PictureStore, actor: Actor, draft_id: str, number: int
) -> tuple[DraftPicture, bytes]:
    """The safe file of one picture, if its draft is cleared at this moment; the giving out is audited."""
    view = find(session, actor, draft_id)
    if view.decision is None:
        still = view.draft.status in (DraftStatus.QUEUED, DraftStatus.CHECKING)
        raise NotCleared(
            "The draft is still being checked. Ask again when it is decided."
            if still
            else "The check of this draft did not finish, so nothing of it may be published. Send it again."
        )
    if view.decision.outcome != "publish":
        raise NotCleared("The draft is blocked, so none of its pictures is given out. See its reasons.")
    picture = next((each for each in view.pictures if each.number == number), None)
    if picture is None:
        raise NotFound(f"The draft has no picture {number}.")
    because = void_because(session, view)
    if because is not None:
        raise ClearanceVoid(because)
    try:
        content = store.get(draft_id, released_name(number))
    except SealBroken:
        content = b""
    if hashlib.sha256(content).hexdigest() != picture.released_sha256:
        raise NotCleared(
            "The stored file is not the one that was checked, so it is not given out. Send the draft again."
        )
    said = {"picture": number, "sha256": picture.released_sha256}
    audit.record(session, actor.school_id, AuditTag.PICTURE_RELEASED, draft_id, actor=actor.ref, **said)
    watching.fetched(session, view.draft, view.pictures)
    return picture, content
