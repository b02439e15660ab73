"""Dates of birth: what a date is called, or whose birthday it is."""

from __future__ import annotations

import pytest

from captions.findings import FieldName
from tests.unit.captions.recognisers.cases import CAPTION, FILE, OCR, words


@pytest.mark.parametrize(
    ("field", "text", "date"),
    [
        pytest.param(CAPTION, "Forms for Kai (5.9.16) are missing", "5.9.16", id="in brackets behind a name"),
        pytest.param(OCR, "DOB 5/9/16", "5/9/16", id="slashes"),
        pytest.param(OCR, "D.O.B: 05.09.2016", "05.09.2016", id="dots"),
        pytest.param(OCR, "dob 05 09 2016", "05 09 2016", id="blanks"),
        pytest.param(OCR, "Date of birth 2016-09-05", "2016-09-05", id="ISO"),
        pytest.param(OCR, "Date of birth: 5th of September 2016", "5th of September 2016", id="in-words"),
        pytest.param(OCR, "Birthdate Sept 5, 2016", "Sept 5, 2016", id="month-first"),
        pytest.param(OCR, "DOB 05-Sep-16", "05-Sep-16", id="short-month"),
        pytest.param(FILE, "scan_kai_dob_050916.pdf", "050916", id="six-digits"),
        pytest.param(FILE, "KaiDob05092016.pdf", "05092016", id="run-on"),
        pytest.param(CAPTION, "Kai was born on Monday 5 September", "Monday 5 September", id="born"),
        pytest.param(CAPTION, "Kai was born on Christmas Day 2016", "Christmas Day 2016", id="feast"),
        pytest.param(OCR, "Kai Campbell 05/09/16 (DOB)", "05/09/16", id="called-so-after"),
        pytest.param(CAPTION, "Kai came into the world on 5 September", "5 September", id="came-into-the-world"),
        pytest.param(CAPTION, "Kai was born in 2016", "2016", id="year"),
        pytest.param(CAPTION, "5 September is Kai's birthday", "5 September", id="date-first"),
        pytest.param(CAPTION, "Kai's birthday: 05/09", "05/09", id="day-and-month"),
        pytest.param(CAPTION, "Kai Campbell, b. 5.9.16", "5.9.16", id="b."),
        pytest.param(CAPTION, "the fifth of September is Kai's birthday", "fifth of September", id="all-in-words"),
    ],
)
def test_date_of_birth_is_found(field: FieldName, text: str, date: str) -> None:
    assert words("dob", text, field) == [date]


@pytest.mark.parametrize(
    "text",
    [
        "Queen Victoria was born on 24 May 1819, said Kai",
        "Shakespeare was born on 23 April 1564",
        "Kai's birthday party bags are on sale until 5 September",
        "The king's birthday is on 14 November",
        "Sports day with Kai is on 5 July 2025",
    ],
)
def test_other_dates_pass(text: str) -> None:
    assert words("dob", text) == []
