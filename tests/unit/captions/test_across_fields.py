"""A name here and a class there: together they say who the child is and where to find it."""

from __future__ import annotations

import pytest

from captions.findings import FieldName, Kind, RegisteredName, SchoolProfile, TextField
from captions.inspection import inspect
from tests.unit.captions.school import REGISTER, SCHOOL

CAPTION, ALT, FILE, TAGS = FieldName.CAPTION, FieldName.ALT, FieldName.FILENAME, FieldName.HASHTAGS
OCR = FieldName.OCR


def classes_in(*fields: TextField) -> list[tuple[int, str]]:
    found = inspect(fields, REGISTER, SCHOOL).findings
    return [(f.field_index, fields[f.field_index].text[f.start : f.end]) for f in found if f.kind is Kind.CLASS_DETAIL]


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        pytest.param(TAGS, "#Year3Robins", ["Year3", "Robins"], id="year and class in a hashtag"),
        pytest.param(TAGS, "#teamrobins #sportsday", ["robins"], id="class glued in a hashtag"),
        pytest.param(TAGS, "#ROBINSCLASS", ["ROBINS"], id="hashtag in capitals"),
        pytest.param(TAGS, "#y3", ["y3"], id="year in short"),
        pytest.param(ALT, "A girl from Robins class on the stage", ["Robins"], id="class in the alternative text"),
        pytest.param(ALT, "Children of Year Three on a stage", ["Year Three"], id="year in the alternative text"),
        pytest.param(FILE, "robins_trip_04.jpg", ["robins"], id="class in a file name"),
        pytest.param(FILE, "Yr3-trip.jpg", ["Yr3"], id="year in a file name"),
        pytest.param(OCR, "ROBINS CLASS\nAssembly", ["ROBINS"], id="class on a board in the picture"),
    ],
)
def test_class_of_a_pupil_named_in_the_caption_is_found_in_another_field(field, text, shown) -> None:
    picture = None if field is TAGS else 1
    found = classes_in(TextField(CAPTION, "Olivia won a prize"), TextField(field, text, picture))
    assert found == [(1, words) for words in shown]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        pytest.param(TAGS, "#Year6Leavers #Eagles", id="another class and year"),
        pytest.param(ALT, "Two robins on a branch", id="birds"),
        pytest.param(FILE, "year30.jpg", id="no year group"),
        pytest.param(TAGS, "#robinsnestbox", id="a hashtag about birds"),
    ],
)
def test_what_is_not_her_class_passes(field, text) -> None:
    assert classes_in(TextField(CAPTION, "Olivia won a prize"), TextField(field, text)) == []


def test_class_in_a_hashtag_of_the_caption_itself() -> None:
    text = "Well done Olivia. What a day we had at the beach. Thank you, helpers! #Year3Robins"
    assert classes_in(TextField(CAPTION, text)) == [(0, "Year3"), (0, "Robins")]


def test_class_beside_no_name_passes() -> None:
    assert classes_in(TextField(CAPTION, "Our trip to the beach"), TextField(TAGS, "#Year3Robins #Robins")) == []


def test_class_with_a_number_is_found() -> None:
    people = [RegisteredName("a", "Amahle", "Dube", year="Year 4", class_name="4KM")]
    fields = [TextField(CAPTION, "Bravo Amahle Dube"), TextField(ALT, "4KM on stage", 1)]
    found = inspect(fields, people, SchoolProfile("X")).findings
    assert [(f.field_index, f.kind, f.start, f.end) for f in found][1:] == [(1, Kind.CLASS_DETAIL, 0, 3)]


def test_finding_says_why() -> None:
    fields = [TextField(CAPTION, "Olivia won a prize"), TextField(TAGS, "#Robins")]
    (_, finding) = inspect(fields, REGISTER, SCHOOL).findings
    assert finding.recogniser == "across_fields"
    assert finding.evidence
    assert "named in this draft" in finding.why
