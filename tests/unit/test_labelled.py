"""The score of a labelled set: what counts as found, and what as a false alarm."""

from __future__ import annotations

from typing import Any

import pytest

from captions.findings import FieldName, SchoolProfile
from tests.benchmarks.labelled import Finding, LabelledSet, added, score

TEXT = "Ada in Year 3 came"
WANT = [{"kind": "pupil_name", "span": "Ada", "pupil": "P1|P2"}, {"kind": "class_detail", "span": "Year 3"}]


def a_set(*rows: dict[str, Any]) -> LabelledSet:
    return LabelledSet("ours", rows, (), SchoolProfile("Beckside"), {"P1": "british"})


def a_row(verdict: str = "must_flag") -> dict[str, Any]:
    expect = WANT if verdict == "must_flag" else []
    return {"id": "1", "field": "caption", "text": TEXT, "expect": expect, "verdict": verdict}


@pytest.mark.parametrize(
    ("found", "right_pupil", "right_detail"),
    [
        pytest.param([("pupil_name", 0, 3, ("P1",)), ("class_detail", 7, 13, ())], 1, 1, id="both"),
        pytest.param([("pupil_name", 0, 3, ("P2", "P9"))], 1, 0, id="either pupil"),
        pytest.param([("pupil_name", 0, 3, ("P9", "P1"))], 0, 0, id="the first candidate counts"),
        pytest.param([("pupil_name", 4, 6, ("P1",))], 0, 0, id="elsewhere"),
        pytest.param([("person_name", 0, 3, ()), ("age", 7, 13, ())], 0, 0, id="of another kind"),
        pytest.param([("pupil_name", 0, 3, ())], 0, 0, id="nobody"),
    ],
)
def test_hit_is_of_the_right_kind_at_the_right_place(found: list[Finding], right_pupil: int, right_detail: int) -> None:
    result = score("x", a_set(a_row()), lambda _field, _text: found)
    assert (result.must, result.flagged, result.clean) == (1, 1, 0)
    assert (result.right_pupil, result.pupil_spans) == (right_pupil, 1)
    assert (result.right_detail, result.detail_spans) == (right_detail, 1)
    assert result.by_origin == {"british": (right_pupil, 1)}


def test_anything_found_in_a_clean_row_is_a_false_alarm() -> None:
    result = score("x", a_set(a_row("clean"), a_row("clean")), lambda _field, _text: [("link", 0, 3, ())])
    assert (result.false, result.clean, result.must) == (2, 2, 0)
    assert result.alarms[0] == "1 link 'Ada'"


def test_row_in_which_nothing_is_found_leaks() -> None:
    result = score("x", a_set(a_row()), lambda _field, _text: [])
    assert result.leaked == ["1"]
    assert result.missed == ["1 pupil_name 'Ada'", "1 class_detail 'Year 3'"]


def test_sets_are_added_up() -> None:
    one = score("x", a_set(a_row(), a_row("clean")), lambda field, _text: [("pupil_name", 0, 3, ("P1",))])
    both = added([one, one])
    assert (both.must, both.flagged, both.false, both.right_pupil) == (2, 2, 2, 2)
    assert both.by_kind["pupil_name"] == (2, 2)
    assert (one.must, one.by_field) == (1, {FieldName.CAPTION: (1, 1)})
