"""Signing in over HTTP: the first administrator's link, invitations, the second factor, guessing, and going out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from sqlmodel import col, select

from app.accounts import invitations, passwords, sessions
from app.accounts.signing_in import MOST_CODES, MOST_OF_ACCOUNT, MOST_OF_ADDRESS, WINDOW
from app.accounts.tables import Account, Attempt, WebSession
from app.actors import Role
from app.audit.tables import AuditEvent
from app.db import reading, writing
from consent.models import now
from tests.accounts import SECRET, made_account, sign_in
from tests.browser.audit import Page
from tests.e2e.conftest import Site

HTML = {"Accept": "text/html"}
PASSWORD = "kettle moss harbour nine"
COOKIE = sessions.PLAIN_COOKIE


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes that cost little: what they must cost is held in the tests of passwords."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


def browser(site: Site, base_url: str = "http://127.0.0.1") -> TestClient:
    client = TestClient(site.app, base_url=base_url, raise_server_exceptions=False, follow_redirects=False)
    client.headers.update(HTML)
    return client


def has_account(site: Site, *roles: Role, factor: bool = False, email: str = "a.reed@wren.sch.uk") -> Account:
    with writing(site.service.engine) as session:
        account = made_account(session, site.service.school_id, *roles, name="Anna Reed")
        account.email = email
        account.password_hash = passwords.hashed(PASSWORD)
        if not factor:
            account.totp_secret = None
    return account


def send(client: TestClient, path: str, **data: Any) -> Any:
    """Send a form with the token of the page that shows it."""
    token = client.cookies.get(COOKIE) or client.cookies.get(sessions.SECURE_COOKIE)
    return client.post(path, data={**data, "csrf": sessions.csrf_token(token) if token else ""})


def enter(client: TestClient, password: str = PASSWORD, email: str = "a.reed@wren.sch.uk", **data: Any) -> Any:
    return send(client, "/sign-in", email=email, password=password, **data)


def code(secret: str = SECRET, at: datetime | None = None) -> str:
    return pyotp.TOTP(secret).at(at or now())


def said(answer: Any) -> str:
    """The page without its own number."""
    return str(answer.text).replace(answer.headers["x-request-id"], "N")


def tags(site: Site) -> list[str]:
    with reading(site.service.engine) as session:
        return list(session.exec(select(AuditEvent.tag).order_by(col(AuditEvent.sequence))).all())


# -- coming in -----------------------------------------------------------------------------------------------------


def test_the_first_administrator_comes_in_by_the_link_and_sets_up_a_second_factor(site: Site) -> None:
    with writing(site.service.engine) as session:
        for account in session.exec(select(Account)):
            account.suspended_at = now()
        token = invitations.first_administrator(session, site.service.school_id)
    client = browser(site)
    assert "You are invited as: Administrator" in Page(client.get(f"/welcome/{token}").text).words
    form = {"name": "Joan Whitfield", "email": "J.Whitfield@Wren.sch.uk", "password": PASSWORD, "again": PASSWORD}
    assert send(client, f"/welcome/{token}", **form).headers["location"] == "/"
    for path in ("/", "/people", "/account", "/keys"):
        assert client.get(path).headers["location"] == "/account/second-factor"
    shown = client.get("/account/second-factor")
    found = re.search(r'name="secret" value="([A-Z2-7]{32})"', shown.text)
    assert found
    wrong = send(client, "/account/second-factor", secret=found[1], code="000000")
    assert (wrong.status_code, "does not fit" in wrong.text, found[1] in wrong.text) == (422, True, True)
    before = client.cookies[COOKIE]
    done = send(client, "/account/second-factor", secret=found[1], code=code(found[1]))
    codes = re.findall(r"<code>((?:[a-z2-9]{4}-){5}[a-z2-9]{4})</code>", done.text)
    assert len(codes) == 10
    assert client.cookies[COOKIE] != before, "a right was won: the session has a new id"
    assert client.get("/people").status_code == 200
    again = browser(site)
    assert enter(again, email="j.whitfield@wren.sch.uk").headers["location"] == "/sign-in/code?next=%2F"
    assert again.get("/people").headers["location"].startswith("/sign-in?next="), "the password alone opens nothing"
    half_way = again.cookies[COOKIE]
    assert send(again, "/sign-in/code", code=codes[0]).headers["location"] == "/"
    assert again.cookies[COOKIE] != half_way
    assert again.get("/people").status_code == 200
    assert browser(site).get(f"/welcome/{token}").status_code == 404, "the link worked once"


def test_somebody_invited_as_teacher_comes_in_with_a_password_alone(site: Site) -> None:
    administrator = site.signed_in(Role.ADMINISTRATOR)
    made = administrator.post("/people", data={"name": "Anna Reed", "email": "a.reed@wren.sch.uk", "roles": "teacher"})
    link = re.search(r'value="http://127.0.0.1(/welcome/[\w-]{43})"', made.text)
    assert link
    assert link[1] not in administrator.get("/people", headers=HTML).text, "it is shown once"
    client = browser(site)
    bad = send(client, link[1], password="password1234", again="password1234")
    assert (bad.status_code, "Nothing" in bad.text or "not taken" in bad.text) == (422, True)
    assert send(client, link[1], password=PASSWORD, again=PASSWORD + "x").status_code == 422
    assert send(client, link[1], password=PASSWORD, again=PASSWORD).headers["location"] == "/"
    page = Page(client.get("/").text)
    assert page.faults == []
    assert {"/", "/help"} <= set(page.links)
    assert not {"/register", "/people", "/keys", "/audit"} & set(page.links)
    assert {"invitation:made", "invitation:accepted", "password:changed", "sign-in:done"} <= set(tags(site))


def test_whatever_was_wrong_the_answer_is_the_same(site: Site) -> None:
    has_account(site, Role.TEACHER)
    suspended = has_account(site, Role.TEACHER, email="gone@wren.sch.uk")
    with writing(site.service.engine) as session:
        session.get_one(Account, suspended.id).suspended_at = now()
    answers = [
        enter(browser(site), "not the password", "a.reed@wren.sch.uk"),
        enter(browser(site), PASSWORD, "none@wren.sch.uk"),
        enter(browser(site), PASSWORD, "gone@wren.sch.uk"),
        enter(browser(site), "", "a.reed@wren.sch.uk"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({re.sub(r"[a-z.]+@wren.sch.uk", "E", said(answer)) for answer in answers}) == 1
    assert all(COOKIE not in answer.cookies for answer in answers)


# -- guessing ------------------------------------------------------------------------------------------------------


def test_after_ten_failures_the_right_password_is_refused_too_and_sessions_go_on(site: Site) -> None:
    has_account(site, Role.TEACHER)
    inside, client = browser(site), browser(site)
    assert enter(inside).status_code == 303
    for _ in range(MOST_OF_ACCOUNT):
        assert enter(client, "not the password").status_code == 401
    locked = enter(client)
    assert locked.status_code == 429
    assert 0 < int(locked.headers["retry-after"]) <= WINDOW
    assert "too many tries" in locked.text
    assert inside.get("/").status_code == 200
    assert tags(site).count("account:locked") == 1
    later(site, 2 * WINDOW)
    assert enter(client).status_code == 303


def test_an_address_without_an_account_is_locked_in_the_same_way(site: Site) -> None:
    client = browser(site)
    codes = [enter(client, email="none@wren.sch.uk").status_code for _ in range(MOST_OF_ACCOUNT + 1)]
    assert codes == [401] * MOST_OF_ACCOUNT + [429]


def test_one_network_address_cannot_try_everybody(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "matches", lambda *_: False)  # a hundred hashes take seconds
    client = browser(site)
    answers = [enter(client, email=f"p{at}@wren.sch.uk") for at in range(MOST_OF_ADDRESS + 1)]
    assert [answer.status_code for answer in answers] == [401] * MOST_OF_ADDRESS + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= WINDOW


def test_five_wrong_codes_are_enough(site: Site) -> None:
    has_account(site, Role.LEAD, factor=True)
    client = browser(site)
    enter(client)
    codes = [send(client, "/sign-in/code", code="000000").status_code for _ in range(MOST_CODES)]
    assert codes == [401] * MOST_CODES
    assert send(client, "/sign-in/code", code=code()).status_code == 429
    later(site, 2 * WINDOW)
    again = browser(site)
    enter(again)
    assert send(again, "/sign-in/code", code=code()).status_code == 303


def test_a_code_is_taken_once_also_in_another_browser(site: Site) -> None:
    has_account(site, Role.LEAD, factor=True)
    first, second, at = browser(site), browser(site), now()
    enter(first)
    enter(second)
    assert send(first, "/sign-in/code", code=code(at=at)).status_code == 303
    assert send(second, "/sign-in/code", code=code(at=at)).status_code == 401


def later(site: Site, seconds: int) -> None:
    """Let the time pass that the counters look at."""
    with writing(site.service.engine) as session:
        for row in session.exec(select(Attempt)).all():
            session.delete(row)
            session.flush()
            session.add(Attempt(bucket=row.bucket, window=row.window - seconds, count=row.count))


# -- sessions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "name"), [("http", COOKIE), ("https", sessions.SECURE_COOKIE)])
def test_the_cookie_is_for_this_site_and_no_script(site: Site, scheme: str, name: str) -> None:
    has_account(site, Role.TEACHER)
    set_cookie = enter(browser(site, f"{scheme}://127.0.0.1")).headers["set-cookie"]
    assert re.match(rf"{name}=[\w-]{{43}};", set_cookie)
    parts = {part.strip().casefold() for part in set_cookie.split(";")[1:]}
    assert {"httponly", "path=/", "samesite=lax"} <= parts
    assert ("secure" in parts) == (scheme == "https")
    assert not any(part.startswith("domain") for part in parts)


def test_a_cookie_that_somebody_planted_is_not_the_one_after_signing_in(site: Site) -> None:
    has_account(site, Role.TEACHER)
    client = browser(site)
    client.cookies.set(COOKIE, "x" * 43)
    assert enter(client).status_code == 303
    planted = browser(site)
    planted.cookies.set(COOKIE, "x" * 43)
    assert planted.get("/").headers["location"].startswith("/sign-in")


def test_signing_in_again_ends_the_session_that_this_browser_had(site: Site) -> None:
    has_account(site, Role.TEACHER)
    client, thief = browser(site), browser(site)
    enter(client)
    thief.cookies.set(COOKIE, client.cookies[COOKIE])
    assert thief.get("/").status_code == 200
    assert enter(client).status_code == 303
    assert thief.get("/").status_code == 303
    assert client.get("/").status_code == 200


def test_guesses_at_the_door_do_not_keep_somebody_inside_from_giving_the_password_again(site: Site) -> None:
    has_account(site, Role.TEACHER)
    inside, outside = browser(site), browser(site)
    enter(inside)
    for _ in range(MOST_OF_ACCOUNT):
        enter(outside, "wrong")
    assert enter(outside).status_code == 429
    assert send(inside, "/confirm", password="wrong").status_code == 401
    assert send(inside, "/confirm", password=PASSWORD).status_code == 303


def test_whoever_guesses_inside_is_stopped_too(site: Site) -> None:
    has_account(site, Role.TEACHER)
    inside = browser(site)
    enter(inside)
    for _ in range(MOST_OF_ACCOUNT):
        assert send(inside, "/confirm", password="wrong").status_code == 401
    assert send(inside, "/confirm", password=PASSWORD).status_code == 429


def test_the_trail_tells_by_what_somebody_signed_in(site: Site) -> None:
    has_account(site, Role.TEACHER)
    enter(browser(site))
    has_account(site, Role.LEAD, factor=True, email="lead@wren.sch.uk")
    with_code = browser(site)
    enter(with_code, email="lead@wren.sch.uk")
    send(with_code, "/sign-in/code", code=code())
    with reading(site.service.engine) as session:
        mine = select(AuditEvent).where(AuditEvent.tag == "sign-in:done").order_by(col(AuditEvent.sequence))
        assert [event.details.get("step") for event in session.exec(mine)][-2:] == ["password", "code"]


def test_signing_out_ends_the_session_for_good(site: Site) -> None:
    has_account(site, Role.TEACHER)
    client = browser(site)
    enter(client)
    kept = client.cookies[COOKIE]
    out = send(client, "/sign-out")
    assert out.headers["location"] == "/sign-in"
    assert "cache" in out.headers["clear-site-data"]
    thief = browser(site)
    thief.cookies.set(COOKIE, kept)
    assert thief.get("/").status_code == 303
    assert "session:ended" in tags(site)


def test_a_new_password_signs_out_everywhere_else_and_goes_on_here_under_a_new_id(site: Site) -> None:
    has_account(site, Role.TEACHER)
    here, elsewhere = browser(site), browser(site)
    enter(here)
    enter(elsewhere)
    before = here.cookies[COOKIE]
    new = {"password": "seven owls in a teapot", "again": "seven owls in a teapot"}
    assert send(here, "/account/password", current="not the password", **new).status_code == 401
    assert elsewhere.get("/").status_code == 200
    assert send(here, "/account/password", current=PASSWORD, password="short", again="short").status_code == 422
    assert send(here, "/account/password", current=PASSWORD, **new).headers["location"] == "/account"
    assert here.cookies[COOKIE] != before
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 303
    assert enter(browser(site)).status_code == 401
    assert enter(browser(site), new["password"]).status_code == 303


def test_giving_the_password_again_gives_the_session_a_new_id(site: Site) -> None:
    has_account(site, Role.ADMINISTRATOR, factor=True)
    client = browser(site)
    enter(client)
    send(client, "/sign-in/code", code=code())
    with writing(site.service.engine) as session:
        session.get_one(WebSession, sessions.hashed(client.cookies[COOKIE])).confirmed_at = now() - timedelta(hours=1)
    assert client.get("/people").headers["location"] == "/confirm?next=%2Fpeople"
    assert send(client, "/confirm", next="/people", password="not the password").status_code == 401
    before = client.cookies[COOKIE]
    assert send(client, "/confirm", next="/people", password=PASSWORD).headers["location"] == "/people"
    assert client.cookies[COOKIE] != before
    assert client.get("/people").status_code == 200


def test_a_link_for_a_new_password_ends_every_session_and_spares_no_second_factor(site: Site) -> None:
    account = has_account(site, Role.LEAD, factor=True)
    inside = browser(site)
    enter(inside)
    send(inside, "/sign-in/code", code=code())
    made = site.signed_in(Role.ADMINISTRATOR).post(f"/people/{account.id}", data={"do": "link"})
    link = re.search(r'value="http://127.0.0.1(/welcome/[\w-]{43})"', made.text)
    assert link
    client = browser(site)
    new = "seven owls in a teapot"
    assert send(client, link[1], password=new, again=new).headers["location"].startswith("/sign-in/code")
    assert inside.get("/").status_code == 303
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("do", ["suspend", "sessions", "second-factor", "roles"])
def test_what_the_administrator_changes_ends_the_sessions(site: Site, do: str) -> None:
    account = has_account(site, Role.TEACHER)
    client = browser(site)
    enter(client)
    changed = site.signed_in(Role.ADMINISTRATOR).post(f"/people/{account.id}", data={"do": do, "roles": "office"})
    assert changed.status_code == 200
    assert client.get("/").status_code == 303


def test_the_administrator_gives_an_account_another_name_and_address(site: Site) -> None:
    account = has_account(site, Role.TEACHER)
    client, administrator = browser(site), site.signed_in(Role.ADMINISTRATOR)
    enter(client)
    said = {"do": "details", "name": "Anna Hill", "email": "A.Hill@wren.sch.uk"}
    assert "Anna Hill" in administrator.post(f"/people/{account.id}", data=said, headers=HTML).text
    assert client.get("/").status_code == 303, "with another address they sign in again"
    assert enter(client).status_code == 401
    assert enter(client, email="a.hill@wren.sch.uk").status_code == 303
    bad = administrator.post(f"/people/{account.id}", data={**said, "email": "nowhere"}, headers=HTML)
    assert (bad.status_code, "no e-mail address" in bad.text) == (422, True)
    assert tags(site).count("account:details") == 1


def test_the_last_administrator_cannot_be_taken_away(site: Site) -> None:
    with writing(site.service.engine) as session:
        for account in session.exec(select(Account)):
            account.suspended_at = now()
    who = sign_in(site.service, Role.ADMINISTRATOR)
    client = site.client_of(who)
    for data in ({"do": "suspend"}, {"do": "roles", "roles": "teacher"}):
        answer = client.post(f"/people/{who.account.id}", data=data, headers=HTML)
        assert (answer.status_code, "only administrator" in answer.text) == (422, True)
    assert client.get("/people", headers=HTML).status_code == 200


# -- where to, and from where --------------------------------------------------------------------------------------

FOREIGN = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "/%2f/evil.example",
    "%2f%2fevil.example",
    "/\tevil",
    "/\r\nSet-Cookie: a=b",
    "/café",
    "evil.example",
    "",
    "/sign-out",
    "/sign-in?next=//evil.example",
)


@pytest.mark.parametrize("wanted", FOREIGN)
def test_nobody_is_sent_on_to_another_site(site: Site, wanted: str) -> None:
    has_account(site, Role.TEACHER)
    client = browser(site)
    assert enter(client, next=wanted).headers["location"] == "/"
    assert client.get("/sign-in", params={"next": wanted}).headers["location"] == "/"
    assert send(client, "/confirm", password=PASSWORD, next=wanted).headers["location"] == "/"


@pytest.mark.parametrize("wanted", ["/drafts/abc", "/register?q=a%20b", "/help"])
def test_somebody_comes_to_where_they_wanted_to_go(site: Site, wanted: str) -> None:
    has_account(site, Role.TEACHER)
    client = browser(site)
    asked = client.get(wanted).headers["location"]
    shown = re.search(r'name="next" value="([^"]*)"', client.get(asked).text)
    assert shown
    assert enter(client, next=shown[1]).headers["location"] == wanted


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/welcome/x", "/sign-out", "/confirm"])
def test_a_form_on_another_site_signs_nobody_in_or_out(site: Site, path: str, headers: dict[str, str]) -> None:
    has_account(site, Role.TEACHER)
    client = browser(site)
    enter(client)
    answer = client.post(path, data={"email": "a.reed@wren.sch.uk", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert client.get("/").status_code == 200


def test_no_entry_holds_who_somebody_is(site: Site) -> None:
    has_account(site, Role.TEACHER)
    enter(browser(site))
    enter(browser(site), "not the password")
    with reading(site.service.engine) as session:
        kept = " ".join(event.model_dump_json() for event in session.exec(select(AuditEvent)))
    for word in ("a.reed", "Anna", "Reed", "127.0.0.1", "testclient", PASSWORD):
        assert word not in kept
