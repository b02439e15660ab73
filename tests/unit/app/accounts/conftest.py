"""A school and its accounts in memory: real SQLite, no file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, create_engine

import app.models  # noqa: F401  the tables of the whole service
from consent.register import create_school
from tests.vaults import with_vault

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine(
        "sqlite://",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
        execution_options=with_vault(),
    )
    SQLModel.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def school(session: Session) -> str:
    return create_school(session, "Wrenhollow").id
