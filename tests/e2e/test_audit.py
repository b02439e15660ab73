"""The trail over HTTP: the page in words for those who may, its export, its checkpoint, and the API."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app import audit
from app.accounts.tables import WebSession
from app.actors import KeyScope, Role
from app.audit.checkpoints import from_text
from app.audit.keeping import outside_files
from app.audit.tags import AuditTag
from app.config import Settings
from app.db import writing
from consent.models import now
from tests.accounts import sign_in
from tests.e2e.conftest import Site


def record(site: Site, tag: AuditTag, subject: str, times: int = 1, **said: Any) -> None:
    with writing(site.service.engine) as session:
        for _ in range(times):
            audit.record(session, site.service.school_id, tag, subject, **said)


def text_of(client: TestClient, path: str = "/audit") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_lead_reads_who_did_what_with_names(site: Site) -> None:
    anna = sign_in(site.service, Role.TEACHER, name="Anna Reed")
    record(site, AuditTag.SIGNED_IN, anna.account.id, actor=anna.actor.ref)
    shown = text_of(site.signed_in(Role.LEAD))
    assert "Anna Reed signed in" in shown
    assert "recorded an answer for Ben Marsh" in shown
    assert "Website: yes." in shown


def test_the_administrator_reads_no_pupils_name(site: Site) -> None:
    shown = text_of(site.signed_in(Role.ADMINISTRATOR))
    assert "recorded an answer for a person in the register" in shown
    assert "Marsh" not in shown


def test_the_trail_holds_no_name(site: Site) -> None:
    site.decided(b"picture of ben", caption="Ben Marsh")
    everything = site.client.get("/api/v1/audit?limit=500").text
    for name in ("Ben", "Marsh", "Patel", "wren.sch.uk"):
        assert name not in everything.replace('"ben"', "")  # the tests' own id of a person


def test_a_draft_is_opened_from_its_entry_by_the_lead_alone(site: Site) -> None:
    draft = site.decided(b"picture of ben")
    assert f'href="/drafts/{draft["id"]}"' in text_of(site.signed_in(Role.LEAD))
    assert f'href="/drafts/{draft["id"]}"' not in text_of(site.signed_in(Role.ADMINISTRATOR))


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("group=accounts", True),
        ("group=drafts", False),
        ("actor=cli", True),
        ("actor=system", False),
        ("subject=a1", True),
        ("subject=a2", False),
        ("from={today}", True),
        ("from={tomorrow}", False),
        ("to={today}", True),
        ("to={yesterday}", False),
        ("group=accounts&actor=cli&subject=a1&from={yesterday}&to={tomorrow}", True),
    ],
)
def test_filters_leave_what_was_asked_for(site: Site, query: str, seen: bool) -> None:
    record(site, AuditTag.RECOVERY_CODES_MADE, "a1", actor="cli")
    days = {
        name: (now() + timedelta(days=by)).date() for name, by in (("yesterday", -1), ("today", 0), ("tomorrow", 1))
    }
    shown = text_of(site.signed_in(Role.LEAD), f"/audit?{query.format(**days)}")
    assert ("got new recovery codes" in shown) is seen


@pytest.mark.parametrize(
    "query",
    ["group=x", "actor=Anna+Reed", "subject=a+b", "from=2026-13-01", "from=2026-02-02&to=2026-02-01", "before=x"],
)
def test_a_filter_that_cannot_be_read_is_said(site: Site, query: str) -> None:
    answer = site.signed_in(Role.LEAD).get(f"/audit?{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_pages_follow_one_another_without_gap_or_repetition(site: Site) -> None:
    record(site, AuditTag.REGISTER_VIEWED, site.service.school_id, 120)
    lead, path, seen = site.signed_in(Role.LEAD), "/audit?group=register", []
    while path:
        shown = text_of(lead, path)
        seen += [int(part.split("<")[0]) for part in shown.split("· entry ")[1:]]
        older = shown.split('<a class="button" href="/audit?')
        path = f"/audit?{older[1].split(chr(34))[0]}".replace("&amp;", "&") if len(older) > 1 else ""
    assert len(seen) >= 120
    assert seen == sorted(set(seen), reverse=True)


def test_a_check_on_demand_says_that_it_verifies(site: Site) -> None:
    shown = site.signed_in(Role.LEAD).post("/audit/verify")
    assert shown.status_code == 200
    assert "The trail verifies" in shown.text


def test_a_check_on_demand_shows_tampering(site: Site) -> None:
    with writing(site.service.engine) as session:
        _tamper(session)
    shown = site.signed_in(Role.LEAD).post("/audit/verify")
    assert "not as it was written" in shown.text
    assert "Entry 2 was changed" in shown.text


def test_a_checkpoint_outside_that_cannot_be_read_is_no_pass(settings: Settings, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "damaged.json").write_text("{")
    site = Site(settings.model_copy(update={"checkpoints": outside}))
    shown = site.signed_in(Role.LEAD).post("/audit/verify")
    assert shown.status_code == 200
    assert "could not be checked completely" in shown.text
    assert "The trail verifies" not in shown.text


def _tamper(session: Session) -> None:
    session.connection().exec_driver_sql("drop trigger audit_event_no_update")
    session.connection().exec_driver_sql("update audit_event set actor = 'cli' where sequence = 2")


def test_a_checkpoint_outside_that_cannot_be_read_is_said_and_never_passed_over(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.json").write_text("{")
    monkeypatch.setattr("app.audit.pages.outside_files", lambda _: outside_files(tmp_path))
    shown = site.signed_in(Role.LEAD).post("/audit/verify")
    assert shown.status_code == 200
    assert "could not be checked completely" in shown.text
    assert "GATEPOST_CHECKPOINTS could not be read" in shown.text


def test_a_checkpoint_is_downloaded_and_signed(site: Site) -> None:
    answer = site.signed_in(Role.LEAD).post("/audit/checkpoint")
    assert "attachment" in answer.headers["content-disposition"]
    made = from_text(answer.text)
    assert made.is_signed
    assert site.client.get("/api/v1/audit/checkpoint").json() == made.as_json()


def test_an_export_asks_for_the_password_again_and_is_an_entry(site: Site) -> None:
    who = sign_in(site.service, Role.LEAD)
    lead = site.client_of(who)
    with writing(site.service.engine) as session:
        row = session.get_one(WebSession, who.actor.session_id)
        row.confirmed_at = now() - timedelta(hours=1)
        confirmed = row.id
    for ask in (lead.get, lead.post):
        answer = ask("/audit/export", headers={"Accept": "text/html"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/confirm")
    with writing(site.service.engine) as session:
        session.get_one(WebSession, confirmed).confirmed_at = now()
    assert "Export" in text_of(lead, "/audit/export")
    answer = lead.post("/audit/export", data={"group": "register"})
    assert answer.headers["content-type"].startswith("text/csv")
    header, *lines = csv.reader(io.StringIO(answer.text))
    assert header[0] == "number"
    assert {line[2] for line in lines} == {"guardian:changed", "consent:recorded", "face:enrolled"}
    newest = site.client.get("/api/v1/audit", params={"tag": "audit:exported"}).json()["entries"]
    assert [(each["actor"], each["details"]["rows"]) for each in newest] == [(who.actor.ref, len(lines))]


def test_an_export_form_that_cannot_be_read_is_shown_again(site: Site) -> None:
    answer = site.signed_in(Role.LEAD).post("/audit/export", data={"from": "yesterday"})
    assert answer.status_code == 422
    assert "is no day" in answer.text


def test_a_program_reads_everything_in_order(site: Site) -> None:
    record(site, AuditTag.REGISTER_VIEWED, site.service.school_id, 5)
    entries: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        told = site.client.get("/api/v1/audit", params={"after": after, "limit": 7}).json()
        entries += told["entries"]
        after = told["next"]
    assert [entry["sequence"] for entry in entries] == list(range(1, len(entries) + 1))
    assert [later["previous"] for later in entries[1:]] == [earlier["hash"] for earlier in entries[:-1]]


@pytest.mark.parametrize(
    "params", [{"after": -1}, {"limit": 0}, {"limit": 501}, {"tag": "x"}, {"after": "x"}, {"after": 2**70}]
)
def test_a_question_that_makes_no_sense_is_refused(site: Site, params: dict[str, Any]) -> None:
    assert site.client.get("/api/v1/audit", params=params).status_code == 422


def test_a_key_without_the_scope_reads_nothing(site: Site) -> None:
    caller = site.anonymous()
    caller.headers["Authorization"] = f"Bearer {site.key(KeyScope.DRAFTS_READ)}"
    for path in ("/api/v1/audit", "/api/v1/audit/checkpoint"):
        assert caller.get(path).status_code == 403


def test_there_is_no_checkpoint_before_one_was_made(site: Site) -> None:
    answer = site.client.get("/api/v1/audit/checkpoint")
    assert answer.status_code == 404
    assert "no checkpoint yet" in json.dumps(answer.json())
