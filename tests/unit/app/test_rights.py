"""Whose a copyright or credit line is: tables of lines as files carry them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rights import OwnRights, StaffName, Whose

WILLOWBROOK = OwnRights(
    schools=("Willowbrook Primary School", "WPS", "willowbrook.sch.uk", "@willowbrookprimary"),
    staff=(
        StaffName(("Jane",), "Smith", "Mrs"),
        StaffName(("Tomás", "Tom"), "Ó Briain", "Mr"),
        StaffName(("Mary Ann",), "Lloyd-Jones", "Dr"),
        StaffName(("Claire",), "Cole"),
    ),
    details=("Mill Lane, Elmford", "EL1 2AB", "Kestrels"),
)
ALL_SAINTS = OwnRights(schools=("All Saints' C of E Primary School", "St. Mary’s Infants"))

OWN = [
    "Willowbrook Primary School",
    "© Willowbrook Primary School 2026",
    "Copyright (c) 2019-2026 WILLOWBROOK PRIMARY SCHOOL. All rights reserved.",
    "(C) willowbrook  primary\tschool",
    "Copyright Willowbrook Primary",
    "© Willowbrook School",
    "Willowbrook",
    "©2026WillowbrookPrimarySchool",
    "@WillowbrookPrimary",
    "www.willowbrook.sch.uk",
    "WPS",
    "Willowbrook Primary School PTA",
    "Willowbrook Primary School, Mill Lane, Elmford EL1 2AB",
    "Photo by Mrs Smith, Willowbrook Primary School",
    "Jane Smith",
    "JANE SMITH 2026",
    "J. Smith",
    "J Smith",
    "Smith, J.",
    "Smith, Jane",
    "Jane R. Smith",
    "J. R. Smith",
    "Mrs Smith",
    "Mrs. J. Smith",
    "Photography by Jane Smith",
    "Photos: Jane Smith and Tom Ó Briain",
    "Tomas O Briain",
    "Mr O\u2019 Briain",
    "Tomás O\u0301 Briain",
    "M. Lloyd Jones",
    "Mary Lloyd-Jones",
    "C. Cole",
    "Mr. Ó Briain, Kestrels class teacher",
]
NOBODYS = [
    "",
    " \n\t",
    "Copyright",
    "Copyright (c)",
    "(c)",
    "©",
    "© 2026",
    "2019 - 2026",
    "Copyright 2026. All rights reserved.",
    "none",
    "None",
    "N/A",
    "Unknown",
    "unknown photographer",
    "Picasa",
    "OLYMPUS DIGITAL CAMERA",
    "NIKON CORPORATION",
    "Canon",
    "SAMSUNG",
    "Your Name",
    "Owner",
    "---",
    "Do not copy without permission",
]
OTHERS = [
    "Press Pictures Ltd",
    "© Getty Images",
    "Copyright Willowbrook Photography",
    "Willowbrook High School",
    "Willowbrook Ltd",
    "Press Pictures Ltd for Willowbrook Primary School",
    "Jane Doe / Willowbrook Primary School",
    "Willowbrook Primary School, photo: Pat Doe",
    "Smith",
    "Mr Smith",
    "John Smith",
    "K. Smith",
    "Jane Smithson",
    "Jane Smith Studios",
    "Jane Smith for Getty Images",
    "Mrs Cole",
    "Mr Willowbrook",
    "J. Willowbrook",
    "123RF",
    "500px",
    "Apple Inc.",
    "Microsoft",
    "摄影师",
    "Primary School",
    "CC BY-SA 4.0",
    "https://example.org/licence",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("line", OWN)
def test_what_is_the_schools_or_its_staffs(line: str) -> None:
    assert WILLOWBROOK.whose(line) is Whose.OWN


@pytest.mark.parametrize("line", NOBODYS)
def test_what_names_nobody(line: str) -> None:
    assert WILLOWBROOK.whose(line) is Whose.NOBODY


@pytest.mark.parametrize("line", OTHERS)
def test_what_is_somebody_elses(line: str) -> None:
    assert WILLOWBROOK.whose(line) is Whose.OTHERS


@pytest.mark.parametrize(
    ("line", "whose"),
    [
        ("All Saints CE Primary School", Whose.OWN),
        ("© All Saints\u2019 Church of England Primary", Whose.OWN),
        ("Saint Marys Infants", Whose.OWN),
        ("St Mary's", Whose.OWN),
        ("All Saints Photography", Whose.OTHERS),
        ("Saints", Whose.OTHERS),
    ],
)
def test_saints_and_churches_are_written_in_many_ways(line: str, whose: Whose) -> None:
    assert ALL_SAINTS.whose(line) is whose


@given(st.text())
def test_a_school_that_is_not_known_owns_nothing(line: str) -> None:
    assert OwnRights().whose(line) is not Whose.OWN


@given(st.sampled_from(OTHERS), st.sampled_from(OWN))
def test_a_name_of_ones_own_beside_another_makes_it_no_less_anothers(other: str, own: str) -> None:
    if other not in ("Smith", "Primary School", "Mr Willowbrook", "J. Willowbrook"):
        assert WILLOWBROOK.whose(f"{other}; {own}") is Whose.OTHERS
