"""Looking out for face search: what an honest user hardly ever does, told to the safeguarding lead.

Counted when a draft is decided, in the transaction that records the decision. Nothing here changes an answer, except
that answers in vain are a quota (app/keys/quotas.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.actors import ActorKind
from app.answers import Answer, answers_of
from app.keys import alerts
from app.keys.alerts import AlertKind
from app.keys.counting import DAY, count, counted, window
from app.keys.quotas import IN_VAIN, first_of
from app.models import Draft, DraftPicture
from app.reasons import FACE_CODES, Decision
from app.seen import PictureSeen
from app.settling import PlacedFace, Settled, State, same_place
from consent.models import now

# A day's honest work stays far below. A face that recognition knows is asked about only where it may not be shown, and
# whoever says who it is agrees with recognition: contradictions are slips, or somebody trying names.
CONTRADICTIONS = 12
# A slip is put right once or twice; one draft in which so many answers are changed is a list being tried.
CHANGED_ANSWERS = 8
# Portraits are handed in to be published. So many of one face each, of which nothing was fetched, ask about faces.
LONE_FACES = 40
# A failed upload is sent again once or twice.
SAME_PICTURE = 10

Known = Mapping[str, Sequence[Answer]]  # the answers of the draft before, by the SHA-256 of their picture


def watch(
    session: Session,
    draft: Draft,
    pictures: Sequence[DraftPicture],
    seen: Sequence[PictureSeen],
    decision: Decision,
    at: datetime | None = None,
) -> None:
    """Count what the decision shows of how its sender asks. What the machine itself handed in is not counted."""
    if not draft.made_by.startswith((f"{ActorKind.ACCOUNT}:", f"{ActorKind.KEY}:")):
        return
    when = window(at or now(), DAY)
    if draft.revision_of is None:
        _watch_pictures(session, draft, pictures, seen, at)
        return
    before = _answers_before(session, draft.revision_of)
    blocked = {(reason.where.picture, reason.where.face) for reason in decision.reasons if reason.code in FACE_CODES}
    contradicted = in_vain = changed = 0
    for picture, of_picture in zip(seen, pictures, strict=True):
        known = before.get(of_picture.sha256, ())
        for face, settled in _newly_answered(picture, known):
            contradicted += settled.state is State.CONTRADICTED
            in_vain += picture.compared and (picture.number, face.number) in blocked
            changed += face.answer is not None and _changes(face.answer, known)
    # Counted where it is nothing, too: so a decision takes as long whatever recognition found.
    count(session, f"{IN_VAIN.name}:{draft.made_by}", when, in_vain)
    _alert_from(session, draft, AlertKind.GUESSING, f"guessing:{draft.made_by}", contradicted, CONTRADICTIONS, at)
    root = first_of(session, draft.id)
    _alert_from(session, draft, AlertKind.REASKING, f"reasking:{root}", changed, CHANGED_ANSWERS, at)


def fetched(session: Session, draft: Draft, pictures: Sequence[DraftPicture], at: datetime | None = None) -> None:
    """A safe file was given out: a draft of one face was handed in to be published after all; each counts once."""
    when = window(at or now(), DAY)
    if _is_lone(pictures) and count(session, f"fetched:{draft.id}", when) == 1:
        count(session, f"lone-fetched:{draft.made_by}", when)


def _watch_pictures(
    session: Session,
    draft: Draft,
    pictures: Sequence[DraftPicture],
    seen: Sequence[PictureSeen],
    at: datetime | None,
) -> None:
    when, most = window(at or now(), DAY), 0
    for sha256 in {picture.sha256 for picture in pictures}:
        most = max(most, count(session, f"same:{draft.made_by}:{sha256}", when))
    if most == SAME_PICTURE:
        _alert(session, draft, AlertKind.SAME_PICTURE, most, at)
    if len(seen) == 1 and len(seen[0].findings.faces) == 1:
        lone = count(session, f"lone:{draft.made_by}", when)
        if lone - counted(session, f"lone-fetched:{draft.made_by}", when) >= LONE_FACES:
            _alert(session, draft, AlertKind.LONE_FACES, lone, at)


def _alert_from(
    session: Session, draft: Draft, kind: AlertKind, bucket: str, more: int, threshold: int, at: datetime | None
) -> None:
    """Add to a counter of the day, and tell the lead where it reaches the threshold."""
    stands = count(session, bucket, window(at or now(), DAY), more)
    if more and stands >= threshold:
        _alert(session, draft, kind, stands, at)


def _alert(session: Session, draft: Draft, kind: AlertKind, stands: int, at: datetime | None) -> None:
    day = window(at or now(), DAY).day
    alerts.raise_alert(session, draft.school_id, kind, draft.made_by, day, count=stands, draft=draft.id)


def _is_lone(pictures: Sequence[DraftPicture]) -> bool:
    return len(pictures) == 1 and len((pictures[0].findings or {}).get("faces", [])) == 1


def _answers_before(session: Session, draft_id: str) -> Known:
    known: dict[str, list[Answer]] = {}
    for row in session.exec(select(DraftPicture).where(col(DraftPicture.draft_id) == draft_id)):
        known.setdefault(row.sha256, []).extend(answers_of(row.answers))
    return known


def _newly_answered(picture: PictureSeen, known: Sequence[Answer]) -> Iterator[tuple[PlacedFace, Settled]]:
    for face, settled in picture.faces():
        if face.answer is not None and face.answer not in known:
            yield face, settled


def _changes(answer: Answer, known: Sequence[Answer]) -> bool:
    """Whether something else was said of the same place before."""
    earlier = same_place(answer.box, known)
    return earlier is not None and (earlier.kind, earlier.person_id) != (answer.kind, answer.person_id)
