"""Lists without commas, and places called after people: a line of names is names, "Albert Road" is a road."""

from __future__ import annotations

import pytest

from captions.findings import FieldName
from tests.unit.captions.school import shown

CAPTION, OCR = FieldName.CAPTION, FieldName.OCR


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("PEGS\nOlivia  Kai\nPoppy  Niamh", ["Olivia", "Kai", "Poppy", "Niamh"], id="word in a line"),
        pytest.param("TEAM\nGK Hussain\nDF Rossi\nST Field", ["Hussain", "Rossi", "Field"], id="word for a surname"),
        pytest.param("TEAM\nGK Hussain\nthe far end\nST Field", ["Hussain"], id="one line is no list"),
        pytest.param("Kavanagh\nRossi\nour Field trip", ["Kavanagh", "Rossi"], id="other words in its line"),
    ],
)
def test_name_in_a_list_of_lines(text: str, names: list[str]) -> None:
    assert [words for kind, words in shown(text, OCR) if kind == "pupil_name"] == names


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The fun run begins in George Street", id="street"),
        pytest.param("We drew against Olivia Road Juniors", id="another school"),
        pytest.param("A trip to Kai Castle", id="castle"),
        pytest.param("Supper at Harry Hall", id="hall, after at"),
        pytest.param("Storm Niamh took the roof off the shed", id="storm"),
        pytest.param("The canoes went down River Ada", id="river"),
    ],
)
def test_place_called_after_a_person_is_let_through(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Olivia Park won the race", "Olivia", id="a verb follows the surname"),
        pytest.param("Ella Lane, well done", "Ella", id="no capital place after a comma"),
        pytest.param("Kai's school report", "Kai", id="lower case"),
        pytest.param("Harry Hall read to us", "Harry", id="hall without at"),
        pytest.param("Poppy Field came third", "Poppy Field", id="a pupil's own full name"),
    ],
)
def test_person_with_the_name_of_a_place_is_found(text: str, name: str) -> None:
    assert any(words.startswith(name) for _, words in shown(text))
