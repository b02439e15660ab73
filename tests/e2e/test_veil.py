"""Whoever may not read the register cannot tell an unknown face from a refused one: not by anything in any answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.actors import KeyScope, Role
from tests.accounts import sign_in
from tests.e2e.conftest import DECIDED_ON, Site
from tests.e2e.masked import NOT_CLEARED, Recast, canonical, masked, recast

WORKFLOW = (KeyScope.DRAFTS_WRITE, KeyScope.DRAFTS_READ)
PICTURE = b"picture of face, ben says Ben Marsh gps"
CAPTION = "Well done to Ben Marsh in Willow"
MISSED = [80, 20, 95, 40]
PATEL = "R. Patel"


@pytest.fixture
def caster(site: Site) -> Recast:
    return recast(site)


@pytest.fixture
def caller(site: Site) -> TestClient:
    """A program whose key may not read the register."""
    return keyed(site, *WORKFLOW)


def keyed(site: Site, *scopes: KeyScope) -> TestClient:
    client = site.anonymous()
    client.headers["Authorization"] = f"Bearer {site.key(*scopes)}"
    return client


def seen(answer: Any) -> str:
    body = answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
    return canonical(body, answer.headers, answer.status_code)


def send(client: TestClient, channel: str = "School website", caption: str = CAPTION) -> Any:
    files = [("pictures", ("IMG_1.jpg", PICTURE, "image/jpeg"))]
    return client.post("/api/v1/drafts", data={"channel": channel, "caption": caption}, files=files)


def said(face: int | None = 1, kind: str = "person", person: str | None = None, **more: Any) -> dict[str, Any]:
    told = {"picture": 1, "face": face, "is": kind, "person_id": person, **more}
    return {name: value for name, value in told.items() if value is not None}


MOST_TELLING = ("refused", "never", "twins")  # recognised, with one photo and with several, and taken for two

# What can be done to a draft, after which both faces are still blocked, or both are not.
CHANGES: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "checked-again": [{}],
    "other-words": [{"caption": "A fine day"}],
    "another-account": [{"channel": "Club page"}],
    "an-account-nobody-knows": [{"channel": "Nowhere"}],
    "no-face-for-an-account-nobody-knows": [
        {"channel": "Nowhere", "cover": [{"picture": 1, "face": 2}], "answers": [said(kind="not-a-face")]}
    ],
    "a-visitor-for-an-account-nobody-knows": [{"channel": "Nowhere", "answers": [said(kind="visitor")]}],
    "named-as-one-who-refused": [{"answers": [said(person="refused")]}],
    "named-as-one-without-consent": [{"answers": [said(person="none")]}],
    "named-as-one-never-published": [{"answers": [said(person="never")]}],
    "named-as-one-then-another": [{"answers": [said(person="none")]}, {"answers": [said(person="withdrawn")]}],
    "another-face-marked": [{"answers": [said(None, "missed", box=MISSED)]}],
    "another-face-marked-and-named": [{"answers": [said(None, person="refused", box=MISSED)]}],
    "another-face-marked-as-a-visitor": [{"answers": [said(None, "visitor", box=MISSED)]}],
    "a-box-round-the-face-named": [{"answers": [said(None, person="lapsed", box=[0, 0, 10, 10])]}],
    "the-other-face-contradicted": [{"answers": [said(2, person="refused")]}],
    "the-other-face-called-none": [{"answers": [said(2, "not-a-face")]}],
    "covered": [{"cover": [{"picture": 1, "face": 1}]}],
    "covered-in-part": [{"cover": [{"picture": 1, "box": [0, 0, 5, 5]}]}],
    "named-then-covered": [{"answers": [said(person="refused")]}, {"cover": [{"picture": 1, "face": 1}]}],
    "refused-no-such-face": [{"answers": [said(7, person="refused")]}],
    "refused-nobody-named": [{"answers": [said(person="nobody")]}],
    "refused-no-question-about-words": [{"word_answers": [{"reason": 1, "is": "not-a-name"}]}],
    "refused-no-such-reason": [{"word_answers": [{"reason": 40, "is": "adult"}]}],
}


def told_over_the_api(site: Site, caller: TestClient, changes: list[dict[str, Any]]) -> list[str]:
    """Every answer on the road of one draft and its revisions."""
    answers = [send(caller)]
    told = [seen(answers[0])]
    draft_id = answers[0].json()["id"]
    for change in (None, *changes):
        if change is not None:
            body = dict(change)
            if "answers" in body or "word_answers" in body:
                body["answered_by"] = PATEL
            sent = caller.post(f"/api/v1/drafts/{draft_id}/revisions", json=body)
            told.append(seen(sent))
            if sent.status_code != 202:
                continue
            draft_id = sent.json()["id"]
        told.append(seen(caller.get(f"/api/v1/drafts/{draft_id}")))
        site.work()
        told += [seen(caller.get(f"/api/v1/drafts/{draft_id}{path}")) for path in ("", "/pictures/1", "/pictures/9")]
    return told


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_no_answer_of_the_api_tells_why_a_face_is_not_cleared(
    site: Site, caster: Recast, caller: TestClient, changes: list[dict[str, Any]]
) -> None:
    unknown = told_over_the_api(site, caller, changes)
    assert any("face-not-cleared" in each for each in unknown)
    for who in MOST_TELLING if changes else NOT_CLEARED:
        caster.who = who
        assert told_over_the_api(site, caller, changes) == unknown, who


def told_on_pages(site: Site, teacher: TestClient, forms: list[dict[str, Any]]) -> list[str]:
    html = {"Accept": "text/html"}
    files = [("pictures", ("IMG_1.jpg", PICTURE, "image/jpeg"))]
    data = {"channel": "School website", "caption": CAPTION}
    sent = teacher.post("/drafts", data=data, files=files, headers=html, follow_redirects=False)
    told = []
    for form in (None, *forms):
        if form is not None:
            address = f"{sent.headers['location']}/revisions"
            sent = teacher.post(address, data=form, headers=html, follow_redirects=False)
            told.append(seen(sent))
            if sent.status_code != 303:
                break
        where = sent.headers["location"]
        site.work()
        told += [seen(teacher.get(address, headers=html)) for address in (where, f"{where}/progress")]
        told += [seen(teacher.get(f"{where}/pictures/1/{what}")) for what in ("preview", "file")]
    listed = teacher.get("/", headers=html).text
    return [*told, masked(listed.partition('<ul class="drafts">')[2].partition("</li>")[0])]


FORMS: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "one-press": [{"settle": "all"}],
    "faces-covered": [{"settle": "faces"}],
    "safe-wording": [{"settle": "wording"}],
    "named": [{"answer_1_1": "person", "who_1_1": "Al QRefused", "answered_by": PATEL}],
    "named-wrongly": [{"answer_1_1": "person", "who_1_1": "Al QNever", "answered_by": PATEL}],
    "named-as-nobody": [{"answer_1_1": "person", "who_1_1": "Nobody Atall", "answered_by": PATEL}],
    "no-such-change": [{"settle": "everything"}],
}


@pytest.mark.parametrize("forms", FORMS.values(), ids=FORMS)
def test_no_page_of_a_teacher_tells_why_a_face_is_not_cleared(
    site: Site, caster: Recast, forms: list[dict[str, Any]]
) -> None:
    teacher = site.client_of(sign_in(site.service, Role.TEACHER), WORKFLOW)
    unknown = told_on_pages(site, teacher, forms)
    assert any("is not cleared for School website" in each for each in unknown)
    for who in MOST_TELLING if forms else NOT_CLEARED:
        caster.who = who
        assert told_on_pages(site, teacher, forms) == unknown, who


def test_who_may_read_the_register_reads_the_reason(site: Site, caster: Recast) -> None:
    reader = keyed(site, *WORKFLOW, KeyScope.REGISTER_READ)
    codes = {}
    for who in ("unknown", *NOT_CLEARED):
        caster.who = who
        draft_id = send(reader, caption="").json()["id"]
        site.work()
        decision = reader.get(f"/api/v1/drafts/{draft_id}").json()["decision"]
        codes[who] = decision["reasons"][0]["code"]
        assert decision["versions"]["threshold"]
        veiled = keyed(site, KeyScope.DRAFTS_READ).get(f"/api/v1/drafts/{draft_id}").json()["decision"]
        assert [veiled["reasons"][0]["code"], "threshold" in veiled["versions"]] == ["face-not-cleared", False]
    assert codes == {
        "unknown": "face-not-identified",
        "none": "no-consent",
        "refused": "consent-refused",
        "lapsed": "consent-lapsed",
        "withdrawn": "consent-withdrawn",
        "never": "never-publish",
        "channel": "not-for-this-channel",
        "left": "face-not-identified",  # the template of somebody who left is not searched
        "twins": "face-ambiguous",
    }


def cleared_by(site: Site, caller: TestClient, answer: dict[str, Any]) -> bool:
    draft_id = send(caller, caption="").json()["id"]
    site.work()
    body = {"answers": [answer], "answered_by": PATEL}
    revised = caller.post(f"/api/v1/drafts/{draft_id}/revisions", json=body).json()["id"]
    site.work()
    reasons = caller.get(f"/api/v1/drafts/{revised}").json()["decision"]["reasons"]
    return not any(reason["where"].get("face") == 1 for reason in reasons)


@pytest.mark.parametrize("answer", [said(kind="visitor"), said(kind="not-a-face"), said(person="amara")], ids=str)
def test_what_stays_open_is_that_an_answer_which_clears_a_stranger_does_not_clear_a_pupil(
    site: Site, caster: Recast, caller: TestClient, answer: dict[str, Any]
) -> None:
    """It cannot be closed: else saying "a visitor" would publish a child who may not be shown. Quotas bound it."""
    assert cleared_by(site, caller, answer)
    caster.who = "refused"
    assert not cleared_by(site, caller, answer)


# -- no endpoint takes a bare face ---------------------------------------------------------------------------------


def walk(node: Any, found: Callable[[str], None]) -> None:
    if isinstance(node, dict):
        for name, value in node.items():
            found(str(name))
            walk(value, found)
    elif isinstance(node, list):
        for value in node:
            walk(value, found)


def schema_parts(site: Site, *, taken: bool) -> set[str]:
    """The names of everything that the API takes, or gives."""
    description = site.app.openapi()
    names: set[str] = set()
    for operations in description["paths"].values():
        for operation in operations.values():
            part: Any = [operation.get("requestBody"), operation.get("parameters")]
            text = json.dumps(part if taken else operation["responses"])
            todo, known = [text], set()
            while todo:
                current = todo.pop()
                walk(json.loads(current), names.add)
                for reference in [each for each in description["components"]["schemas"] if f'/{each}"' in current]:
                    if reference not in known:
                        known.add(reference)
                        todo.append(json.dumps(description["components"]["schemas"][reference]))
    return names


def test_nothing_takes_or_gives_a_face_as_numbers(site: Site) -> None:
    for taken in (True, False):
        names = {name.casefold() for name in schema_parts(site, taken=taken)}
        assert names & {"box", "faces", "answers"}, "the walk sees the description"
        for word in (
            "template",
            "embedding",
            "descriptor",
            "encoding_of",
            "vector",
            "similarity",
            "candidate",
            "match",
        ):
            assert not [name for name in names if word in name], word


def test_pictures_come_in_as_drafts_for_an_account_and_in_no_other_way(site: Site) -> None:
    """So whoever asks about a face hands in a post, with its account, its quota, its row and its audit entry."""
    taking = {}
    for path, operations in site.app.openapi()["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if any("binary" in json.dumps(each) for each in content.values()):
                taking[method, path] = content["multipart/form-data"]["schema"]
    assert list(taking) == [("post", "/api/v1/drafts")]
    assert "channel" in taking["post", "/api/v1/drafts"]["required"]


@pytest.mark.parametrize("field", ["template", "embedding", "face", "gallery", "candidates"])
def test_a_bare_face_is_refused_in_a_draft_and_in_a_change(site: Site, caller: TestClient, field: str) -> None:
    numbers = json.dumps([0.1] * 128)
    sent = caller.post("/api/v1/drafts", data={"channel": "School website", "caption": "x", field: numbers}, files=[])
    multipart = caller.post("/api/v1/drafts", files=[("channel", (None, "School website")), (field, (None, numbers))])
    draft_id = send(caller).json()["id"]
    revised = caller.post(f"/api/v1/drafts/{draft_id}/revisions", json={field: [0.1] * 128})
    assert {sent.status_code, multipart.status_code, revised.status_code} == {422}


def test_the_audit_trail_is_read_through_the_veil_too(site: Site) -> None:
    """A key for the trail alone learns neither why a face was not cleared nor who was said to be in a picture."""
    unknown = site.decided(b"picture of stranger")
    with site.register() as register:
        register.withdraw(register.consents("ben")[0].id, DECIDED_ON)
    refused = site.decided(b"picture of ben")
    body = {"answers": [{"picture": 1, "face": 1, "is": "person", "person_id": "zosia"}], "answered_by": "R. Patel"}
    site.client.post(f"/api/v1/drafts/{unknown['id']}/revisions", json=body)
    entries = {}
    for scopes in ((KeyScope.AUDIT_READ,), (KeyScope.AUDIT_READ, KeyScope.REGISTER_READ)):
        client = site.anonymous()
        client.headers["Authorization"] = f"Bearer {site.key(*scopes)}"
        entries[scopes] = client.get("/api/v1/audit?limit=500").json()["entries"]
    veiled, whole = entries.values()
    codes = {each["subject"]: each["details"]["codes"] for each in veiled if each["tag"] == "draft:decided"}
    assert codes[unknown["id"]] == codes[refused["id"]] == ["face-not-cleared"]
    answered = [each for each in veiled if each["tag"] == "face:answered"]
    assert answered
    assert all("person_id" not in each["details"] and each["veiled"] for each in answered)
    assert any(each["details"].get("person_id") == "zosia" for each in whole)
    assert not any(each["veiled"] for each in whole)
