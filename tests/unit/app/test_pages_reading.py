"""Lines, their readings and unread places as marks: each reason ends up in one place, and none is lost."""

from __future__ import annotations

from typing import Any

import pytest

from app.pages.reading import text_marks, unread_marks
from app.reasons import Code, Reason, Remedy, Where
from vision.findings import Box

BOX = Box(10, 20, 60, 30)


def a_line(text: str, *others: str) -> dict[str, Any]:
    return {"box": BOX.as_list(), "text": text, "score": 0.9} | ({"others": list(others)} if others else {})


def a_reason(because: str, line: int | None = None, reading: int | None = None, box: Box = BOX) -> Reason:
    where = Where("ocr", 1, None, box, 0, 3, line, reading)
    return Reason(Code.NAME_IN_PICTURE, where, because, (Remedy.COVER, Remedy.LEAVE_OUT))


def found(*lines: dict[str, Any]) -> dict[str, Any]:
    return {"width": 100, "height": 80, "texts": list(lines)}


def test_two_lines_in_one_box_are_two_marks_with_their_own_reasons() -> None:
    left = [(0, a_reason("Of the second.", 2)), (1, a_reason("Of the first.", 1))]
    first, second = text_marks(1, found(a_line("Ben"), a_line("Ada")), left, ())
    assert [one.because for one in first.said] == ["Of the first."]
    assert [one.because for one in second.said] == ["Of the second."]
    assert (first.tag, second.tag) == ("A", "B")
    assert left == []


def test_readings_of_one_line_are_one_mark_with_one_cover() -> None:
    left = [(0, a_reason("As first read.", 1)), (1, a_reason("As read again.", 1, 2))]
    (mark,) = text_marks(1, found(a_line("Hen", "Ten", "Ben")), left, ())
    assert [one.because for one in mark.said] == ["As first read.", "As read again."]
    assert ["".join(piece.text for piece in reading) for reading in mark.readings] == ["Ben"]
    assert mark.cover == "1:10,20,60,30"


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param(a_reason("Where?", 3), id="a-line-that-is-not-there"),
        pytest.param(a_reason("Where?", 1, 4), id="a-reading-that-is-not-there"),
        pytest.param(a_reason("Where?", box=Box(0, 0, 5, 5)), id="another-box"),
    ],
)
def test_a_reason_that_fits_no_line_stays_for_the_picture_as_a_whole(reason: Reason) -> None:
    left = [(0, reason)]
    (mark,) = text_marks(1, found(a_line("Hen", "Ben")), left, ())
    assert not mark.stopped
    assert left == [(0, reason)]


def test_a_reason_from_before_lines_were_counted_finds_its_line_by_the_box() -> None:
    left = [(0, a_reason("A name."))]
    (mark,) = text_marks(1, found(a_line("Ben")), left, ())
    assert mark.stopped


def test_unread_places_have_marks_of_their_own_that_stop_nothing() -> None:
    search = {"readers": [], "closer": 0, "again": 0, "unread": [[60, 8, 80, 16], [0, 0, 10, 8]]}
    first, second = unread_marks(2, found() | {"text_search": search})
    assert (first.tag, first.name, first.kind, first.cover) == ("?1", "unread place 1", "unread", "2:60,8,80,16")
    assert (first.left, first.top, first.width, first.height) == (60, 10, 20, 10)
    assert not first.stopped
    assert (first.tag_shift, second.tag_shift) == ("-31 0", "0 1")  # beside it, and inside where it is at the edge


@pytest.mark.parametrize("told", [{}, {"text_search": None}], ids=["before", "not-looked-for"])
def test_where_nothing_is_told_of_the_search_nothing_is_marked(told: dict[str, Any]) -> None:
    assert unread_marks(1, found() | told) == ()
