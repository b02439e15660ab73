"""The key is exchanged while the service runs, and a rotation killed at any step goes on where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from typer.testing import CliRunner

from app import faults
from app.cli import app as cli
from app.config import Settings
from app.db import migrate, open_engine, reading, writing
from app.models import AuditEvent, AuditTag, Draft
from app.rotating import key_states, rotate
from app.serving import environment
from consent.models import School
from consent.vault.errors import KeyUnavailable
from consent.vault.keyring import KeyFile, as_text, new_key

DRAFTS = 250  # more than two batches


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("GATEPOST_DATA", str(tmp_path / "data"))
    return Settings()


@pytest.fixture
def engine(settings):
    migrate(settings)
    engine = open_engine(settings)
    with writing(engine) as session:
        session.add(School(id="s", name="Elm"))
        session.flush()
        for at in range(DRAFTS):
            session.add(Draft(id=f"d{at}", school_id="s", channel="Website", caption=f"caption {at}"))
    yield engine
    engine.dispose()


def captions(settings: Settings) -> set[str]:
    """Read by a process that has just begun."""
    engine = open_engine(settings)
    try:
        with reading(engine) as session:
            return {draft.caption for draft in session.exec(select(Draft))}
    finally:
        engine.dispose()


ALL = {f"caption {at}" for at in range(DRAFTS)}


def test_everything_opens_under_the_new_key_and_the_old_one_is_gone(settings, engine):
    old = KeyFile(settings.key_path).read().current
    done = rotate(engine)
    assert (done.rewrapped, done.dropped, done.resumed) == (DRAFTS, (old.id,), False)
    keyring = KeyFile(settings.key_path).read()
    assert [key.id for key in keyring.keys] == [done.key_id]
    assert old.id != done.key_id
    assert captions(settings) == ALL
    assert [(state.id, state.data_keys, state.newest) for state in key_states(engine)] == [(done.key_id, DRAFTS, True)]
    with reading(engine) as session:
        (event,) = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.ENCRYPTION_KEY_ROTATED)).all()
        assert event.details["dropped"] == [old.id]


def killed(settings: Settings, where: str, marker: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "app", "encryption", "rotate", "--yes"],
        env={**environment(settings), "GATEPOST_FAULT_AT": f"{where}:{marker}"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.mark.parametrize("where", ["key-added", "key-rewrapped", "key-dropped"])
def test_a_rotation_killed_at_any_step_goes_on(settings, engine, tmp_path, where):
    assert where in faults.SEALING_POINTS
    old = KeyFile(settings.key_path).read().current.id
    killed(settings, where, tmp_path / "marker")
    assert captions(settings) == ALL  # readable meanwhile
    begun = KeyFile(settings.key_path).read().current.id
    if where == "key-dropped":
        assert [state.id for state in key_states(engine)] == [begun]
        return
    assert [state.id for state in key_states(engine)] == [begun, old]
    done = rotate(engine)
    assert (done.resumed, done.key_id, done.dropped) == (True, begun, (old,))
    assert done.rewrapped == (DRAFTS if where == "key-added" else DRAFTS - 100)
    assert captions(settings) == ALL


def test_what_a_kill_left_beside_the_file_is_cleared_away(settings, engine):
    left = settings.key_path.with_name(f"{settings.key_path.name}.1234.part")
    left.write_text("half a key")
    rotate(engine)
    assert not left.exists()


def test_a_process_that_was_running_goes_on_reading_and_writing(settings, engine):
    """It read the key file long ago; it meets the new key in the database and reads the file again."""
    running = open_engine(settings)
    with Session(running) as session:
        assert session.get_one(Draft, "d0").caption == "caption 0"
    rotate(engine)
    with Session(running) as session:
        assert session.get_one(Draft, "d1").caption == "caption 1"
    rotate(engine)
    with writing(running) as session:
        session.add(Draft(id="new", school_id="s", channel="Website", caption="new"))
    assert [state.data_keys for state in key_states(engine)] == [DRAFTS + 1]
    assert captions(settings) == ALL | {"new"}
    running.dispose()


def test_drafts_handed_in_while_the_key_is_exchanged_are_all_readable(settings, engine):
    writer = """
import sys
from app.config import Settings
from app.db import open_engine, writing
from app.models import Draft
engine = open_engine(Settings())
for at in range(60):
    with writing(engine) as session:
        session.add(Draft(id=f"n{at}", school_id="s", channel="Website", caption=f"new {at}"))
"""
    with subprocess.Popen([sys.executable, "-c", writer], env=environment(settings)) as process:
        rounds = 0
        while process.poll() is None:
            rotate(engine)
            rounds += 1
            time.sleep(0.1)  # SQLite lets nobody wait in turn
    assert process.returncode == 0
    assert rounds >= 2
    rotate(engine)
    assert captions(settings) == ALL | {f"new {at}" for at in range(60)}
    assert len(key_states(engine)) == 1


def test_nothing_is_begun_where_a_key_is_missing(settings, engine):
    settings.key_path.unlink()
    KeyFile(settings.key_path).make_first()
    wrong = settings.key_path.read_bytes()
    for attempt in (rotate, lambda engine: rotate(open_engine(settings))):
        with pytest.raises(KeyUnavailable, match="does not hold it"):
            attempt(open_engine(settings))
    assert settings.key_path.read_bytes() == wrong


# -- keys from the environment ---------------------------------------------------------------------------------------


@pytest.fixture
def keyed(settings, monkeypatch) -> Settings:
    monkeypatch.setenv("GATEPOST_KEY", as_text(new_key()))
    return Settings()


@pytest.fixture
def keyed_engine(keyed: Settings, monkeypatch) -> Engine:
    migrate(keyed)
    with writing(open_engine(keyed)) as session:
        session.add(School(id="s", name="Elm"))
        session.flush()
        session.add(Draft(id="d", school_id="s", channel="Website", caption="caption"))
    return open_engine(keyed)


def test_with_a_key_in_the_environment_no_file_is_made(keyed, keyed_engine):
    assert not keyed.key_path.exists()


def test_a_key_in_the_environment_is_exchanged_by_hand(keyed, keyed_engine, monkeypatch):
    assert keyed.key
    old = keyed.key.get_secret_value()
    told = CliRunner().invoke(cli, ["encryption", "rotate", "--yes"])
    assert told.exit_code == 2
    assert "openssl rand -base64 32" in told.output
    new = as_text(new_key())
    monkeypatch.setenv("GATEPOST_KEY", f"{new},{old}")
    done = CliRunner().invoke(cli, ["encryption", "rotate"])
    assert done.exit_code == 0, done.output
    assert "Take the older keys out of GATEPOST_KEY" in done.output
    monkeypatch.setenv("GATEPOST_KEY", new)
    assert captions(Settings()) == {"caption"}
    assert CliRunner().invoke(cli, ["encryption", "status"]).exit_code == 0
    assert new not in told.output + done.output


# -- what is said ----------------------------------------------------------------------------------------------------


def test_the_command_asks_first(settings, engine):
    before = settings.key_path.read_bytes()
    refused = CliRunner().invoke(cli, ["encryption", "rotate"], input="n\n")
    assert refused.exit_code == 1
    assert "keep a copy" in refused.output
    assert settings.key_path.read_bytes() == before


def test_status_counts_what_is_under_each_key(settings, engine):
    shown = CliRunner().invoke(cli, ["encryption", "status"])
    assert shown.exit_code == 0
    assert f"newest: {DRAFTS} data keys" in shown.output
    assert str(settings.key_path) in shown.output
    for line in settings.key_path.read_text().splitlines():
        assert line.partition(":")[2] not in shown.output


@pytest.mark.parametrize("command", ["serve", "work", "school", "encryption status"])
@pytest.mark.parametrize("state", ["missing", "wrong", "readable by others"])
def test_nothing_starts_without_the_right_key(settings, engine, command, state, tmp_path):
    before = settings.key_path.read_bytes()
    if state != "readable by others":
        settings.key_path.unlink()
    else:
        settings.key_path.chmod(0o444)
    if state == "wrong":
        KeyFile(settings.key_path).make_first()
    words = command.split() + ([str(Path(__file__).parents[2] / "fixtures" / "school.json")] * (command == "school"))
    ended = subprocess.run(
        [sys.executable, "-m", "app", *words],
        env={**environment(settings), "GATEPOST_PORT": "0"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    said = ended.stderr.decode().splitlines()
    assert "key" in said[-1]
    assert "Traceback" not in ended.stderr.decode()
    if state == "missing":
        assert not settings.key_path.exists()
    elif state == "readable by others":
        assert settings.key_path.read_bytes() == before
    assert os.listdir(settings.data)  # nothing was removed
