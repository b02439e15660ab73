"""Which details an entry may carry: no name, no address, no other text gets in, and every tag is spoken for."""

from __future__ import annotations

from typing import Any

import pytest

from app.audit.tags import DETAILS, GROUPS, AuditTag, NotForTheTrail, checked, stripped
from app.audit.words import GROUP_WORDS, STEPS, WORDS, entry_words


def test_every_tag_has_its_details_its_words_and_one_group() -> None:
    assert set(DETAILS) == set(WORDS) == set(AuditTag)
    assert sorted(tag for group in GROUPS.values() for tag in group) == sorted(AuditTag)
    assert set(GROUPS) == set(GROUP_WORDS)


@pytest.mark.parametrize(
    ("tag", "details"),
    [
        pytest.param(AuditTag.SIGNED_IN, {"email": "a@wren.sch.uk"}, id="a-field-of-no-place"),
        pytest.param(AuditTag.SIGNED_IN, {"provider": "Anna Reed"}, id="a-name"),
        pytest.param(AuditTag.SIGNED_IN, {"provider": "a@wren.sch.uk"}, id="an-address"),
        pytest.param(AuditTag.SIGN_IN_REFUSED, {"step": "192.0.2.7"}, id="an-ip-address"),
        pytest.param(AuditTag.FACE_ANSWERED, {"person_id": "Ben Marsh"}, id="a-name-for-an-id"),
        pytest.param(AuditTag.DRAFT_DECIDED, {"codes": ["pupil-named", "Ben!"]}, id="within-a-list"),
        pytest.param(AuditTag.DRAFT_DECIDED, {"outcome": "maybe"}, id="no-such-outcome"),
        pytest.param(AuditTag.DRAFT_RECEIVED, {"pictures": "2"}, id="text-for-a-count"),
        pytest.param(AuditTag.DRAFT_RECEIVED, {"pictures": True}, id="true-for-a-count"),
        pytest.param(AuditTag.DRAFT_RECEIVED, {"pictures": -1}, id="below-zero"),
        pytest.param(AuditTag.DRAFT_RECEIVED, {"pictures": 1.5}, id="a-fraction"),
        pytest.param(AuditTag.KEY_MADE, {"expires": "20261123"}, id="a-day-written-otherwise"),
        pytest.param(AuditTag.RECOGNITION_CHANGED, {"before": {"mode": "on", "by": "me"}}, id="within-a-group"),
        pytest.param(AuditTag.PICTURE_RELEASED, {"sha256": "F" * 64}, id="no-digest"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_fields_name_alone(tag: AuditTag, details: dict[str, Any]) -> None:
    with pytest.raises(NotForTheTrail) as refused:
        checked(tag, "d1", "system", details)
    (field,) = details
    assert field in str(refused.value)
    assert str(details[field]) not in str(refused.value)


@pytest.mark.parametrize("actor", ["", "Anna Reed", "account:", "account:a b", "cli:1", "account:a@b", "system\n"])
def test_only_a_reference_may_have_done_it(actor: str) -> None:
    with pytest.raises(NotForTheTrail, match="actor"):
        checked(AuditTag.SIGNED_OUT, "a1", actor, {})


@pytest.mark.parametrize("subject", ["", "Ben Marsh", "a@b", "x" * 65, "d1\n"])
def test_only_an_id_may_be_what_it_is_about(subject: str) -> None:
    with pytest.raises(NotForTheTrail, match="subject"):
        checked(AuditTag.SIGNED_OUT, subject, "system", {})


def test_older_details_keep_what_may_stay() -> None:
    older = {"picture": 1, "kind": "person", "person_id": "p1", "by": "R. Patel"}
    assert stripped("face:answered", older) == {"picture": 1, "kind": "person", "person_id": "p1"}
    assert stripped("something:else", older) == {}


@pytest.mark.parametrize(
    ("tag", "details", "words"),
    [
        ("sign-in:done", {}, ("Anna Reed signed in", "")),
        ("draft:received", {"pictures": 2}, ("Anna Reed handed in a draft", "2 pictures.")),
        ("draft:decided", {"outcome": "block"}, ("A draft was decided", "It was blocked.")),
        (
            "consent:recorded",
            {"scope": "website", "granted": True},
            ("Anna Reed recorded an answer for Anna Reed", "Website: yes."),
        ),
        ("consent:recorded", {"scope": "of another version"}, ("Anna Reed recorded an answer for Anna Reed", "")),
        (
            "account:roles",
            {"after": ["lead", "office"]},
            ("Anna Reed changed the roles of Anna Reed", "Safeguarding lead and School office."),
        ),
        ("of:another-version", {}, ("of:another-version", "")),
    ],
)
def test_an_entry_reads_as_a_sentence(tag: str, details: dict[str, Any], words: tuple[str, str]) -> None:
    assert entry_words(tag, details, "Anna Reed", "Anna Reed") == words


REFUSALS = ("password", "code", "confirm", "no-account", "suspended")


@pytest.mark.parametrize("step", REFUSALS)
def test_every_step_at_which_signing_in_is_refused_can_be_recorded_and_said(step: str) -> None:
    details = {"step": step, "provider": "google"}
    assert checked(AuditTag.SIGN_IN_REFUSED, "a1", "system", details) == details
    assert STEPS[step]


def test_confirming_at_a_provider_can_be_recorded() -> None:
    assert checked(AuditTag.CONFIRMED, "a1", "account:a1", {"provider": "google"})
