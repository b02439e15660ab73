"""The trail in a real database: chained, append-only, safe under writers at once, and brought over from before."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app import audit
from app.audit import checkpoints, keeping
from app.audit.tables import AuditEvent
from app.audit.tags import AuditTag, NotForTheTrail
from app.audit.verifying import verify
from app.config import Settings
from app.db import MIGRATIONS, migrate, open_engine, reading, writing
from consent.facts import RecognitionMode, Scope
from consent.models import Channel, Person, now
from consent.register import NewAnswer, Register, create_school
from tests.schools import DAYS

DAY = date(2026, 9, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    migrate(settings)
    engine = open_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def school_id(engine: Engine) -> str:
    with writing(engine) as session:
        return create_school(session, "Wrenhollow").id


def add(engine: Engine, school_id: str, times: int = 1) -> None:
    with writing(engine) as session:
        for _ in range(times):
            audit.record(session, school_id, AuditTag.REGISTER_VIEWED, school_id)


def entries(engine: Engine, school_id: str) -> list[AuditEvent]:
    with reading(engine) as session:
        mine = select(AuditEvent).where(AuditEvent.school_id == school_id).order_by(col(AuditEvent.sequence))
        return list(session.exec(mine))


# -- the chain -----------------------------------------------------------------------------------------------------


def test_each_school_has_a_chain_of_its_own(engine: Engine, school_id: str) -> None:
    with writing(engine) as session:
        other = create_school(session, "Larkfield").id
    for school in (school_id, other, school_id):
        add(engine, school)
    assert [entry.sequence for entry in entries(engine, school_id)] == [1, 2]
    assert [entry.sequence for entry in entries(engine, other)] == [1]
    first, second = entries(engine, school_id)
    assert (first.previous, second.previous) == ("0" * 64, first.hash)


def test_what_is_rolled_back_was_never_recorded(engine: Engine, school_id: str) -> None:
    with writing(engine) as session:
        audit.record(session, school_id, AuditTag.REGISTER_VIEWED, school_id)
        session.rollback()
    add(engine, school_id)
    assert [entry.sequence for entry in entries(engine, school_id)] == [1]


def test_writers_at_once_make_one_chain(engine: Engine, settings: Settings, school_id: str) -> None:
    def write() -> None:
        own = open_engine(settings)
        for _ in range(10):
            add(own, school_id)
        own.dispose()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [entry.sequence for entry in entries(engine, school_id)] == list(range(1, 41))
    with reading(engine) as session:
        assert verify(session, school_id).findings == ()


@pytest.mark.parametrize("table", ["audit_event", "audit_checkpoint"])
@pytest.mark.parametrize(
    "sql",
    [
        "update {table} set school_id = school_id",
        "delete from {table}",
        "insert or replace into {table} select * from {table}",
        "replace into {table} select * from {table}",
    ],
)
def test_the_database_refuses_to_change_what_was_written(engine: Engine, school_id: str, table: str, sql: str) -> None:
    add(engine, school_id)
    with writing(engine) as session:
        checkpoints.make(session, school_id)
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as session:
        session.connection().exec_driver_sql(sql.format(table=table))


# -- changes of the register ---------------------------------------------------------------------------------------


def test_every_change_of_consent_is_an_entry_whoever_makes_it(engine: Engine, school_id: str) -> None:
    with writing(engine) as session:
        audit.acting(session, "cli")
        register = Register(session, school_id)
        register.set_recognition(RecognitionMode.ON, today=max(DAYS.values()), **DAYS)
        register.add_person(Person(id="p1", school_id=school_id, given="Ben", family="Marsh"))
        mother = register.add_guardian("p1", "Mrs Marsh", "mother", parental_responsibility=True)
        yes = NewAnswer(granted=True, decided_on=DAY, guardian_id=mother.id)
        given = register.record_consent("p1", Scope.WEBSITE, yes)
        register.record_recognition("p1", yes)
        register.add_reference("p1", (1.0, *[0.0] * 127), quality=1.0, taken_on=DAY, day=DAY)
        register.update_person("p1", never_publish=True)
        register.add_channel(Channel(id="c1", school_id=school_id, name="Website", scope=Scope.WEBSITE))
        session.flush()
        given.withdrawn_on = DAY
    told = [(entry.tag, entry.subject, entry.actor) for entry in entries(engine, school_id)]
    assert told == [
        (tag, subject, "cli")
        for tag, subject in (
            ("guardian:changed", "p1"),
            ("consent:recorded", "p1"),
            ("consent:recorded", "p1"),
            ("face:enrolled", "p1"),
            ("never-publish:set", "p1"),
            ("channel:changed", "c1"),
            ("consent:withdrawn", "p1"),
        )
    ]
    *_, last = entries(engine, school_id)
    assert last.details == {"consent": given.id, "scope": "website", "granted": True, "on": "2026-09-01"}
    assert "Marsh" not in str([entry.model_dump() for entry in entries(engine, school_id)])


def test_a_change_that_is_rolled_back_leaves_no_entry(engine: Engine, school_id: str) -> None:
    with writing(engine) as session:
        Register(session, school_id).add_person(
            Person(school_id=school_id, given="Ben", family="Marsh", never_publish=True)
        )
        session.flush()
        session.rollback()
    assert entries(engine, school_id) == []


# -- checkpoints ---------------------------------------------------------------------------------------------------


def made(engine: Engine, school_id: str) -> checkpoints.Checkpoint | None:
    with writing(engine) as session:
        return checkpoints.make(session, school_id)


def test_a_checkpoint_is_made_only_where_something_was_added(engine: Engine, school_id: str) -> None:
    assert made(engine, school_id) is None
    add(engine, school_id, 3)
    first = made(engine, school_id)
    assert first is not None
    assert (first.size, first.is_signed) == (3, True)
    assert made(engine, school_id) is None
    add(engine, school_id)
    second = made(engine, school_id)
    assert second is not None
    assert (second.size, second.public_key) == (5, first.public_key)
    assert checkpoints.from_text(checkpoints.as_text(second)) == second


def test_the_signing_key_does_not_lie_open_in_the_database(engine: Engine, settings: Settings, school_id: str) -> None:
    add(engine, school_id)
    made(engine, school_id)
    with writing(engine) as session:
        key = checkpoints.signing_key(session, school_id)
    secret = key.private_bytes_raw()
    stored = b"".join(path.read_bytes() for path in settings.data.glob("gatepost.db*"))
    assert secret not in stored
    assert secret.hex().encode() not in stored


def test_checkpoints_come_by_themselves_once_an_hour(
    engine: Engine, settings: Settings, school_id: str, tmp_path: Path
) -> None:
    start, outside = now(), tmp_path / "outside"
    assert keeping.keep(engine, outside, start) == 0
    add(engine, school_id)
    hours = [0.0, 0.5, 1.1, 2.5, 2.6]
    counts = []
    for hour in hours:
        if hour == 2.5:
            add(engine, school_id)
        counts.append(keeping.keep(engine, outside, start + timedelta(hours=hour)))
    assert counts == [1, 0, 0, 1, 0]
    sizes = [checkpoint.size for checkpoint in keeping.outside_files(outside)]
    assert sizes == [1, 3]
    assert all(stat.S_ISREG(path.stat().st_mode) for path in outside.iterdir())


def test_a_clock_that_was_put_back_does_not_stop_them(engine: Engine, school_id: str) -> None:
    add(engine, school_id)
    keeping.keep(engine, None, now() + timedelta(days=300))
    add(engine, school_id)
    assert keeping.keep(engine, None) == 1


def test_a_thread_beside_the_server_keeps_them(engine: Engine, school_id: str, tmp_path: Path) -> None:
    add(engine, school_id)
    with keeping.kept(engine, tmp_path / "outside", every=0.01):
        waited = threading.Event()
        for _ in range(500):
            if list((tmp_path / "outside").glob("gatepost-*.json")):
                break
            waited.wait(0.01)
    assert [each.size for each in keeping.outside_files(tmp_path / "outside")] == [1]


def test_the_folder_for_checkpoints_must_lie_outside(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="GATEPOST_CHECKPOINTS"):
        Settings(data=tmp_path / "data", checkpoints=tmp_path / "data" / "checkpoints")
    assert Settings(data=tmp_path / "data", checkpoints=tmp_path / "else").checkpoints == tmp_path / "else"


# -- from before ---------------------------------------------------------------------------------------------------


def _to(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    (command.upgrade if revision == "0007" else command.downgrade)(config, revision.removesuffix("-"))


def test_an_older_trail_is_chained_in_its_order_and_loses_its_names(settings: Settings) -> None:
    settings.data.mkdir()
    engine = open_engine(settings)
    _to(engine, "0007")
    rows = [
        (1, "s1", "draft:received", "d1", '{"pictures": 1}'),
        (2, "s2", "draft:received", "d2", '{"pictures": 2}'),
        (3, "s1", "face:answered", "d1", '{"picture": 1, "kind": "person", "person_id": "p1", "by": "R. Patel"}'),
        (4, "s1", "something:else", "d1", '{"by": "R. Patel"}'),
    ]
    with engine.begin() as connection:
        for school in ("s1", "s2"):
            connection.exec_driver_sql(
                "insert into school (id, name, profile, register_version, recognition, naming, released_side)"
                " values (?, 'Elm', '{}', 1, 'off', 'never', 2048)",
                (school,),
            )
        for row in rows:
            connection.exec_driver_sql(
                "insert into audit_event (number, school_id, tag, subject, details, happened_at)"
                " values (?, ?, ?, ?, ?, '2026-11-20 10:00:00.000000')",
                row,
            )
    migrate(settings)
    told = [(entry.sequence, entry.actor, entry.details) for entry in entries(engine, "s1")]
    assert told == [
        (1, "system", {"pictures": 1}),
        (2, "system", {"picture": 1, "kind": "person", "person_id": "p1"}),
        (3, "system", {}),
    ]
    with reading(engine) as session:
        assert verify(session, "s1").findings == ()
        assert verify(session, "s2").entries == 1
    with sqlite3.connect(settings.database) as plain:
        assert "Patel" not in "\n".join(plain.iterdump())
    plain.close()
    add(engine, "s1")
    assert len(entries(engine, "s1")) == 4
    _to(engine, "0007-")
    with engine.connect() as connection:
        found: Any = connection.exec_driver_sql("select tag from audit_event where school_id = 's1' order by number")
        assert found.scalars().all() == ["draft:received", "face:answered", "something:else", "register:viewed"]
    engine.dispose()


def test_nothing_is_kept_of_what_the_trail_may_not_hold(engine: Engine, school_id: str) -> None:
    with pytest.raises(NotForTheTrail), writing(engine) as session:
        _record_a_name(session, school_id)
    assert entries(engine, school_id) == []


def _record_a_name(session: Session, school_id: str) -> None:
    audit.record(session, school_id, AuditTag.SIGNED_IN, school_id, name="Anna Reed")
