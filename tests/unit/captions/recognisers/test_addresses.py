"""Street addresses and the surroundings of a home; the school's own, public places and stories pass."""

from __future__ import annotations

import pytest

from tests.unit.captions.recognisers.cases import OCR, words


@pytest.mark.parametrize(
    ("text", "span"),
    [
        pytest.param("Drop it at 31 Quarry Bank Road", "31 Quarry Bank Road", id="number"),
        pytest.param("Drop it at 31a, Quarry Rd.", "31a, Quarry Rd", id="letter-comma-short"),
        pytest.param("Drop it at 12 & 14 Quarry Row", "12 & 14 Quarry Row", id="two-numbers"),
        pytest.param("boxes to 31 quarry lane please", "31 quarry lane", id="lower"),
        pytest.param("at number twelve Quarry Lane", "number twelve Quarry Lane", id="number-in-words"),
        pytest.param("Flat 2B, Quarry House", "Flat 2B, Quarry House", id="flat"),
        pytest.param("Heron Cottage, Quarry Lane", "Heron Cottage, Quarry Lane", id="house-name"),
        pytest.param("The Old Rectory, Quarry Lane", "The Old Rectory, Quarry Lane", id="old-rectory"),
        pytest.param("14 Heol Fawr", "14 Heol Fawr", id="Welsh"),
        pytest.param("Olivia lives at Quarry Farm", "Quarry Farm", id="farm-somebody-lives-at"),
        pytest.param("Olivia lives at 12 Kirkgate", "12 Kirkgate", id="one-word-street"),
        pytest.param("Olivia lives on Station Lane", "Station Lane", id="a-home-in-the-school's-street"),
        pytest.param("Olivia lives at number 14!", "number 14", id="number-alone"),
        pytest.param("31 QUARRY CLOSE", "31 QUARRY CLOSE", id="capitals"),
    ],
)
def test_address_is_found(text: str, span: str) -> None:
    assert words("address", text) == [span]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Kai lives next to the swings on Quarry Lane.", "lives next to the swings on Quarry Lane"),
        ("She lives two doors down from the bakery!", "lives two doors down from the bakery"),
        (
            "Collect raffle prizes from the house with the green gate behind the post office.",
            "the house with the green gate behind the post office",
        ),
        ("Kai's house is the last one before the bridge.", "Kai's house is the last one before the bridge"),
        ("His bedroom window is opposite the Co-op.", "His bedroom window is opposite the Co-op"),
    ],
)
def test_surroundings_of_a_home_are_found(text: str, span: str) -> None:
    assert words("address", text) == [span]


@pytest.mark.parametrize(
    "text",
    [
        "Full time: Beckside 3-2 Castle Street",
        "Find us at Station Ln, Otterby",
        "STATION LANE, OTTERBY",
        "A letter to 10 Downing Street",
        "Sherlock lived at 221B Baker Street",
        "Otterby Library, 14 High Street, is open",
        "We visited Quarry Farm today",
        "The ponies live at Quarry Farm",
        "The 2012 Olympic Park",
        "Year 4 Bridge building",
        "3 children walk to the park",
        "Our 2 secret gardens",
        "Goldilocks went into the house with the red door",
        "Hedgehogs live near the compost",
        "Mary Seacole lived in Jamaica",
        "The diarist lived on Seething Lane",
        "Rules to live by",
        "Nobody living in 2025.",
    ],
)
def test_what_is_nobodys_home_passes(text: str) -> None:
    assert words("address", text) == []


def test_address_on_a_label_is_found() -> None:
    assert words("address", "If found return to\n31 Quarry Mews\nOtterby", OCR) == ["31 Quarry Mews"]
