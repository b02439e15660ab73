"""Sealing what an older Gatepost left plain: its picture files, and the traces of its rows.

Files cannot take part in a migration's transaction, so they are sealed after it, before anything is served. Killed on
the way, it begins again: what is sealed already is left alone, and a mark in the database says when all of it is done.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from app.blobs import PictureStore
from app.models import Draft
from consent.vault.errors import VaultError

DONE = 1  # in PRAGMA user_version


def finish_sealing(engine: Engine, pictures: Path) -> None:
    """Seal picture files, and overwrite what plain rows left in the database file and its log; once per database."""
    with engine.connect() as connection:
        if connection.exec_driver_sql("PRAGMA user_version").scalar_one() >= DONE:
            return
    with Session(engine) as session:
        drafts = session.exec(select(Draft.id)).all()
    PictureStore(pictures, engine).seal_plain(drafts)
    overwrite_traces(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {DONE}")


def overwrite_traces(engine: Engine) -> None:
    """Write the database file anew and empty its log, so that neither holds what was there before."""
    with closing(engine.raw_connection()) as pooled, closing(pooled.cursor()) as cursor:
        cursor.execute("VACUUM")
    if not empty_log(engine):
        raise VaultError(
            "What older versions left in the database could not be overwritten, because another process reads it. End "
            "every other Gatepost that uses this data folder, and start again."
        )


def empty_log(engine: Engine) -> bool:
    """Empty the database's log; whether that was possible at once. Else it happens by itself later."""
    with closing(engine.raw_connection()) as pooled, closing(pooled.cursor()) as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = cursor.fetchone()
    return found is not None and not found[0]
