"""The register's tables. Every row belongs to one school, and refers to rows of that school alone.

Days are dates in Europe/London; moments are UTC. Ids are random and say nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Dialect,
    ForeignKeyConstraint,
    String,
    TypeDecorator,
    UniqueConstraint,
    event,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Field, SQLModel, col

from consent.base import UtcDateTime as UtcDateTime
from consent.base import new_id as new_id
from consent.base import now as now
from consent.facts import RELEASED_SIDE, NamingRule, RecognitionMode, Role, Scope
from consent.vault.columns import SealedBytes
from consent.vault.envelope import OwnerKind
from consent.vault.rows import sealed


class _Word(TypeDecorator[StrEnum]):
    """One word of a fixed list, stored as the word itself; any other word is an error, in and out."""

    impl = String(20)
    cache_ok = True
    words: ClassVar[type[StrEnum]]

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        return None if value is None else self.words(value)


class ScopeWord(_Word):
    words = Scope
    cache_ok = True


class RoleWord(_Word):
    words = Role
    cache_ok = True


class RecognitionModeWord(_Word):
    words = RecognitionMode
    cache_ok = True


class NamingRuleWord(_Word):
    words = NamingRule
    cache_ok = True


class School(SQLModel, table=True):
    """One school. `register_version` grows with every change of its register; `profile` is a SchoolProfile as JSON."""

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    profile: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    register_version: int = 0
    recognition: RecognitionMode = Field(default=RecognitionMode.OFF, sa_type=RecognitionModeWord)
    dpia_on: date | None = None  # the three days without which recognition cannot be switched on
    dpo_advice_on: date | None = None
    consulted_on: date | None = None
    naming: NamingRule = Field(default=NamingRule.NEVER, sa_type=NamingRuleWord)
    released_side: int = RELEASED_SIDE  # pixels: the most that the long side of a released picture may have


class RegisterRow(SQLModel):
    """What every table of the register has; a flush that touches one raises its school's register version."""

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)


class Person(RegisterRow, table=True):
    """A pupil or a member of staff. `given` and `family` are the legal names, `known_as` the name in daily use."""

    __table_args__ = (
        UniqueConstraint("school_id", "id"),
        UniqueConstraint("school_id", "upn"),
        UniqueConstraint("school_id", "admission_number"),
    )

    role: Role = Field(default=Role.PUPIL, sa_type=RoleWord)
    given: str
    family: str
    known_as: str = ""
    other_names: str = ""
    title: str = ""
    upn: str | None = None
    admission_number: str | None = None
    year: str = ""
    class_name: str = ""
    leaving_date: date | None = None
    never_publish: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.known_as or self.given} {self.family}"


class Guardian(RegisterRow, table=True):
    """Somebody who answers for one pupil; each pupil's guardians are rows of their own."""

    __table_args__ = (
        UniqueConstraint("school_id", "person_id", "id"),
        ForeignKeyConstraint(["school_id", "person_id"], ["person.school_id", "person.id"]),
    )

    person_id: str = Field(index=True)
    name: str
    relationship: str = ""
    parental_responsibility: bool = False


def _answer_keys() -> tuple[ForeignKeyConstraint, ...]:
    """An answer is about a person of the school, by a guardian of that person."""
    return (
        ForeignKeyConstraint(["school_id", "person_id"], ["person.school_id", "person.id"]),
        ForeignKeyConstraint(
            ["school_id", "person_id", "guardian_id"], ["guardian.school_id", "guardian.person_id", "guardian.id"]
        ),
    )


class AnswerRow(RegisterRow):
    """One written answer. `guardian_id` None: by the person themself. `until` is the last day it holds."""

    person_id: str = Field(index=True)
    guardian_id: str | None = None
    granted: bool
    decided_on: date
    starts_on: date
    until: date | None = None
    withdrawn_on: date | None = None
    form_version: str = ""
    evidence_ref: str = ""
    source: str = ""
    recorded_by: str = ""
    recorded_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def giver(self) -> str:
        return self.guardian_id or self.person_id


class PublicationConsent(AnswerRow, table=True):
    """An answer about pictures, for one scope."""

    __tablename__ = "publication_consent"
    __table_args__ = _answer_keys()

    scope: Scope = Field(sa_type=ScopeWord)
    named_ok: bool = False


class RecognitionConsent(AnswerRow, table=True):
    """An answer about face recognition: a record of its own, never read off a consent to pictures."""

    __tablename__ = "recognition_consent"
    __table_args__ = _answer_keys()


@sealed(OwnerKind.FACE, "person_id")
class Enrolment(RegisterRow, table=True):
    """One reference: a template (little-endian float32) made by the model `model_id` from a photo of this person."""

    __table_args__ = (ForeignKeyConstraint(["school_id", "person_id"], ["person.school_id", "person.id"]),)

    person_id: str = Field(index=True)
    template: bytes = Field(sa_type=SealedBytes)
    model_id: str
    quality: float
    taken_on: date
    checked_by: str = ""  # who made sure that it shows this person, where the face is like another's
    enrolled_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Channel(RegisterRow, table=True):
    """An account or place the school publishes to, and who approved it."""

    __table_args__ = (UniqueConstraint("school_id", "name"),)

    name: str
    address: str = ""
    owner: str = ""
    official_email: str = ""
    scope: Scope = Field(sa_type=ScopeWord)
    notified_on: date | None = None
    approved_by: str = ""
    approved_on: date | None = None
    suspended_on: date | None = None
    direct_messages: bool = False


@event.listens_for(Session, "before_flush")
def _raise_register_version(session: Session, *_: Any) -> None:
    """No change of the register is written without raising its version, in the same transaction."""
    touched = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
    schools = {row.school_id for row in touched if isinstance(row, RegisterRow)}
    schools |= {row.id for row in touched if isinstance(row, School)}
    for school_id in sorted(schools):
        statement = (
            update(School)
            .where(col(School.id) == school_id)
            .values(register_version=col(School.register_version) + 1)
            .returning(col(School.register_version))
        )
        version = session.connection().execute(statement).scalar_one_or_none()
        loaded = session.identity_map.get(identity_key(School, school_id))
        if loaded is not None and version is not None:
            set_committed_value(loaded, "register_version", version)
