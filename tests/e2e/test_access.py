"""Who may what: every route, with every role and scope, anonymous, revoked, and with another school's objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.access import ACCESS, Rule
from app.accounts import invitations, sessions
from app.accounts.tables import WebSession
from app.actors import KeyScope, Role
from app.config import Settings
from app.db import writing
from app.gate import GuardedRoute, NoRule, check_routes
from app.keys import keys
from app.keys.tables import Alert, ApiKey
from app.models import Draft
from consent.facts import Scope
from consent.models import Channel, Person, School, now
from consent.register import Register
from tests.accounts import made_account, sign_in
from tests.e2e.conftest import Site, fill_register

PAGES = [(route, rule) for route, rule in ACCESS.items() if not rule.public and rule.scope is None]
API = [(route, rule) for route, rule in ACCESS.items() if rule.scope is not None]
PUBLIC = [route for route, rule in ACCESS.items() if rule.public]
HTML = {"Accept": "text/html"}
ELSEWHERE = "elsewhere"  # the other school


def named(cases: list[Any]) -> list[Any]:
    return [pytest.param(*case, id=" ".join(case[0])) for case in cases]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(Settings(data=tmp_path_factory.mktemp("access") / "data"))
    with writing(made.service.engine) as session:
        fill_register(session)
        session.add(School(id=ELSEWHERE, name="Another school"))
    yield made
    made.service.engine.dispose()


# -- objects -------------------------------------------------------------------------------------------------------


def _draft(session: Session, school_id: str, made_by: str) -> str:
    draft = Draft(school_id=school_id, channel="School website", caption="A fine day", made_by=made_by)
    session.add(draft)
    session.flush()
    return draft.id


def _person(session: Session, school_id: str) -> str:
    return Register(session, school_id).add_person(Person(school_id=school_id, given="Ada", family="Quill")).id


def _invitation(session: Session, school_id: str) -> str:
    return invitations.invite(session, school_id, "cli", [Role.TEACHER])[0].id


def _alert(session: Session, school_id: str, made_by: str) -> str:
    alert = Alert(school_id=school_id, kind="guessing", about=made_by)
    session.add(alert)
    session.flush()
    return alert.id


OBJECTS: dict[str, Callable[[Session, str, str], str]] = {
    "draft_id": _draft,
    "person_id": lambda session, school_id, _: _person(session, school_id),
    "number": lambda *_: "1",
    "account_id": lambda session, school_id, _: made_account(session, school_id, Role.TEACHER).id,
    "invitation_id": lambda session, school_id, _: _invitation(session, school_id),
    "token": lambda *_: "nothing",
    "provider": lambda *_: "school",
    "key_id": lambda session, school_id, made_by: keys.create(session, school_id, "A workflow", (), made_by)[0].id,
    "alert_id": _alert,
}


def filled(site: Site, path: str, school_id: str, made_by: str) -> str:
    """The path with objects of this school in it, made by this actor."""
    for name in re.findall(r"{(\w+)}", path):
        with writing(site.service.engine) as session:
            path = path.replace(f"{{{name}}}", OBJECTS[name](session, school_id, made_by))
    return path


def ask(client: TestClient, method: str, path: str) -> tuple[int, str]:
    """Status, and where to go instead: the gate alone sends to a page with `next`."""
    answer = client.request(method, path, headers=HTML, follow_redirects=False)
    where, _, query = answer.headers.get("location", "").partition("?")
    stopped = answer.status_code == 401 and "were away for too long" in answer.text
    return answer.status_code, where if query.startswith("next=") else "/sign-in" if stopped else ""


def turned_away(status: int, location: str) -> bool:
    return status == 403 or location in ("/sign-in", "/confirm")


def test_every_parameter_of_a_route_has_an_object_to_try_it_with() -> None:
    assert {name for _, path in ACCESS for name in re.findall(r"{(\w+)}", path)} <= set(OBJECTS)


# -- pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("route", "rule"), named(PAGES))
def test_a_page_opens_for_the_roles_of_its_rule_alone(
    site: Site, route: tuple[str, str], rule: Rule, role: Role
) -> None:
    method, path = route
    who = sign_in(site.service, role)
    status, location = ask(site.client_of(who), method, filled(site, path, site.service.school_id, who.actor.ref))
    assert turned_away(status, location) == (role not in rule.roles)
    if role not in rule.roles:
        assert status == 403
    assert status < 500


@pytest.mark.parametrize(("route", "rule"), named(PAGES))
def test_nobody_opens_a_page_without_signing_in(site: Site, route: tuple[str, str], rule: Rule) -> None:
    method, path = route
    path = filled(site, path, site.service.school_id, "account:somebody")
    assert ask(site.anonymous(), method, path) == ((303 if method == "GET" else 401), "/sign-in")
    client = site.anonymous()
    client.headers["Authorization"] = f"Bearer {site.key(*KeyScope)}"
    assert ask(client, method, path)[0] in (303, 401), "a key opens no page"
    client.cookies.set(sessions.PLAIN_COOKIE, "x" * 43)
    assert ask(client, method, path)[0] in (303, 401), "an invented cookie"
    assert rule.roles


@pytest.mark.parametrize("how", ["ended", "idle", "old", "code", "suspended"])
@pytest.mark.parametrize(("route", "rule"), named(PAGES))
def test_a_session_that_is_over_opens_nothing(site: Site, route: tuple[str, str], rule: Rule, how: str) -> None:
    method, path = route
    who = sign_in(site.service, *Role)
    client = site.client_of(who)
    with writing(site.service.engine) as session:
        row = session.get_one(WebSession, who.actor.session_id)
        if how == "ended":
            sessions.end(session, row.id)
        elif how == "idle":
            row.seen_at = now() - timedelta(minutes=31)
        elif how == "old":
            row.started_at = now() - timedelta(hours=12, minutes=1)
        elif how == "code":
            row.waits_for_code = True
        else:
            session.merge(who.account).suspended_at = now()
    status, location = ask(client, method, filled(site, path, site.service.school_id, who.actor.ref))
    assert turned_away(status, location)
    assert rule.roles


@pytest.mark.parametrize(("route", "rule"), named([each for each in PAGES if each[0][0] == "POST"]))
def test_a_form_without_its_token_is_refused(site: Site, route: tuple[str, str], rule: Rule) -> None:
    _, path = route
    who, other = sign_in(site.service, *Role), sign_in(site.service, *Role)
    client = site.client_of(who)
    path = filled(site, path, site.service.school_id, who.actor.ref)
    for token in (None, "", "x", other.csrf, who.token):
        client.headers.pop("X-CSRF-Token", None)
        sent = {} if token is None else {"csrf": token}
        answer = client.post(path, data=sent, headers=HTML, follow_redirects=False)
        assert (answer.status_code, "earlier sign-in" in answer.text) == (422, True)
    assert rule.roles


@pytest.mark.parametrize(("route", "rule"), named([each for each in PAGES if each[1].confirm]))
def test_what_is_grave_asks_for_the_password_again(site: Site, route: tuple[str, str], rule: Rule) -> None:
    method, path = route
    who = sign_in(site.service, *rule.roles)
    with writing(site.service.engine) as session:
        session.get_one(WebSession, who.actor.session_id).confirmed_at = now() - timedelta(minutes=6)
    path = filled(site, path, site.service.school_id, who.actor.ref)
    assert ask(site.client_of(who), method, path) == (303, "/confirm")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("route", "rule"), named([each for each in PAGES if each[1].own]))
def test_others_drafts_exist_for_the_lead_alone(site: Site, route: tuple[str, str], rule: Rule, role: Role) -> None:
    method, path = route
    client = site.signed_in(role)
    path = filled(site, path, site.service.school_id, "account:somebody-else")
    status, _ = ask(client, method, path)
    missing = client.request(method, path, headers=HTML).text.count("There is no such draft")
    assert (status == 404 and bool(missing)) == (role is not Role.LEAD)
    assert rule.roles


# -- the API -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", [None, *KeyScope])
@pytest.mark.parametrize(("route", "rule"), named(API))
def test_an_endpoint_opens_for_the_scope_of_its_rule_alone(
    site: Site, route: tuple[str, str], rule: Rule, scope: KeyScope | None
) -> None:
    method, path = route
    client = site.anonymous()
    client.headers["Authorization"] = f"Bearer {site.key(*([scope] if scope else []))}"
    status, _ = ask(client, method, filled(site, path, site.service.school_id, "key:another"))
    assert (status == 403) == (scope is not rule.scope)
    assert status < 500


@pytest.mark.parametrize("how", ["none", "session", "unknown", "malformed", "revoked", "expired", "other-scheme"])
@pytest.mark.parametrize(("route", "rule"), named(API))
def test_no_endpoint_opens_without_a_key_in_force(site: Site, route: tuple[str, str], rule: Rule, how: str) -> None:
    method, path = route
    client = site.signed_in(*Role)
    del client.headers["Authorization"]
    with writing(site.service.engine) as session:
        row, secret = keys.create(session, site.service.school_id, "Old", list(KeyScope), "cli")
        session.flush()
        kept = session.get_one(ApiKey, row.id)
        if how == "revoked":
            kept.revoked_at = now()
        if how == "expired":
            kept.expires_at = now() - timedelta(seconds=1)
    given: dict[str, str] = {
        "unknown": f"Bearer {secret[:-2]}xx",
        "malformed": "Bearer gp_" + "~" * 4000,
        "revoked": f"Bearer {secret}",
        "expired": f"Bearer {secret}",
        "other-scheme": f"Basic {secret}",
    }
    if how in given:
        client.headers["Authorization"] = given[how]
    answer = client.request(method, filled(site, path, site.service.school_id, "key:another"))
    assert (answer.status_code, answer.headers["www-authenticate"].split()[0]) == (401, "Bearer")
    assert rule.scope


@pytest.mark.parametrize(("route", "rule"), named([each for each in API if "{draft_id}" in each[0][1]]))
def test_teachers_drafts_do_not_exist_for_keys(site: Site, route: tuple[str, str], rule: Rule) -> None:
    method, path = route
    client = site.signed_in()
    for made_by, found in (("account:teacher", False), ("", False), ("key:an-earlier-one", True)):
        answer = client.request(method, filled(site, path, site.service.school_id, made_by), json={})
        assert ("There is no such draft" in answer.text) == (not found)
    assert rule.scope


# -- other schools -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("route", "rule"), named([each for each in PAGES + API if "_id}" in each[0][1]]))
def test_another_schools_objects_do_not_exist(site: Site, route: tuple[str, str], rule: Rule) -> None:
    method, path = route
    who = sign_in(site.service, *Role)
    client = site.client_of(who)
    own = "key:same" if rule.scope else who.actor.ref
    elsewhere = filled(site, path, ELSEWHERE, own)
    sent: dict[str, Any] = {"json": {}} if rule.scope and method == "POST" else {}
    answer = client.request(method, elsewhere, headers=HTML, **sent)
    assert answer.status_code == 404
    missing = re.sub(r"{\w+_id}", "nothing", path).replace("{number}", "1")
    nothing = client.request(method, missing, headers=HTML, **sent)
    assert _masked(answer, elsewhere) == _masked(nothing, missing)


def _masked(answer: Any, path: str) -> str:
    """The answer without the address that was asked for and without its own number."""
    return str(answer.text).replace(path, "X").replace(answer.headers["x-request-id"], "N")


def test_a_page_shows_the_school_of_whoever_asks(site: Site) -> None:
    """Two schools in one database: neither sees the other's people, accounts or drafts."""
    with writing(site.service.engine) as session:
        register = Register(session, ELSEWHERE)
        register.add_person(Person(school_id=ELSEWHERE, given="Olu", family="Farawayname"))
        register.add_channel(Channel(school_id=ELSEWHERE, name="Faraway page", scope=Scope.WEBSITE))
    there = site.client_of(sign_in(site.service, *Role, school_id=ELSEWHERE))
    assert "Farawayname" in there.get("/register", headers=HTML).text
    assert "Marsh" not in there.get("/register", headers=HTML).text
    assert "Faraway page" in there.get("/", headers=HTML).text
    assert "Farawayname" not in site.client.get("/register", headers=HTML).text
    assert "Faraway page" not in site.client.get("/", headers=HTML).text


# -- the table itself ----------------------------------------------------------------------------------------------


def test_a_route_without_a_rule_keeps_the_service_from_starting(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    check_routes(site.app.router.routes[:-1])
    fewer = {route: rule for route, rule in ACCESS.items() if route != ("GET", "/register")}
    monkeypatch.setattr("app.gate.ACCESS", fewer)
    with pytest.raises(NoRule, match="/register"):
        check_routes(site.app.router.routes[:-1])


def test_a_route_that_does_not_pass_the_gate_keeps_the_service_from_starting(site: Site) -> None:
    from fastapi import APIRouter

    router = APIRouter()
    router.add_api_route("/open", lambda: "secret")
    with pytest.raises(NoRule, match="/open"):
        check_routes([*site.app.router.routes[:-1], *router.routes])
    assert GuardedRoute is not type(router.routes[0])


@pytest.mark.parametrize("route", PUBLIC, ids=" ".join)
def test_what_everybody_may_see_shows_nothing_of_a_school(site: Site, route: tuple[str, str]) -> None:
    method, path = route
    answer = site.anonymous().request(method, path, follow_redirects=False)
    assert answer.status_code < 500 or path == "/readyz"
    assert not any(name in answer.text for name in ("Marsh", "Okafor", "Nowak"))


def test_no_page_and_no_answer_holds_a_template(site: Site) -> None:
    """A template's numbers, as JSON would write them, are in no answer to anybody."""
    draft = site.decided(b"picture of ben, stranger")
    client = site.client
    for path in (f"/api/v1/drafts/{draft['id']}", f"/drafts/{draft['id']}", "/register", "/"):
        text = client.get(path, headers=HTML).text
        assert "0.0, 0.0, 0.0" not in text
        assert '"template"' not in text
