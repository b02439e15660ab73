"""What a person says about faces, over HTTP: settled, carried on, replaced, audited, and void when consent goes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from app.db import reading, writing
from app.models import AuditEvent
from consent.facts import RecognitionMode, Scope
from consent.models import Person
from consent.register import NewAnswer, create_school
from tests.e2e.conftest import DECIDED_ON, Site, template_of
from tests.schools import allow_recognition

PATEL = "R. Patel"
MISSED = [80, 20, 95, 40]


def answer(face: int | None = None, kind: str = "person", person_id: str | None = None, **more: Any) -> dict[str, Any]:
    said = {"picture": 1, "face": face, "is": kind, "person_id": person_id, **more}
    return {key: value for key, value in said.items() if value is not None}


def revised(
    site: Site, draft: dict[str, Any], *answers: dict[str, Any], by: str = PATEL, **body: Any
) -> dict[str, Any]:
    """Make a revision, have it checked, and return the new draft."""
    if answers:
        body |= {"answers": list(answers), "answered_by": by}
    sent = site.client.post(f"/api/v1/drafts/{draft['id']}/revisions", json=body)
    assert sent.status_code == 202, sent.text
    site.work()
    read: dict[str, Any] = site.client.get(sent.headers["location"]).json()
    return read


def codes(draft: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in draft["decision"]["reasons"]]


def said(draft: dict[str, Any], picture: int = 1) -> list[tuple[int | None, str, str | None, str]]:
    answers = draft["pictures"][picture - 1]["answers"]
    return [(each["face"], each["is"], each["person_id"], each["by"]) for each in answers]


def audited(site: Site) -> list[tuple[str, dict[str, Any]]]:
    with reading(site.service.engine) as session:
        wanted = select(AuditEvent).where(AuditEvent.tag == "face:answered").order_by(col(AuditEvent.number))
        return [(event.subject, event.details) for event in session.exec(wanted)]


@pytest.mark.parametrize(
    ("shown", "given", "before", "after"),
    [
        pytest.param("stranger", answer(1, person_id="zosia"), ["face-not-identified"], [], id="named"),
        pytest.param("stranger", answer(1, "visitor"), ["face-not-identified"], [], id="visitor"),
        pytest.param("stranger", answer(1, "not-a-face"), ["face-not-identified"], [], id="no-face"),
        pytest.param("shadow", answer(1, "not-a-face"), ["face-doubtful"], [], id="doubtful-and-no-face"),
        pytest.param("shadow", answer(1, person_id="zosia"), ["face-doubtful"], [], id="doubtful-and-named"),
        pytest.param("ben", answer(kind="missed", box=MISSED), [], ["face-not-identified"], id="missed"),
        pytest.param("ben", answer(person_id="zosia", box=MISSED), [], [], id="missed-and-named"),
        pytest.param("ben", answer(kind="visitor", box=MISSED), [], [], id="missed-visitor"),
        pytest.param("ben", answer(1, person_id="zosia"), [], ["face-ambiguous"], id="recognised-as-another"),
        pytest.param("ben", answer(1, "visitor"), [], ["face-ambiguous"], id="recognised-and-called-a-visitor"),
        pytest.param("ben", answer(1, "not-a-face"), [], ["face-ambiguous"], id="recognised-and-called-no-face"),
        pytest.param("ben", answer(1, person_id="ben"), [], [], id="recognised-and-named"),
    ],
)
def test_an_answer_settles_what_was_left_open(
    site: Site, shown: str, given: dict[str, Any], before: list[str], after: list[str]
) -> None:
    first = site.decided(f"picture of {shown}".encode())
    assert codes(first) == before
    second = revised(site, first, given)
    assert codes(second) == after
    (answered,) = second["pictures"][0]["answers"]
    assert answered == {
        "face": 1 if "face" in given else 2,
        "box": given.get("box", [0, 0, 10, 10]),
        "is": given["is"],
        "person_id": given.get("person_id"),
        "by": PATEL,
        "drawn": "box" in given,
    }
    details = {"picture": 1, "kind": given["is"], "person_id": given.get("person_id")}
    assert audited(site) == [(second["id"], details)]
    assert site.client.get(f"/api/v1/drafts/{first['id']}").json() == first


def test_a_look_alike_is_told_from_the_other_by_a_person(site: Site) -> None:
    with site.register() as register:
        twin = register.add_person(Person(id="bob", school_id=register.school_id, given="Bob", family="Marsh"))
        mother = register.add_guardian(twin.id, "Mrs Marsh", "mother", parental_responsibility=True)
        register.record_recognition(twin.id, NewAnswer(granted=True, decided_on=DECIDED_ON, guardian_id=mother.id))
        register.add_reference(twin.id, template_of("ben"), quality=1.0, taken_on=DECIDED_ON, day=date(2026, 11, 1))
    draft = site.decided(b"picture of ben")
    assert codes(draft) == ["face-ambiguous"]
    assert codes(revised(site, draft, answer(1, person_id="ben"))) == []
    assert codes(revised(site, draft, answer(1, person_id="bob"))) == ["no-consent"]
    assert codes(revised(site, draft, answer(1, person_id="zosia"))) == ["face-ambiguous"]


def test_the_consent_rules_apply_to_whoever_is_named(site: Site) -> None:
    with site.register() as register:
        mother = register.guardians("zosia")[0]
        no = NewAnswer(granted=False, decided_on=DECIDED_ON, guardian_id=mother.id)
        register.record_consent("zosia", Scope.WEBSITE, no)
    draft = revised(site, site.decided(b"picture of stranger"), answer(1, person_id="zosia"))
    assert codes(draft) == ["consent-refused"]


def test_answers_are_carried_on_and_follow_their_pictures(site: Site) -> None:
    draft = site.decided(b"picture of amara", b"picture of stranger, shadow")
    named, none = answer(1, person_id="zosia"), answer(2, "not-a-face")
    second = revised(site, draft, named | {"picture": 2}, none | {"picture": 2})
    third = revised(site, second, caption="A fine day")
    fourth = revised(site, third, leave_out=[1])
    assert codes(fourth) == []
    for each, picture in ((second, 2), (third, 2), (fourth, 1)):
        assert said(each, picture) == [(1, "person", "zosia", PATEL), (2, "not-a-face", None, PATEL)]
    assert len(audited(site)) == 2  # carrying on is no new answer


def test_a_later_answer_about_the_same_face_replaces_the_earlier_one(site: Site) -> None:
    draft = revised(site, site.decided(b"picture of stranger"), answer(1, "visitor"))
    draft = revised(site, draft, answer(1, person_id="zosia"), by="  A.\n Jones ")
    assert said(draft) == [(1, "person", "zosia", "A. Jones")]
    draft = revised(site, draft, answer(1, "visitor"), answer(1, "not-a-face"))
    assert said(draft) == [(1, "not-a-face", None, PATEL)]
    assert [details["kind"] for _, details in audited(site)] == ["visitor", "person", "visitor", "not-a-face"]


def test_a_marked_face_can_be_named_covered_or_taken_back(site: Site) -> None:
    marked = revised(site, site.decided(b"picture of ben"), answer(kind="missed", box=MISSED))
    (reason,) = marked["decision"]["reasons"]
    assert reason["where"] == {"picture": 1, "face": 2, "box": MISSED}
    assert "answer" in reason["remedies"]
    named = revised(site, marked, answer(2, person_id="zosia"))
    assert (codes(named), said(named)) == ([], [(2, "person", "zosia", PATEL)])
    covered = revised(site, marked, cover=[{"picture": 1, "face": 2}])
    assert (codes(covered), said(covered)) == ([], [])
    back = revised(site, marked, answer(2, "not-a-face"))
    assert (codes(back), said(back)) == ([], [])
    again = revised(site, marked, answer(kind="visitor", box=[81, 21, 96, 41]))
    assert (codes(again), said(again)) == ([], [(2, "visitor", None, PATEL)])


def test_a_face_marked_beside_a_named_one_leaves_its_answer_alone(site: Site) -> None:
    draft = revised(site, site.decided(b"picture of stranger"), answer(1, "visitor"))
    draft = revised(site, draft, answer(kind="missed", box=[1, 0, 11, 10]))
    assert said(draft) == [(1, "visitor", None, PATEL), (2, "missed", None, PATEL)]
    assert codes(draft) == ["face-not-identified"]


def test_covering_a_face_makes_what_was_said_about_it_moot(site: Site) -> None:
    draft = revised(site, site.decided(b"picture of stranger, ben"), answer(1, person_id="zosia"))
    covered = revised(site, draft, cover=[{"picture": 1, "face": 1}])
    assert (codes(covered), said(covered)) == ([], [])
    at_once = revised(site, draft, answer(1, person_id="amara"), cover=[{"picture": 1, "face": 1}])
    assert (codes(at_once), said(at_once)) == ([], [(None, "person", "amara", PATEL)])
    with site.register() as register:
        for person_id in ("zosia", "amara"):
            register.withdraw(register.consents(person_id)[0].id, date(2026, 11, 1))
    for each in (covered, at_once):
        assert site.client.get(f"/api/v1/drafts/{each['id']}/pictures/1").status_code == 200


def test_consent_taken_back_after_the_check_voids_a_draft_cleared_by_hand(site: Site) -> None:
    named = revised(site, site.decided(b"picture of stranger"), answer(1, person_id="zosia"))
    drawn = revised(site, site.decided(b"picture"), answer(person_id="zosia", box=MISSED))
    urls = [draft["pictures"][0]["released_url"] for draft in (named, drawn)]
    assert [site.client.get(url).status_code for url in urls] == [200, 200]
    with site.register() as register:
        register.withdraw(register.consents("zosia")[0].id, date(2026, 11, 1))
    for url in urls:
        closed = site.client.get(url)
        assert (closed.status_code, closed.json()["type"]) == (409, "clearance-void")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        pytest.param([answer(1, "visitor", picture=9)], "no picture 9", id="no-such-picture"),
        pytest.param([answer(3, "visitor")], "no face 3", id="no-such-face"),
        pytest.param([answer(1, person_id="nobody")], "not in this school's register", id="no-such-person"),
        pytest.param([answer(1, person_id="elsewhere")], "not in this school's register", id="of-another-school"),
        pytest.param([answer(1)], "needs the person", id="person-without-whom"),
        pytest.param([answer(1, "visitor", "ben")], "no other answer has one", id="visitor-with-a-person"),
        pytest.param([answer(kind="visitor")], "either a face or a box", id="neither-face-nor-box"),
        pytest.param([answer(1, "visitor", box=MISSED)], "either a face or a box", id="both-face-and-box"),
        pytest.param([answer(kind="not-a-face", box=MISSED)], "told by its number", id="no-face-by-box"),
        pytest.param([answer(1, "missed")], "told by a box", id="missed-by-number"),
        pytest.param([answer(kind="missed", box=[9, 9, 9, 20])], "is empty", id="empty-box"),
        pytest.param([answer(kind="missed", box=[50, 10, 101, 20])], "lies outside it", id="beyond-the-right-edge"),
        pytest.param([answer(kind="missed", box=[-1, 10, 20, 20])], "lies outside it", id="before-the-left-edge"),
        pytest.param([answer(kind="missed", box=[1, 1, 9, 9], picture=2)], "was not looked at", id="unreadable"),
        pytest.param([answer(1, "stranger")], "answers.0.is", id="no-such-kind"),
        pytest.param([{"picture": 1, "face": 1, "person": "ben"}], "answers.0", id="another-form"),
        pytest.param([answer(1, "visitor")] * 501, "500", id="too-many"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused_and_nothing_is_lost(
    site: Site, given: list[dict[str, Any]], says: str
) -> None:
    with writing(site.service.engine) as session:
        other = create_school(session, "Another school")
        session.add(Person(id="elsewhere", school_id=other.id, given="Olu", family="Ade"))
    draft = site.decided(b"picture of ben, stranger", b"broken")
    body = {"answers": given, "answered_by": PATEL}
    refused = site.client.post(f"/api/v1/drafts/{draft['id']}/revisions", json=body)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert says in refused.json()["detail"]
    assert audited(site) == []
    assert site.client.get(f"/api/v1/drafts/{draft['id']}").json() == draft


@pytest.mark.parametrize("by", [None, "", " \n ", "x" * 101])
def test_an_answer_without_a_name_is_refused(site: Site, by: str | None) -> None:
    draft = site.decided(b"picture of stranger")
    body = {"answers": [answer(1, "visitor")]} | ({} if by is None else {"answered_by": by})
    refused = site.client.post(f"/api/v1/drafts/{draft['id']}/revisions", json=body)
    assert refused.status_code == 422
    assert "answer" in refused.json()["detail"]


def test_a_picture_keeps_five_hundred_answers_and_no_more(site: Site) -> None:
    draft = site.decided(b"picture of ben")
    boxes = [[left, top, left + 1, top + 1] for left in range(50) for top in range(11, 22)]
    many = [answer(kind="missed", box=box) for box in boxes]
    draft = revised(site, draft, *many[:500])
    assert len(said(draft)) == 500
    body = {"answers": many[500:], "answered_by": PATEL}
    refused = site.client.post(f"/api/v1/drafts/{draft['id']}/revisions", json=body)
    assert (refused.status_code, "more than 500 answers" in refused.json()["detail"]) == (422, True)


def test_without_recognition_everybody_is_named_by_hand(site: Site) -> None:
    with site.register() as register:
        allow_recognition(register, RecognitionMode.OFF)
    draft = site.decided(b"picture of ben, stranger")
    assert [reason["because"] for reason in draft["decision"]["reasons"]] == [
        "Say who face 1 is, or cover it.",
        "Say who face 2 is, or cover it.",
    ]
    named = revised(site, draft, answer(1, person_id="ben"), answer(2, "visitor"))
    assert codes(named) == []
    assert site.inspector.templates_made == 0
