"""Tables of API keys, and of what the safeguarding lead is to look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from consent.models import UtcDateTime, new_id, now


class ApiKey(SQLModel, table=True):
    """A key of one school. Only the SHA-256 of its secret is kept; `prefix` finds it and is shown in lists."""

    __tablename__ = "api_key"

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    name: str
    prefix: str = Field(unique=True)
    secret_sha256: str
    scopes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    made_by: str  # an Actor.ref
    made_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    successor_id: str | None = Field(default=None, foreign_key="api_key.id")


class Alert(SQLModel, table=True):
    """Something that the safeguarding lead is to look at: ids and counts alone."""

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    kind: str
    about: str  # an Actor.ref
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    raised_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
    seen_by: str | None = None
    seen_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
