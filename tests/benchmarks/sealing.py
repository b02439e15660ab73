"""What sealing costs: a draft of 20 pictures, a gallery, and an upload, each against the same work left plain.

`python -m tests.benchmarks.sealing [--rounds 15] [--megabytes 4]`: medians of rounds taken in turn, in one process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Engine, LargeBinary
from sqlmodel import Field, Session, SQLModel, create_engine, select

from app.blobs import PictureStore, sync_folder, write_for_good
from app.config import Settings
from app.db import migrate, open_engine, writing
from app.models import Draft, DraftPicture
from app.spooling import SealedSpool
from consent.models import Enrolment, Person, School, new_id
from consent.vault.envelope import Owner, OwnerKind
from consent.vault.vault import vault_of

PICTURES, PEOPLE, REFERENCES = 20, 600, 3
DAY = date(2026, 9, 1)
FINDINGS: dict[str, Any] = {
    "faces": [{"box": [at, at, at + 90, at + 90], "score": 0.91} for at in range(25)],
    "texts": ["x" * 300],
}


class PlainPicture(SQLModel, table=True):
    """A picture's row as it was before: the baseline."""

    __tablename__ = "benchmark_picture"
    id: str = Field(default_factory=new_id, primary_key=True)
    draft_id: str
    file_name: str
    alt_text: str
    findings: dict[str, Any] = Field(sa_column=Column(JSON))


class PlainReference(SQLModel, table=True):
    __tablename__ = "benchmark_reference"
    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str
    template: bytes = Field(sa_column=Column(LargeBinary))


def medians(rounds: int, works: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Milliseconds of each piece of work; they take turns, so that what slows the machine slows them alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            started = time.perf_counter()
            work()
            taken[name].append((time.perf_counter() - started) * 1000)
    return {name: statistics.median(values) for name, values in taken.items()}


def drafts(engine: Engine, folder: Path, content: bytes, rounds: int) -> dict[str, float]:
    store = PictureStore(folder / "pictures", engine)
    plain = folder / "plain"

    def sealed_in() -> None:
        draft_id = new_id()
        key = vault_of(engine).new_key(Owner(OwnerKind.DRAFT, "s", draft_id))
        for number in range(PICTURES):
            store.put(draft_id, f"{number}-original", content, key)
        with writing(engine) as session:
            vault_of(engine).keep(session.connection(), key)
            session.add(Draft(id=draft_id, school_id="s", channel="w", caption="Well done"))
            session.flush()
            for number in range(PICTURES):
                picture = DraftPicture(draft_id=draft_id, number=number, file_name="a.jpg", sha256="", size=1)
                picture.alt_text, picture.findings = "A picture", FINDINGS
                session.add(picture)
        last["sealed"] = draft_id

    def plain_in() -> None:
        draft_id = new_id()
        for number in range(PICTURES):
            path = plain / draft_id / f"{number}-original"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_for_good(path, content)
            sync_folder(plain)
        with writing(engine) as session:
            for _ in range(PICTURES):
                session.add(PlainPicture(draft_id=draft_id, file_name="a.jpg", alt_text="A picture", findings=FINDINGS))
        last["plain"] = draft_id

    def sealed_out() -> None:
        for number in range(PICTURES):
            store.get(last["sealed"], f"{number}-original")
        with Session(engine) as session:
            session.exec(select(DraftPicture).where(DraftPicture.draft_id == last["sealed"])).all()

    def plain_out() -> None:
        for number in range(PICTURES):
            (plain / last["plain"] / f"{number}-original").read_bytes()
        with Session(engine) as session:
            session.exec(select(PlainPicture).where(PlainPicture.draft_id == last["plain"])).all()

    last: dict[str, str] = {}
    works = {"in, plain": plain_in, "in, sealed": sealed_in, "out, plain": plain_out, "out, sealed": sealed_out}
    return medians(rounds, works)


def gallery(engine: Engine, rounds: int) -> dict[str, float]:
    with writing(engine) as session:
        for at in range(PEOPLE):
            session.add(Person(id=f"p{at}", school_id="s", given="A", family="B"))
        session.flush()
        for at in range(PEOPLE * REFERENCES):
            template = os.urandom(512)
            person_id = f"p{at % PEOPLE}"
            row = Enrolment(
                school_id="s", person_id=person_id, template=template, model_id="m", quality=1, taken_on=DAY
            )
            session.add(row)
            session.add(PlainReference(person_id=f"p{at % PEOPLE}", template=template))

    def cold() -> None:
        vault_of(engine)._cache.clear()
        warm()

    def warm() -> None:
        with Session(engine) as session:
            session.exec(select(Enrolment)).all()

    def plain() -> None:
        with Session(engine) as session:
            session.exec(select(PlainReference)).all()

    return medians(rounds, {"plain": plain, "sealed, keys at hand": warm, "sealed, keys unwrapped anew": cold})


def uploads(content: bytes, rounds: int) -> dict[str, float]:
    def through(make: Callable[[], Any]) -> None:
        with make() as spool:
            for at in range(0, len(content), 65_536):
                spool.write(content[at : at + 65_536])
            spool.seek(0)
            assert spool.read() == content

    works: dict[str, Callable[[], None]] = {
        "plain": lambda: through(lambda: tempfile.SpooledTemporaryFile(max_size=1_000_000)),  # noqa: SIM115  `through` closes it
        "sealed": lambda: through(SealedSpool),
    }
    return medians(rounds, works)


def main() -> None:
    reads = argparse.ArgumentParser(description=__doc__)
    reads.add_argument("--rounds", type=int, default=15)
    reads.add_argument("--megabytes", type=float, default=4.0)
    asked = reads.parse_args()
    content = os.urandom(int(asked.megabytes * 1e6))
    with tempfile.TemporaryDirectory(prefix="gatepost-sealing-") as folder:
        settings = Settings(data=Path(folder) / "data")
        migrate(settings)
        engine = open_engine(settings)
        SQLModel.metadata.create_all(
            create_engine(f"sqlite:///{settings.database}"),
            tables=[PlainPicture.__table__, PlainReference.__table__],  # type: ignore[attr-defined]
        )
        with writing(engine) as session:
            session.add(School(id="s", name="Elm"))
        found = {
            f"draft of {PICTURES} pictures of {asked.megabytes:g} MB": drafts(
                engine, settings.data, content, asked.rounds
            ),
            f"gallery of {PEOPLE * REFERENCES} references of {PEOPLE} people": gallery(engine, asked.rounds),
            f"upload of {asked.megabytes:g} MB": uploads(content, asked.rounds),
        }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
