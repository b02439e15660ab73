"""Tables of the audit trail: entries, checkpoints, and the key that signs them. Triggers refuse every change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from consent.models import UtcDateTime, new_id, now
from consent.vault.columns import SealedBytes
from consent.vault.envelope import OwnerKind
from consent.vault.rows import sealed


class AuditEvent(SQLModel, table=True):
    """One thing that happened: ids, codes, versions; nobody's name. See app.audit.chain for `hash`."""

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("school_id", "sequence"),)

    number: int | None = Field(default=None, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    sequence: int  # of the school's entries, from 1 without a gap
    tag: str = Field(index=True)
    actor: str = Field(index=True)  # an Actor.ref
    subject: str = Field(index=True)  # the id of what it is about
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    happened_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
    previous: str  # the hash of the entry before; 64 zeros before the first
    hash: str


class AuditCheckpoint(SQLModel, table=True):
    """The root of the tree over a school's first `size` entries, signed."""

    __tablename__ = "audit_checkpoint"

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    size: int
    root: str
    made_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
    public_key: str
    signature: str


@sealed(OwnerKind.SCHOOL, "school_id")
class SigningKey(SQLModel, table=True):
    """The Ed25519 key with which a school's checkpoints are signed."""

    __tablename__ = "signing_key"

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", unique=True)
    public_key: str  # 32 bytes as hexadecimal digits
    private_key: bytes = Field(sa_column=Column(SealedBytes, nullable=False))
    made_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
