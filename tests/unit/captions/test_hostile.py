"""Texts made to be slow: the work grows with their length and no faster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from captions.findings import FieldName, TextField
from captions.inspection import inspect
from tests.unit.captions.school import REGISTER, SCHOOL

SMALL, LARGE = 700, 2_800  # characters
ROUND = [
    "Olivia Smith ",
    "Olivia and ",
    "Hope Grace Poppy ",
    "Hope and ",
    "olivia",
    "oliviasmith",
    "OliviaSmith",
    "Olivia-",
    "olivia_",
    "O l i v i a  ",
    "O.l.i.v.i.a ",
    "O. S. ",
    "a.",
    "aB",
    "0l1v1a",
    "o1",
    "Ol!v!@",
    "oooliviaaa ",
    "Oliviaaaaaaaa",
    "rnrnrn",
    "Olivai ",
    "Oli-\nvia ",
    "Smith, ",
    "the Smiths ",
    "#olivia ",
    "#a",
    "@ ",
    "@olivia.smith09 ",
    "a.b@",
    "a dot b dot at ",
    "&amp;",
    "&#x4f;",
    "%41",
    "Ã«",
    "Ç\u00ad",
    "O\u200b",
    "\u202e\u2066",
    "\x00\ud800",
    "한",
    "ﷺ",
    "http://a.io ",
    "http://",
    "www.",
    "call Olivia on ",
    "Florence ",
    "Helen Ashworth ",
    "Year 3 Robins ",
    "aged 7 ",
    "every day at 3pm walks home by the park ",
    "lives at the A ",
    "1 Abc ",
    "0 7 7 0 0 9 ",
    "A1234567890",
    "(",
    "-",
    "\n",
]


def _steps(run: Callable[[], object]) -> int:
    """How many calls a run makes: the same on any machine and at any time."""
    count = 0

    def called(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


def _read(unit: str, size: int, field: FieldName) -> Callable[[], object]:
    fields = [TextField(field, (unit * size)[:size])]
    return lambda: inspect(fields, REGISTER, SCHOOL)


@pytest.mark.parametrize("field", [FieldName.CAPTION, FieldName.FILENAME])
@pytest.mark.parametrize("unit", ROUND, ids=ascii)
def test_work_grows_with_the_length_and_no_faster(unit: str, field: FieldName) -> None:
    _read(unit, 100, field)()  # what is kept for later is made now
    small, large = _steps(_read(unit, SMALL, field)), _steps(_read(unit, LARGE, field))
    assert large < 1.6 * (LARGE / SMALL) * small + 2_000


def test_entity_within_entities_is_undone_so_deep_and_no_deeper() -> None:
    steps = [_steps(_read("&" + "amp;" * 400, size, FieldName.CAPTION)) for size in (SMALL, LARGE)]
    assert steps[1] < 8 * steps[0] + 2_000


def test_many_fields_are_read_in_their_number() -> None:
    def draft(count: int) -> Callable[[], object]:
        fields = [TextField(FieldName.ALT, "Olivia of Year 3 #Robins", i + 1) for i in range(count)]
        return lambda: inspect(fields, REGISTER, SCHOOL)

    draft(2)()
    assert _steps(draft(80)) < 1.6 * 4 * _steps(draft(20))


PLACES: dict[str, Callable[[int], tuple[int, int, int, int]]] = {
    "one column": lambda i: (0, i * 30, 200, i * 30 + 25),
    "one place": lambda _: (0, 0, 200, 25),
    "rows and columns": lambda i: (i % 20 * 130, i // 20 * 60, i % 20 * 130 + 100, i // 20 * 60 + 25),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "texts", [("Olivia", "Hbarry", "Poppy"), ("Olivia", "Smith"), ("Clivia Snith",), ("h7 Rl", "Xo")], ids="+".join
)
def test_many_lines_of_a_picture_are_read_in_their_number(texts: tuple[str, ...], place: str) -> None:
    def picture(count: int) -> Callable[[], object]:
        lines = [TextField(FieldName.OCR, texts[i % len(texts)], 1, i, PLACES[place](i)) for i in range(count)]
        return lambda: inspect(lines, REGISTER, SCHOOL)

    picture(4)()
    assert _steps(picture(480)) < 1.6 * 4 * _steps(picture(120))
