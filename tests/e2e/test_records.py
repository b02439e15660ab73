"""The register's pages: looked at and audited, given out as a file that comes in again, and erased."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

import fixtures
from app.actors import Role
from app.audit.tables import AuditEvent
from app.db import reading, writing
from consent.exporting import export_csv
from consent.facts import today
from consent.importing import import_csv
from consent.models import Person
from consent.register import Register
from tests.browser.audit import Page
from tests.e2e.conftest import Site

HTML = {"Accept": "text/html"}


def last_entry(site: Site) -> AuditEvent:
    with reading(site.service.engine) as session:
        return session.exec(select(AuditEvent).order_by(col(AuditEvent.sequence).desc()).limit(1)).one()


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEAD])
def test_a_record_tells_what_holds_today_and_every_look_is_audited(site: Site, role: Role) -> None:
    answer = site.signed_in(role).get("/register/ben", headers=HTML)
    page = Page(answer.text)
    assert page.faults == []
    assert page.title.startswith("Ben Marsh")
    assert "Website Yes" in page.words
    assert "Mrs Marsh, mother · parental responsibility" in page.words
    entry = last_entry(site)
    assert (entry.tag, entry.subject, entry.details) == ("record:viewed", "ben", {})
    assert entry.actor.startswith("account:")


def test_the_register_leads_to_the_records_and_a_look_at_it_is_audited(site: Site) -> None:
    page = Page(site.client.get("/register", headers=HTML).text)
    assert "/register/ben" in page.links
    assert last_entry(site).tag == "register:viewed"


def test_who_is_never_to_be_published_is_told_to_the_lead_alone(site: Site) -> None:
    with site.register() as register:
        register.update_person("ben", never_publish=True)
    for role, told in ((Role.LEAD, True), (Role.OFFICE, False)):
        client = site.signed_in(role)
        words = client.get("/register/ben", headers=HTML).text
        assert ("Never to be published" in words) == told
        assert ("yes,," in client.post("/register/export").text) == told


def test_a_look_at_somebody_elses_draft_is_audited_with_the_children_in_it(site: Site) -> None:
    draft = site.decided(b"picture of ben")
    before = last_entry(site).sequence
    site.signed_in(Role.LEAD).get(f"/drafts/{draft['id']}", headers=HTML)
    entry = last_entry(site)
    assert (entry.sequence, entry.tag, entry.subject) == (before + 1, "draft:viewed", draft["id"])
    assert entry.details == {"people": ["ben"]}


def test_a_look_at_the_own_draft_is_nobodys_business(site: Site) -> None:
    files = [("pictures", ("a.jpg", b"picture of ben", "image/jpeg"))]
    sent = site.client.post("/drafts", data={"channel": "School website"}, files=files, follow_redirects=False)
    before = last_entry(site).sequence
    assert site.client.get(sent.headers["location"], headers=HTML).status_code == 200
    assert last_entry(site).sequence == before


def test_erasing_leaves_no_template_and_no_key(site: Site) -> None:
    client = site.signed_in(Role.LEAD)
    assert "1 on record" in Page(client.get("/register/ben", headers=HTML).text).words
    page = Page(client.post("/register/ben/erase-face", headers=HTML).text)
    assert "0 on record" in page.words
    with site.register() as register:
        assert list(register.references("ben")) == []
        assert len(register.references()) == 2
    with reading(site.service.engine) as session:
        tags = session.exec(select(AuditEvent.tag).order_by(col(AuditEvent.sequence).desc()).limit(3)).all()
    assert "face:erased" in tags


# -- the file ------------------------------------------------------------------------------------------------------


def imported(site: Site, text: str) -> Any:
    with reading(site.service.engine) as session:
        return import_csv(Register(session, site.service.school_id), text.encode(), day=today())


def test_out_and_in_again_changes_nothing(site: Site) -> None:
    with writing(site.service.engine) as session:
        content = (fixtures.FOLDER / "register.csv").read_bytes()
        assert import_csv(Register(session, site.service.school_id), content, day=today(), apply=True).applied
    answer = site.client.post("/register/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    report = imported(site, answer.text)
    assert not report.changes_something
    assert report.counts["unchanged"] > 400
    assert report.counts["error"] == 0
    assert (last_entry(site).tag, last_entry(site).details) == ("register:exported", {"rows": 51})


def test_no_cell_is_a_formula(site: Site) -> None:
    with site.register() as register:
        register.add_person(Person(school_id=register.school_id, given="=HYPERLINK(1)", family="@SUM", class_name="+1"))
        text, _ = export_csv(register, reveal_never_publish=True)
    assert ",=HYPERLINK(1),@SUM," in text, "without the guard they would be"
    given_out = site.client.post("/register/export").text
    assert ",'=HYPERLINK(1),'@SUM," in given_out
    assert not any(cell[:1] in "=+-@" for line in given_out.splitlines() for cell in line.split(",") if cell)
