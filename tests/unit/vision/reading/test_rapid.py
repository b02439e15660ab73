"""Which pixels are read, what of the answers is kept, and an error instead of half an answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.unit.vision.reading.engines import LINE, SMALL_PICTURE, Again, Engine, picture, quad, reader
from vision.errors import ReaderError
from vision.findings import Box, PictureText
from vision.images import Pixels
from vision.reading import rapid
from vision.reading.places import TILE, WINDOW
from vision.reading.rapid import COARSE, LONG_SIDE, WHOLE, says_something


class TestReader:
    def test_a_picture_without_lines_has_no_text_and_nothing_is_read(self) -> None:
        engine = Engine()

        read = reader(engine).read(picture(600, 800))

        assert (read.lines, read.unread, read.again, read.closer) == ((), (), 0, 0)
        assert engine.crops == []

    def test_it_is_searched_as_it_is_and_at_low_resolutions(self) -> None:
        engine = Engine()
        reader(engine).read(picture(600, 800))

        assert [max(shape) for shape in engine.searched] == [800, *COARSE]

    def test_only_at_low_resolutions_the_engine_does_not_enlarge_what_it_is_shown(self) -> None:
        engine, sides = Engine(), []
        search = engine.__call__

        class Watching(Engine):
            def __call__(self, bgr: Any, **steps: bool) -> Any:
                sides.append((max(bgr.shape), self.text_det.limit_side_len))
                return search(bgr, **steps)

        reader(Watching()).read(picture(600, 800))

        assert sides == [(800, rapid.LEAST_SIDE), (COARSE[0], 32), (COARSE[1], 32)]

    def test_a_line_lies_where_it_was_found_and_is_read_once(self) -> None:
        engine = Engine()

        read = reader(engine).read(SMALL_PICTURE)

        assert read.lines == (PictureText(Box(*LINE), "Ann", 0.99),)
        assert len(engine.crops) == 1

    def test_a_line_that_only_shows_at_a_low_resolution_is_read_in_place(self) -> None:
        class Blurred(Engine):
            def __call__(self, bgr: Any, **steps: bool) -> Any:
                return super().__call__(bgr if max(bgr.shape) in COARSE else np.zeros_like(bgr), **steps)

        (line,) = reader(Blurred()).read(SMALL_PICTURE).lines

        assert line.box.as_list() == pytest.approx(LINE, abs=3)

    def test_the_engine_is_given_bgr(self) -> None:
        engine = Engine()
        red = picture(40, 40)
        red[:, :, 0] = 100
        reader(engine).read(red)

        assert engine.first_pixel == [0, 0, 100]

    @pytest.mark.parametrize(
        ("text", "score", "kept"),
        [
            pytest.param("Ann", rapid.TEXT_SCORE, True, id="just sure enough"),
            pytest.param("Ann", rapid.TEXT_SCORE - 0.01, False, id="not sure enough"),
            pytest.param("  ", 0.99, False, id="only spaces"),
            pytest.param("■", 0.99, False, id="a shape"),
        ],
    )
    def test_which_lines_are_kept(self, text: str, score: float, kept: bool) -> None:
        assert bool(reader(Engine(text, score)).read(SMALL_PICTURE).lines) is kept

    def test_tall_lines_are_shrunk_before_they_are_read(self) -> None:
        engine = Engine()
        reader(engine).read(picture(600, 800, (0, 0, 700, 400)))

        assert {height for height, _ in engine.crops} == {72}

    @pytest.mark.parametrize("size", [(20, 1400), (1400, 20), (1, 1)], ids=["a strip", "a strip on end", "one pixel"])
    def test_a_strip_is_padded_so_that_the_engine_does_not_enlarge_it_without_bounds(
        self, size: tuple[int, int]
    ) -> None:
        engine = Engine()
        reader(engine).read(picture(*size))

        assert all(4 * min(shape) >= max(shape) - 4 for shape in engine.searched)


class TestSecondReading:
    def test_a_sure_line_is_not_read_again(self) -> None:
        again = Again(("Anna", 1.0))

        read = reader(Engine(score=rapid.SURE), again).read(SMALL_PICTURE)

        assert read.again == 0
        assert [line.text for line in read.lines] == ["Ann"]

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            pytest.param(("Frepa", 0.7), ("Freya", 0.9), ("Freya", 0.9, ("Frepa",)), id="the second is surer"),
            pytest.param(("Freya", 0.9), ("Frepa", 0.7), ("Freya", 0.9, ("Frepa",)), id="the first is surer"),
            pytest.param(("Zoë K.", 0.7), ("zoe k", 0.6), ("Zoë K.", 0.7, ()), id="both say the same"),
            pytest.param(("Freya", 0.9), ("Frxqa", 0.2), ("Freya", 0.9, ()), id="the second knows nothing"),
            pytest.param(("", 0.0), ("Freya", 0.8), ("Freya", 0.8, ()), id="the first read nothing"),
            pytest.param(("■", 0.9), ("Freya", 0.8), ("Freya", 0.8, ()), id="the first saw a shape"),
        ],
    )
    def test_the_surer_reading_is_the_text_and_the_other_is_kept(
        self, first: tuple[str, float], second: tuple[str, float], expected: tuple[str, float, tuple[str, ...]]
    ) -> None:
        (line,) = reader(Engine(*first), Again(second)).read(SMALL_PICTURE).lines

        assert (line.text, line.score, line.others) == expected

    def test_every_look_that_may_be_right_is_kept(self) -> None:
        looks = Again(("Freya", 0.9), ("Freva", 0.5), ("Frxqa", 0.2))

        (line,) = reader(Engine("Frepa", 0.6), looks).read(SMALL_PICTURE).lines

        assert (line.text, line.others) == ("Freya", ("Frepa", "Freva"))

    def test_how_many_lines_were_read_again_is_told(self) -> None:
        assert reader(Engine(score=0.6), Again()).read(SMALL_PICTURE).again == 1

    def test_what_nobody_can_read_is_a_place_to_look_at(self) -> None:
        read = reader(Engine("Xx", 0.2), Again(("Yy", 0.1))).read(SMALL_PICTURE)

        assert read.lines == ()
        assert read.unread == (Box(*LINE),)

    @pytest.mark.parametrize(
        "line",
        [pytest.param((100, 50, 160, 58), id="too low"), pytest.param((100, 50, 140, 80), id="too short for a word")],
    )
    def test_what_has_not_the_form_of_a_line_is_no_such_place(self, line: tuple[int, int, int, int]) -> None:
        assert reader(Engine("Xx", 0.2)).read(picture(600, 800, line)).unread == ()


@pytest.mark.parametrize("text", ["Ann", "3B", "12", "É", "你好吗", "A"])
def test_letters_are_text(text: str) -> None:
    assert says_something(text)


@pytest.mark.parametrize("text", ["■", "", " .-", "一", "口", "0", "1.", "の)"])
def test_a_lone_shape_is_no_text(text: str) -> None:
    assert not says_something(text)


class TestLargePictures:
    HEIGHT, WIDTH = 3000, 4000

    def lines(self, *lines: tuple[int, int, int, int]) -> tuple[PictureText, ...]:
        return reader().read(picture(self.HEIGHT, self.WIDTH, *lines)).lines

    def test_it_is_searched_as_a_whole_in_windows_and_at_low_resolutions(self) -> None:
        engine = Engine()
        reader(engine).read(picture(self.HEIGHT, self.WIDTH))

        whole, *parts, one, other = engine.searched
        assert max(whole) == WHOLE
        assert len(parts) > 1
        assert max(max(part) for part in parts) <= WINDOW + 1
        assert (max(one), max(other)) == COARSE

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
    def test_a_line_is_told_once_and_whole(self, line: tuple[int, int, int, int]) -> None:
        (found,) = self.lines(line)

        assert found.box.as_list() == pytest.approx(line, abs=10)

    def test_a_small_line_is_read_in_place_and_again_from_nearer(self) -> None:
        engine = Engine()
        read = reader(engine).read(picture(self.HEIGHT, self.WIDTH, (2500, 1700, 2620, 1716)))

        assert [line.box.as_list() for line in read.lines] == [pytest.approx([2500, 1700, 2620, 1716], abs=5)]
        assert engine.searched[-1] == (TILE, TILE)
        assert read.closer == 1
        assert len(engine.crops) == 2

    def test_a_large_plain_line_is_not_searched_again_from_nearer(self) -> None:
        assert reader().read(picture(self.HEIGHT, self.WIDTH, (1500, 700, 2100, 2000))).closer <= 4

    def test_letters_that_the_search_overlooks_are_found_by_their_detail(self) -> None:
        class Overlooks(Engine):
            def __call__(self, bgr: Any, **steps: bool) -> Any:
                return super().__call__(bgr if bgr.shape[:2] == (TILE, TILE) else np.zeros_like(bgr), **steps)

        pixels = picture(self.HEIGHT, self.WIDTH, *[(2500 + 12 * i, 1700, 2506 + 12 * i, 1710) for i in range(10)])
        read = reader(Overlooks()).read(pixels)

        assert read.closer == 1
        assert {line.box.top for line in read.lines} == {1700}

    def test_where_a_badge_would_be_is_searched_from_nearer(self) -> None:
        engine = Engine()
        read = reader(engine).read(picture(self.HEIGHT, self.WIDTH), [Box(1000, 500, 1100, 620)])

        assert read.closer == 1
        assert engine.searched[-1] == (TILE, TILE)

    def test_a_small_picture_was_searched_from_near_already(self) -> None:
        assert reader().read(SMALL_PICTURE, [Box(10, 10, 60, 60)]).closer == 0

    def test_a_small_line_at_full_resolution_is_read_as_it_was_found(self) -> None:
        engine = Engine()
        (found,) = reader(engine).read(picture(1000, LONG_SIDE, (300, 100, 400, 116))).lines

        assert found.box.as_list() == [300, 100, 400, 116]

    def test_a_line_that_a_square_cuts_is_told_whole(self) -> None:
        """The square round a small line shows only the right half of a large one."""

        class Halves(Engine):
            def recognize_txt(self, crops: list[Pixels]) -> Any:
                cut = self.searched[-1] == (TILE, TILE)
                return SimpleNamespace(txts=("man" if cut else "Rahman",) * len(crops), scores=(0.99,) * len(crops))

        pixels = picture(2400, 3000, (600, 600, 1300, 680), (1500, 640, 1560, 652))
        texts = [line.text for line in reader(Halves()).read(pixels).lines]

        assert "Rahman" in texts
        assert max(line.box.width for line in reader(Halves()).read(pixels).lines) >= 690


class TestLoneLetters:
    """Rings, edges and corners are read as letters; bunting has one on each flag."""

    FLAGS = tuple((60 + 120 * at, 50, 130 + 120 * at, 130) for at in range(3))

    def letters(self, *flags: tuple[int, int, int, int], score: float = 0.99) -> list[str]:
        return [line.text for line in reader(Engine("O", score)).read(picture(600, 800, *flags)).lines]

    def test_enough_of_them_to_spell_a_name_are_told(self) -> None:
        assert self.letters(*self.FLAGS) == ["O", "O", "O"]

    def test_fewer_are_shapes(self) -> None:
        assert self.letters(*self.FLAGS[:2]) == []

    def test_they_must_be_surer_than_words(self) -> None:
        assert self.letters(*self.FLAGS, score=rapid.LONE_LETTER - 0.01) == []

    def test_those_as_large_as_a_table_are_none(self) -> None:
        assert self.letters(*self.FLAGS[:2], (50, 180, 450, 580)) == []


class TestFailureIsNeverNoText:
    @pytest.mark.parametrize("step", ["__call__", "crop_text_regions", "cls_and_rotate", "recognize_txt"])
    def test_a_step_fails(self, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_args: Any, **_kwargs: Any) -> None:
            raise RuntimeError("onnxruntime")

        monkeypatch.setattr(Engine, step, fail)

        with pytest.raises(ReaderError):
            reader().read(SMALL_PICTURE)

    def test_the_second_reading_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_args: Any) -> None:
            raise RuntimeError("onnxruntime")

        monkeypatch.setattr(Again, "readings", fail)

        with pytest.raises(ReaderError):
            reader(Engine(score=0.6)).read(SMALL_PICTURE)

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
            reader(engine).read(SMALL_PICTURE)

    @pytest.mark.parametrize("score", [np.nan, 7.0])
    def test_the_second_answer_is_nonsense(self, score: float) -> None:
        with pytest.raises(ReaderError):
            reader(Engine(score=0.6), Again(("Ann", score))).read(SMALL_PICTURE)

    def test_a_line_was_found_and_no_text_came_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Engine, "recognize_txt", lambda *_: SimpleNamespace(txts=(), scores=()))

        with pytest.raises(ReaderError):
            reader().read(SMALL_PICTURE)
