"""Which pixels are read, where the lines lie, and an error instead of half an answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.errors import ReaderError
from vision.findings import Box, PictureText
from vision.images import Pixels
from vision.reading import rapid
from vision.reading.rapid import (
    LONG_SIDE,
    MOST_TILES,
    TILE,
    WHOLE,
    WINDOW,
    RapidOcr,
    box_of,
    grown,
    merged,
    short_side,
    tiles,
    united,
    windows,
)

Quad = np.ndarray[Any, Any]


def quad(left: float, top: float, right: float, bottom: float) -> Quad:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


class Engine:
    """Stands in for rapidocr: every white rectangle of what it is shown is a line, and says what is set."""

    def __init__(self, text: Any = "Ann", score: Any = 0.9, found: Any = None):
        self.text, self.score, self.found = text, score, found
        self.searched: list[tuple[int, ...]] = []
        self.crops: list[tuple[int, ...]] = []
        self.first_pixel: list[int] = []

    def __call__(self, bgr: Pixels, **steps: bool) -> Any:
        assert steps == {"use_det": True, "use_cls": False, "use_rec": False}
        self.searched.append(bgr.shape[:2])
        self.first_pixel = bgr[0, 0].tolist()
        if self.found is not None:
            return SimpleNamespace(boxes=np.array(self.found))
        count, _, boxes, _ = cv2.connectedComponentsWithStats((bgr.min(axis=2) > 127).astype(np.uint8))
        quads = [quad(x, y, x + width, y + height) for x, y, width, height, _ in boxes[1:count]]
        return SimpleNamespace(boxes=np.array(quads) if quads else None)

    def crop_text_regions(self, _bgr: Pixels, quads: Quad) -> list[Pixels]:
        return [np.zeros((max(1, int(short_side(one))), 200, 3), np.uint8) for one in quads]

    def cls_and_rotate(self, crops: list[Pixels]) -> tuple[list[Pixels], None]:
        return crops, None

    def recognize_txt(self, crops: list[Pixels]) -> Any:
        self.crops += [crop.shape[:2] for crop in crops]
        return SimpleNamespace(txts=(self.text,) * len(crops), scores=(self.score,) * len(crops))


def picture(height: int, width: int, *lines: tuple[int, int, int, int]) -> Pixels:
    """Black, with white rectangles (left, top, right, bottom)."""
    pixels = np.zeros((height, width, 3), np.uint8)
    for left, top, right, bottom in lines:
        pixels[top:bottom, left:right] = 255
    return pixels


LINE = (100, 50, 300, 80)
SMALL_PICTURE = picture(600, 800, LINE)


class TestReader:
    def test_a_picture_without_lines_has_no_text_and_nothing_is_read(self) -> None:
        engine = Engine()

        assert RapidOcr(engine).read(picture(600, 800)).lines == ()
        assert engine.searched == [(600, 800)]
        assert engine.crops == []

    def test_a_line_lies_where_it_was_found(self) -> None:
        assert RapidOcr(Engine()).read(SMALL_PICTURE).lines == (PictureText(Box(*LINE), "Ann", 0.9),)

    def test_the_engine_is_given_bgr(self) -> None:
        engine = Engine()
        red = picture(40, 40)
        red[:, :, 0] = 100
        RapidOcr(engine).read(red)

        assert engine.first_pixel == [0, 0, 100]

    @pytest.mark.parametrize(
        ("text", "score", "kept"),
        [
            pytest.param("Ann", rapid.TEXT_SCORE, True, id="just sure enough"),
            pytest.param("Ann", rapid.TEXT_SCORE - 0.01, False, id="not sure enough"),
            pytest.param("  ", 0.99, False, id="only spaces"),
        ],
    )
    def test_which_lines_are_kept(self, text: str, score: float, kept: bool) -> None:
        assert bool(RapidOcr(Engine(text, score)).read(SMALL_PICTURE).lines) is kept

    def test_tall_lines_are_shrunk_before_they_are_read(self) -> None:
        engine = Engine()
        RapidOcr(engine).read(picture(600, 800, (0, 0, 700, 400)))

        assert [height for height, _ in engine.crops] == [72]

    @pytest.mark.parametrize("size", [(20, 1400), (1400, 20), (1, 1)], ids=["a strip", "a strip on end", "one pixel"])
    def test_a_strip_is_padded_so_that_the_engine_does_not_enlarge_it_without_bounds(
        self, size: tuple[int, int]
    ) -> None:
        engine = Engine()
        RapidOcr(engine).read(picture(*size))

        assert all(4 * min(shape) >= max(shape) for shape in engine.searched)


class TestLargePictures:
    HEIGHT, WIDTH = 3000, 4000

    def lines(self, *lines: tuple[int, int, int, int]) -> tuple[PictureText, ...]:
        return RapidOcr(Engine()).read(picture(self.HEIGHT, self.WIDTH, *lines)).lines

    def test_it_is_searched_as_a_whole_and_in_windows(self) -> None:
        engine = Engine()
        RapidOcr(engine).read(picture(self.HEIGHT, self.WIDTH))

        whole, *parts = engine.searched
        assert max(whole) == WHOLE
        assert len(parts) > 1
        assert max(max(part) for part in parts) <= WINDOW + 1

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param((1500, 700, 2100, 790), id="in several windows"),
            pytest.param((300, 100, 1200, 170), id="a little beyond a window"),
            pytest.param((100, 100, 3900, 400), id="across all windows"),
            pytest.param((1000, 200, 1100, 2800), id="across all windows, on end"),
            pytest.param((0, 0, 300, 80), id="in the corner"),
            pytest.param((3700, 2900, 4000, 3000), id="in the other corner"),
        ],
    )
    def test_a_line_is_read_once_and_whole(self, line: tuple[int, int, int, int]) -> None:
        (found,) = self.lines(line)

        assert found.box.as_list() == pytest.approx(line, abs=5)

    def test_a_small_line_is_read_in_place_and_again_from_nearer(self) -> None:
        engine = Engine()
        (found,) = RapidOcr(engine).read(picture(self.HEIGHT, self.WIDTH, (2500, 1700, 2620, 1716))).lines

        assert found.box.as_list() == pytest.approx((2500, 1700, 2620, 1716), abs=5)
        assert engine.searched[-1] == (TILE, TILE)
        assert len(engine.crops) == 2

    def test_a_large_line_is_not_searched_again_from_nearer(self) -> None:
        engine = Engine()
        RapidOcr(engine).read(picture(self.HEIGHT, self.WIDTH, (1500, 700, 2100, 790)))

        assert (TILE, TILE) not in engine.searched

    def test_a_small_line_at_full_resolution_is_not_searched_again(self) -> None:
        engine = Engine()
        RapidOcr(engine).read(picture(1000, LONG_SIDE, (300, 100, 400, 116)))

        assert (TILE, TILE) not in engine.searched


class TestParts:
    @pytest.mark.parametrize(
        ("width", "height", "scale"),
        [(4000, 3000, 0.64), (3000, 4000, 0.64), (2560, 300, 1.0), (1500, 1500, 1.0), (30_000, 500, 0.0853)],
    )
    def test_windows_cover_the_picture_and_overlap(self, width: int, height: int, scale: float) -> None:
        seen = np.zeros((height, width), np.uint8)
        for left, top, right, bottom in windows(width, height, scale):
            seen[top:bottom, left:right] += 1
            assert max(right - left, bottom - top) * scale <= WINDOW + 1

        assert seen.min() >= 1
        assert seen.max() >= 2

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

    def test_lines_side_by_side_share_a_square(self) -> None:
        lines = [quad(500 + 50 * i, 500 + 30 * i, 540 + 50 * i, 520 + 30 * i) for i in range(5)]

        assert len(list(tiles(lines, (3000, 4000)))) == 1

    def test_squares_stay_in_the_picture_and_are_never_too_many(self) -> None:
        lines = [quad(x, y, x + 40, y + 20) for x in range(0, 3960, 180) for y in range(0, 2980, 160)]

        squares = list(tiles(lines, (3000, 4000)))

        assert len(squares) == MOST_TILES
        assert all(0 <= left <= 4000 - TILE and 0 <= top <= 3000 - TILE for left, top in squares)

    def test_of_two_equal_readings_of_a_place_one_is_kept_of_two_different_both(self) -> None:
        first = PictureText(Box(0, 0, 100, 20), "Zoë O'Neil", 0.7)
        same = PictureText(Box(2, 1, 99, 19), "zoe oneil", 0.9)
        other = PictureText(Box(2, 1, 99, 19), "Zoe O'Neal", 0.9)
        elsewhere = PictureText(Box(500, 0, 600, 20), "Zoë O'Neil", 0.7)

        assert united([first], [same, other, elsewhere]) == (first, other, elsewhere)


class TestFailureIsNeverNoText:
    @pytest.mark.parametrize("step", ["__call__", "crop_text_regions", "cls_and_rotate", "recognize_txt"])
    def test_a_step_fails(self, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_args: Any, **_kwargs: Any) -> None:
            raise RuntimeError("onnxruntime")

        monkeypatch.setattr(Engine, step, fail)

        with pytest.raises(ReaderError):
            RapidOcr(Engine()).read(SMALL_PICTURE)

    @pytest.mark.parametrize(
        "engine",
        [
            pytest.param(Engine(found=[quad(*LINE) * np.nan]), id="a box of NaN"),
            pytest.param(Engine(found=[quad(*LINE)[:3]]), id="a box of three corners"),
            pytest.param(Engine(score=np.nan), id="a score of NaN"),
            pytest.param(Engine(score=7.0), id="a score above 1"),
            pytest.param(Engine(score=None), id="no score"),
        ],
    )
    def test_the_answer_is_nonsense(self, engine: Engine) -> None:
        with pytest.raises(ReaderError):
            RapidOcr(engine).read(SMALL_PICTURE)

    def test_a_line_was_found_and_no_text_came_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Engine, "recognize_txt", lambda *_: SimpleNamespace(txts=(), scores=()))

        with pytest.raises(ReaderError):
            RapidOcr(Engine()).read(SMALL_PICTURE)


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
