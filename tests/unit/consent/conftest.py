"""A register in memory: real SQLite, no file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, create_engine

from consent.register import Register, create_school
from tests.schools import allow_recognition
from tests.vaults import with_vault


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://", poolclass=StaticPool, execution_options=with_vault())
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def register(session: Session) -> Register:
    return allow_recognition(Register(session, create_school(session, "Wrenhollow Primary").id))
