"""What the safeguarding lead is to look at: somebody may be asking Gatepost who a face is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, func, select

from app import audit
from app.actors import Actor
from app.errors import NotFound
from app.keys.tables import Alert
from app.models import AuditTag
from consent.models import now

LISTED = 200  # alerts on one page


class AlertKind(StrEnum):
    GUESSING = "guessing"  # many answers that recognition contradicts
    REASKING = "reasking"  # the same face answered one way after the other
    LONE_FACES = "lone-faces"  # many drafts of one face each, of which nothing is fetched
    SAME_PICTURE = "same-picture"  # one picture handed in again and again
    USED_UP = "used-up"  # a quota was reached


def raise_alert(session: Session, school_id: str, kind: AlertKind, about: str, day: str, **details: int | str) -> bool:
    """Keep an alert and audit it, once for each kind, actor and day; whether it is new. `about` is an Actor.ref."""
    known = select(Alert).where(Alert.school_id == school_id, Alert.kind == kind.value, Alert.about == about)
    told = {**details, "day": day}
    if any(_same(alert.details, told) for alert in session.exec(known)):
        return False
    alert = Alert(school_id=school_id, kind=kind.value, about=about, details=told)
    session.add(alert)
    session.flush()
    audit.record(session, school_id, AuditTag.ALERT_RAISED, alert.id, kind=kind.value, about=about, counted=told)
    return True


def _same(known: dict[str, int | str], told: dict[str, int | str]) -> bool:
    return all(known.get(name) == told.get(name) for name in ("day", "quota"))


def unseen(session: Session, school_id: str) -> int:
    """How many alerts nobody has looked at: for the menu."""
    wanted = select(func.count()).select_from(Alert).where(Alert.school_id == school_id, col(Alert.seen_at).is_(None))
    return session.exec(wanted).one()


def listing(session: Session, school_id: str) -> list[Alert]:
    """The newest alerts of the school, those that nobody has seen first."""
    wanted = select(Alert).where(Alert.school_id == school_id)
    in_order = wanted.order_by(col(Alert.seen_at).is_not(None), col(Alert.raised_at).desc(), col(Alert.id))
    return list(session.exec(in_order.limit(LISTED)))


def see(session: Session, actor: Actor, alert_id: str, at: datetime | None = None) -> Alert:
    """Keep that the actor has looked at it; what was seen stays as it was."""
    alert = session.get(Alert, alert_id)
    if alert is None or alert.school_id != actor.school_id:
        raise NotFound("There is no such alert. Look at the list again.")
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by = at or now(), actor.ref
        audit.record(session, actor.school_id, AuditTag.ALERT_SEEN, alert.id, actor=actor.ref)
    return alert
