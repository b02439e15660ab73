"""How the benchmark of text reading counts: what is found, what is no text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.benchmarks.ocr import Read, Tally, is_found, is_stray, keys_of


@pytest.mark.parametrize(
    ("name", "readings", "exact", "found"),
    [
        pytest.param("Zoë O'Neil", ["zoe oneil"], True, True, id="marks and case do not count"),
        pytest.param("Zoë O'Neil", ["Zo", "eO Neil"], True, True, id="in pieces that follow one another"),
        pytest.param("Tommy Ash", ["Tammy Ash"], False, True, id="one letter off"),
        pytest.param("Tommy Ash", ["Tammi Ash"], False, False, id="two letters off"),
        pytest.param("Bea Ash", ["Dea", "Axh"], False, False, id="a letter off in short names"),
        pytest.param("Tommy Pemberton", ["Tomny xx", "yy Penberton"], False, True, id="each part one letter off"),
        pytest.param("Tommy Pemberton", ["Tommy"], False, False, id="half a name"),
        pytest.param("Leo", ["", "x"], False, False, id="nothing"),
    ],
)
def test_which_names_are_found(name: str, readings: list[str], exact: bool, found: bool) -> None:
    assert is_found(name, readings) == (exact, found)


@pytest.mark.parametrize(
    ("line", "stray"),
    [
        pytest.param("Tommy Ash", False, id="what stands there"),
        pytest.param("Tammy", False, id="something like a word of it"),
        pytest.param("qzkw vvx", True, id="something else"),
        pytest.param("-", True, id="a dash"),
        pytest.param("A", False, id="a letter of it"),
        pytest.param("7", True, id="a digit from nowhere"),
    ],
)
def test_which_lines_are_no_text(line: str, stray: bool) -> None:
    assert is_stray(line, ["Tommy Ash", "Tommy", "Ash"]) is stray


def test_in_a_picture_without_text_every_line_is_stray() -> None:
    assert is_stray("Tommy Ash", [])


def truth(**more: Any) -> dict[str, Any]:
    return {"cat": "blur", "w": 1280, "h": 960, "names": ["Tommy Ash"], "lines": ["Tommy Ash"], "words": []} | more


def test_a_picture_is_counted_and_what_is_wrong_is_told() -> None:
    tally = Tally()

    wrong = tally.add(truth(), Read(("qzkw",), ("qzkw",), 2, 0.5))

    assert (tally.pictures, tally.names, tally.found, tally.strays, tally.unread) == (1, 1, 0, 1, 2)
    assert wrong == ["missed 'Tommy Ash'", "no text 'qzkw'"]
    assert tally.seconds(1.0, 1.5) == 0.5
    assert tally.seconds(10, 14) is None


def test_further_readings_count_for_names_and_not_as_strays() -> None:
    tally = Tally()

    assert tally.add(truth(), Read(("Tomni Axh",), ("Tomni Axh", "Tommy Ash"), 0, 0.1)) == []


@pytest.mark.parametrize(
    ("more", "keys"),
    [
        ({"sigma": 2.5, "motion": True}, ["all", "- blur, 2.5, motion", "blurred"]),
        ({"cat": "label_hand"}, ["all", "- label_hand", "handwriting-like"]),
        ({"cat": "mp12s", "letter_px": 10}, ["all", "- mp12s, 10", "small letters in 12 megapixels"]),
        ({"cat": "none"}, ["all", "- none"]),
    ],
)
def test_groups(more: dict[str, Any], keys: list[str]) -> None:
    assert keys_of(truth(**more)) == keys
