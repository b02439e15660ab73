"""No cell of an export is taken for a formula, and everything stands in it as it is."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.exporting import COLUMNS, as_csv, safe_cell
from app.audit.tables import AuditEvent


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\n=1",
        " =1",
        "\u00a0\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "\u2212 1",
        " \u3000＝1",
    ],
)
def test_what_a_spreadsheet_would_calculate_is_marked_as_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "draft:decided", "a=1", "1-2", "{}", " ", "'=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text())
def test_no_cell_begins_with_what_begins_a_formula(text: str) -> None:
    seen = unicodedata.normalize("NFKC", safe_cell(text)).lstrip()
    assert seen[:1] not in set("=+-@")
    assert safe_cell(text).removeprefix("'") == text.removeprefix("'")


def test_an_entry_is_a_line_with_all_it_holds() -> None:
    entry = AuditEvent(
        school_id="s1",
        sequence=3,
        tag="draft:received",
        actor="key:k1",
        subject="=d1",
        details={"pictures": 2},
        happened_at=datetime(2026, 11, 23, 14, 3, tzinfo=UTC),
        previous="0" * 64,
        hash="f" * 64,
    )
    header, line = csv.reader(io.StringIO(as_csv([entry])))
    assert tuple(header) == COLUMNS
    assert line == [
        "3",
        "2026-11-23T14:03:00.000000Z",
        "draft:received",
        "key:k1",
        "'=d1",
        '{"pictures": 2}',
        "f" * 64,
    ]
