"""Drafts over HTTP: handed in, decided, given out. Real SQLite, scripted pictures."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from app.checking import ROUNDS
from app.config import Settings
from app.db import reading
from app.models import AuditEvent, DecisionRecord, Draft
from consent.models import Enrolment, Guardian, Person, PublicationConsent, RecognitionConsent
from consent.register import Register
from tests.e2e.conftest import Site


def codes(draft: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in draft["decision"]["reasons"]]


def test_a_cleared_draft_publishes_and_gives_out_its_safe_files(site: Site) -> None:
    draft = site.decided(b"picture of ben", b"picture of amara, zosia", caption="A fine day")
    assert draft["status"] == "decided"
    assert draft["decision"]["outcome"] == "publish"
    assert draft["decision"]["reasons"] == []
    for picture in draft["pictures"]:
        safe = site.client.get(picture["released_url"])
        assert safe.status_code == 200
        assert safe.content.startswith(b"safe picture")
        assert hashlib.sha256(safe.content).hexdigest() == picture["released_sha256"]
        assert safe.headers["content-disposition"] == f'attachment; filename="picture-{picture["number"]}.jpg"'


def test_a_blocked_draft_says_where_and_what_to_do_and_gives_nothing_out(site: Site) -> None:
    draft = site.decided(b"picture of ben, stranger", caption="Well done Amara Okafor")
    assert draft["decision"]["outcome"] == "block"
    assert sorted(codes(draft)) == ["face-not-identified", "pupil-named"]
    face = next(each for each in draft["decision"]["reasons"] if each["code"] == "face-not-identified")
    assert face["where"] == {"picture": 1, "face": 2, "box": [20, 0, 30, 10]}
    assert "cover" in face["remedies"]
    assert draft["pictures"][0]["released_url"] is None
    refused = site.client.get(f"/api/v1/drafts/{draft['id']}/pictures/1")
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "not-cleared"


def test_nothing_is_given_out_before_the_decision(site: Site) -> None:
    draft = site.send(b"picture of ben")
    assert site.client.get(f"/api/v1/drafts/{draft['id']}/pictures/1").status_code == 409


def test_prefer_wait_answers_with_the_decision_or_with_202_when_the_time_is_up(site: Site) -> None:
    files = [("pictures", ("a.jpg", b"picture of ben", "image/jpeg"))]
    late = site.client.post(
        "/api/v1/drafts", data={"channel": "School website"}, files=files, headers={"Prefer": "wait=1"}
    )
    assert late.status_code == 202
    assert late.headers["location"] == f"/api/v1/drafts/{late.json()['id']}"
    assert late.headers["preference-applied"] == "wait=1"
    site.work()
    ready = site.client.get(late.headers["location"], headers={"Prefer": "respond-async, wait=20"})
    assert ready.json()["decision"]["outcome"] == "publish"


def test_a_withdrawal_after_the_decision_closes_the_door(site: Site) -> None:
    draft = site.decided(b"picture of ben")
    url = draft["pictures"][0]["released_url"]
    assert site.client.get(url).status_code == 200
    with site.register() as register:
        (consent,) = register.consents("ben")
        register.withdraw(consent.id, date(2026, 11, 1))
    closed = site.client.get(url)
    assert closed.status_code == 409
    assert closed.json()["type"] == "clearance-void"
    again = site.client.get(f"/api/v1/drafts/{draft['id']}").json()
    assert again["void"]
    assert again["pictures"][0]["released_url"] is None


def test_a_change_that_concerns_nobody_in_the_draft_leaves_it_cleared(site: Site) -> None:
    draft = site.decided(b"picture of ben")
    with site.register() as register:
        register.update_person("zosia", never_publish=True)
    assert site.client.get(draft["pictures"][0]["released_url"]).status_code == 200


def test_a_suspended_account_closes_the_door(site: Site) -> None:
    draft = site.decided(b"picture of ben")
    with site.register() as register:
        register.update_channel("School website", suspended_on=date(2026, 11, 1))
    assert site.client.get(draft["pictures"][0]["released_url"]).json()["type"] == "clearance-void"


def test_consent_withdrawn_while_the_pictures_are_looked_at_counts(site: Site) -> None:
    """The register is read again in the deciding transaction."""

    def withdraw() -> None:
        with site.register() as register:
            (consent,) = register.consents("ben")
            register.withdraw(consent.id, date(2026, 11, 1))

    site.inspector.before_look = withdraw
    assert codes(site.decided(b"picture of ben")) == ["consent-withdrawn"]


def test_consent_withdrawn_between_judging_and_recording_counts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[bool] = []

    def withdraw_once(point: str) -> None:
        if point == "decided" and not done:
            done.append(True)
            with site.register() as register:
                register.withdraw(register.consents("ben")[0].id, date(2026, 11, 1))

    monkeypatch.setattr("app.faults.point", withdraw_once)
    assert codes(site.decided(b"picture of ben")) == ["consent-withdrawn"]
    assert done


def test_a_register_that_never_rests_is_judged_under_the_lock(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[str] = []

    def change(point: str) -> None:
        if point == "decided":
            rounds.append(point)
            with site.register() as register:
                register.update_person("zosia", other_names=f"Round {len(rounds)}")

    monkeypatch.setattr("app.faults.point", change)
    draft = site.decided(b"picture of ben")
    assert draft["decision"]["outcome"] == "publish"
    assert len(rounds) == ROUNDS


def test_decision_and_audit_name_what_they_rest_on(site: Site) -> None:
    draft = site.decided(b"picture of ben")
    with reading(site.service.engine) as session:
        record = session.exec(select(DecisionRecord)).one()
        wanted = select(AuditEvent).where(AuditEvent.subject == draft["id"])
        events = session.exec(wanted.order_by(col(AuditEvent.sequence))).all()
        version = Register(session, site.service.school_id).version()
    assert record.people == ["ben"]
    assert record.register_version == version
    assert record.versions["encoder"] == "scripted"
    assert record.versions["threshold"]
    assert [event.tag for event in events] == ["draft:received", "draft:decided"]
    assert events[1].details["outcome"] == "publish"
    assert all("ben" not in str(event.details).lower() for event in events)
    assert draft["decision"]["policy_version"] == record.policy_version


def test_a_worker_that_fails_three_times_leaves_the_draft_blocked(site: Site) -> None:
    draft = site.send(b"picture fails")
    site.work(jobs=site.settings.max_attempts + 1)
    failed = site.client.get(f"/api/v1/drafts/{draft['id']}").json()
    assert failed["status"] == "failed"
    assert failed["decision"] is None
    assert site.inspector.calls == site.settings.max_attempts
    assert site.client.get(f"/api/v1/drafts/{draft['id']}/pictures/1").status_code == 409


def test_an_unreadable_picture_blocks_and_the_others_are_still_looked_at(site: Site) -> None:
    draft = site.decided(b"", b"picture of stranger", b"not a picture")
    assert codes(draft) == ["picture-unreadable", "picture-unreadable", "face-not-identified"]


@pytest.mark.parametrize(
    ("channel", "code"),
    [("Club page", "channel-not-approved"), ("Somebody's own page", "channel-not-approved")],
    ids=["not-approved", "unknown"],
)
def test_posts_go_to_approved_accounts_only(site: Site, channel: str, code: str) -> None:
    assert code in codes(site.decided(b"picture", channel=channel))


def test_words_in_the_picture_and_in_the_file_name_are_read(site: Site) -> None:
    files = [("pictures", ("zosia_nowak_03.jpg", b"picture says Amara Okafor", "image/jpeg"))]
    sent = site.client.post("/api/v1/drafts", data={"channel": "School website"}, files=files).json()
    site.work()
    draft = site.client.get(f"/api/v1/drafts/{sent['id']}").json()
    assert sorted(codes(draft)) == ["name-in-picture", "pupil-named"]


def test_metadata_is_told_and_blocks_nothing(site: Site) -> None:
    draft = site.decided(b"picture gps of ben")
    assert draft["decision"]["outcome"] == "publish"
    assert [notice["code"] for notice in draft["decision"]["notices"]] == ["metadata-gps"]


def test_a_revision_covers_the_face_rewords_the_caption_and_is_checked_again(site: Site) -> None:
    first = site.decided(b"picture of ben, stranger", b"broken", caption="Well done Amara Okafor")
    body = {"cover": [{"picture": 1, "face": 2}], "leave_out": [2], "caption": "Well done everyone"}
    sent = site.client.post(f"/api/v1/drafts/{first['id']}/revisions", json=body)
    assert sent.status_code == 202
    site.work()
    second = site.client.get(sent.headers["location"]).json()
    assert second["decision"]["outcome"] == "publish"
    assert second["revision_of"] == first["id"]
    assert len(second["pictures"]) == 1
    unchanged = site.client.get(f"/api/v1/drafts/{first['id']}").json()
    assert unchanged == first


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        pytest.param({"cover": [{"picture": 9, "face": 1}]}, 422, "no picture 9", id="no-such-picture"),
        pytest.param({"cover": [{"picture": 1, "face": 7}]}, 422, "no face 7", id="no-such-face"),
        pytest.param({"cover": [{"picture": 1}]}, 422, "either a face or a box", id="neither-face-nor-box"),
        pytest.param({"cover": [{"picture": 1, "box": [5, 5, 5, 9]}]}, 422, "empty", id="empty-box"),
        pytest.param({"caption": "x" * 10_001}, 422, "10,000 are allowed", id="caption-too-long"),
        pytest.param({"blur": [1]}, 422, "blur", id="unknown-remedy"),
        pytest.param({"leave_out": [1]}, 422, "no picture and no caption", id="nothing-left"),
    ],
)
def test_a_wrong_revision_is_told_what_is_wrong(site: Site, body: dict[str, Any], status: int, says: str) -> None:
    draft = site.decided(b"picture of ben, stranger")
    answer = site.client.post(f"/api/v1/drafts/{draft['id']}/revisions", json=body)
    assert answer.status_code == status
    assert says in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_was_not_kept_leaves_nothing_behind(site: Site) -> None:
    site.client.post("/api/v1/drafts", data={"channel": ""}, files=[("pictures", ("a.jpg", b"x", "image/jpeg"))])
    with reading(site.service.engine) as session:
        assert session.exec(select(Draft)).all() == []
    assert not any(site.settings.pictures.rglob("*-original"))


def test_another_schools_draft_does_not_exist(site: Site) -> None:
    answer = site.client.get("/api/v1/drafts/0123456789abcdef0123456789abcdef")
    assert answer.status_code == 404
    assert answer.json()["type"] == "not-found"


def test_ready_says_what_is_missing(site: Site) -> None:
    before = site.client.get("/readyz")
    assert before.status_code == 503
    assert "No worker is running" in before.json()["problems"][0]
    site.work()
    assert site.client.get("/readyz").json() == {"status": "ready", "problems": []}
    assert site.client.get("/healthz").json() == {"status": "ok"}


def test_an_empty_register_refuses_drafts(settings: Settings) -> None:
    site = Site(settings)
    answer = site.client.post("/api/v1/drafts", data={"channel": "x", "caption": "y"})
    assert (answer.status_code, answer.json()["type"]) == (409, "register-empty")


def test_a_tampered_safe_file_is_not_given_out(site: Site) -> None:
    draft = site.decided(b"picture of ben")
    (stored,) = site.settings.pictures.rglob("1-released")
    stored.write_bytes(b"something else")
    answer = site.client.get(draft["pictures"][0]["released_url"])
    assert answer.status_code == 409
    assert "not the one that was checked" in answer.json()["detail"]


def test_a_register_that_was_emptied_closes_the_door(site: Site) -> None:
    draft = site.decided(b"picture of ben")
    with site.register() as register:
        for table in (Enrolment, PublicationConsent, RecognitionConsent, Guardian, Person):
            for row in register.session.exec(select(table)).all():
                register.session.delete(row)
            register.session.flush()
    closed = site.client.get(draft["pictures"][0]["released_url"])
    assert (closed.status_code, closed.json()["type"]) == (409, "clearance-void")
