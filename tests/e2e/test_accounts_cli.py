"""`gatepost accounts`: for somebody at the machine itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select
from typer.testing import CliRunner

from app.accounts import passwords
from app.accounts.tables import Account
from app.audit.tables import AuditEvent
from app.cli import app as cli
from app.config import Settings
from app.db import open_engine, reading
from app.main import create_app
from tests.e2e.test_signing_in import PASSWORD, send

LINK = re.compile(r"http://127\.0\.0\.1:8000(/welcome/[\w-]{43})")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GATEPOST_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["accounts", *words])
    return result.exit_code, result.output


def browser(data: Path) -> TestClient:
    client = TestClient(create_app(Settings(data=data)), base_url="http://127.0.0.1", follow_redirects=False)
    client.headers["Accept"] = "text/html"
    return client


def test_somebody_is_invited_listed_helped_back_in_and_suspended(data: Path) -> None:
    status, told = run("invite", "--role", "teacher", "--email", "a.reed@wren.sch.uk", "--name", "Anna Reed")
    found = LINK.search(told)
    assert (status, bool(found)) == (0, True)
    assert found
    form = {"password": PASSWORD, "again": PASSWORD}
    assert send(browser(data), found[1], **form).status_code == 303
    (row,) = json.loads(run("list", "--json")[1])
    assert row == {
        "email": "a.reed@wren.sch.uk",
        "name": "Anna Reed",
        "roles": ["teacher"],
        "second_factor": False,
        "suspended": False,
    }
    again = json.loads(run("link", "A.Reed@wren.sch.uk", "--json")[1])
    path = again["link"].removeprefix("http://127.0.0.1:8000")
    new = "seven owls in a teapot"
    assert send(browser(data), path, password=new, again=new).status_code == 303
    with reading(open_engine(Settings(data=data))) as session:
        stored = session.exec(select(Account.password_hash)).one()
        assert passwords.matches(stored, new)
    assert json.loads(run("suspend", "A.Reed@wren.sch.uk", "--json")[1]) == {
        "email": "a.reed@wren.sch.uk",
        "suspended": True,
    }
    assert "suspended" in run("list")[1]
    status, told = run("link", "a.reed@wren.sch.uk")
    assert (status, "is suspended" in told, LINK.search(told)) == (2, True, None)
    with reading(open_engine(Settings(data=data))) as session:
        entries = [(each.tag, each.actor) for each in session.exec(select(AuditEvent))]
    assert ("invitation:made", "cli") in entries
    assert ("account:suspended", "cli") in entries


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["link", "nobody@wren.sch.uk"], "Nobody signs in with nobody@wren.sch.uk", id="unknown"),
        pytest.param(["suspend", "nobody@wren.sch.uk"], "Nobody signs in with", id="suspend-unknown"),
        pytest.param(["invite", "--role", "teacher", "--email", "nobody"], "no e-mail address", id="no-address"),
        pytest.param(["invite", "--role", "headmaster"], "headmaster", id="no-role"),
    ],
)
def test_what_is_wrong_is_said_and_ends_with_2(data: Path, words: list[str], says: str) -> None:
    status, told = run(*words)
    assert status == 2
    assert says in told
    assert json.loads(run("list", "--json")[1].splitlines()[-1]) == []
    assert data.exists()


def test_that_a_key_was_made_is_said_once(data: Path) -> None:
    first, second = (CliRunner().invoke(cli, ["accounts", "list"]).output for _ in range(2))
    assert f"A key was made: {data}.key. Keep a copy" in first
    assert "A key was made" not in second
