"""Every change of what the register allows leaves an entry, whoever makes it and by whatever road.

A flush that writes an answer, a reference, a channel, a guardian's standing or "never publish" writes its entry in the
same transaction: no caller can forget it. Ids, scopes and days alone; the register itself knows nothing of the trail.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from app.audit.recording import actor_in, append
from app.audit.tags import AuditTag
from consent.models import AnswerRow, Channel, Enrolment, Guardian, Person, PublicationConsent, RegisterRow

Said = tuple[AuditTag, str, str, dict[str, Any]]


def install() -> None:
    """Watch every session, once."""
    if not event.contains(Session, "after_flush", _record_changes):
        event.listen(Session, "after_flush", _record_changes)


def _record_changes(session: Session, *_: Any) -> None:
    actor = actor_in(session)
    by_school: dict[str, list[Said]] = defaultdict(list)
    for state, rows in (("new", session.new), ("changed", session.dirty), ("removed", session.deleted)):
        for row in rows:
            if isinstance(row, RegisterRow):
                by_school[row.school_id] += [(*each[:2], actor, each[2]) for each in _said(row, state)]
    for school_id, said in by_school.items():
        append(session.connection(), school_id, said)


def _said(row: RegisterRow, state: str) -> list[tuple[AuditTag, str, dict[str, Any]]]:
    changed = _changed(row) if state == "changed" else []
    if state == "changed" and not changed:
        return []
    match row:
        case AnswerRow():
            return [_answer(row, state, changed)]
        case Enrolment():
            return [(AuditTag.ENROLLED, row.person_id, {"enrolment": row.id})] if state == "new" else []
        case Person():
            told = row.never_publish if state == "new" else "never_publish" in changed
            return [(AuditTag.NEVER_PUBLISH_SET, row.id, {"after": row.never_publish})] if told else []
        case Guardian():
            return _guardian(row, state, changed)
        case Channel():
            details: dict[str, Any] = {"changed": changed, "scope": row.scope.value}
            return [(AuditTag.CHANNEL_CHANGED, row.id, details | ({"removed": True} if state == "removed" else {}))]
    return []


def _answer(row: AnswerRow, state: str, changed: list[str]) -> tuple[AuditTag, str, dict[str, Any]]:
    scope = row.scope.value if isinstance(row, PublicationConsent) else "recognition"
    details: dict[str, Any] = {"consent": row.id, "scope": scope, "granted": row.granted}
    if state == "new":
        return AuditTag.CONSENT_RECORDED, row.person_id, details
    if state == "removed":
        return AuditTag.CONSENT_REMOVED, row.person_id, details
    if changed == ["withdrawn_on"] and row.withdrawn_on:
        return AuditTag.CONSENT_WITHDRAWN, row.person_id, {**details, "on": row.withdrawn_on.isoformat()}
    return AuditTag.CONSENT_CHANGED, row.person_id, {**details, "changed": changed}


def _guardian(row: Guardian, state: str, changed: list[str]) -> list[tuple[AuditTag, str, dict[str, Any]]]:
    details: dict[str, Any] = {"guardian": row.id, "parental_responsibility": row.parental_responsibility}
    if state == "removed":
        return [(AuditTag.GUARDIAN_CHANGED, row.person_id, {**details, "removed": True})]
    if state == "new" or "parental_responsibility" in changed:
        return [(AuditTag.GUARDIAN_CHANGED, row.person_id, details)]
    return []


def _changed(row: RegisterRow) -> list[str]:
    """The names of the columns that this flush changed."""
    state: Any = inspect(row)
    return sorted(name for name in state.mapper.column_attrs.keys() if state.attrs[name].history.has_changes())  # noqa: SIM118
