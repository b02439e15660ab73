"""Every change of the register leaves its entry, whoever made it and wherever in the code: none can be forgotten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect
from sqlmodel import Session

from app.audit.tags import AuditTag
from app.audit.trail import record
from consent.models import (
    AnswerRow,
    Channel,
    Enrolment,
    Guardian,
    Person,
    PublicationConsent,
    RegisterRow,
)

ACTOR = "actor"  # in Session.info: the Actor.ref of whoever changes the register


class AuditedSession(Session):
    """A session whose changes of the register are audited; `info["actor"]` says by whom."""


@event.listens_for(AuditedSession, "before_flush")
def _audit_changes(session: Session, *_: Any) -> None:
    actor = session.info.get(ACTOR, "system")
    for row in list(session.new):
        if isinstance(row, RegisterRow):
            _added(session, row, actor)
    for row in list(session.dirty):
        if isinstance(row, RegisterRow) and session.is_modified(row):
            _changed(session, row, actor)
    for row in list(session.deleted):
        if isinstance(row, RegisterRow):
            _removed(session, row, actor)


def _added(session: Session, row: RegisterRow, actor: str) -> None:
    if isinstance(row, Person):
        record(session, row.school_id, AuditTag.PERSON_ADDED, row.id, actor=actor)
    elif isinstance(row, Guardian):
        _guardian(session, row, actor)
    elif isinstance(row, AnswerRow):
        said = {"consent_id": row.id, "about": _about(row), "granted": row.granted, "guardian_id": row.guardian_id}
        if isinstance(row, PublicationConsent):
            said["named_ok"] = row.named_ok
        record(session, row.school_id, AuditTag.CONSENT_RECORDED, row.person_id, actor=actor, **said)
    elif isinstance(row, Enrolment):
        said = {"reference_id": row.id}
        record(session, row.school_id, AuditTag.REFERENCE_ADDED, row.person_id, actor=actor, **said)
    elif isinstance(row, Channel):
        record(session, row.school_id, AuditTag.CHANNEL_CHANGED, row.id, actor=actor, changed=["added"])


def _changed(session: Session, row: RegisterRow, actor: str) -> None:
    fields = _fields(row)
    if isinstance(row, Person):
        said: dict[str, Any] = {"changed": fields}
        if "never_publish" in fields:
            said["never_publish"] = row.never_publish
        record(session, row.school_id, AuditTag.PERSON_CHANGED, row.id, actor=actor, **said)
    elif isinstance(row, Guardian):
        _guardian(session, row, actor)
    elif isinstance(row, AnswerRow):
        said = {"consent_id": row.id, "about": _about(row)}
        if "withdrawn_on" in fields and row.withdrawn_on is not None:
            said["on"] = row.withdrawn_on
            record(session, row.school_id, AuditTag.CONSENT_WITHDRAWN, row.person_id, actor=actor, **said)
        else:
            record(session, row.school_id, AuditTag.CONSENT_CHANGED, row.person_id, actor=actor, **said, changed=fields)
    elif isinstance(row, Channel):
        said = {"changed": fields, "suspended": row.suspended_on is not None}
        record(session, row.school_id, AuditTag.CHANNEL_CHANGED, row.id, actor=actor, **said)


def _removed(session: Session, row: RegisterRow, actor: str) -> None:
    if isinstance(row, Enrolment):
        tag, said = AuditTag.REFERENCE_REMOVED, {"reference_id": row.id}
        record(session, row.school_id, tag, row.person_id, actor=actor, **said)
        return
    table = str(inspect(type(row)).local_table.name)
    record(session, row.school_id, AuditTag.ROW_REMOVED, row.id, actor=actor, table=table)


def _guardian(session: Session, row: Guardian, actor: str) -> None:
    said = {"guardian_id": row.id, "parental_responsibility": row.parental_responsibility}
    record(session, row.school_id, AuditTag.GUARDIAN_CHANGED, row.person_id, actor=actor, **said)


def _about(row: AnswerRow) -> str:
    return row.scope.value if isinstance(row, PublicationConsent) else "recognition"


def _fields(row: RegisterRow) -> list[str]:
    """The names of what changed, and never what it was or is: that may be a name."""
    return sorted(each.key for each in inspect(row).attrs if each.history.has_changes())
