"""Two readers on one picture: nothing that either read is lost, nothing is told twice, and half an answer is none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.errors import ReaderError
from vision.findings import Box, PictureText, TextReading
from vision.images import Pixels
from vision.reading.both import BothReaders, united

PIXELS = np.full((200, 600, 3), 255, np.uint8)
HERE, A_LITTLE_ASIDE, BELOW = Box(10, 10, 210, 50), Box(14, 8, 216, 52), Box(10, 90, 210, 130)


class Says:
    """A reader by the book."""

    def __init__(self, name: str, *lines: PictureText, unread: tuple[Box, ...] = ()) -> None:
        self.version = name
        self._reading = TextReading(lines, unread, closer=1, again=2, readers=(name,))
        self.near: Sequence[Box] = ()

    def read(self, pixels: Pixels, near: Sequence[Box] = ()) -> TextReading:
        self.near = near
        return self._reading


class Fails:
    version = "broken"

    def read(self, pixels: Pixels, near: Sequence[Box] = ()) -> TextReading:
        raise ReaderError("The search for text failed. Try again.")


def line(text: str, score: float = 0.9, box: Box = HERE, *others: str) -> PictureText:
    return PictureText(box, text, score, others)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        pytest.param([line("Ava Lee")], [line("AVA LEE", 0.8, A_LITTLE_ASIDE)], [("Ava Lee", ())], id="the same"),
        pytest.param([line("Ava", 0.6)], [line("Eva", 0.7)], [("Eva", ("Ava",))], id="the surer one, and the other"),
        pytest.param([line("Ava", 0.7)], [line("Eva", 0.6)], [("Ava", ("Eva",))], id="the surer one first"),
        pytest.param([line("Ava")], [line("Ava", 0.9, BELOW)], [("Ava", ()), ("Ava", ())], id="in two places"),
        pytest.param([], [line("Ava")], [("Ava", ())], id="only the second"),
        pytest.param([line("Ava")], [], [("Ava", ())], id="only the first"),
        pytest.param(
            [line("Ava Lee 3B")], [line("Lee", 0.9, Box(90, 12, 140, 48))], [("Ava Lee 3B", ())], id="a piece of a line"
        ),
        pytest.param(
            [line("Ava Loo 3B")],
            [line("Lee", 0.9, Box(90, 12, 140, 48))],
            [("Ava Loo 3B", ()), ("Lee", ())],
            id="a piece that says something else",
        ),
        pytest.param(
            [line("Ava", 0.9, HERE, "Aua", "Ara", "Aya", "Aza")],
            [line("Eva", 0.8)],
            [("Ava", ("Eva", "Aua", "Ara", "Aya"))],
            id="what the other read comes before further readings of one",
        ),
    ],
)
def test_each_line_is_told_once_with_all_that_was_read(
    first: list[PictureText], second: list[PictureText], told: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(each.text, each.others) for each in united(first, second)] == told


def test_the_box_of_a_line_holds_what_either_framed() -> None:
    (one,) = united([line("Ava")], [line("Ava", 0.5, A_LITTLE_ASIDE)])
    assert one.box == Box(10, 8, 216, 52)


def test_two_lines_of_one_reader_never_become_one() -> None:
    both = united([line("Ava Lee")], [line("Ava Lee", 0.8), line("Tom Roe", 0.8, A_LITTLE_ASIDE)])
    assert [each.text for each in both] == ["Ava Lee", "Tom Roe"]


BOXES = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    *(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60), st.integers(1, 30)),
)
LINES = st.lists(st.builds(PictureText, BOXES, st.text("abAB12", min_size=1, max_size=5), st.floats(0, 1)), max_size=5)


@given(LINES, LINES)
def test_whatever_was_read_is_still_told(first: list[PictureText], second: list[PictureText]) -> None:
    told = " ".join(text for each in united(first, second) for text in (each.text, *each.others)).casefold()
    assert all(each.text.casefold() in told for each in (*first, *second))


@pytest.mark.parametrize(
    "both", [BothReaders(Says("a", line("Ava")), Fails()), BothReaders(Fails(), Says("b"))], ids=["second", "first"]
)
def test_where_one_fails_the_reading_fails(both: BothReaders) -> None:
    with pytest.raises(ReaderError):
        both.read(PIXELS)


def test_it_names_both_and_adds_up_what_was_tried() -> None:
    one, other = Says("one"), Says("two")
    both = BothReaders(one, other)
    read = both.read(PIXELS, [BELOW])
    assert both.version == "one+two"
    assert (read.readers, read.closer, read.again) == (("one", "two"), 2, 4)
    assert list(one.near) == list(other.near) == [BELOW]


@pytest.mark.parametrize(
    ("first", "second", "unread"),
    [
        pytest.param(Says("a", unread=(HERE,)), Says("b"), (HERE,), id="by one and not seen by the other"),
        pytest.param(Says("a", unread=(HERE,)), Says("b", line("Ava")), (), id="by one and read by the other"),
        pytest.param(Says("a", line("Ava")), Says("b", unread=(HERE,)), (), id="by the second and read by the first"),
        pytest.param(Says("a", unread=(HERE,)), Says("b", unread=(A_LITTLE_ASIDE,)), (HERE,), id="by both, told once"),
        pytest.param(Says("a", line("Ava", 0.9, BELOW)), Says("b", unread=(HERE,)), (HERE,), id="read elsewhere"),
    ],
)
def test_a_place_is_unread_where_neither_read_it(first: Says, second: Says, unread: tuple[Box, ...]) -> None:
    assert BothReaders(first, second).read(PIXELS).unread == unread
