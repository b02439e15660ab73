"""Tables of the vault: the wrapped data keys, and the files that belong to people."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKeyConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from consent.base import UtcDateTime, new_id, now
from consent.vault.envelope import OwnerKind


class FileKind(StrEnum):
    """What a person's file is."""

    REFERENCE = "reference-photo"
    EVIDENCE = "evidence-scan"

    @property
    def owner_kind(self) -> OwnerKind:
        """Whose key seals it: what shows the face goes with the templates."""
        return OwnerKind.FACE if self is FileKind.REFERENCE else OwnerKind.PERSON


class DataKeyRow(SQLModel, table=True):
    """One data key, wrapped. Deleting the row erases everything that the key sealed, here and in every older copy that
    does not hold the row itself."""

    __tablename__ = "data_key"
    __table_args__ = (UniqueConstraint("owner_kind", "owner_id"),)

    id: str = Field(primary_key=True)
    school_id: str = Field(foreign_key="school.id")
    owner_kind: str
    owner_id: str
    wrapped: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kek_id: str = Field(index=True)
    created_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))


class PersonFile(SQLModel, table=True):
    """A sealed file of one person: the photo that a reference was made from, or a scan of a written answer."""

    __tablename__ = "person_file"
    __table_args__ = (ForeignKeyConstraint(["school_id", "person_id"], ["person.school_id", "person.id"]),)

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id")
    person_id: str = Field(index=True)
    kind: str
    media_type: str
    size: int  # bytes, before sealing
    enrolment_id: str | None = Field(default=None, foreign_key="enrolment.id", index=True)
    added_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
