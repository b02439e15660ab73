"""A CSV file as a school's office saves it, as checked columns and numbered rows; nothing is known of their meaning."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consent.errors import FileRefused

MAX_BYTES = 25_000_000
MAX_ROWS = 50_000  # answers in one file: 2,000 pupils with two parents and eight scopes are 32,000
MAX_CELL = 1_000  # characters
DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: the line it begins on, from 1 with the header, and its cells by column, spaces trimmed.

    `problem` is "" or one sentence saying why the row cannot be read; `cells` is then empty.
    """

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CsvFile:
    columns: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    encoding: str


def read_csv(content: bytes, required: Sequence[str], optional: Sequence[str] = ()) -> CsvFile:
    """UTF-8 (with or without BOM) or Windows-1252; comma, semicolon or tab. FileRefused where it cannot be read."""
    text, encoding = _decoded(content)
    header = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    if not header:
        raise FileRefused("The file is empty. Save the sheet with its header line and at least one row.")
    delimiter = _delimiter(header, {*required, *optional})
    rows = _rows(text, delimiter)
    _, first = next(rows)
    columns = tuple(_column(cell) for cell in _without_blank_end(first))
    _check_columns(columns, required, optional)
    found = tuple(_row(line, cells, columns) for line, cells in rows)
    if not found:
        raise FileRefused("The file has a header line and no rows. Nothing is left to import.")
    return CsvFile(columns, found, encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    if len(content) > MAX_BYTES:
        raise FileRefused(f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it into parts.")
    if b"\0" in content:
        raise FileRefused("The file holds NUL bytes, so it is not plain CSV. Save it as CSV UTF-8 (comma delimited).")
    for encoding, name in (("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")):
        try:
            return content.decode(encoding), name
        except UnicodeDecodeError:
            continue
    raise FileRefused("The file is neither UTF-8 nor Windows-1252. Save it as CSV UTF-8 (comma delimited).")


def _delimiter(header: str, known: set[str]) -> str:
    """The one that splits the header into the most columns we know."""

    def score(delimiter: str) -> int:
        try:
            cells = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(_column(cell) in known for cell in cells)

    return max(DELIMITERS, key=score)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    count = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileRefused(
                f"Line {line}: the quotation marks do not match. Mend that line, or save the sheet as CSV again."
            ) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            if count > MAX_ROWS:
                raise FileRefused(f"The file has more than {MAX_ROWS:,} rows. Split it into parts.")
            count += 1
            yield line, cells


def _check_columns(columns: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> None:
    found = f"Found: {', '.join(column or '(blank)' for column in columns)}."
    if missing := [column for column in required if column not in columns]:
        are = "columns are" if len(missing) > 1 else "column is"
        raise FileRefused(f"The {are} missing: {', '.join(missing)}. {found}")
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise FileRefused(f"The file has more than one column called {', '.join(twice)}. {found}")
    if unknown := [column or "(blank)" for column in columns if column not in {*required, *optional}]:
        raise FileRefused(
            f"The file has columns that are not known: {', '.join(unknown)}. Take them out or rename them, so that "
            f"nothing in them is overlooked. Known besides the required ones: {', '.join(optional) or 'none'}."
        )


def _row(line: int, cells: list[str], columns: Sequence[str]) -> CsvRow:
    cells = [*cells[: len(columns)], *_without_blank_end(cells[len(columns) :])]
    if len(cells) != len(columns):
        return CsvRow(line, {}, f"The row has {len(cells)} cells, the header {len(columns)}.")
    tidy = {column: _tidy(cell) for column, cell in zip(columns, cells, strict=True)}
    for column, cell in tidy.items():
        if len(cell) > MAX_CELL:
            return CsvRow(line, {}, f"{column} is longer than {MAX_CELL:,} characters.")
        if any(unicodedata.category(character) == "Cc" for character in cell):
            return CsvRow(line, {}, f"{column} holds a control character.")
    return CsvRow(line, tidy)


def _without_blank_end(cells: list[str]) -> list[str]:
    """Spreadsheets save empty columns at the right edge."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _tidy(cell: str) -> str:
    return unicodedata.normalize("NFC", " ".join(cell.split()))


def _column(cell: str) -> str:
    return "_".join(cell.split()).casefold()
