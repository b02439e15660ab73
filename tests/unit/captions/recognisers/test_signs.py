"""Number plates, telephone numbers and addresses as they stand on signs in a picture."""

from __future__ import annotations

import pytest

from captions.findings import FieldName, TextField
from tests.unit.captions.picture import findings_in, line, picture, words_of


def details(text: str, kind: str, field: FieldName = FieldName.OCR) -> list[str]:
    fields = [TextField(field, text, 1, 0)]
    return [words_of(fields, found) for found in findings_in(fields) if found.kind == kind]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("KV19 TRE", id="current"),
        pytest.param("KV19TRE", id="no blank"),
        pytest.param("KVI9 TRE", id="I for 1"),
        pytest.param("KV2O 7RE", id="misread twice"),
        pytest.param("KV19-TRE", id="hyphen"),
        pytest.param("M417 KDB", id="prefix"),
        pytest.param("KDB 417M", id="suffix"),
        pytest.param("RKZ 4417", id="Northern Ireland"),
        pytest.param("KDB 4417", id="dateless"),
        pytest.param("4417 KDB", id="dateless, digits first"),
    ],
)
def test_line_that_is_a_plate_is_found(text: str) -> None:
    assert details(f"Visitors\n{text}\nwelcome", "vehicle") == [text]


def test_plate_with_its_country_is_found_without_it() -> None:
    assert details("GB KV19 TRE", "vehicle") == ["KV19 TRE"]


@pytest.mark.parametrize(
    "text",
    [
        "YEAR 6",
        "YO98 9ZZ",
        "LS62 2QB",
        "ROOM 12A",
        "CLASS 3B",
        "HALL 2",
        "BOX 12A",
        "GOLDEN TIME",
        "ABC 123",
        "EST 1904",
        "TOILETS",
        "SPORTS DAY",
        "KS2 SATS",
        "A4",
        "10 + 12",
        "MAY 2024",
        "Reading 417",
        "3 X 4 = 12",
    ],
)
def test_words_and_numbers_on_walls_are_no_plates(text: str) -> None:
    assert details(f"Welcome\n{text}", "vehicle") == []


def test_plate_in_a_sentence_needs_words_about_a_car() -> None:
    assert details("our code is M417 KDB for today", "vehicle") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("Tel 07700 900123", "07700 900123", id="plain"),
        pytest.param("Tel\n07700 900123", "07700 900123", id="label above"),
        pytest.param("Tel 077OO 9O0123", "077OO 9O0123", id="letters for noughts"),
        pytest.param("Tel 0770O 90S123", "0770O 90S123", id="S for 5"),
        pytest.param("Mob: 07700-9001Z3", "07700-9001Z3", id="Z for 2"),
    ],
)
def test_number_on_a_sign_is_found(text: str, number: str) -> None:
    assert details(text, "phone") == [number]


def test_schools_own_number_passes() -> None:
    assert details("Beckside Primary School\nTel 01632 960111", "phone") == []


def test_address_over_lines_is_found_in_each() -> None:
    fields = picture(
        line("17 Larch Avenue", 0, 0), line("Headingley", 0, 36), line("Leeds", 0, 72), line("LS6 2QB", 0, 108)
    )
    found = [(found.kind.value, words_of(fields, found)) for found in findings_in(fields)]
    assert found == [
        ("address", "17 Larch Avenue"),
        ("address", "Headingley"),
        ("address", "Leeds"),
        ("postcode", "LS6 2QB"),
    ]


def test_town_before_the_postcode_is_part_of_the_address() -> None:
    assert details("17 Larch Avenue\nLeeds LS6 2QB", "address") == ["17 Larch Avenue", "Leeds"]


def test_town_by_itself_is_no_address() -> None:
    assert details("Our trip to\nLeeds\nMuseum", "address") == []
