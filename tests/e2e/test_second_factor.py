"""The second factor over HTTP: recovery codes, a lost phone, and where one comes out; and how long a session lasts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.accounts import sessions
from app.accounts.signing_in import MOST_CODES
from app.accounts.tables import RecoveryCode, WebSession
from app.actors import Role
from app.db import reading, writing
from consent.models import now
from tests.e2e.conftest import Site
from tests.e2e.test_signing_in import COOKIE, FOREIGN, browser, code, enter, has_account, quick_hashes, send

__all__ = ["quick_hashes"]  # a fixture, in force here too

CODES = re.compile(r"<code>((?:[a-z2-9]{4}-){5}[a-z2-9]{4})</code>")


def inside(site: Site) -> TestClient:
    """Somebody's browser after password and code."""
    client = browser(site)
    enter(client)
    assert send(client, "/sign-in/code", code=code()).status_code == 303
    return client


def with_recovery_code(site: Site, given: str) -> Any:
    client = browser(site)
    enter(client)
    return send(client, "/sign-in/code", code=given)


def test_a_recovery_code_lets_in_once_and_new_ones_end_the_old(site: Site) -> None:
    has_account(site, Role.LEAD, factor=True)
    client = inside(site)
    old = CODES.findall(send(client, "/account/recovery-codes").text)
    assert [with_recovery_code(site, old[0]).status_code for _ in range(2)] == [303, 401]
    new = CODES.findall(send(client, "/account/recovery-codes").text)
    assert len(new) == len(old) == 10
    assert [with_recovery_code(site, each).status_code for each in (old[1], new[0])] == [401, 303]


def test_recovery_codes_are_shown_once_and_kept_as_hashes(site: Site) -> None:
    has_account(site, Role.LEAD, factor=True)
    client = inside(site)
    shown = CODES.findall(send(client, "/account/recovery-codes").text)
    pages = [client.get(path) for path in ("/account", "/account/second-factor")]
    assert [page.status_code for page in pages] == [200, 200]
    assert client.get("/account/recovery-codes").status_code == 405
    with reading(site.service.engine) as session:
        kept = " ".join(row.model_dump_json() for row in session.exec(select(RecoveryCode)))
    for each in shown:
        assert not any(each in page.text for page in pages)
        assert each not in kept
        assert each.replace("-", "") not in kept


def test_recovery_codes_are_guessed_no_more_often_than_codes(site: Site) -> None:
    has_account(site, Role.LEAD, factor=True)
    right = CODES.findall(send(inside(site), "/account/recovery-codes").text)[0]
    tried = [with_recovery_code(site, "aaaa-" * 5 + "aaaa").status_code for _ in range(MOST_CODES)]
    assert tried == [401] * MOST_CODES
    assert with_recovery_code(site, right).status_code == 429, "a new password does not begin the count again"


def test_with_the_second_factor_forgotten_a_new_one_is_set_up_before_anything_else(site: Site) -> None:
    account = has_account(site, Role.LEAD, factor=True)
    send(inside(site), "/account/recovery-codes")
    site.signed_in(Role.ADMINISTRATOR).post(f"/people/{account.id}", data={"do": "second-factor"})
    client = browser(site)
    assert enter(client, next="/register").headers["location"] == "/register"
    for path in ("/register", "/account", "/audit"):
        assert client.get(path).headers["location"] == "/account/second-factor"
    assert client.get("/account/second-factor").status_code == 200
    with reading(site.service.engine) as session:
        assert session.exec(select(RecoveryCode)).all() == [], "the codes went with it"


def test_the_session_that_waited_for_the_code_is_nobodys_afterwards(site: Site) -> None:
    has_account(site, Role.LEAD, factor=True)
    client, thief = browser(site), browser(site)
    enter(client)
    thief.cookies.set(COOKIE, client.cookies[COOKIE])
    assert send(client, "/sign-in/code", code=code()).status_code == 303
    assert client.get("/").status_code == 200
    assert thief.get("/").headers["location"].startswith("/sign-in")
    assert send(thief, "/sign-in/code", code=code(at=now() + timedelta(seconds=30))).status_code == 401


@pytest.mark.parametrize("wanted", FOREIGN)
def test_nobody_is_sent_on_to_another_site_after_the_code(site: Site, wanted: str) -> None:
    has_account(site, Role.LEAD, factor=True)
    client = browser(site)
    assert enter(client, next=wanted).headers["location"] == "/sign-in/code?next=%2F"
    shown = client.get("/sign-in/code", params={"next": wanted}).text
    assert re.findall(r'name="next" value="([^"]*)"', shown) == ["/"]
    assert send(client, "/sign-in/code", code=code(), next=wanted).headers["location"] == "/"
    confirm = client.get("/confirm", params={"next": wanted}).text
    assert re.findall(r'name="next" value="([^"]*)"', confirm) == ["/"]


# -- how long a session lasts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "seen", "status"),
    [
        pytest.param(timedelta(hours=11), timedelta(minutes=29), 200, id="in-use"),
        pytest.param(timedelta(hours=11), timedelta(minutes=31), 303, id="idle"),
        pytest.param(timedelta(hours=12, minutes=1), timedelta(), 303, id="too-old"),
    ],
)
def test_a_session_left_alone_or_too_old_is_over(site: Site, started: timedelta, seen: timedelta, status: int) -> None:
    has_account(site, Role.LEAD, factor=True)
    client = inside(site)
    with writing(site.service.engine) as session:
        row = session.get_one(WebSession, sessions.hashed(client.cookies[COOKIE]))
        row.started_at, row.seen_at = now() - started, now() - seen
    assert client.get("/").status_code == status


def test_giving_the_password_again_does_not_put_off_the_end(site: Site) -> None:
    has_account(site, Role.TEACHER)
    client = browser(site)
    enter(client)
    with writing(site.service.engine) as session:
        row = session.get_one(WebSession, sessions.hashed(client.cookies[COOKIE]))
        row.started_at = began = now() - timedelta(hours=11)
    assert send(client, "/confirm", password="kettle moss harbour nine").status_code == 303
    with reading(site.service.engine) as session:
        assert session.get_one(WebSession, sessions.hashed(client.cookies[COOKIE])).started_at == began
