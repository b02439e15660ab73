"""Telephone numbers in every writing; what only counts, dates or helps passes."""

from __future__ import annotations

import pytest

from tests.unit.captions.recognisers.cases import OCR, words


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("Text 07700 900264 tonight", "07700 900264", id="mobile"),
        pytest.param("Tel 0770.0900.264", "0770.0900.264", id="dotted"),
        pytest.param("ring 0770-090-0264", "0770-090-0264", id="hyphens"),
        pytest.param("it is 07700, 900, 264", "07700, 900, 264", id="commas"),
        pytest.param("tel:+447700900264", "+447700900264", id="scheme"),
        pytest.param("0044 7700 900264", "0044 7700 900264", id="00-for-plus"),
        pytest.param("from Dublin +353 20 912 3456", "+353 20 912 3456", id="Irish"),
        pytest.param("from Ohio +1 (555) 010-0123", "+1 (555) 010-0123", id="American-drama"),
        pytest.param("01632 960284 ext. 12 please", "01632 960284 ext. 12", id="extension"),
        pytest.param("01632 960284x12 please", "01632 960284x12", id="extension-run-on"),
        pytest.param("Text 07700 900264Olivia", "07700 900264", id="run-on-with-the-next-word"),
        pytest.param("mob07700900264", "07700900264", id="run-on-with-its-label"),
        pytest.param("o77oo 9oo264 for lifts", "o77oo 9oo264", id="letter-o"),
        pytest.param("０７７００ ９００２６４ please", "０７７００ ９００２６４", id="full-width"),
        pytest.param("07700\n900264", "07700\n900264", id="over-two-lines"),
        pytest.param(
            "oh double seven oh oh 900 two six four", "oh double seven oh oh 900 two six four", id="half-spelt"
        ),
        pytest.param(
            "zero seven seven hundred nine hundred two six four",
            "zero seven seven hundred nine hundred two six four",
            id="hundreds",
        ),
        pytest.param("message me: 7700 900264", "7700 900264", id="first-zero-left-out"),
        pytest.param("ring 960 284 after tea", "960 284", id="local"),
    ],
)
def test_number_is_found(text: str, number: str) -> None:
    assert words("phone", text) == [number]


def test_two_numbers_in_one_run_are_both_found() -> None:
    assert words("phone", "07700 900264 / 01632 960284") == ["07700 900264", "01632 960284"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Count with us: 0 10 20 30 40 50", id="counting in tens"),
        pytest.param("0 2 4 6 8 10 12 14", id="two times table"),
        pytest.param("Dates: 01.09.2025 to 18.07.2026", id="dates"),
        pytest.param("Open 08.45-12.00 and 13.00-15.15", id="times"),
        pytest.param("pi is 3.14159265358, e is 2.71828182845", id="decimals"),
        pytest.param("0.1171 (0.0022)", id="fractions of one"),
        pytest.param("Barcode 5012345678900", id="barcode"),
        pytest.param("Call 01632 960111 or 01632-960-111 or +44 1632 960111", id="the school's own in any writing"),
        pytest.param("ring 960111", id="the school's own, local"),
        pytest.param("Raffle ticket number 345678", id="ticket"),
        pytest.param("Call 0300 123 4567", id="a service"),
        pytest.param("one two three four five, once I caught a fish alive", id="nursery rhyme"),
    ],
)
def test_what_is_no_private_number_passes(text: str) -> None:
    assert words("phone", text) == []


def test_columns_of_figures_are_no_number() -> None:
    assert words("phone", "Bibs\n07\n12\n03\n44\n19\n05", OCR) == []
