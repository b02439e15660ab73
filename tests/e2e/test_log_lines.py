"""The log tells of each request who asked and what refused it, so that somebody who tries doors is found."""

from __future__ import annotations

from typing import Any

import pytest

from app.accounts.signing_in import MOST_OF_ACCOUNT
from app.actors import Role
from tests.e2e.conftest import Site

FORM = {"email": "nobody@wren.sch.uk", "password": "wrong"}
HTML = {"Accept": "text/html"}


def line_of(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    return dict(vars(next(each for each in reversed(caplog.records) if each.msg == "request"))["gatepost"])


@pytest.fixture(autouse=True)
def told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "gatepost")


@pytest.mark.parametrize(
    ("method", "path", "sent", "problem"),
    [
        pytest.param("POST", "/sign-in", {"data": FORM, "headers": HTML}, "sign-in-refused", id="wrong-password"),
        pytest.param("POST", "/sign-in/code", {"data": {"code": "1"}}, "sign-in-refused", id="no-code-was-waited-for"),
        pytest.param("GET", "/keys", {}, "not-signed-in", id="not-signed-in"),
        pytest.param(
            "POST", "/sign-in", {"headers": {"Origin": "https://evil.example"}}, "foreign-origin", id="origin"
        ),
        pytest.param("GET", "/healthz", {"headers": {"Host": "evil.example"}}, "foreign-origin", id="foreign-host"),
        pytest.param(
            "GET", "/api/v1/audit", {"headers": {"Authorization": "Bearer gp_x"}}, "invalid-key", id="wrong-key"
        ),
        pytest.param("POST", "/sign-in", {"content": b"a" * 1_000_001}, "too-large", id="too-large"),
    ],
)
def test_what_refused_a_stranger_is_told(
    site: Site, caplog: pytest.LogCaptureFixture, method: str, path: str, sent: dict[str, Any], problem: str
) -> None:
    site.anonymous().request(method, path, **sent)
    line = line_of(caplog)
    assert line["problem"] == problem
    assert "actor" not in line


def test_guesses_beyond_the_limit_are_told_as_such(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    client = site.anonymous()
    for _ in range(MOST_OF_ACCOUNT + 1):
        client.post("/sign-in", data=FORM)
    assert line_of(caplog)["problem"] == "too-many-tries"
    assert "nobody@" not in caplog.text


def test_who_asked_for_what_they_may_not_have_is_told_by_their_id(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    teacher = site.signed_in(Role.TEACHER)
    assert teacher.get("/keys").status_code == 403
    line = line_of(caplog)
    assert (line["problem"], line["actor"].partition(":")[0]) == ("not-allowed", "account")
    assert teacher.post("/drafts", headers={"X-CSRF-Token": "forged"}).status_code == 422
    assert line_of(caplog)["problem"] == "bad-form"
    assert teacher.get("/drafts/" + "0" * 32).status_code == 404
    assert line_of(caplog)["problem"] == "not-found"


def test_what_went_well_names_who_asked_and_no_problem(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    assert site.client.get("/").status_code == 200
    line = line_of(caplog)
    assert line["actor"].startswith("account:")
    assert "problem" not in line
