"""Alembic's environment: one transaction, on the engine that app.db hands over."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

for models in (
    "consent.models",
    "consent.vault.tables",
    "app.models",
    "app.audit.tables",
    "app.accounts.tables",
    "app.keys.tables",
):
    if find_spec(models):
        importlib.import_module(models)


def run() -> None:
    """Every step in one transaction that holds the write lock: a second process waits, a failure leaves nothing."""
    engine: Engine = context.config.attributes["engine"]
    with engine.execution_options(immediate=True).connect() as connection, _tables_may_be_rebuilt(connection):
        context.configure(
            connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("A migration left rows that belong to nothing; nothing was changed.")


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, and may drop none to which others refer while it enforces that.

    The pragma has no effect within a transaction, so it goes round the one that holds every step.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()  # whatever was not committed; the pragma needs that
        driver.execute("PRAGMA foreign_keys=ON")


run()
