"""Tables of the audit trail: its entries, its checkpoints, and the key that signs them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from consent.models import UtcDateTime, new_id, now
from consent.vault.columns import SealedBytes
from consent.vault.envelope import OwnerKind
from consent.vault.rows import sealed


def _hex() -> Column[str]:
    return Column(String(64), nullable=False)


class AuditEvent(SQLModel, table=True):
    """One thing that happened: ids, codes, counts and versions. Written by app.audit.recording alone, never changed.

    `sequence` counts from 1 within the school; `hash` is over the entry and `previous`, the hash before it.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("school_id", "sequence"),
        Index("ix_audit_event_school_id_tag_sequence", "school_id", "tag", "sequence"),
        Index("ix_audit_event_school_id_actor_sequence", "school_id", "actor", "sequence"),
        Index("ix_audit_event_school_id_subject_sequence", "school_id", "subject", "sequence"),
    )

    number: int | None = Field(default=None, primary_key=True)
    school_id: str = Field(foreign_key="school.id")
    sequence: int
    tag: str
    actor: str  # an Actor.ref
    subject: str  # the id of what it is about: a draft, a person, an account, the school
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    happened_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
    previous: str = Field(sa_column=_hex())
    hash: str = Field(sa_column=_hex())


class AuditCheckpoint(SQLModel, table=True):
    """The first `size` entries of a school as one signed number; never changed."""

    __tablename__ = "audit_checkpoint"
    __table_args__ = (UniqueConstraint("school_id", "size"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id")
    size: int
    root: str = Field(sa_column=_hex())
    made_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
    public_key: str = Field(sa_column=_hex())  # Ed25519, hexadecimal
    signature: str = Field(sa_column=Column(String(128), nullable=False))


@sealed(OwnerKind.SCHOOL, "school_id")
class AuditKey(SQLModel, table=True):
    """The school's signing key: the private half is sealed, so that a copy of the database signs nothing."""

    __tablename__ = "audit_key"

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", unique=True)
    public_key: str = Field(sa_column=_hex())
    private_key: bytes = Field(sa_type=SealedBytes)
    made_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
