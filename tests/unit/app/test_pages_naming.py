"""Whom a teacher may name: everybody at the school, told apart, and nothing of what anybody consented to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.answers import Answer, AnswerKind
from app.errors import BadForm
from app.pages.naming import choices, person_called, said_words
from consent.facts import Role
from consent.models import Person
from vision.findings import Box

TODAY = date(2026, 11, 22)
FACE = "face 1 in picture 1"


def a_pupil(person_id: str, given: str, family: str = "Marsh", class_name: str = "Willow", **more: Any) -> Person:
    return Person(
        id=person_id,
        school_id="school",
        given=given,
        family=family,
        **{"class_name": class_name, "year": "Year 3"} | more,
    )


def labels(*people: Person) -> list[str]:
    return [choice.label for choice in choices(people, TODAY)]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        pytest.param([a_pupil("a", "Ben")], ["Ben Marsh, Willow"], id="with-the-class"),
        pytest.param([a_pupil("a", "Ben", class_name="")], ["Ben Marsh, Year 3"], id="with-the-year"),
        pytest.param([a_pupil("a", "Ben", class_name="", year="")], ["Ben Marsh"], id="without-either"),
        pytest.param([a_pupil("a", "Benjamin", known_as="Ben")], ["Ben Marsh, Willow"], id="as-known"),
        pytest.param(
            [Person(id="a", school_id="school", role=Role.STAFF, given="Ruth", family="Ade", title="Mrs")],
            ["Mrs Ruth Ade, staff"],
            id="staff",
        ),
        pytest.param(
            [a_pupil("a", "Ben"), a_pupil("b", "Ben", class_name="Oak")],
            ["Ben Marsh, Willow", "Ben Marsh, Oak"],
            id="namesakes-by-class",
        ),
        pytest.param(
            [a_pupil("a", "Ben"), a_pupil("b", "ben", year="Year 4")],
            ["Ben Marsh, Willow, Year 3", "ben Marsh, Willow, Year 4"],
            id="namesakes-by-year",
        ),
        pytest.param(
            [a_pupil("a", "Ben", admission_number="17"), a_pupil("b", "Ben", admission_number="18")],
            ["Ben Marsh, Willow, Year 3, 17", "Ben Marsh, Willow, Year 3, 18"],
            id="namesakes-by-number",
        ),
        pytest.param(
            [a_pupil("a", "Ben"), a_pupil("b", "Ben")],
            ["Ben Marsh, Willow, Year 3", "Ben Marsh, Willow, Year 3 (2)"],
            id="namesakes-in-everything",
        ),
    ],
)
def test_everybody_has_a_label_of_their_own(people: list[Person], expected: list[str]) -> None:
    assert labels(*people) == expected


PEOPLE = [
    a_pupil("ben", "Benjamin", known_as="Ben"),
    a_pupil("other-ben", "Ben", class_name="Oak"),
    a_pupil("amara", "Amara", "Okafor"),
    a_pupil("gone", "Gwen", "Gone", leaving_date=TODAY - timedelta(days=1)),
    a_pupil("going", "Greta", "Going", leaving_date=TODAY),
    Person(id="head", school_id="school", role=Role.STAFF, given="Ruth", family="Ade", title="Mrs"),
]
KNOWN = choices(PEOPLE, TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ben Marsh, Willow", "ben"),
        ("ben marsh,  OAK ", "other-ben"),
        ("Benjamin Marsh", "ben"),
        ("amara okafor", "amara"),
        ("Greta Going", "going"),
        ("Mrs Ade", "head"),
        ("Mrs Ruth Ade", "head"),
    ],
)
def test_a_name_finds_the_one_person_who_has_it(text: str, expected: str) -> None:
    assert person_called(text, KNOWN, FACE) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ben Marsh", "2 people are called “Ben Marsh”"),
        ("Gwen Gone", "nobody at the school is called “Gwen Gone”"),
        ("Amara", "nobody at the school"),
        ("x" * 200, "nobody at the school"),
    ],
)
def test_a_name_that_is_nobodys_or_several_peoples_is_told(text: str, says: str) -> None:
    with pytest.raises(BadForm) as refused:
        person_called(text, KNOWN, FACE)
    assert says in refused.value.detail
    assert refused.value.detail.startswith("For face 1 in picture 1: ")
    assert len(refused.value.detail) < 250


@pytest.mark.parametrize(
    ("kind", "person_id", "expected"),
    [
        (AnswerKind.PERSON, "ben", "Ben Marsh, Willow, said by R. Patel."),
        (AnswerKind.PERSON, "gone", "Gwen Gone, Willow, said by R. Patel."),
        (AnswerKind.PERSON, "nobody", "Somebody who is no longer in the register, said by R. Patel."),
        (AnswerKind.VISITOR, None, "An adult visitor who agreed, said by R. Patel."),
        (AnswerKind.NOT_A_FACE, None, "Not a face, said by R. Patel."),
        (AnswerKind.MISSED, None, "Marked by hand, said by R. Patel."),
    ],
)
def test_an_answer_is_shown_with_who_gave_it(kind: AnswerKind, person_id: str | None, expected: str) -> None:
    assert said_words(Answer(Box(0, 0, 1, 1), kind, "R. Patel", person_id), KNOWN) == expected
