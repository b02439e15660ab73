"""Quotas over HTTP: a plain refusal with a time, the same for every process; and what the lead is told of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.actors import KeyScope, Role
from app.config import Settings
from app.db import reading, writing
from app.keys import quotas, watching
from app.keys.alerts import AlertKind, raise_alert
from app.keys.counting import DAY, count, window
from app.keys.tables import Alert
from app.main import create_app
from app.models import AuditEvent
from consent.models import School, now
from tests.e2e.conftest import Site
from tests.e2e.masked import recast

PATEL = "R. Patel"
HTML = {"Accept": "text/html"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"quota_drafts": 60, "quota_pictures": 100})


def caller(site: Site) -> TestClient:
    client = site.anonymous()
    client.headers["Authorization"] = f"Bearer {site.key(KeyScope.DRAFTS_WRITE, KeyScope.DRAFTS_READ)}"
    return client


def send(client: TestClient, content: bytes = b"picture of face") -> Any:
    files = [("pictures", ("IMG_1.jpg", content, "image/jpeg"))]
    return client.post("/api/v1/drafts", data={"channel": "School website"}, files=files)


def revise(site: Site, client: TestClient, draft_id: str, *answers: dict[str, Any]) -> str:
    body = {"answers": [{"picture": 1, **answer} for answer in answers], "answered_by": PATEL}
    sent = client.post(f"/api/v1/drafts/{draft_id}/revisions", json=body)
    assert sent.status_code == 202, sent.text
    site.work()
    return str(sent.json()["id"])


def alerts(site: Site) -> list[tuple[str, int]]:
    with reading(site.service.engine) as session:
        return sorted((alert.kind, alert.details["count"]) for alert in session.exec(select(Alert)))


def refused(answer: Any, says: str) -> int:
    """Seconds until it goes on."""
    assert (answer.status_code, answer.headers["content-type"]) == (429, "application/problem+json")
    assert answer.json()["type"] == "too-many"
    assert says in answer.json()["detail"]
    return int(answer.headers["retry-after"])


def test_drafts_of_an_hour_are_counted_by_every_process_alike(site: Site) -> None:
    one = caller(site)
    other = TestClient(create_app(site.settings), base_url="http://127.0.0.1", headers=dict(one.headers))
    for at in range(60):
        assert send(other if at % 2 else one, f"picture {at}".encode()).status_code == 202
    for client in (one, other):
        assert 1 <= refused(send(client), "more than 60 drafts in an hour") <= 3600
    assert send(caller(site)).status_code == 202, "another key has its own"
    assert alerts(site) == [("used-up", 60)]


def test_many_at_once_get_no_more_than_the_quota(site: Site) -> None:
    """Two processes' worth of the application on one database, eight requests at a time."""
    headers = dict(caller(site).headers)
    clients = [TestClient(create_app(site.settings), base_url="http://127.0.0.1", headers=headers) for _ in "ab"]
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda at: send(clients[at % 2], f"picture {at}".encode()).status_code, range(80)))
    assert (sent.count(202), sent.count(429)) == (60, 20)


def test_a_refused_draft_leaves_nothing_behind_and_is_refused_before_it_is_read(site: Site) -> None:
    client = caller(site)
    kept = sorted(site.settings.pictures.rglob("*"))
    many = [("pictures", (f"{at}.jpg", b"picture", "image/jpeg")) for at in range(101)]
    answer = client.post("/api/v1/drafts", data={"channel": "School website"}, files=many)
    assert 1 <= refused(answer, "more than 100 pictures in a day") <= DAY
    assert sorted(site.settings.pictures.rglob("*")) == kept
    with reading(site.service.engine) as session:
        assert not [event for event in session.exec(select(AuditEvent)) if event.tag == "draft:received"]
    for _ in range(60):
        send(client, b"broken")
    answer = client.post("/api/v1/drafts", content=b"no form at all", headers={"Content-Type": "multipart/form-data"})
    refused(answer, "more than 60 drafts")


def test_a_teacher_is_told_on_the_form(site: Site) -> None:
    teacher = site.signed_in(Role.TEACHER)
    for _ in range(60):
        assert teacher.post("/drafts", data={"channel": "x", "caption": "y"}, follow_redirects=False).status_code == 303
    answer = teacher.post("/drafts", data={"channel": "x", "caption": "My words"}, headers=HTML)
    assert (answer.status_code, "more than 60 drafts" in answer.text, "My words" in answer.text) == (429, True, True)


def test_one_draft_is_changed_only_so_often(site: Site) -> None:
    client = caller(site)
    draft_id = send(client).json()["id"]
    with writing(site.service.engine) as session:
        count(session, f"revisions-of-one:{draft_id}", window(now(), DAY), quotas.REVISIONS_OF_ONE.most - 2)
    for _ in range(2):
        draft_id = client.post(f"/api/v1/drafts/{draft_id}/revisions", json={}).json()["id"]
    refused(client.post(f"/api/v1/drafts/{draft_id}/revisions", json={}), "changes of one draft in a day")
    assert send(client).status_code == 202


# -- looking out for face search -----------------------------------------------------------------------------------


def test_names_tried_on_a_face_are_told_to_the_lead(site: Site) -> None:
    recast(site).who = "refused"
    client = caller(site)
    for at in range(watching.CONTRADICTIONS):
        assert alerts(site) == []
        draft_id = send(client, f"picture {at} of face".encode()).json()["id"]
        site.work()
        revise(site, client, draft_id, {"face": 1, "is": "person", "person_id": "amara"})
    assert ("guessing", watching.CONTRADICTIONS) in alerts(site)


def test_saying_who_a_recognised_pupil_is_contradicts_nothing(site: Site) -> None:
    recast(site).who = "refused"
    client = caller(site)
    for _ in range(watching.CONTRADICTIONS):
        draft_id = send(client).json()["id"]
        site.work()
        revise(site, client, draft_id, {"face": 1, "is": "person", "person_id": "refused"})
    assert "guessing" not in dict(alerts(site))


def test_a_face_that_is_named_anew_and_anew_is_told_to_the_lead(site: Site) -> None:
    recast(site)
    client = caller(site)
    draft_id = send(client).json()["id"]
    site.work()
    for at in range(watching.CHANGED_ANSWERS + 1):
        assert alerts(site) == []
        who = ("none", "refused")[at % 2]
        draft_id = revise(site, client, draft_id, {"face": 1, "is": "person", "person_id": who})
    assert alerts(site) == [("reasking", watching.CHANGED_ANSWERS)]


def test_answers_in_vain_end_answering_for_the_day_whoever_the_face_is(site: Site) -> None:
    """What the caller sees is counted: the refusal comes as late for an unknown face as for a refused one."""
    most = quotas.IN_VAIN.most
    boxes = [[left * 4, 20 + top * 4, left * 4 + 3, 23 + top * 4] for left in range(20) for top in range(10)]
    stands = {}
    for who in ("unknown", "refused"):
        caster = site.inspector if hasattr(site.inspector, "who") else recast(site)
        caster.who = who
        client = caller(site)
        draft_id = send(client).json()["id"]
        site.work()
        marked = [{"box": box, "is": "person", "person_id": "refused"} for box in boxes[: most - 1]]
        draft_id = revise(site, client, draft_id, *marked)
        draft_id = revise(site, client, draft_id, {"face": 1, "is": "person", "person_id": "never"})
        body = {"answers": [{"picture": 1, "face": 1, "is": "visitor"}], "answered_by": PATEL}
        answer = client.post(f"/api/v1/drafts/{draft_id}/revisions", json=body)
        refused(answer, "answers in a day after which the face is still not cleared")
        stands[who] = {name: each for name, each in answer.json().items() if name != "request_id"}
        assert client.post(f"/api/v1/drafts/{draft_id}/revisions", json={"caption": "x"}).status_code == 202
        site.work()
    assert stands["unknown"] == stands["refused"]


def test_many_single_faces_of_which_nothing_is_fetched_are_told_to_the_lead(site: Site) -> None:
    publisher, searcher = caller(site), caller(site)
    for at in range(watching.LONE_FACES):
        content = f"picture {at} of ben".encode()
        draft_id = send(publisher, content).json()["id"]
        site.work()
        assert publisher.get(f"/api/v1/drafts/{draft_id}/pictures/1").status_code == 200
        assert send(searcher, content).status_code == 202
        site.work()
        assert len(alerts(site)) == (at + 1 == watching.LONE_FACES)
    assert alerts(site) == [("lone-faces", watching.LONE_FACES)]


def test_one_picture_again_and_again_is_told_to_the_lead(site: Site) -> None:
    client = caller(site)
    for _ in range(watching.SAME_PICTURE + 2):
        send(client, b"picture of ben, amara")
        site.work()
    assert alerts(site) == [("same-picture", watching.SAME_PICTURE)]


# -- the page ------------------------------------------------------------------------------------------------------


def test_the_lead_sees_an_alert_and_says_that_they_looked(site: Site) -> None:
    client = caller(site)
    for _ in range(watching.SAME_PICTURE):
        send(client)
        site.work()
    with writing(site.service.engine) as session:
        session.add(School(id="elsewhere", name="Another school"))
        session.flush()
        session.add(Alert(id="theirs", school_id="elsewhere", kind="guessing", about="key:x", details={"count": 7654}))
    lead = site.signed_in(Role.LEAD)
    page = lead.get("/alerts", headers=HTML).text
    assert "1 alert nobody has looked at yet" in page
    assert "One picture was handed in again and again" in page
    assert "the key The workflow" in page
    assert "7,654" not in page
    with reading(site.service.engine) as session:
        alert = session.exec(select(Alert).where(Alert.school_id == site.service.school_id)).one()
    assert f"/drafts/{alert.details['draft']}" in page
    assert lead.post(f"/alerts/{alert.id}/seen", follow_redirects=False).status_code == 303
    assert lead.post("/alerts/theirs/seen").status_code == 404
    page = lead.get("/alerts", headers=HTML).text
    assert "Nothing waits" in page
    assert "Seen by R. Patel" in page
    with reading(site.service.engine) as session:
        tags = [event.tag for event in session.exec(select(AuditEvent)) if event.tag.startswith("alert:")]
    assert tags == ["alert:raised", "alert:seen"]


def test_the_menu_tells_the_lead_how_many_alerts_nobody_has_seen(site: Site) -> None:
    with writing(site.service.engine) as session:
        for at in range(2):
            raise_alert(session, site.service.school_id, AlertKind.GUESSING, f"key:{at}", "2026-11-23")
    for role, told in ((Role.LEAD, "Alerts (2)"), (Role.TEACHER, None)):
        menu = site.signed_in(role).get("/help", headers={"Accept": "text/html"}).text.partition("<main")[0]
        assert ("Alerts (2)" in menu) == (told is not None)
        assert ("Alerts" in menu) == (told is not None)
