"""The database: one SQLite file in WAL mode; a session per request or job, committed at the edge."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session, create_engine

from app.config import Settings
from app.sealing import finish_sealing
from consent.vault.keyring import GivenKeys, KeyFile
from consent.vault.vault import Vault, vault_of

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 5


def open_engine(settings: Settings) -> Engine:
    """The engine for the database file, with its vault; the file need not exist yet, and no key is read yet."""
    engine = create_engine(
        f"sqlite:///{settings.database}",
        connect_args={"timeout": BUSY_SECONDS},
        execution_options={"vault": open_vault(settings)},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def open_vault(settings: Settings) -> Vault:
    """The vault with the keys that the settings name; raises KeyUnavailable where GATEPOST_KEY holds none."""
    if settings.key is not None:
        return Vault(GivenKeys.from_text(settings.key.get_secret_value()))
    return Vault(KeyFile(settings.key_path, outside=settings.data))


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions by itself
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session over one consistent view of the database; nothing is kept."""
    with Session(engine) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that holds the write lock from its first statement; committed when the block ends, else rolled back."""
    with Session(engine.execution_options(immediate=True), expire_on_commit=False) as session:
        yield session
        session.commit()


def newest_migration(session: Session) -> tuple[str | None, str | None]:
    """The migration that the database stands at, and the newest that there is."""
    found = MigrationContext.configure(session.connection()).get_current_revision()
    return found, ScriptDirectory(str(MIGRATIONS)).get_current_head()


def migrate(settings: Settings) -> bool:
    """Bring the database file up to the newest migration, making it, and a first key, where there is none.

    Returns whether a key was made, which is to be said. Raises KeyUnavailable where what is sealed cannot be opened.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_engine(settings)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")
    with writing(engine) as session:
        vault_of(session).prepare(session.connection())
    finish_sealing(engine, settings.pictures)
    engine.dispose()
    return vault_of(engine).made_key
