# ruff: noqa: S608  statements of the tests' own
"""Every way to change the trail behind Gatepost's back is found by `gatepost audit verify`, in copies edited by SQLite.

The attacker has the database file and no key: drops the triggers, edits, and puts the triggers back.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session
from typer.testing import CliRunner, Result

from app import audit
from app.audit import checkpoints
from app.audit.chain import START, Entry, entry_hash, moment_text
from app.audit.checkpoints import Checkpoint, public_hex
from app.audit.merkle import root_of
from app.audit.tags import AuditTag
from app.audit.triggers import guards, unguards
from app.cli import app
from app.config import Settings
from app.db import migrate, open_engine, reading, writing
from app.models import DecisionRecord, Draft
from consent.models import new_id
from consent.register import create_school, the_school

VERSIONS: dict[str, Any] = {"policy_version": "3", "register_version": 4}
Edit = Callable[[sqlite3.Connection], None]


def decide(session: Session, school_id: str, outcome: str = "block") -> str:
    """A decided draft with its entries."""
    draft = Draft(school_id=school_id, channel="School website", caption="A fine day")
    session.add(draft)
    session.flush()
    session.add(DecisionRecord(draft_id=draft.id, outcome=outcome, decided_for="2026-11-23", **VERSIONS))
    audit.record(session, school_id, AuditTag.DRAFT_RECEIVED, draft.id, pictures=1)
    audit.record(session, school_id, AuditTag.DRAFT_DECIDED, draft.id, outcome=outcome, codes=[], **VERSIONS)
    return draft.id


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `data`, its key, and two checkpoints kept outside: over 4 entries, and over 9."""
    folder = tmp_path_factory.mktemp("base")
    settings = Settings(data=folder / "data")
    migrate(settings)
    engine = open_engine(settings)
    with writing(engine) as session:
        school_id = create_school(session, "Wrenhollow").id
    for number in range(2):
        with writing(engine) as session:
            decide(session, school_id, "publish")
            decide(session, school_id)
        with writing(engine) as session:
            made = checkpoints.make(session, school_id)
            assert made is not None
            (folder / f"checkpoint-{number + 1}.json").write_text(checkpoints.as_text(made))
    with writing(engine) as session:
        decide(session, school_id)
    engine.dispose()
    return folder


@pytest.fixture
def folder(base: Path, tmp_path: Path) -> Path:
    shutil.copytree(base, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def verified(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("GATEPOST_DATA", str(folder / "data"))
    return lambda *arguments: CliRunner().invoke(app, ["audit", "verify", *map(str, arguments)])


@contextmanager
def edited(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database as the attacker has it; the triggers are back afterwards."""
    connection = sqlite3.connect(folder / "data" / "gatepost.db")
    for statement in unguards("sqlite"):
        connection.execute(statement)
    yield connection
    for statement in guards("sqlite"):
        connection.execute(statement)
    connection.commit()
    connection.close()


def rechain(connection: sqlite3.Connection) -> list[bytes]:
    """Number and hash every entry anew, as somebody would who wants no gap to show; the hashes."""
    connection.row_factory = sqlite3.Row
    last, leaves = START, []
    # two passes: the numbers are unique
    connection.execute("update audit_event set sequence = sequence + 1000")
    for sequence, row in enumerate(connection.execute("select * from audit_event order by sequence").fetchall(), 1):
        moment = datetime.fromisoformat(row["happened_at"]).replace(tzinfo=UTC)
        details = json.loads(row["details"])
        entry = Entry(row["school_id"], row["tag"], row["actor"], row["subject"], details, moment)
        own = entry_hash(entry, sequence, last)
        changed = (sequence, last, own, row["number"])
        connection.execute("update audit_event set sequence = ?, previous = ?, hash = ? where number = ?", changed)
        last = own
        leaves.append(bytes.fromhex(own))
    return leaves


# -- as it was written ---------------------------------------------------------------------------------------------


def test_what_nobody_touched_verifies(folder: Path, verified: Callable[..., Result]) -> None:
    told = verified("--against", folder / "checkpoint-1.json", "--against", folder / "checkpoint-2.json")
    assert told.exit_code == 0, told.output
    assert "12 entries, 2 checkpoints, 2 from outside" in told.output
    assert "Every entry is as it was written." in told.output


def test_verifying_changes_nothing(folder: Path, verified: Callable[..., Result]) -> None:
    before = (folder / "data" / "gatepost.db").read_bytes()
    verified()
    assert (folder / "data" / "gatepost.db").read_bytes() == before


# -- without computing anything anew -------------------------------------------------------------------------------

ENTRIES: list[tuple[str, str, int]] = [
    ("details", "update audit_event set details = '{\"pictures\": 2}' where sequence = 3", 3),
    ("actor", "update audit_event set actor = 'cli' where sequence = 1", 1),
    ("moment", "update audit_event set happened_at = '2020-01-01 00:00:00.000000' where sequence = 7", 7),
    ("unreadable-details", "update audit_event set details = '{' where sequence = 2", 2),
    (
        "a-key-twice",
        'update audit_event set details = \'{"pictures": 2, "pictures": 1}\' where sequence = 1',
        1,
    ),
    ("unreadable-moment", "update audit_event set happened_at = 'x' where sequence = 2", 2),
    ("hash", "update audit_event set hash = previous where sequence = 5", 5),
    ("removed", "delete from audit_event where sequence = 6", 6),
    ("first-removed", "delete from audit_event where sequence = 1", 1),
    (
        "inserted",
        "insert into audit_event (school_id, sequence, tag, actor, subject, details, happened_at, previous, hash)"
        " select school_id, 13, tag, actor, subject, details, happened_at, previous, hash"
        " from audit_event where sequence = 3",
        13,
    ),
    ("another-schools", "update audit_event set school_id = 'x' where sequence = 4", 4),
]


@pytest.mark.parametrize(("sql", "first"), [pytest.param(sql, at, id=name) for name, sql, at in ENTRIES])
def test_the_first_bad_entry_is_named(folder: Path, verified: Callable[..., Result], sql: str, first: int) -> None:
    with edited(folder) as connection:
        connection.execute(sql)
    told = verified()
    assert told.exit_code == 1
    assert re.search(rf"TAMPERING: Entry {first} ", told.output), told.output
    (report,) = json.loads(verified("--json").output)
    assert (report["findings"][0]["entry"], report["code"]) == (first, 1)


def test_exchanged_entries_are_found(folder: Path, verified: Callable[..., Result]) -> None:
    """Each with its own hash, in the other's place."""
    with edited(folder) as connection:
        for one, other in ((3, 1003), (4, 3), (1003, 4)):
            connection.execute(f"update audit_event set sequence = {other} where sequence = {one}")
    told = verified()
    assert told.exit_code == 1
    assert "Entry 3 was changed, or stood elsewhere" in told.output


def test_an_exchange_with_hashes_that_fit_is_found_by_what_came_before(
    folder: Path, verified: Callable[..., Result]
) -> None:
    """One entry computed anew, over a hash before it that suits it."""
    with edited(folder) as connection:
        connection.row_factory = sqlite3.Row
        row = connection.execute("select * from audit_event where sequence = 5").fetchone()
        moment = datetime.fromisoformat(row["happened_at"]).replace(tzinfo=UTC)
        entry = Entry(row["school_id"], row["tag"], "cli", row["subject"], json.loads(row["details"]), moment)
        own = entry_hash(entry, 5, row["previous"])
        connection.execute("update audit_event set actor = 'cli', hash = ? where sequence = 5", [own])
    told = verified()
    assert told.exit_code == 1
    assert "Entry 6 does not follow the one before it" in told.output


def test_two_entries_of_one_number_are_found(folder: Path, verified: Callable[..., Result]) -> None:
    with edited(folder) as connection:
        schema = connection.execute("select sql from sqlite_master where name = 'audit_event'").fetchone()[0]
        unlimited = re.sub(r",\s*CONSTRAINT uq_audit_event_school_id_sequence UNIQUE \([^)]*\)", "", schema)
        assert unlimited != schema
        connection.execute("alter table audit_event rename to before")
        connection.execute(unlimited)
        connection.execute("insert into audit_event select * from before")
        connection.execute("drop table before")
        columns = "school_id, sequence, tag, actor, subject, details, happened_at, previous, hash"
        connection.execute(f"insert into audit_event ({columns}) select {columns} from audit_event where sequence = 8")
    told = verified()
    assert told.exit_code == 1
    assert "more than one entry 8" in told.output


# -- everything computed anew, without the key ---------------------------------------------------------------------


def test_a_chain_computed_anew_is_found_by_the_checkpoints_in_the_database(
    folder: Path, verified: Callable[..., Result]
) -> None:
    with edited(folder) as connection:
        connection.execute("update audit_event set actor = 'cli' where sequence = 6")
        rechain(connection)
    told = verified()
    assert told.exit_code == 1
    assert "between entry 5 and entry 9 was changed, and the chain computed anew" in told.output


def test_a_chain_computed_anew_without_any_checkpoint_left_is_found_by_the_one_outside(
    folder: Path, verified: Callable[..., Result]
) -> None:
    """The attacker removes every checkpoint, too: nothing in the database shows it, what was handed outside does."""
    with edited(folder) as connection:
        connection.execute("update audit_event set actor = 'cli' where sequence = 6")
        connection.execute("delete from audit_event where tag = 'checkpoint:made'")
        connection.execute("delete from audit_checkpoint")
        rechain(connection)
    inside = verified()
    assert inside.exit_code == 0
    assert "a chain that was computed anew would not be noticed" in inside.output
    outside = verified("--against", folder / "checkpoint-2.json")
    assert outside.exit_code == 1
    assert "between entry 1 and entry 9 was changed" in outside.output
    narrowed = verified("--against", folder / "checkpoint-1.json", "--against", folder / "checkpoint-2.json")
    assert "between entry 5 and entry 9 was changed" in narrowed.output


@pytest.mark.parametrize("whose", ["left", "replaced"])
def test_checkpoints_signed_with_a_key_of_the_attacker_are_found(
    folder: Path, verified: Callable[..., Result], whose: str
) -> None:
    """Without the key-encryption key the attacker can neither open the school's key nor seal another one."""
    with edited(folder) as connection:
        connection.execute("update audit_event set actor = 'cli' where sequence = 6")
        leaves, key = rechain(connection), Ed25519PrivateKey.generate()
        school_id, made_at = connection.execute("select school_id, made_at from audit_checkpoint").fetchone()
        connection.execute("delete from audit_checkpoint")
        moment = moment_text(datetime.fromisoformat(made_at).replace(tzinfo=UTC))
        forged = Checkpoint(school_id, 9, root_of(leaves[:9]).hex(), moment, public_hex(key), "")
        values = (new_id(), school_id, 9, forged.root, made_at, forged.public_key, key.sign(forged.signed).hex())
        connection.execute("insert into audit_checkpoint values (?, ?, ?, ?, ?, ?, ?)", values)
        if whose == "replaced":
            private = key.private_bytes_raw()
            connection.execute("update audit_key set public_key = ?, private_key = ?", [forged.public_key, private])
    told = verified()
    assert told.exit_code == 1
    said = "signed with another key" if whose == "left" else "signing key in the database was exchanged"
    assert said in told.output


@pytest.mark.parametrize("field", ["root", "made_at", "signature", "size"])
def test_a_changed_checkpoint_is_found(folder: Path, verified: Callable[..., Result], field: str) -> None:
    values = {"root": "ab" * 32, "made_at": "2020-01-01 00:00:00.000000", "signature": "cd" * 64, "size": 5}
    with edited(folder) as connection:
        connection.execute(f"update audit_checkpoint set {field} = ? where size = 4", [values[field]])
    told = verified()
    assert told.exit_code == 1
    assert "its signature does not fit" in told.output


@pytest.mark.parametrize("size", [4, 9])
def test_a_checkpoint_taken_out_is_found_by_the_entry_that_tells_of_it(
    folder: Path, verified: Callable[..., Result], size: int
) -> None:
    with edited(folder) as connection:
        connection.execute("delete from audit_checkpoint where size = ?", [size])
    told = verified()
    assert told.exit_code == 1
    assert f"The checkpoint of which entry {size + 1} tells is gone" in told.output


def test_a_trigger_of_the_same_name_that_refuses_nothing_is_found(
    folder: Path, verified: Callable[..., Result]
) -> None:
    connection = sqlite3.connect(folder / "data" / "gatepost.db")
    connection.execute("drop trigger audit_event_no_update")
    connection.execute("create trigger audit_event_no_update before update on audit_event when 0 begin select 1; end")
    connection.commit()
    connection.close()
    told = verified()
    assert told.exit_code == 1
    assert "taken away: audit_event_no_update." in told.output


def test_a_checkpoint_that_cannot_be_read_is_found(folder: Path, verified: Callable[..., Result]) -> None:
    with edited(folder) as connection:
        connection.execute("update audit_checkpoint set made_at = 'x' where size = 4")
    told = verified()
    assert told.exit_code == 1
    assert "TAMPERING: A checkpoint in the database was changed" in told.output


# -- cut, and put back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("checkpoints_too", [False, True], ids=["entries", "entries-and-checkpoints"])
def test_a_cut_end_is_found(folder: Path, verified: Callable[..., Result], checkpoints_too: bool) -> None:
    with edited(folder) as connection:
        connection.execute("delete from audit_event where sequence > 7")
        connection.execute("delete from decision where draft_id not in (select subject from audit_event)")
        if checkpoints_too:
            connection.execute("delete from audit_checkpoint where size > 7")
    assert verified().exit_code == (0 if checkpoints_too else 1)
    told = verified("--against", folder / "checkpoint-2.json")
    assert told.exit_code == 1
    assert "entry 8 and what followed are gone" in told.output


def test_an_older_database_put_back_is_found(base: Path, folder: Path, verified: Callable[..., Result]) -> None:
    """The older copy is whole in itself; the checkpoint that was handed outside since says more."""
    engine = open_engine(Settings(data=folder / "data"))
    with writing(engine) as session:
        school = the_school(session)
        assert school is not None
        decide(session, school.id)
        made = checkpoints.make(session, school.id)
    assert made is not None
    engine.dispose()
    (folder / "later.json").write_text(checkpoints.as_text(made))
    shutil.rmtree(folder / "data")
    shutil.copytree(base / "data", folder / "data")
    assert verified("--against", folder / "checkpoint-2.json").exit_code == 0
    told = verified("--against", folder / "later.json")
    assert told.exit_code == 1
    assert "entry 13 and what followed are gone" in told.output
    assert "an older database was put in the place of this one" in told.output


def test_an_older_database_that_went_on_differently_is_found(folder: Path, verified: Callable[..., Result]) -> None:
    engine = open_engine(Settings(data=folder / "data"))
    with edited(folder) as connection:
        connection.execute("delete from audit_event where sequence > 12")
        connection.execute("delete from decision where draft_id not in (select subject from audit_event)")
    with reading(engine) as session:
        school = the_school(session)
        assert school is not None
        school_id = school.id
    key_kept = checkpoints.read_file(folder / "checkpoint-2.json").public_key
    with writing(engine) as session:
        first = checkpoints.make(session, school_id)
    engine.dispose()
    assert first is not None
    (folder / "first.json").write_text(checkpoints.as_text(first))
    with edited(folder) as connection:
        connection.execute("delete from audit_event where sequence > 11")
        connection.execute("delete from audit_checkpoint where size > 9")
    engine = open_engine(Settings(data=folder / "data"))
    with writing(engine) as session:
        for _ in range(2):
            decide(session, school_id)
    engine.dispose()
    told = verified("--against", folder / "first.json", "--public-key", key_kept)
    assert told.exit_code == 1
    assert "between entry 10 and entry 12 was changed" in told.output


# -- decisions -----------------------------------------------------------------------------------------------------

DECISIONS: list[tuple[str, str, str]] = [
    ("outcome", "update decision set outcome = 'publish'", "is not what the entry says: outcome"),
    ("version", "update decision set register_version = 9", "is not what the entry says: register_version"),
    ("removed", "delete from decision where rowid = 1", "is gone, and no entry says that it was erased"),
    ("moved", "update decision set draft_id = 'forged' where rowid = 1", "The decision on draft forged has no entry"),
]


@pytest.mark.parametrize(("sql", "said"), [pytest.param(sql, said, id=name) for name, sql, said in DECISIONS])
def test_a_decision_that_does_not_match_its_entry_is_found(
    folder: Path, verified: Callable[..., Result], sql: str, said: str
) -> None:
    with edited(folder) as connection:
        connection.execute("create temp table forged as select * from draft limit 1")
        connection.execute("update forged set id = 'forged'")
        connection.execute("insert into draft select * from forged")
        connection.execute(sql)
    told = verified()
    assert told.exit_code == 1
    assert said in told.output


def test_an_erased_draft_needs_no_decision(folder: Path, verified: Callable[..., Result]) -> None:
    engine = open_engine(Settings(data=folder / "data"))
    with writing(engine) as session:
        school = the_school(session)
        assert school is not None
        draft_id = decide(session, school.id)
        audit.record(session, school.id, AuditTag.DRAFT_ERASED, draft_id, pictures=1)
        session.connection().exec_driver_sql("delete from decision where draft_id = ?", (draft_id,))
    engine.dispose()
    assert verified().exit_code == 0


# -- what could not be checked -------------------------------------------------------------------------------------


def test_triggers_that_are_gone_are_found(folder: Path, verified: Callable[..., Result]) -> None:
    connection = sqlite3.connect(folder / "data" / "gatepost.db")
    connection.execute("drop trigger audit_event_no_delete")
    connection.close()
    told = verified()
    assert told.exit_code == 1
    assert "audit_event_no_delete" in told.output


def test_without_the_key_the_signatures_are_not_taken_on_trust(folder: Path, verified: Callable[..., Result]) -> None:
    (folder / "data.key").unlink()
    told = verified()
    assert told.exit_code == 2
    assert "NOT CHECKED" in told.output
    public_key = checkpoints.read_file(folder / "checkpoint-1.json").public_key
    assert verified("--public-key", public_key).exit_code == 0
    assert verified("--public-key", "ab" * 32).exit_code == 1


def _no_database(folder: Path) -> None:
    (folder / "data" / "gatepost.db").unlink()


def _garbage(folder: Path) -> None:
    (folder / "data" / "gatepost.db").write_bytes(b"no database" * 1000)


def _older(folder: Path) -> None:
    connection = sqlite3.connect(folder / "data" / "gatepost.db")
    connection.execute("update alembic_version set version_num = '0007'")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("spoil", [_no_database, _garbage, _older])
def test_what_cannot_be_read_is_never_said_to_be_fine(
    folder: Path, verified: Callable[..., Result], spoil: Callable[[Path], None]
) -> None:
    spoil(folder)
    told = verified()
    assert told.exit_code == 2
    assert "gatepost audit: " in told.output


FILES: list[tuple[str, str]] = [
    ("no-json", "{"),
    ("a-list", "[]"),
    ("nothing", "{}"),
    ("another-format", '{"format": "gatepost-checkpoint-2"}'),
    ("parts-missing", '{"format": "gatepost-checkpoint-1", "size": 3}'),
]


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in FILES])
def test_a_file_that_is_no_checkpoint_is_refused(folder: Path, verified: Callable[..., Result], content: str) -> None:
    (folder / "bad.json").write_text(content)
    told = verified("--against", folder / "bad.json")
    assert told.exit_code == 2
    assert "bad.json: This is no checkpoint" in told.output
    assert verified("--against", folder / "missing.json").exit_code == 2
    assert verified("--public-key", "xyz").exit_code == 2


def test_a_checkpoint_of_another_school_is_refused(folder: Path, verified: Callable[..., Result]) -> None:
    known = checkpoints.read_file(folder / "checkpoint-1.json")
    (folder / "other.json").write_text(checkpoints.as_text(replace(known, school_id="elsewhere")))
    told = verified("--against", folder / "other.json")
    assert told.exit_code == 2
    assert "elsewhere" in told.output
