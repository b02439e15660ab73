"""Words over HTTP: questions answered, carried on and asked anew; pupils named by consent, and void when it goes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from app.cli.doctor import naming_row
from app.db import reading, writing
from app.models import AuditEvent
from app.school import apply_school, change_naming, read_school
from captions.testing import FakePersonTagger
from consent.facts import NamingRule, Scope
from consent.models import Person
from consent.register import NewAnswer
from tests.e2e.conftest import Site

PATEL = "R. Patel"
QUESTION = "Look at our Rose!"
ANSWERED = {"field": "caption", "picture": None, "words": "Rose", "sentence": QUESTION, "by": PATEL}


@pytest.fixture
def site(site: Site) -> Site:
    """With a pupil whose name is a word."""
    with site.register() as register:
        rose = Person(id="rose", school_id=register.school_id, given="Rose", family="Parker", year="Year 2")
        register.add_person(rose)
    return site


def said(*answers: tuple[int, str], by: str | None = PATEL, **body: Any) -> dict[str, Any]:
    body |= {"word_answers": [{"reason": number, "is": kind} for number, kind in answers]}
    return body if by is None else body | {"answered_by": by}


def revised(site: Site, draft: dict[str, Any], **body: Any) -> dict[str, Any]:
    """Make a revision, have it checked, and return the new draft."""
    sent = site.client.post(f"/api/v1/drafts/{draft['id']}/revisions", json=body)
    assert sent.status_code == 202, sent.text
    site.work()
    read: dict[str, Any] = site.client.get(sent.headers["location"]).json()
    return read


def codes(draft: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in draft["decision"]["reasons"]]


def audited(site: Site, tag: str) -> list[tuple[str, dict[str, Any]]]:
    with reading(site.service.engine) as session:
        wanted = select(AuditEvent).where(AuditEvent.tag == tag).order_by(col(AuditEvent.number))
        return [(event.subject, event.details) for event in session.exec(wanted)]


@pytest.mark.parametrize("kind", ["not-a-name", "adult"])
def test_a_word_that_is_a_name_is_asked_about_and_settled_by_an_answer(site: Site, kind: str) -> None:
    draft = site.decided(caption=QUESTION)
    (reason,) = draft["decision"]["reasons"]
    assert reason["code"] == "pupil-named"
    assert reason["because"].endswith("?")
    assert reason["remedies"] == ["answer", "reword"]
    assert reason["evidence"]
    second = revised(site, draft, **said((1, kind)))
    assert second["decision"]["outcome"] == "publish"
    assert second["word_answers"] == [ANSWERED | {"is": kind}]
    assert audited(site, "word:answered") == [(second["id"], {"field": "caption", "picture": None, "kind": kind})]
    assert site.client.get(f"/api/v1/drafts/{draft['id']}").json() == draft


def test_an_answer_is_carried_on_while_its_sentence_stands(site: Site) -> None:
    draft = revised(site, site.decided(b"picture of ben", caption=QUESTION), **said((1, "not-a-name")))
    longer = revised(site, draft, caption=f"Spring is here. {QUESTION} It smells lovely.")
    assert (codes(longer), len(longer["word_answers"])) == ([], 1)
    changed = revised(site, longer, caption="Look at our Rose")
    assert (codes(changed), changed["word_answers"]) == (["pupil-named"], [])
    back = revised(site, changed, caption=QUESTION)
    assert codes(back) == ["pupil-named"]  # asked anew: nobody said anything about this draft's words
    assert len(audited(site, "word:answered")) == 1


def test_answers_follow_their_pictures(site: Site) -> None:
    draft = site.decided(b"picture of amara", b"picture of ben says Look at our Rose!", alt_texts=["", QUESTION])
    assert [reason["where"]["field"] for reason in draft["decision"]["reasons"]] == ["alt", "ocr"]
    assert draft["decision"]["reasons"][1]["remedies"] == ["answer", "cover", "leave-out"]
    draft = revised(site, draft, **said((1, "not-a-name"), (2, "not-a-name")))
    assert codes(draft) == []
    fewer = revised(site, draft, leave_out=[1])
    assert codes(fewer) == []
    assert [(each["field"], each["picture"]) for each in fewer["word_answers"]] == [("alt", 1), ("ocr", 1)]
    other = revised(site, draft, leave_out=[2])
    assert other["word_answers"] == []


def test_a_file_name_is_asked_about_until_it_is_another(site: Site) -> None:
    files = [("pictures", ("award-rose.jpg", b"picture of ben", "image/jpeg"))]
    sent = site.client.post("/api/v1/drafts", data={"channel": "School website"}, files=files)
    site.work()
    draft = site.client.get(sent.headers["location"]).json()
    (reason,) = draft["decision"]["reasons"]
    assert reason["remedies"] == ["answer", "neutral-name"]
    answered = revised(site, draft, **said((1, "not-a-name")))
    assert codes(answered) == []
    assert revised(site, answered, neutral_names=[1])["word_answers"] == []
    assert codes(revised(site, draft, neutral_names=[1])) == []


def test_the_last_answer_about_the_same_words_counts(site: Site) -> None:
    draft = revised(site, site.decided(caption=QUESTION), **said((1, "not-a-name"), (1, "adult")))
    assert [each["is"] for each in draft["word_answers"]] == ["adult"]
    assert [details["kind"] for _, details in audited(site, "word:answered")] == ["not-a-name", "adult"]


def test_an_answer_about_one_name_leaves_a_sure_one_blocked(site: Site) -> None:
    draft = site.decided(caption=f"{QUESTION} Well done to Ben Marsh.")
    assert codes(draft) == ["pupil-named", "pupil-named"]
    second = revised(site, draft, **said((1, "not-a-name")))
    (reason,) = second["decision"]["reasons"]
    assert reason["remedies"] == ["reword"]
    assert "Ben" not in second["decision"]["rewritten"]["caption"]
    assert QUESTION in second["decision"]["rewritten"]["caption"]


def test_the_safe_wording_is_clean_when_it_is_taken(site: Site) -> None:
    caption = "Well done to Ben Marsh and Amara Okafor! Ring 01632 960123."
    draft = site.decided(b"picture of ben", caption=caption, hashtags="#fun", alt_texts=["Ben runs"])
    rewritten = draft["decision"]["rewritten"]
    assert set(rewritten) == {"caption", "alt_texts"}
    taken = revised(site, draft, **rewritten)
    assert codes(taken) == []
    assert taken["decision"]["rewritten"] == {}


@pytest.mark.parametrize(
    ("answers", "by", "says"),
    [
        pytest.param([(3, "adult")], PATEL, "no reason 3; it has 2", id="no-such-reason"),
        pytest.param([(2, "adult")], PATEL, "Reason 2 is no question about words", id="a-sure-name"),
        pytest.param([(1, "pupil")], PATEL, "word_answers.0.is", id="it-is-the-pupil"),
        pytest.param([(0, "adult")], PATEL, "word_answers.0.reason", id="counted-from-1"),
        pytest.param([(1, "adult")], None, "Say who answers", id="nobody-answers"),
        pytest.param([(1, "adult")], " \n", "Say who answers", id="a-blank-name"),
        pytest.param([(1, "adult")] * 501, PATEL, "500", id="too-many"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused_and_nothing_is_lost(
    site: Site, answers: list[tuple[int, str]], by: str | None, says: str
) -> None:
    draft = site.decided(caption=f"{QUESTION} Well done to Ben Marsh.")
    body = said(*answers, by=by)
    refused = site.client.post(f"/api/v1/drafts/{draft['id']}/revisions", json=body)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert says in refused.json()["detail"]
    assert audited(site, "word:answered") == []


def test_a_face_is_not_answered_as_words(site: Site) -> None:
    draft = site.decided(b"picture of stranger")
    refused = site.client.post(f"/api/v1/drafts/{draft['id']}/revisions", json=said((1, "adult")))
    assert "no question about words" in refused.json()["detail"]


# -- pupils named by consent ---------------------------------------------------------------------------------------


def let_name(site: Site, person_id: str, rule: NamingRule = NamingRule.WITH_CONSENT) -> str:
    """The pupil's mother says "named" for the website; returns the id of that consent."""
    with site.register() as register:
        change_naming(register, rule)
        mother = register.guardians(person_id)[0]
        yes = NewAnswer(granted=True, decided_on=date(2026, 9, 2), guardian_id=mother.id, named_ok=True)
        return register.record_consent(person_id, Scope.WEBSITE, yes).id


def unnamed(site: Site, person_id: str) -> None:
    """A later yes of the same mother that leaves naming out."""
    with site.register() as register:
        yes = NewAnswer(granted=True, decided_on=date(2026, 9, 3), guardian_id=register.guardians(person_id)[0].id)
        register.record_consent(person_id, Scope.WEBSITE, yes)


def test_a_pupil_is_named_with_consent_where_the_school_allows_it(site: Site) -> None:
    let_name(site, "ben", NamingRule.NEVER)
    never = site.decided(b"picture of ben", caption="Well done to Ben Marsh")
    assert codes(never) == ["pupil-named"]
    assert "A child in a photograph is never named." in never["decision"]["reasons"][0]["because"]
    let_name(site, "ben")
    assert codes(site.decided(b"picture of ben", caption="Well done to Ben Marsh")) == []
    (reason,) = site.decided(caption="Well done to Ben Marsh and Zosia Nowak")["decision"]["reasons"]
    assert "only with a consent that says so" in reason["because"]


@pytest.mark.parametrize("change", ["taken-back", "naming-left-out", "rule"])
def test_a_post_that_names_a_pupil_is_void_once_that_is_not_allowed_any_more(site: Site, change: str) -> None:
    consent_id = let_name(site, "zosia")
    draft = site.decided(b"picture of ben", caption="Well done to Zosia Nowak")
    url = draft["pictures"][0]["released_url"]
    assert site.client.get(url).status_code == 200
    if change == "naming-left-out":
        unnamed(site, "zosia")
    else:
        with site.register() as register:
            if change == "rule":
                change_naming(register, NamingRule.NEVER)
            else:
                register.withdraw(consent_id, date(2026, 11, 1))
    closed = site.client.get(url)
    assert (closed.status_code, closed.json()["type"]) == (409, "clearance-void")
    assert site.client.get(f"/api/v1/drafts/{draft['id']}").json()["void"]


def test_a_post_that_names_nobody_outlives_a_change_of_the_rule(site: Site) -> None:
    draft = site.decided(b"picture of ben", caption="A fine day")
    let_name(site, "zosia")
    unnamed(site, "zosia")
    assert site.client.get(draft["pictures"][0]["released_url"]).status_code == 200


def test_the_rule_is_set_by_the_schools_file_and_audited(site: Site) -> None:
    stated = b'{"name": "Wren Primary", "domain": "wren.sch.uk", "naming": "with-consent"}'
    with writing(site.service.engine) as session:
        assert "Naming pupils changes: with-consent." in apply_school(session, read_school(stated))
    with writing(site.service.engine) as session:
        assert apply_school(session, read_school(stated)) == []
    with site.register() as register:
        assert register.naming() is NamingRule.WITH_CONSENT
    school_id = site.service.school_id
    assert audited(site, "naming:changed") == [(school_id, {"before": "never", "after": "with-consent"})]


def test_a_yes_to_pictures_is_no_yes_to_naming(site: Site) -> None:
    with site.register() as register:
        change_naming(register, NamingRule.WITH_CONSENT)
    assert codes(site.decided(caption="Well done to Ben Marsh")) == ["pupil-named"]


def test_doctor_says_whether_pupils_may_be_named(site: Site) -> None:
    with site.register() as register:
        assert naming_row(register).says == "never: a pupil's name always blocks"
        change_naming(register, NamingRule.WITH_CONSENT)
        assert naming_row(register).says.startswith("with-consent: a pupil may be named")


# -- what was looked for -------------------------------------------------------------------------------------------

OTHERS = "Names of people who are not on the register"


def sections(site: Site, draft: dict[str, Any]) -> tuple[str, str]:
    """What the result page says was looked for in the words, and what was not."""
    told = site.client.get(f"/drafts/{draft['id']}").text.partition("<h3>In the words</h3>")[2]
    looked, _, left = told.partition("<h3>Not looked for</h3>")
    return looked, left


def test_the_page_says_what_was_looked_for_in_this_very_draft(site: Site) -> None:
    without = site.decided(caption="Thank you to Sarah Brown.")
    site.tagger = FakePersonTagger(("Sarah Brown",))
    tagged = site.decided(caption="Thank you to Sarah Brown.")
    site.tagger = None
    looked, left = sections(site, without)
    assert (OTHERS in looked, OTHERS in left) == (False, True)
    looked, left = sections(site, tagged)
    assert (OTHERS in looked, OTHERS in left) == (True, False)


def test_a_person_whom_the_tagger_found_is_a_question(site: Site) -> None:
    site.tagger = FakePersonTagger(("Sarah Brown",))
    draft = site.decided(caption="Thank you to Sarah Brown.")
    (reason,) = draft["decision"]["reasons"]
    assert (reason["code"], reason["because"][-1]) == ("person-named", "?")
    assert codes(revised(site, draft, **said((1, "adult")))) == []
