"""API keys over HTTP: made and shown once, in force until they end, taken in the header alone."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select
from typer.testing import CliRunner

from app.accounts.tables import WebSession
from app.actors import KeyScope, Role
from app.cli import app as cli
from app.db import reading, writing
from app.keys import keys
from app.keys.secrets import KEY, new_secret
from app.keys.tables import ApiKey
from app.models import AuditEvent
from consent.models import School, now
from consent.register import the_school
from tests.accounts import sign_in
from tests.e2e.conftest import Site

HTML = {"Accept": "text/html"}
SHOWN = re.compile(r"gp_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}")
FORM = {"name": " Website  workflow ", "scopes": ["drafts:read", "drafts:write"], "until": "2027-03-31"}


@pytest.fixture
def administrator(site: Site) -> TestClient:
    return site.signed_in(Role.ADMINISTRATOR)


def made_on_page(client: TestClient, **changed: Any) -> str:
    answer = client.post("/keys", data=FORM | changed, headers=HTML)
    assert answer.status_code == 200, answer.text
    (text,) = SHOWN.findall(answer.text)
    return str(text)


def ask(site: Site, key: str, path: str = "/api/v1/drafts/none") -> Any:
    return site.anonymous().get(path, headers={"Authorization": f"Bearer {key}"})


def audited(site: Site) -> list[tuple[str, dict[str, Any]]]:
    with reading(site.service.engine) as session:
        wanted = select(AuditEvent).where(col(AuditEvent.tag).startswith("key:")).order_by(col(AuditEvent.number))
        return [(event.tag, event.details) for event in session.exec(wanted)]


def the_key(site: Site, text: str) -> ApiKey:
    with reading(site.service.engine) as session:
        return session.exec(select(ApiKey).where(ApiKey.prefix == text[3:11])).one()


def test_a_key_is_shown_once_and_kept_as_its_digest_alone(site: Site, administrator: TestClient) -> None:
    text = made_on_page(administrator)
    assert KEY.fullmatch(text)
    assert ask(site, text).status_code == 404  # let through: there is no such draft
    listed = administrator.get("/keys", headers=HTML).text
    assert text[:11] in listed
    assert "Website workflow" in listed
    assert "Wednesday 31 March 2027" in listed
    row = the_key(site, text)
    assert (row.name, row.scopes, row.school_id) == ("Website workflow", FORM["scopes"], site.service.school_id)
    assert row.expires_at == datetime(2027, 3, 31, 23, tzinfo=UTC)  # the end of the day in London, in summer time
    secret = text[12:]
    assert secret not in listed
    for each in site.settings.data.rglob("*"):
        if each.is_file():
            assert secret.encode() not in each.read_bytes(), each
    assert [tag for tag, _ in audited(site)] == ["key:made"]
    assert secret not in json.dumps(audited(site))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        pytest.param({"name": " "}, "Give the key a name", id="no-name"),
        pytest.param({"name": "x" * 101}, "longer than 100", id="long-name"),
        pytest.param({"scopes": []}, "at least one thing", id="no-scope"),
        pytest.param({"scopes": ["everything"]}, "is not known", id="unknown-scope"),
        pytest.param({"until": "2020-01-01"}, "at most two years", id="past"),
        pytest.param({"until": "2031-01-01"}, "at most two years", id="too-long"),
        pytest.param({"until": "soon"}, "is no day", id="no-day"),
        pytest.param({"until": "9999-12-31"}, "is no day", id="last-day-there-is"),
    ],
)
def test_a_form_that_makes_no_key_says_why_and_keeps_what_was_typed(
    site: Site, administrator: TestClient, changed: dict[str, Any], says: str
) -> None:
    answer = administrator.post("/keys", data=FORM | changed, headers=HTML)
    assert answer.status_code == 422
    assert says in answer.text
    if "name" not in changed:
        assert "Website  workflow" in answer.text
    assert audited(site) == []


def test_making_and_exchanging_a_key_ask_for_the_password_again(site: Site) -> None:
    who = sign_in(site.service, Role.ADMINISTRATOR)
    client = site.client_of(who)
    key_id = the_key(site, made_on_page(client)).id
    with writing(site.service.engine) as session:
        session.get_one(WebSession, who.actor.session_id).confirmed_at = now() - timedelta(minutes=6)
    for method, path in (("GET", "/keys/new"), ("POST", "/keys"), ("POST", f"/keys/{key_id}/rotate")):
        answer = client.request(method, path, data=FORM, headers=HTML, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"][:9]) == (303, "/confirm?")
    assert client.post(f"/keys/{key_id}/revoke", follow_redirects=False).headers["location"] == "/keys"  # in a hurry


@pytest.mark.parametrize("how", ["unknown", "mistyped", "expired", "revoked", "of-another-kind", "empty", "twice"])
def test_a_key_that_is_not_in_force_is_refused_without_saying_why(site: Site, how: str) -> None:
    text = site.key(*KeyScope)
    given = {
        "unknown": new_secret().text,
        "mistyped": text[:-1] + ("0" if text[-1] != "0" else "1"),
        "of-another-kind": "ghp_" + "a" * 36,
        "empty": "",
    }.get(how, text)
    with writing(site.service.engine) as session:
        row = session.exec(select(ApiKey).where(ApiKey.prefix == text[3:11])).one()
        if how == "expired":
            row.expires_at = now() - timedelta(seconds=1)
        if how == "revoked":
            row.revoked_at = now()
    headers = [("Authorization", f"Bearer {given}")] * (2 if how == "twice" else 1)
    answer = site.anonymous().get("/api/v1/drafts/none", headers=headers)
    assert answer.status_code == 401
    challenge = 'Bearer realm="Gatepost"' + ("" if how == "twice" else ', error="invalid_token"')
    assert answer.headers["www-authenticate"] == challenge
    assert answer.headers["content-type"] == "application/problem+json"
    assert text not in answer.text


def test_without_a_key_the_api_says_how_to_send_one(site: Site) -> None:
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": site.key()}):
        answer = site.anonymous().get("/api/v1/drafts/none", headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="Gatepost"')
        assert "Authorization: Bearer gp_" in answer.json()["detail"]


@pytest.mark.parametrize("scopes", [set(KeyScope) - {KeyScope.DRAFTS_READ}, {KeyScope.AUDIT_READ}, set()], ids=len)
def test_a_missing_scope_is_named(site: Site, scopes: set[KeyScope]) -> None:
    answer = ask(site, site.key(*scopes))
    assert answer.status_code == 403
    wanted = 'Bearer realm="Gatepost", error="insufficient_scope", scope="drafts:read"'
    assert answer.headers["www-authenticate"] == wanted
    assert "drafts:read" in answer.json()["detail"]


def test_a_key_in_the_address_or_in_a_form_is_refused_with_a_sentence(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    text = site.key(*KeyScope)
    for query in (f"access_token={text}", f"api_key={text}", f"x=1&{text}", "k=" + text.replace("_", "%5F")):
        for headers in ({}, {"Authorization": f"Bearer {text}"}):
            answer = site.anonymous().get(f"/api/v1/drafts/none?{query}", headers=headers)
            assert (answer.status_code, answer.json()["type"]) == (400, "key-in-address")
            assert answer.headers["www-authenticate"].endswith('error="invalid_request"')
            assert text not in answer.text
    form = {"channel": "School website", "caption": f"x {text}"}
    sent = site.anonymous().post("/api/v1/drafts", data=form, headers={"Authorization": f"Bearer {text}"})
    assert (sent.status_code, "API key" in sent.json()["detail"], text in sent.text) == (422, True, False)
    form = {"channel": "School website", "caption": "x", "access_token": text}
    assert site.anonymous().post("/api/v1/drafts", data=form).status_code == 401
    assert text[12:] not in caplog.text


def test_the_last_use_is_kept_and_written_once_a_minute(site: Site) -> None:
    text = site.key(KeyScope.DRAFTS_READ)
    assert the_key(site, text).last_used_at is None
    ask(site, text)
    first = the_key(site, text).last_used_at
    assert first is not None
    ask(site, text)
    assert the_key(site, text).last_used_at == first
    with writing(site.service.engine) as session:
        row = session.get_one(ApiKey, the_key(site, text).id)
        row.last_used_at = earlier = now() - timedelta(seconds=61)
    ask(site, text)
    again = the_key(site, text).last_used_at
    assert again is not None
    assert again > earlier + timedelta(seconds=60)


def test_an_exchanged_key_goes_on_beside_its_successor_for_some_days(site: Site, administrator: TestClient) -> None:
    old = made_on_page(administrator)
    key_id = the_key(site, old).id
    answer = administrator.post(f"/keys/{key_id}/rotate", data={"days": "3"}, headers=HTML)
    (new,) = SHOWN.findall(answer.text)
    assert new != old
    assert ask(site, old).status_code == ask(site, new).status_code == 404
    was, now_is = the_key(site, old), the_key(site, new)
    assert (now_is.name, now_is.scopes, was.successor_id) == (was.name, was.scopes, now_is.id)
    assert timedelta(days=2, hours=23) < was.expires_at - now() <= timedelta(days=3)
    with reading(site.service.engine) as session:
        assert keys.resolve(session, old, now() + timedelta(days=3, seconds=1)) is None
        assert keys.resolve(session, new, now() + timedelta(days=3, seconds=1)) is not None
    again = administrator.post(f"/keys/{key_id}/rotate", data={"days": "3"}, headers=HTML)
    assert (again.status_code, "exchanged already" in again.text) == (409, True)
    assert [tag for tag, _ in audited(site)] == ["key:made", "key:rotated"]


@pytest.mark.parametrize("days", ["31", "-1", "x", " ", "9999", "٣"])
def test_the_overlap_has_an_end(site: Site, administrator: TestClient, days: str) -> None:
    key_id = the_key(site, made_on_page(administrator)).id
    assert administrator.post(f"/keys/{key_id}/rotate", data={"days": days}).status_code == 422
    assert the_key_by_id(site, key_id).successor_id is None


def the_key_by_id(site: Site, key_id: str) -> ApiKey:
    with reading(site.service.engine) as session:
        return session.get_one(ApiKey, key_id)


def test_a_revoked_key_is_refused_from_the_next_request_on(site: Site, administrator: TestClient) -> None:
    text = made_on_page(administrator)
    assert ask(site, text).status_code == 404
    administrator.post(f"/keys/{the_key(site, text).id}/revoke")
    assert ask(site, text).status_code == 401
    administrator.post(f"/keys/{the_key(site, text).id}/revoke")
    assert [tag for tag, _ in audited(site)] == ["key:made", "key:revoked"]


def test_a_key_belongs_to_its_school(site: Site, administrator: TestClient) -> None:
    with writing(site.service.engine) as session:
        session.add(School(id="elsewhere", name="Another school"))
        session.flush()
        other, text = keys.create(session, "elsewhere", "Theirs", [KeyScope.DRAFTS_READ], "cli")
    draft = site.send(b"picture of ben")
    assert ask(site, site.key(KeyScope.DRAFTS_READ), f"/api/v1/drafts/{draft['id']}").status_code == 200
    assert ask(site, text, f"/api/v1/drafts/{draft['id']}").status_code == 404
    assert "Theirs" not in administrator.get("/keys", headers=HTML).text
    assert administrator.post(f"/keys/{other.id}/revoke").status_code == 404
    assert ask(site, text).status_code == 404, "still in force"


def test_a_key_sees_what_came_in_with_keys_and_no_draft_of_a_teacher(site: Site) -> None:
    files = [("pictures", ("IMG_1.jpg", b"picture of ben", "image/jpeg"))]
    of_teacher = site.signed_in(Role.TEACHER).post(
        "/drafts", data={"channel": "School website"}, files=files, follow_redirects=False
    )
    draft_id = of_teacher.headers["location"].rpartition("/")[2]
    reader = site.key(*KeyScope)
    assert ask(site, reader, f"/api/v1/drafts/{draft_id}").status_code == 404
    assert ask(site, reader, f"/api/v1/drafts/{draft_id}/pictures/1").status_code == 404
    answer = site.anonymous().post(
        f"/api/v1/drafts/{draft_id}/revisions", json={}, headers={"Authorization": f"Bearer {reader}"}
    )
    assert answer.status_code == 404
    assert ask(site, reader, f"/api/v1/drafts/{site.send(b'picture of ben')['id']}").status_code == 200


def test_the_command_line_makes_lists_exchanges_and_revokes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEPOST_DATA", str(site.settings.data))

    def run(*words: str) -> Any:
        result = CliRunner().invoke(cli, ["keys", *words, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    made = run("create", "--name", "Night job", "--scope", "drafts:read", "--expires", "2027-05-01")
    assert made["scopes"] == ["drafts:read"]
    assert made["expires_at"].startswith("2027-05-01T23:00")
    assert ask(site, made["key"]).status_code == 404
    new = run("rotate", made["id"], "--overlap-days", "0")
    assert (ask(site, made["key"]).status_code, ask(site, new["key"]).status_code) == (401, 404)
    assert run("revoke", new["id"])["state"] == "revoked"
    states = {row["id"]: row["state"] for row in run("list")}
    assert (states[made["id"]], states[new["id"]]) == ("expired", "revoked")
    assert "key" not in run("list")[0]
    refused = CliRunner().invoke(cli, ["keys", "revoke", "nobody"])
    assert (refused.exit_code, "There is no such key" in refused.output) == (2, True)
    with reading(site.service.engine) as session:
        assert the_school(session) is not None
        actors = {event.tag for event in session.exec(select(AuditEvent)) if event.tag.startswith("key:")}
    assert actors == {"key:made", "key:rotated", "key:revoked"}
