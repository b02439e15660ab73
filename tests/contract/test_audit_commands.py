"""`gatepost audit checkpoint` and `export`: what they write, and that it is written down that they did."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session
from typer.testing import CliRunner, Result

from app import audit
from app.audit import checkpoints
from app.audit.tags import AuditTag
from app.cli import app
from app.config import Settings
from app.db import migrate, open_engine, writing
from consent.register import create_school

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("GATEPOST_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GATEPOST_CHECKPOINTS", str(tmp_path / "outside"))
    return lambda *arguments: CliRunner().invoke(app, ["audit", *map(str, arguments)])


@pytest.fixture
def filled(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    migrate(settings)
    engine = open_engine(settings)
    with writing(engine) as session:
        _fill(session)
    engine.dispose()


def _fill(session: Session) -> None:
    school_id = create_school(session, "Wrenhollow").id
    audit.record(session, school_id, AuditTag.REGISTER_VIEWED, school_id)
    audit.record(session, school_id, AuditTag.DRAFT_ERASED, "d1", pictures=2)


@pytest.mark.usefixtures("filled")
def test_a_checkpoint_is_written_where_it_is_asked_for_and_to_the_folder_outside(run: Run, tmp_path: Path) -> None:
    assert run("checkpoint", "--out", tmp_path / "kept.json").exit_code == 0
    kept = checkpoints.read_file(tmp_path / "kept.json")
    assert (kept.size, kept.is_signed) == (2, True)
    assert [checkpoints.read_file(path) for path in (tmp_path / "outside").iterdir()] == [kept]
    again = run("checkpoint")  # nothing was added since
    assert checkpoints.from_text(again.stdout) == kept
    assert "1 from outside" in run("verify").output


@pytest.mark.usefixtures("filled")
def test_the_folder_outside_is_always_checked_against(run: Run, tmp_path: Path) -> None:
    run("checkpoint")
    (tmp_path / "outside" / "damaged.json").write_text("{")
    told = run("verify")
    assert told.exit_code == 2
    assert "damaged.json" in told.output


@pytest.mark.usefixtures("filled")
def test_an_export_holds_what_was_asked_for_and_is_an_entry(run: Run, tmp_path: Path) -> None:
    told = run("export", "--tag", "draft:erased", "--from", "2020-01-01", "--out", tmp_path / "trail.csv")
    assert told.exit_code == 0, told.output
    _, line = csv.reader(io.StringIO((tmp_path / "trail.csv").read_text()))
    assert line[2:6] == ["draft:erased", "system", "d1", '{"pictures": 2}']
    _, *lines = csv.reader(io.StringIO(run("export").stdout))
    assert [line[2] for line in lines] == ["register:viewed", "draft:erased", "audit:exported"]
    assert lines[2][3] == "cli"
    assert '"only": "draft:erased"' in lines[2][5]


@pytest.mark.usefixtures("filled")
def test_an_export_that_could_not_be_written_is_no_entry(run: Run, tmp_path: Path) -> None:
    told = run("export", "--out", tmp_path / "no" / "trail.csv")
    assert told.exit_code == 2
    assert "audit:exported" not in run("export").stdout


@pytest.mark.parametrize("command", ["checkpoint", "export"])
def test_without_a_school_there_is_nothing_to_write(run: Run, command: str) -> None:
    told = run(command)
    assert told.exit_code == 2
    assert "no school" in told.output
