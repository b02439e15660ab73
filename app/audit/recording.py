"""Writing to the audit trail: each entry goes to the end of its school's chain, in the caller's transaction.

What is rolled back was never recorded. The caller holds the write lock (`app.db.writing`); should two writers meet
all the same, `sequence` is unique within a school, and one of them fails instead of forking the chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from app.audit.chain import START, Entry, entry_hash
from app.audit.tables import AuditEvent
from app.audit.tags import AuditTag, checked
from consent.models import now

TABLE: Any = AuditEvent.__table__  # type: ignore[attr-defined]  # SQLModel adds it
ACTOR = "audit actor"
SYSTEM = "system"


def acting(session: Session, actor: str) -> None:
    """Say who acts in this session: what is recorded from here on without an actor is theirs (an `Actor.ref`)."""
    session.info[ACTOR] = actor


def actor_in(session: Session) -> str:
    return str(session.info.get(ACTOR, SYSTEM))


def record(
    session: Session, school_id: str, tag: AuditTag, subject: str, /, *, actor: str | None = None, **details: Any
) -> None:
    """Write one entry. `actor` is an `Actor.ref`; None: whoever acts in this session, or else the system.

    Raises NotForTheTrail where the details are not those of the tag.
    """
    session.flush()
    by = actor or actor_in(session)
    append(session.connection(), school_id, [(tag, subject, by, details)])


def append(connection: Connection, school_id: str, said: Sequence[tuple[AuditTag, str, str, dict[str, Any]]]) -> None:
    """Put entries (tag, subject, actor, details) at the end of the school's chain, in this order."""
    if not said:
        return
    sequence, previous = last_of(connection, school_id)
    rows = []
    for tag, subject, actor, details in said:
        kept = checked(tag, subject, actor, details)
        entry = Entry(school_id, tag.value, actor, subject, kept, now())
        sequence += 1
        digest = entry_hash(entry, sequence, previous)
        rows.append(
            {
                "school_id": school_id,
                "sequence": sequence,
                "tag": tag.value,
                "actor": actor,
                "subject": subject,
                "details": kept,
                "happened_at": entry.happened_at,
                "previous": previous,
                "hash": digest,
            }
        )
        previous = digest
    connection.execute(insert(TABLE), rows)


def last_of(connection: Connection, school_id: str) -> tuple[int, str]:
    """Sequence and hash of the school's last entry; 0 and zeros where there is none."""
    mine = select(TABLE.c.sequence, TABLE.c.hash).where(TABLE.c.school_id == school_id)
    row = connection.execute(mine.order_by(TABLE.c.sequence.desc()).limit(1)).first()
    return (row.sequence, row.hash) if row else (0, START)
