"""The audit trail: append only; ids and codes, but nobody's name."""

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
    actor: str = "system",  # noqa: ARG001  kept once the trail has a place for it
    **details: Any,
) -> None:
    """Write an event in the caller's transaction: what is rolled back was never recorded."""
    session.add(AuditEvent(school_id=school_id, tag=tag.value, subject=subject, details=details))
