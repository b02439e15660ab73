"""What the audit trail costs: an entry beside a bare row, verifying, and a page, by the length of the trail.

    python -m tests.benchmarks.audit [--entries N] [--rounds N] [--json]

Wall clock, medians over rounds, on a real SQLite file as the service opens it. The baseline in the same run is an
insert of the same row into a table without chain, checks, indexes or triggers.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from app import audit
from app.audit import checkpoints, trail
from app.audit.recording import append, last_of
from app.audit.tags import AuditTag
from app.audit.trail import Filters
from app.audit.verifying import verify
from app.config import Settings
from app.db import migrate, open_engine, reading, writing
from consent.models import new_id, now
from consent.register import create_school

BATCH = 1_000
IN_ONE = 200  # entries in one transaction: what is measured is the entry, not the disk
PAGES: dict[str, Filters] = {
    "newest": Filters(),
    "of one group": Filters(group="keys"),
    "about one draft": Filters(subject="d7"),
    "by nobody": Filters(actor="account:nobody"),
}


def median(rounds: int, work: Callable[[], float]) -> float:
    return statistics.median(work() for _ in range(rounds))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def fill(engine: Engine, school_id: str, entries: int) -> None:
    """Drafts handed in, one in a hundred entries about a key."""
    for start in range(0, entries, BATCH):
        said = [
            (AuditTag.KEY_REVOKED, "k1", "cli", {})
            if at % 100 == 0
            else (AuditTag.DRAFT_RECEIVED, f"d{at}", "account:a1", {"pictures": 3})
            for at in range(start, min(start + BATCH, entries))
        ]
        with writing(engine) as session:
            append(session.connection(), school_id, said)


def appending(engine: Engine, school_id: str) -> float:
    """Milliseconds for one entry."""
    with writing(engine) as session:
        session.connection()

        def work() -> None:
            for _ in range(IN_ONE):
                audit.record(session, school_id, AuditTag.DRAFT_RECEIVED, "d1", actor="account:a1", pictures=3)

        return timed(work) * 1000 / IN_ONE


def bare(engine: Engine, school_id: str) -> float:
    """Milliseconds for the same row in a plain table."""
    with writing(engine) as session:
        connection = session.connection()
        connection.exec_driver_sql(
            "create table if not exists plain (number integer primary key, school_id, sequence, tag, actor, subject,"
            " details, happened_at, previous, hash)"
        )
        sequence, previous = last_of(connection, school_id)
        values = (school_id, sequence, "draft:received", "account:a1", new_id(), '{"pictures": 3}', str(now()))
        places = "school_id, sequence, tag, actor, subject, details, happened_at, previous, hash"
        sql = f"insert into plain ({places}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608

        def work() -> None:
            for _ in range(IN_ONE):
                connection.exec_driver_sql(sql, (*values, previous, previous))

        return timed(work) * 1000 / IN_ONE


def paging(engine: Engine, school_id: str, filters: Filters) -> float:
    """Milliseconds for a page of the newest entries that fit."""
    with reading(engine) as session:
        session.connection()
        return timed(lambda: trail.newest_first(session, school_id, filters)) * 1000


def verifying(engine: Engine, school_id: str) -> float:
    with reading(engine) as session:
        return timed(lambda: _fine(verify(session, school_id).findings))


def _fine(findings: tuple[object, ...]) -> None:
    assert findings == ()


def signing(engine: Engine, school_id: str) -> float:
    with writing(engine) as session:
        audit.record(session, school_id, AuditTag.REGISTER_VIEWED, school_id)
        return timed(lambda: checkpoints.make(session, school_id))


def measure(entries: int, rounds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "data")
        migrate(settings)
        engine = open_engine(settings)
        with writing(engine) as session:
            school_id = create_school(session, "Wrenhollow").id
        fill(engine, school_id, entries)
        figures = {
            "entries": float(entries),
            "bare row, ms": median(rounds, lambda: bare(engine, school_id)),
            "entry, ms": median(rounds, lambda: appending(engine, school_id)),
            "checkpoint, s": median(rounds, lambda: signing(engine, school_id)),
            "verify, s": median(rounds, lambda: verifying(engine, school_id)),
        }
        for name, filters in PAGES.items():
            figures[f"page {name}, ms"] = median(rounds, partial(paging, engine, school_id, filters))
        engine.dispose()
        return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = measure(asked.entries, asked.rounds)
    if asked.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:24} {value:12,.3f}")


if __name__ == "__main__":
    main()
