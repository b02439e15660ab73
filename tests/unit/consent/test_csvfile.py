"""CSV files as schools save them, and files that are none."""

from __future__ import annotations

import time

import pytest

from consent.csvfile import MAX_CELL, MAX_ROWS, read_csv
from consent.errors import FileRefused

COLUMNS = ("name", "class")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        pytest.param("name,class\nZoë,Oak\n".encode(), "UTF-8", id="utf8"),
        pytest.param("name,class\nZoë,Oak\n".encode("utf-8-sig"), "UTF-8", id="bom"),
        pytest.param("name,class\nZoë,Oak\n".encode("cp1252"), "Windows-1252", id="windows1252"),
        pytest.param("name;class\r\nZoë;Oak\r\n".encode("cp1252"), "Windows-1252", id="semicolons"),
        pytest.param("name\tclass\nZoë\tOak\n".encode(), "UTF-8", id="tabs"),
        pytest.param('"name","class"\n"Zoë","Oak"'.encode(), "UTF-8", id="quoted, no line end"),
        pytest.param(
            "\n\nName , CLASS,,\n Zoë  , Oak ,,\n,,,\n".encode(), "UTF-8", id="blank lines, spaces, empty columns"
        ),
        pytest.param("name,class\rZoë,Oak\r".encode(), "UTF-8", id="old Mac line ends"),
        pytest.param("name,class\nZoe\u0308,Oak\n".encode(), "UTF-8", id="letters put together"),
    ],
)
def test_a_file_of_any_common_kind_reads_the_same(content, encoding):
    file = read_csv(content, COLUMNS)
    assert file.columns == COLUMNS
    assert [row.cells for row in file.rows] == [{"name": "Zoë", "class": "Oak"}]
    assert file.encoding == encoding


def test_every_row_knows_the_line_it_begins_on():
    file = read_csv(b'name,class\n"Ann\nMarie",Oak\n\nBen,Elm\n', COLUMNS)
    assert [(row.line, row.cells["name"]) for row in file.rows] == [(2, "Ann Marie"), (5, "Ben")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "empty", id="no bytes"),
        pytest.param(b" \n\r\n", "empty", id="blank lines only"),
        pytest.param(b"name,class\n", "no rows", id="header only"),
        pytest.param(b"name\nAnn\n", "column is missing: class. Found: name", id="missing column"),
        pytest.param(
            b"forename,form\nAnn,Oak\n", "columns are missing: name, class. Found: forename, form", id="two missing"
        ),
        pytest.param(b"name,class,name\nAnn,Oak,Ben\n", "more than one column called name", id="column twice"),
        pytest.param(b"name,class,opted_out\nAnn,Oak,yes\n", "not known: opted_out", id="unknown column"),
        pytest.param(b"name,class,\nAnn,Oak,yes\n", None, id="a cell under no header"),
        pytest.param(b'name,class\n"Ann,Oak\nBen,Elm\n', "Line 2: the quotation marks", id="quotes unbalanced"),
        pytest.param(b'name,class\nBen,Elm\n"Ann"x,Oak\n', "Line 3: the quotation marks", id="text after a quote"),
        pytest.param(b'"' + b"x" * 200_000 + b",class\nAnn,Oak\n", "Line 1: the quotation marks", id="endless header"),
        pytest.param(b"name,class\nAnn\0,Oak\n", "NUL", id="nul bytes"),
        pytest.param("name,class\nAnn,Oak\n".encode("utf-16"), "NUL", id="utf16"),
        pytest.param(b"name,class\nAnn\x81\x8d,Oak\n", "neither UTF-8 nor Windows-1252", id="no encoding"),
        pytest.param(b"PK\x03\x04\x14\0\x06\0", "NUL", id="an Excel workbook"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, says):
    if says is None:
        (row,) = read_csv(content, COLUMNS).rows
        assert row.problem == "The row has 3 cells, the header 2."
        return
    with pytest.raises(FileRefused) as refused:
        read_csv(content, COLUMNS)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("Ann", "The row has 1 cells, the header 2.", id="too few cells"),
        pytest.param("Ann,Oak,Elm", "The row has 3 cells, the header 2.", id="too many cells"),
        pytest.param(f"{'x' * (MAX_CELL + 1)},Oak", f"name is longer than {MAX_CELL:,} characters.", id="endless cell"),
        pytest.param("Ann\x07,Oak", "name holds a control character.", id="control character"),
    ],
)
def test_a_row_that_cannot_be_read_spoils_no_other(line, problem):
    file = read_csv(f"name,class\n{line}\nBen,Elm\n".encode(), COLUMNS)
    assert [(row.problem, row.cells) for row in file.rows] == [(problem, {}), ("", {"name": "Ben", "class": "Elm"})]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+44", "-1", "@SUM(A1)", '=HYPERLINK(""x"")', "<script>"],
    ids=["equals", "plus", "minus", "at", "link", "html"],
)
def test_what_looks_like_a_formula_stays_text(cell):
    (row,) = read_csv(f'name,class\n"{cell}",Oak\n'.encode(), COLUMNS).rows
    assert row.cells["name"] == cell.replace('""', '"')


def test_a_hundred_thousand_rows_are_refused_at_once():
    content = b"name,class\n" + b"Ann,Oak\n" * 100_000
    began = time.monotonic()
    with pytest.raises(FileRefused, match=f"more than {MAX_ROWS:,} rows"):
        read_csv(content, COLUMNS)
    assert time.monotonic() - began < 5


def test_a_file_of_the_largest_size_is_read():
    assert len(read_csv(b"name,class\n" + b"Ann,Oak\n" * MAX_ROWS, COLUMNS).rows) == MAX_ROWS


def test_a_huge_file_is_refused_unread(monkeypatch):
    monkeypatch.setattr("consent.csvfile.MAX_BYTES", 10)
    with pytest.raises(FileRefused, match="larger than"):
        read_csv(b"name,class\nAnn,Oak\n", COLUMNS)
