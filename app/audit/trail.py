"""Writing the audit trail: append only, each entry chained to the one before, in the caller's transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlmodel import Session, col, select

from app.audit.chain import FIRST, entry_hash
from app.audit.tables import AuditEvent
from app.audit.tags import AuditTag, checked
from consent.models import now

TAILS = "ends of the audit trails"


def record(
    session: Session, school_id: str, tag: AuditTag, subject: str, *, actor: str = "system", **details: Any
) -> None:
    """Write an entry in the caller's transaction: what is rolled back was never recorded.

    `actor` is an `Actor.ref`. Raises NotForTheTrail where a detail may not stand there. The transaction must hold the
    write lock: two that append at once would both follow the same entry, and the second of them fails.
    """
    said = checked(tag, details)
    sequence, previous = _tail(session, school_id)
    moment, sequence = now(), sequence + 1
    digest = entry_hash(previous, school_id, sequence, moment, tag.value, actor, subject, said)
    session.add(
        AuditEvent(
            school_id=school_id,
            sequence=sequence,
            tag=tag.value,
            actor=actor,
            subject=subject,
            details=said,
            happened_at=moment,
            previous=previous,
            hash=digest,
        )
    )
    session.info.setdefault(TAILS, {})[school_id] = (sequence, digest)


def _tail(session: Session, school_id: str) -> tuple[int, str]:
    """The last entry's number and hash, with those of this transaction that are not written yet."""
    known: tuple[int, str] | None = session.info.get(TAILS, {}).get(school_id)
    if known is not None:
        return known
    last = select(AuditEvent.sequence, AuditEvent.hash).where(AuditEvent.school_id == school_id)
    with session.no_autoflush:
        row = session.exec(last.order_by(col(AuditEvent.sequence).desc()).limit(1)).first()
    return (row[0], row[1]) if row else (0, FIRST)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, *_: Any) -> None:
    """Beyond the transaction others may have appended."""
    session.info.pop(TAILS, None)
