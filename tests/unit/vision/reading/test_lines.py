"""Frames of lines: each line once, whole, inside the picture, said by its surest reading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vision.reading.engines import quad
from vision.findings import Box, PictureText
from vision.reading.lines import ReadLine, box_of, grown, merged, not_among, short_side, united


class TestFrames:
    def test_a_window_shows_a_line_more_exactly(self) -> None:
        rough, exact = quad(95, 95, 305, 125), quad(100, 100, 300, 120)

        assert [one.tolist() for one in merged([rough], [exact], [])] == [exact.tolist()]

    def test_pieces_give_way_to_the_line_even_if_little_is_missing(self) -> None:
        line, most, rest = quad(100, 100, 300, 120), quad(100, 100, 290, 120), quad(260, 100, 300, 120)

        assert [one.tolist() for one in merged([line], [], [most, rest])] == [line.tolist()]

    def test_lines_that_only_one_search_shows_are_kept(self) -> None:
        one, two, three = quad(0, 0, 50, 10), quad(0, 40, 60, 50), quad(0, 80, 70, 90)

        assert len(merged([one], [two], [three])) == 3

    def test_slanting_lines_close_together_are_kept_apart(self) -> None:
        slant = np.array([[1, 0.15], [0, 1]], np.float32)
        lines = [quad(0, top, 400, top + 15) @ slant for top in range(0, 100, 20)]

        assert len(merged(lines, [], [])) == 5

    def test_a_looser_frame_of_a_known_line_is_nothing_new(self) -> None:
        known, looser, elsewhere = quad(100, 100, 300, 120), quad(90, 95, 310, 126), quad(100, 200, 300, 220)

        assert [one.tolist() for one in not_among([looser, elsewhere], [known])] == [elsewhere.tolist()]

    def test_a_frame_that_holds_several_known_lines_is_another_look(self) -> None:
        lines, around = [quad(100, top, 300, top + 20) for top in (100, 130, 160)], quad(90, 90, 310, 190)

        assert len(not_among([around], lines)) == 1


def line(text: str, score: float, frame: tuple[float, float, float, float], *others: str) -> ReadLine:
    quadrangle = quad(*frame)
    return ReadLine(PictureText(box_of(quadrangle, 4000, 3000), text, score, others), quadrangle)


def texts(lines: list[ReadLine]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.text, one.others) for one in united(lines)]


class TestReadings:
    PLACE, NEARLY = (0, 0, 100, 20), (2, 1, 99, 19)

    def test_of_two_equal_readings_of_a_place_the_surer_is_kept(self) -> None:
        assert texts([line("Zoë O'Neil", 0.7, self.PLACE), line("zoe oneil", 0.9, self.NEARLY)]) == [("zoe oneil", ())]

    def test_of_two_different_ones_the_surer_is_the_text_and_the_other_is_kept_with_it(self) -> None:
        first, other = line("Zoe O'Neil", 0.7, self.PLACE), line("Zoe O'Neal", 0.9, self.NEARLY)

        assert texts([first, other]) == [("Zoe O'Neal", ("Zoe O'Neil",))]

    def test_a_piece_of_a_line_is_nothing_new(self) -> None:
        whole, piece = line("Zoe O'Neil", 0.9, self.PLACE), line("Zoe", 0.8, (0, 0, 40, 19))

        assert texts([piece, whole]) == [("Zoe O'Neil", ())]

    def test_a_surer_piece_gives_way_to_the_whole_line(self) -> None:
        whole, piece = line("Mohammed Rahman", 0.9, (0, 0, 300, 20)), line("man", 1.0, (240, 0, 300, 20), "mam")

        (said,) = united([whole, piece])

        assert (said.text, said.box) == ("Mohammed Rahman", Box(0, 0, 300, 20))

    def test_a_line_that_a_square_cut_gives_way_to_any_other_reading_of_it(self) -> None:
        whole, cut = line("Mohamned Rahman", 0.7, (0, 0, 300, 20)), line("med Rahman", 1.0, (100, 0, 300, 20))

        (said,) = united([replace(cut, cut=True), whole])

        assert (said.text, said.box, said.others) == ("Mohamned Rahman", Box(0, 0, 300, 20), ("med Rahman",))

    def test_lines_elsewhere_stay_in_the_order_in_which_they_came(self) -> None:
        lines = [line(f"Ann {at}", 0.6 + 0.1 * at, (0, 40 * at, 100, 40 * at + 20)) for at in range(3)]

        assert [text for text, _ in texts(lines)] == ["Ann 0", "Ann 1", "Ann 2"]

    def test_a_small_line_inside_a_large_frame_is_a_line_of_its_own(self) -> None:
        assert len(texts([line("ABC", 0.9, (0, 0, 400, 200)), line("Tom", 0.8, (10, 90, 100, 110))])) == 2

    def test_slanting_lines_whose_upright_boxes_overlap_are_two(self) -> None:
        slant = np.array([[1, 0.3], [0, 1]], np.float32)
        frames = [quad(0, top, 400, top + 20) @ slant for top in (100, 126)]
        lines = [
            ReadLine(PictureText(box_of(frame, 4000, 3000), name, 0.9), frame)
            for frame, name in zip(frames, ("Ann", "Tom"), strict=True)
        ]

        assert texts(lines) == [("Ann", ()), ("Tom", ())]

    def test_a_line_of_a_part_lies_where_the_part_does(self) -> None:
        moved = line("Ann", 0.9, (1, 2, 30, 12), "Anne").moved(100, 200)

        assert moved.text == PictureText(Box(101, 202, 130, 212), "Ann", 0.9, ("Anne",))
        assert moved.quad.tolist() == quad(101, 202, 130, 212).tolist()


corners = st.tuples(*[st.floats(-50, 900)] * 4)


@given(corners)
def test_boxes_lie_inside_the_picture_and_are_never_empty(sides: tuple[float, float, float, float]) -> None:
    box = box_of(quad(*sides), 800, 600)

    assert 0 <= box.left < box.right <= 800
    assert 0 <= box.top < box.bottom <= 600


@given(st.floats(-3.1, 3.1), st.floats(5, 50), st.floats(60, 300))
def test_a_line_grows_outwards_at_any_angle(angle: float, height: float, length: float) -> None:
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]], np.float32)
    line = quad(0, 0, length, height) @ turn

    larger = grown(line)

    assert short_side(larger) == pytest.approx(1.2 * height, rel=1e-3)
    assert np.allclose(larger.mean(axis=0), line.mean(axis=0), atol=1e-3)
