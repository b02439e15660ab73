"""Lines of a picture: what stands together is read together, what stands apart is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.findings import FieldName, TextField
from captions.layout import BLOCK, CELL, LINE, WORD, Layout, arrange
from tests.unit.captions.picture import findings_in, line, named, picture, turned, words_of

OLIVIA, SMITH = ("Olivia", ("olivia",)), ("Smith", ("olivia",))


def laid_out(fields: list[TextField]) -> str:
    layout = arrange(fields, range(len(fields)))
    return "".join(f"{gap if number else ''}{fields[index].text}" for number, (index, gap) in enumerate(layout.order))


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        pytest.param([("below", 0, 40), ("above", 0, 0)], f"above{LINE}below", id="from the top down"),
        pytest.param([("right", 90, 4), ("left", 0, 0)], f"left{WORD}right", id="from left to right"),
        pytest.param([("left", 0, 0), ("cell", 120, 0)], f"left{CELL}cell", id="a wide gap"),
        pytest.param([("left", 0, 0), ("far", 900, 0)], f"left{BLOCK}far", id="the other side"),
        pytest.param([("above", 0, 0), ("far", 0, 400)], f"above{BLOCK}far", id="the other end"),
    ],
)
def test_lines_are_read_as_they_stand(lines: list[tuple[str, int, int]], read: str) -> None:
    assert laid_out(picture(*(line(*each) for each in lines))) == read


def test_lines_without_boxes_keep_their_order() -> None:
    fields = [TextField(FieldName.OCR, text, 1) for text in ("second", "first")]
    assert laid_out(fields) == "second\nfirst"


BOXES = st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(1, 300), st.integers(1, 300))


@given(st.lists(st.tuples(st.text(max_size=8), BOXES), max_size=25))
def test_every_line_is_read_exactly_once(lines: list[tuple[str, tuple[int, int, int, int]]]) -> None:
    fields = [TextField(FieldName.OCR, text, 1, 0, (x, y, x + w, y + h)) for text, (x, y, w, h) in lines]
    layout: Layout = arrange(fields, range(len(fields)))
    assert sorted(index for index, _ in layout.order) == list(range(len(fields)))
    assert all(0 <= index < len(fields) for pair in layout.beside for index in pair)


CERTIFICATE = [line("This is awarded to", 40, 0), line("Olivia", 80, 50, high=60), line("Smith", 110, 118)]
GAP = [line("Olivia", 0, 0), line("Smith", 160, 3)]
LIST = [
    line(text, column * 330, row * 42)
    for row, texts in enumerate([("Tan", "Xin Yi"), ("Rossi", "Bella"), ("Smith", "Olivia"), ("Porter", "Harry")])
    for column, text in enumerate(texts)
]
GRID = [
    line(text, column * 120, row * 36)
    for row, texts in enumerate([("Olivia", "Kai", "Harry"), ("Smith", "Campbell", "Porter")])
    for column, text in enumerate(texts)
]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(CERTIFICATE, id="certificate"),
        pytest.param(GAP, id="a gap between"),
        pytest.param(LIST, id="columns of a list"),
        pytest.param(GRID, id="labels side by side"),
        pytest.param([turned("Olivia", 0, 0), turned("Smith", 36, 0)], id="turned"),
        pytest.param([turned("Smith", 0, 0), turned("Olivia", 36, 0)], id="turned the other way"),
        pytest.param([line("Smith", 0, 0), line("Olivia", 0, 34)], id="upside down"),
    ],
)
def test_name_in_two_lines_is_one_pupils(lines: list[tuple[TextField, ...]]) -> None:
    found = named(picture(*lines))
    assert OLIVIA in found
    assert SMITH in found


def test_list_that_lies_at_a_slope_is_read_by_its_rows() -> None:
    rows = [("Tan", "Xin Yi"), ("Rossi", "Bella"), ("Smith", "Olivia"), ("Porter", "Harry"), ("Eze", "Emeka")]
    lines = [
        line(text, column * 330 - row * 4, row * 42 + column * 33)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    assert {("Tan", ("xinyi",)), OLIVIA, SMITH, ("Eze", ("emeka",))} <= set(named(picture(*lines)))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([line("Olivia", 0, 0), line("Porter", 900, 500)], id="across the picture"),
        pytest.param([line("Olivia", 0, 0), line("Smith", 800, 0)], id="at the same height"),
        pytest.param([line("Olivia", 0, 0), line("Smith", 0, 300)], id="far below"),
        pytest.param([line("Olivia", 0, 0), turned("Smith", 100, 0)], id="one of them turned"),
    ],
)
def test_labels_apart_make_no_full_name(lines: list[tuple[TextField, ...]]) -> None:
    fields = picture(*lines)
    assert OLIVIA in named(fields)
    assert not any("full" in finding.why for finding in findings_in(fields))


def test_unknown_pair_that_stands_together_is_no_full_name() -> None:
    fields = picture(line("Olivia", 0, 0), line("Porter", 0, 34))
    assert not any("full" in finding.why for finding in findings_in(fields))


def test_other_reading_of_a_column_is_read_with_its_neighbour() -> None:
    rows = [("Tan", "Xin Yi"), ("Xqqv", "Olivia"), ("Porter", "Harry"), ("Eze", "Emeka")]
    lines = [
        line(text, column * 330, row * 42, *(("Smith",) if text == "Xqqv" else ()))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    assert SMITH in named(picture(*lines))


def test_details_beside_a_name_in_two_lines_are_found() -> None:
    fields = picture(line("Olivia", 0, 0, high=50), line("Smith", 0, 55), line("aged 7", 0, 90))
    assert [words_of(fields, f) for f in findings_in(fields) if f.kind == "age"] != []
