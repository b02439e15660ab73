"""The register's page: who may be shown where, in words and shapes."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import pytest

from app.pages.people import RegisterView, register_view
from app.pages.rendering import environment
from consent.facts import Role, Scope, Standing
from consent.snapshots import ListingRow
from tests.browser.audit import Page
from tests.unit.app.pages_factories import NOBODY


def a_row(
    name: str = "Ben Marsh",
    *,
    website: Standing = Standing.GIVEN,
    role: Role = Role.PUPIL,
    year: str = "Year 3",
    class_name: str = "Willow",
    named: bool = False,
    never_publish: bool | None = None,
    leaving_date: date | None = None,
) -> ListingRow:
    standings = dict.fromkeys(Scope, Standing.NONE) | {Scope.WEBSITE: website}
    return ListingRow(
        person_id=name,
        name=name,
        role=role,
        year=year,
        class_name=class_name,
        standings=MappingProxyType(standings),
        named=frozenset({Scope.WEBSITE} if named else ()),
        recognition=Standing.GIVEN,
        references=3,
        leaving_date=leaving_date,
        never_publish=never_publish,
    )


def page_of(register: RegisterView) -> Page:
    return Page(environment.get_template("register.html").render(**NOBODY, path="/register", register=register))


@pytest.mark.parametrize(
    ("standing", "words", "shape"),
    [
        (Standing.GIVEN, "Yes", "yes"),
        (Standing.NONE, "No answer", "none"),
        (Standing.OTHER_CHANNEL, "No answer", "none"),
        (Standing.LAPSED, "Run out", "no"),
        (Standing.WITHDRAWN, "Taken back", "no"),
        (Standing.REFUSED, "No", "no"),
        (Standing.LEFT, "Left", "no"),
        (Standing.NEVER, "No", "no"),
    ],
)
def test_each_standing_has_its_words_and_its_shape(standing: Standing, words: str, shape: str) -> None:
    register = register_view([a_row(website=standing)], "", "today")
    answer = next(each for each in register.classes[0].people[0].answers if each.label == "Website")
    assert (answer.words, answer.shape) == (words, shape)
    assert words in page_of(register).words


def test_never_publish_reads_as_any_other_no_even_if_it_is_handed_in() -> None:
    never = register_view([a_row(website=Standing.NEVER, never_publish=True)], "", "today")
    refused = register_view([a_row(website=Standing.REFUSED)], "", "today")
    assert page_of(never).words == page_of(refused).words


def test_pupils_stand_by_class_in_the_order_of_years_and_staff_come_last() -> None:
    rows = [
        a_row("Ruth Adeyemi", role=Role.STAFF, year="", class_name=""),
        a_row("Freya Lind", year="Year 10", class_name="10B"),
        a_row("Kofi Mensah", year="Year 9", class_name="9A"),
        a_row("Isla Fraser", year="", class_name=""),
    ]
    register = register_view(rows, "", "today")
    assert [each.title for each in register.classes] == ["No class", "9A, Year 9", "10B, Year 10", "Staff"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Zosia Nowak", "Ben Marsh", "Ruth Adeyemi"]),
        ("ben", ["Ben Marsh"]),
        ("MARSH willow", ["Ben Marsh"]),
        ("oak", ["Zosia Nowak"]),
        ("staff", ["Ruth Adeyemi"]),
        ("nobody", []),
    ],
)
def test_a_search_keeps_who_has_all_its_words(query: str, found: list[str]) -> None:
    rows = [
        a_row(),
        a_row("Zosia Nowak", class_name="Oak"),
        a_row("Ruth Adeyemi", role=Role.STAFF, year="", class_name=""),
    ]
    register = register_view(rows, query, "today")
    assert [person.name for each in register.classes for person in each.people] == found
    assert register.shown == len(found)
    page = page_of(register)
    assert page.faults == []
    assert ("Nobody matches" in page.words) is (not found)


def test_an_empty_register_says_what_to_do() -> None:
    page = page_of(register_view([], "", "today"))
    assert "gatepost import register.csv" in page.words
    assert page.faults == []


def test_names_are_shown_as_they_are_and_never_as_markup() -> None:
    name = '<script>alert("x")</script> "><img src=x>'
    page = page_of(register_view([a_row(name, class_name=name)], name, "today"))
    assert page.faults == []
    assert name in page.words
    assert page.fields[0]["value"] == name


def test_further_facts_of_a_person_are_told() -> None:
    register = register_view([a_row(named=True, leaving_date=date(2026, 7, 21))], "", "today")
    words = page_of(register).words
    assert "Yes, named too" in words
    assert "Leaving date: Tuesday 21 July 2026" in words
