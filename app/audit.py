"""The audit trail: append only; ids, codes, and who gave an answer, but no pupil's name."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from app.models import AuditEvent, AuditTag


def record(
    session: Session,
    school_id: str,
    tag: AuditTag,
    subject: str,
    *,
    actor: str = "system",
    **details: Any,
) -> None:
    """Write an event in the caller's transaction: what is rolled back was never recorded."""
    session.add(AuditEvent(school_id=school_id, tag=tag.value, subject=subject, details=details))
