"""Numbers that stand for one person: UPN, NHS, National Insurance, passports; check digits by formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.findings import FieldName
from captions.recognisers.nhs_numbers import is_nhs_number
from captions.recognisers.ni_numbers import is_given_out
from captions.recognisers.upns import check_letter
from tests.unit.captions.recognisers.cases import CAPTION, FILE, OCR, words

NUMBERS = [
    pytest.param("upn", OCR, f"UPN {check_letter('998201333444')}998201333444", id="UPN"),
    pytest.param(
        "upn", FILE, f"report_{check_letter('998201333444').lower()}998201333444.pdf", id="UPN in a file name"
    ),
    pytest.param("upn", OCR, f"{check_letter('998201333444')} 998 2013 33444", id="UPN spaced"),
    pytest.param("upn", OCR, f"{check_letter('998201333440')}9982O133344O", id="UPN misread"),
    pytest.param("upn", OCR, f"{check_letter('99820133344A')}99820133344A", id="temporary UPN"),
    pytest.param("upn", OCR, "UPN: Q998201333444", id="called a UPN, with a wrong letter"),
    pytest.param("nhs", OCR, "999 431 5277", id="NHS number by its form"),
    pytest.param("nhs", OCR, "NHS number 9994315271", id="called an NHS number"),
    pytest.param("nhs", CAPTION, "for the nurse: 9994315277", id="NHS number beside a nurse"),
    pytest.param("nhs", OCR, "NHS No 999 431 5277Olivia", id="NHS number glued to the next word"),
    pytest.param("ni", OCR, "AB 12 34 56 C", id="National Insurance"),
    pytest.param("ni", OCR, "AB123456C", id="without blanks"),
    pytest.param("ni", OCR, "QQ 12 34 56 C", id="the specimen"),
    pytest.param("ni", CAPTION, "my NI number is ab 12 34 56", id="called so, without a last letter"),
    pytest.param("ni", FILE, "payslip_AB123456D.pdf", id="in a file name"),
    pytest.param("passport", OCR, "Passport No 998877665", id="passport"),
    pytest.param("passport", CAPTION, "her passport (A12345678) is in the office", id="a letter first"),
    pytest.param("passport", OCR, "BRP ZU1234567", id="residence permit"),
    pytest.param("passport", OCR, "P<GBRDOE<<ALEX<LEE<<<<<<<<<<<<<<<<<<<<<<<<<<<", id="a line for machines"),
]


@pytest.mark.parametrize(("kind", "field", "text"), NUMBERS)
def test_number_is_found(kind: str, field: FieldName, text: str) -> None:
    assert len(words(kind, text, field)) == 1


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("upn", "Stock ref B998201333444", id="a code with a wrong letter"),
        pytest.param("nhs", "Invoice 9994315277", id="ten digits without a reason"),
        pytest.param("nhs", "tickets 123 456 7890", id="a wrong check digit"),
        pytest.param("ni", "GB 12 34 56 A", id="a prefix that is not given out"),
        pytest.param("ni", "AB 12 34 56 K", id="a last letter that is not used"),
        pytest.param("ni", "Seats in 12 34 56 a", id="small letters"),
        pytest.param(
            "passport", "Passports at the ready for our trip to France in 2026!", id="a passport without number"
        ),
        pytest.param("passport", "We counted 123456789 stars", id="nine digits without a passport"),
    ],
)
def test_what_only_looks_like_one_passes(kind: str, text: str) -> None:
    assert words(kind, text) == []


@given(st.text("0123456789", min_size=12, max_size=12))
def test_every_upn_with_its_check_letter_is_found(rest: str) -> None:
    number = check_letter(rest) + rest
    assert words("upn", f"Form for {number} came back") == [number]


@given(st.text("0123456789", min_size=12, max_size=12), st.sampled_from("ABCDEFGHJKLMNPQRTUVWXYZ"))
def test_upn_with_another_letter_is_none(rest: str, letter: str) -> None:
    assert (words("upn", f"Form for {letter}{rest} came back") == []) is (letter != check_letter(rest))


@given(st.integers(0, 999_999_999))
def test_one_last_digit_at_most_makes_an_nhs_number(first: int) -> None:
    assert sum(is_nhs_number(f"{first:09d}{last}") for last in range(10)) <= 1


@pytest.mark.parametrize(
    ("prefix", "given_out"), [("AB", True), ("OA", True), ("DA", False), ("AO", False), ("GB", False), ("ZZ", False)]
)
def test_prefixes_of_national_insurance(prefix: str, given_out: bool) -> None:
    assert is_given_out(prefix) is given_out
