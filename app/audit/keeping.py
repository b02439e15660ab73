"""A checkpoint by itself every hour in which something was added, and each of them written to the folder outside."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from app import logs
from app.audit import checkpoints
from app.db import reading, writing
from app.logs import Event
from consent.models import School, now
from consent.vault.errors import VaultError

EVERY = timedelta(hours=1)
LOOK_SECONDS = 60.0


def keep(engine: Engine, folder: Path | None, at: datetime | None = None) -> int:
    """Make what checkpoints are due, and write the newest of each school outside; how many were made.

    Several processes may do so at once. Raises OSError where the folder cannot be written.
    """
    moment, made = at or now(), 0
    with reading(engine) as session:
        schools = list(session.exec(select(School.id)))
    for school_id in schools:
        if _is_due(engine, school_id, moment):
            with writing(engine) as session:
                if _due(checkpoints.newest(session, school_id), moment):
                    made += checkpoints.make(session, school_id, at=moment) is not None
        with reading(engine) as session:
            newest = checkpoints.newest(session, school_id)
        if folder is not None and newest is not None:
            checkpoints.write_file(folder, newest)
    return made


def _is_due(engine: Engine, school_id: str, moment: datetime) -> bool:
    """Asked without the write lock, so that looking every minute holds up nobody."""
    with reading(engine) as session:
        last = checkpoints.newest(session, school_id)
        return _due(last, moment) and checkpoints.has_grown(session, school_id, last.size if last else 0)


def _due(last: checkpoints.Checkpoint | None, moment: datetime) -> bool:
    """An hour after the last one; at once where the clock says that the last is still to come."""
    return last is None or not timedelta(0) <= moment - datetime.fromisoformat(last.made_at) < EVERY


@contextmanager
def kept(engine: Engine, folder: Path | None, every: float = LOOK_SECONDS) -> Iterator[None]:
    """Look after the checkpoints in a thread beside the block."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(every):
            try:
                keep(engine, folder)
            except (OSError, SQLAlchemyError, VaultError) as error:
                logs.event(Event.NO_CHECKPOINT, logging.ERROR, failed=error)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def outside_files(folder: Path | None) -> list[checkpoints.Checkpoint]:
    """Every checkpoint in the folder outside; raises OSError and NoCheckpoint: none is passed over."""
    if folder is None:
        return []
    return [checkpoints.read_file(path) for path in sorted(folder.glob("*.json"))]
