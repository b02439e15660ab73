"""Tables of the service: drafts, their pictures, jobs, decisions, the audit trail, workers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.audit.tables import AuditEvent as AuditEvent
from app.audit.tags import AuditTag as AuditTag
from consent.models import UtcDateTime, new_id, now
from consent.vault.columns import SealedJson, SealedText
from consent.vault.envelope import OwnerKind
from consent.vault.rows import sealed


class DraftStatus(StrEnum):
    QUEUED = "queued"
    CHECKING = "checking"
    DECIDED = "decided"
    FAILED = "failed"  # given up after the last try: blocked, and never decided


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


def _sealed_text() -> Column[str]:
    return Column(SealedText, nullable=False)


def _sealed_json() -> Column[Any]:
    return Column(SealedJson, nullable=False)


@sealed(OwnerKind.DRAFT, "id")
class Draft(SQLModel, table=True):
    """A post as it was handed in; never changed, save for its progress."""

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    revision_of: str | None = Field(default=None, foreign_key="draft.id")
    made_by: str = Field(default="", index=True)  # an Actor.ref; empty: from before there were accounts
    channel: str
    caption: str = Field(default="", sa_column=_sealed_text())
    hashtags: str = Field(default="", sa_column=_sealed_text())
    taken_of: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    word_answers: list[dict[str, Any]] = Field(default_factory=list, sa_column=_sealed_json())
    status: str = Field(default=DraftStatus.QUEUED.value, index=True)
    pictures_done: int = 0
    received_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))


@sealed(OwnerKind.DRAFT, "draft_id")
class DraftPicture(SQLModel, table=True):
    """One picture of a draft. Its bytes lie in the picture store; `findings` is what may be shown: no templates."""

    __tablename__ = "draft_picture"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    draft_id: str = Field(foreign_key="draft.id", index=True)
    number: int  # from 1, in the order of the post
    file_name: str = Field(sa_column=_sealed_text())
    alt_text: str = Field(default="", sa_column=_sealed_text())
    sha256: str  # of the bytes as they were sent
    size: int  # bytes
    covers: list[list[int]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    answers: list[dict[str, Any]] = Field(default_factory=list, sa_column=_sealed_json())  # by a person
    findings: dict[str, Any] | None = Field(default=None, sa_column=Column(SealedJson))
    released_sha256: str | None = None
    released_media_type: str | None = None


class Job(SQLModel, table=True):
    """The check of one draft. A job is a row: it outlives every process."""

    id: str = Field(default_factory=new_id, primary_key=True)
    draft_id: str = Field(foreign_key="draft.id", unique=True)
    status: str = Field(default=JobStatus.QUEUED.value, index=True)
    attempts: int = 0
    lease: str | None = None  # the token of the worker that holds it; an older token writes nothing
    leased_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    queued_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False, index=True))
    error: str | None = None


@sealed(OwnerKind.DRAFT, "draft_id")
class DecisionRecord(SQLModel, table=True):
    """The one decision of a draft, with everything that led to it. `draft_id` is unique: nothing is decided twice."""

    __tablename__ = "decision"

    id: str = Field(default_factory=new_id, primary_key=True)
    draft_id: str = Field(foreign_key="draft.id", unique=True)
    outcome: str
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=_sealed_json())
    notices: list[dict[str, Any]] = Field(default_factory=list, sa_column=_sealed_json())
    people: list[str] = Field(default_factory=list, sa_column=_sealed_json())  # ids, by face or by hand
    named: list[str] = Field(default_factory=list, sa_column=_sealed_json())  # ids, in words, by consent
    rewritten: dict[str, Any] = Field(default_factory=dict, sa_column=_sealed_json())  # the safe wording
    looked_for: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))  # and what was not
    versions: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    policy_version: str
    register_version: int
    decided_for: str  # the day, ISO, in Europe/London
    decided_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))


class WorkerSeen(SQLModel, table=True):
    """A worker's sign of life: `/readyz` and `doctor` read it."""

    __tablename__ = "worker_seen"

    id: str = Field(primary_key=True)
    ready: bool = False  # its models are loaded
    problem: str = ""
    versions: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    seen_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
