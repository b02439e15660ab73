"""Reading the trail: filtered, newest first, a page at a time by sequence; or in order, for exports and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.audit.tables import AuditEvent
from app.audit.tags import GROUPS
from consent.facts import LONDON

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show; days are whole days in Europe/London, both included. Empty means everything."""

    group: str = ""
    tag: str = ""
    first_day: date | None = None
    last_day: date | None = None
    actor: str = ""
    subject: str = ""

    def wanted(self, school_id: str) -> Any:
        """The school's entries that fit, in no order yet."""
        mine = select(AuditEvent).where(AuditEvent.school_id == school_id)
        if self.group:
            mine = mine.where(col(AuditEvent.tag).in_([tag.value for tag in GROUPS[self.group]]))
        if self.tag:
            mine = mine.where(AuditEvent.tag == self.tag)
        if self.actor:
            mine = mine.where(AuditEvent.actor == self.actor)
        if self.subject:
            mine = mine.where(AuditEvent.subject == self.subject)
        if self.first_day:
            mine = mine.where(col(AuditEvent.happened_at) >= _start_of(self.first_day))
        if self.last_day:
            mine = mine.where(col(AuditEvent.happened_at) < _start_of(self.last_day + timedelta(days=1)))
        return mine


def newest_first(
    session: Session, school_id: str, filters: Filters, before: int | None = None, most: int = PAGE
) -> tuple[Sequence[AuditEvent], int | None]:
    """A page of entries below `before`, and where the next page begins; None: this is the last."""
    wanted = filters.wanted(school_id)
    if before is not None:
        wanted = wanted.where(col(AuditEvent.sequence) < before)
    found = session.exec(wanted.order_by(col(AuditEvent.sequence).desc()).limit(most + 1)).all()
    shown = found[:most]
    return shown, shown[-1].sequence if len(found) > most else None


def in_order(
    session: Session, school_id: str, filters: Filters, after: int = 0, most: int | None = None
) -> list[AuditEvent]:
    """The entries beyond `after`, the oldest first."""
    wanted = filters.wanted(school_id).where(col(AuditEvent.sequence) > after)
    return list(session.exec(wanted.order_by(col(AuditEvent.sequence)).limit(most)))


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
