"""Whatever is written: an answer, in bounded time, with offsets that lie in the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions import links
from captions.findings import FieldName
from captions.reading import Reading
from captions.recognisers import RECOGNISERS
from captions.recognisers.about import About
from tests.unit.captions.school import SCHOOL

PIECES = (
    "07700 900264",
    "O77oo",
    "+44",
    "YO99",
    "4TQ",
    "31 Quarry Lane",
    "Flat 2B,",
    "born",
    "5/9/16",
    "DOB",
    "aged 7",
    "(7)",
    "is",
    "at",
    "every Tuesday",
    "4.15pm",
    "right now",
    "the house with the red door",
    "opposite",
    "his inhaler",
    "1:1",
    "@nell",
    "insta:",
    "dot",
    "com",
    "https://",
    "http://1",
    "[::1]",
    "x@y.z",
    "AB 12 34 56 C",
    "passport",
    "998877665",
    "YN98 KTV",
    "car",
    "f u c k",
    "\u200b",
    "\ud800",
    "\x00",
    "\n",
    "_",
    "#Kai7",
    "ﬁ",
    "İ",
    "½",
    "🎂",
    "&#64;",
    "%40",
    "<<<",
    "'s",
    "-",
    ".",
    ",",
    "(",
    ")",
    " ",
)
HOSTILE = (
    "every day ",
    "Mondays 4pm, ",
    "his inhaler ",
    "07 ",
    "0 1 ",
    "lives near ",
    "allergic to ",
    "((1)",
    "a.b@",
    "a dot b ",
    "***",
    "Ab ",
)
LONG = 20_000  # characters of one field that are read
SECONDS = 5  # what one recogniser may take for them at most, on a busy machine


def everything(reading: Reading, about: About) -> list[tuple[int, int]]:
    found = [item for find in RECOGNISERS.values() for item in find(reading, about)]
    found += links.find(reading, about.school)
    return [(item.start, item.end) for item in found]


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=14),
    st.sampled_from(("", " ")),
    st.sampled_from(list(FieldName)),
    st.booleans(),
)
def test_offsets_lie_in_the_text(pieces: list[str], gap: str, field: FieldName, named: bool) -> None:
    text = gap.join(pieces)
    reading = Reading.of(field, text)
    about = About(SCHOOL, ((0, 1),) if named and reading.folded.text else (), frozenset({"owls"}))
    assert all(0 <= start < end <= len(text) for start, end in everything(reading, about))


@pytest.mark.parametrize("unit", HOSTILE)
def test_long_repetitions_are_read_in_bounded_time(unit: str) -> None:
    reading = Reading.of(FieldName.CAPTION, (unit * LONG)[:LONG])
    about = About(SCHOOL, tuple((i, i + 1) for i in range(0, LONG - 20, 20)))
    for name, find in RECOGNISERS.items():
        began = time.process_time()
        list(find(reading, about))
        assert time.process_time() - began < SECONDS, name
