"""One row, read strictly."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.csvfile import CsvRow
from consent.facts import Scope
from consent.rows import NOT_RECORDED, OPTIONAL, REQUIRED, UPN_LETTERS, Decided, parse_day, parse_row, upn_is_valid

TODAY = date(2026, 11, 20)
GOOD = {
    **dict.fromkeys((*REQUIRED, *OPTIONAL), ""),
    "legal_forename": "Ben",
    "legal_surname": "Adeyemi",
    "class": "Oak",
    "scope": "website",
    "decision": "granted",
    "decided_by": "Grace Adeyemi",
    "relationship": "mother",
    "has_pr": "yes",
    "decided_on": "01/09/2026",
}
STAFF = {"role": "staff", "relationship": "", "decided_by": ""}


def a_row(**cells):
    return parse_row(CsvRow(2, GOOD | cells), TODAY)


def test_a_good_row():
    row = a_row(expires_on="2027-08-31", named_ok="Yes", upn="P207000016049", evidence_ref="scan 12")
    assert (row.errors, row.doubts) == ((), ())
    assert (row.person.given, row.person.upn, row.person.class_name) == ("Ben", "P207000016049", "Oak")
    answer = row.answer
    assert (answer.scope, answer.decided, answer.giver) == (Scope.WEBSITE, Decided.GRANTED, "Grace Adeyemi")
    assert (answer.decided_on, answer.until, answer.named_ok) == (date(2026, 9, 1), date(2027, 8, 31), True)


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        pytest.param({"decision": "yes"}, "decision must be granted, refused or withdrawn, and is 'yes'", id="yes"),
        pytest.param({"decision": "y"}, "decision must be", id="y"),
        pytest.param({"decision": "grant"}, "decision must be", id="nearly the word"),
        pytest.param({"scope": "web site"}, "The scope 'web site' is not known", id="unknown scope"),
        pytest.param({"scope": ""}, "a decision but no scope", id="no scope"),
        pytest.param({"decided_on": "31/02/2026"}, "decided_on must be a date", id="no such day"),
        pytest.param({"decided_on": "09/13/2026"}, "decided_on must be a date", id="month first"),
        pytest.param({"decided_on": "1/9/26"}, "decided_on must be a date", id="year of two digits"),
        pytest.param({"decided_on": "2026-9-1"}, "decided_on must be a date", id="half ISO"),
        pytest.param({"decided_on": "45901"}, "decided_on must be a date", id="a spreadsheet's serial number"),
        pytest.param({"decided_on": "01/09/0026"}, "decided_on must be a date", id="year 26"),
        pytest.param({"decided_on": "2026-11-21"}, "a day that has not come yet", id="tomorrow"),
        pytest.param({"expires_on": "2026-08-31"}, "expires_on lies before", id="ends before it begins"),
        pytest.param(
            {"starts_on": "2027-01-01", "expires_on": "2026-12-31"}, "expires_on lies before", id="ends before start"
        ),
        pytest.param({"expires_on": "never"}, "expires_on must be a date", id="no end date"),
        pytest.param({"leaving_date": "July"}, "leaving_date must be a date", id="no leaving date"),
        pytest.param({"upn": "R207000016049"}, "mistyped", id="check letter"),
        pytest.param({"upn": "Q20700001604"}, "mistyped", id="too short"),
        pytest.param({"named_ok": "maybe"}, "named_ok must be yes, no or blank", id="named"),
        pytest.param({"has_pr": "1"}, "has_pr must be yes, no or blank", id="responsibility"),
        pytest.param({"never_publish": "x"}, "never_publish must be yes, no or blank", id="never publish"),
        pytest.param({"role": "parent"}, "role must be pupil, staff", id="role"),
        pytest.param({"legal_forename": ""}, "legal_forename is blank", id="no given name"),
        pytest.param({"legal_surname": ""}, "legal_surname is blank", id="no family name"),
        pytest.param({"role": "staff"}, "answers for themself", id="a mother answers for staff"),
        pytest.param({**STAFF, "upn": "P207000016049"}, "has no UPN", id="staff with a UPN"),
    ],
)
def test_what_is_wrong_is_an_error(cells, error):
    errors = a_row(**cells).errors
    assert len(errors) == 1
    assert error in errors[0]


def test_everything_that_is_wrong_is_said_at_once():
    assert len(a_row(legal_surname="", decided_on="soon", upn="X").errors) == 3


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"decision": ""}, id="no decision"),
        pytest.param({"decision": "", "scope": ""}, id="no decision, no scope"),
        pytest.param({"decided_by": ""}, id="nobody decided"),
        pytest.param({"decided_on": ""}, id="no day"),
    ],
)
def test_a_yes_that_is_not_written_down_in_full_is_no_yes(cells):
    row = a_row(**cells)
    assert row.errors == ()
    assert row.answer is None
    assert "no consent" in row.doubts[0]


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
def test_a_no_counts_however_little_is_written_down(decision):
    row = a_row(decision=decision, decided_by="", decided_on="", has_pr="")
    assert (row.errors, row.doubts) == ((), ())
    assert (row.answer.giver, row.answer.decided_on) == (NOT_RECORDED, None)


def test_consent_to_recognition_is_a_scope_of_its_own():
    assert a_row(scope="recognition").answer.scope is None


@pytest.mark.parametrize("cells", [STAFF, {**STAFF, "relationship": "Self"}, {"relationship": "self"}])
def test_people_may_answer_for_themselves(cells):
    assert a_row(**cells).answer.giver is None


@pytest.mark.parametrize(
    ("year", "read"), [("6", "Year 6"), ("Year 6", "Year 6"), ("Reception", "Reception"), ("", "")]
)
def test_a_bare_number_is_a_year_of_school(year, read):
    assert a_row(year=year).person.year == read


def test_a_row_that_could_not_be_read_is_an_error():
    assert parse_row(CsvRow(7, {}, "The row has 3 cells, the header 2."), TODAY).errors == (
        "The row has 3 cells, the header 2.",
    )


@pytest.mark.parametrize("upn", ["P207000016049", "B801200005001"])
def test_a_upn_with_the_right_check_letter(upn):
    assert upn_is_valid(upn)


@given(st.text("0123456789", min_size=11, max_size=11), st.sampled_from("0123456789" + UPN_LETTERS))
def test_exactly_one_check_letter_fits(digits, last):
    assert sum(upn_is_valid(letter + digits + last) for letter in UPN_LETTERS) == 1


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_shows(digits, at, by):
    letter = next(letter for letter in UPN_LETTERS if upn_is_valid(letter + digits))
    wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    assert not upn_is_valid(letter + wrong)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_reads_the_same_either_way(day):
    assert (
        parse_day(day.isoformat())
        == parse_day(f"{day:%d/%m/%Y}")
        == parse_day(f"{day.day}/{day.month}/{day.year}")
        == day
    )


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_none(text):
    day = parse_day(text)
    assert (
        day is None or text in {day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}"} or "/" in text
    )
