"""Counters in windows of time, as rows: every process adds to the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, delete

from app.accounts.tables import Attempt

HOUR, DAY = 3600, 86_400
KEPT = 8 * DAY  # seconds after which a counter is thrown away
OURS = "quota:"


@dataclass(frozen=True, slots=True)
class Window:
    """An hour or a day (UTC), by the seconds since 1970 at which it began."""

    start: int
    length: int
    at: float

    @property
    def seconds_left(self) -> int:
        return int(self.start + self.length - self.at) + 1

    @property
    def day(self) -> str:
        return datetime.fromtimestamp(self.start, tz=UTC).date().isoformat()


def window(at: datetime, length: int) -> Window:
    seconds = at.timestamp()
    return Window(int(seconds // length) * length, length, seconds)


def counted(session: Session, bucket: str, when: Window) -> int:
    row = session.get(Attempt, (OURS + bucket, when.start))
    return row.count if row else 0


def count(session: Session, bucket: str, when: Window, by: int = 1) -> int:
    """Add to a counter, in a session that holds the write lock; returns what it stands at then."""
    row = session.get(Attempt, (OURS + bucket, when.start))
    if row is None:
        row = Attempt(bucket=OURS + bucket, window=when.start)
        session.add(row)
    row.count += by
    session.flush()
    return row.count


def sweep(session: Session, when: Window) -> None:
    """Throw away counters that nothing asks for any more."""
    old = col(Attempt.bucket).startswith(OURS, autoescape=True) & (col(Attempt.window) < when.start - KEPT)
    session.execute(delete(Attempt).where(old))
