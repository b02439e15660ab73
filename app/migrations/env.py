"""Alembic's environment: one transaction, on the engine that app.db hands over."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

from alembic import context
from sqlalchemy import Engine
from sqlmodel import SQLModel

for models in ("consent.models", "app.models"):
    if find_spec(models):
        importlib.import_module(models)


def run() -> None:
    """Every step in one transaction that holds the write lock: a second process waits, a failure leaves nothing."""
    engine: Engine = context.config.attributes["engine"]
    with engine.execution_options(immediate=True).connect() as connection:
        context.configure(
            connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
