"""How often something was tried, counted in the database: it holds for all processes together."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.accounts.tables import Attempt

KEPT = 7 * 86_400  # seconds: longer than any limit looks back

Upsert = sqlite.Insert | postgresql.Insert


def bucket(what: str, whose: str) -> str:
    """The name of a counter: what is counted, and of whom, whose e-mail or address nobody can read from it."""
    return f"{what}:{hashlib.sha256(whose.encode()).hexdigest()}"


def count(session: Session, name: str, at: datetime, seconds: int, *, by: int = 1) -> None:
    """Count one more in the window of time that holds `at`. Atomic: no process overwrites another's count."""
    values = {"bucket": name, "window": _window(at, seconds), "count": by}
    dialect = session.get_bind().dialect.name
    insert: Upsert = postgresql.insert(Attempt) if dialect == "postgresql" else sqlite.insert(Attempt)
    statement = insert.values(values).on_conflict_do_update(
        index_elements=["bucket", "window"], set_={"count": Attempt.count + by}
    )
    session.connection().execute(statement)


def counted(session: Session, name: str, at: datetime, seconds: int) -> float:
    """How many there were within the last `seconds`: this window, and the share of the last that still reaches in."""
    now_in = _window(at, seconds)
    rows = dict(
        session.exec(
            select(Attempt.window, Attempt.count).where(
                Attempt.bucket == name, col(Attempt.window).in_([now_in, now_in - seconds])
            )
        ).all()
    )
    passed = (at.timestamp() - now_in) / seconds
    return rows.get(now_in, 0) + rows.get(now_in - seconds, 0) * (1 - passed)


def seconds_until_fewer(session: Session, name: str, at: datetime, seconds: int, most: int) -> int:
    """Seconds after which fewer than `most` are counted, if nothing is added; 0 where it is so already."""
    if counted(session, name, at, seconds) < most:
        return 0
    return int(_window(at, seconds) + 2 * seconds - at.timestamp()) + 1


def forget(session: Session, name: str) -> None:
    session.connection().execute(delete(Attempt).where(col(Attempt.bucket) == name))


def sweep(session: Session, at: datetime, older_than: int = KEPT) -> None:
    """Remove what no limit looks at any more; `older_than` in seconds."""
    session.connection().execute(delete(Attempt).where(col(Attempt.window) < at.timestamp() - older_than))


def _window(at: datetime, seconds: int) -> int:
    return int(at.timestamp()) // seconds * seconds
