"""What is made of the detector's maps: boxes in the picture's own pixels, and an error instead of nonsense."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vision import detection, thresholds
from vision.centerface import (
    Candidates,
    CenterFace,
    Floats,
    decode,
    mirror_back,
    overlaps,
    prepare,
    suppress,
    turn_back,
)
from vision.detection import LONG_SIDE, MIRRORED_SIDE, SMALL_SIDE, CenterFaceDetector, DetectedFace
from vision.errors import DetectorError
from vision.turning import SIDES, is_clearly_upright

BLANK = np.zeros((480, 640, 3), np.uint8)


class Maps:
    """Stands in for the network: faces at these shares of the picture, `side` of its long side wide and high.

    Only pictures of up to `up_to` pixels show them. In a picture whose upper right corner is brighter than its upper
    left one they lie mirrored.
    """

    def __init__(
        self, *faces: tuple[float, float], side: float = 0.05, score: float = 0.9, up_to: int = LONG_SIDE
    ) -> None:
        self.faces, self.side, self.score, self.up_to = faces, side, score, up_to
        self.shown: list[tuple[int, int]] = []
        self.spoil: dict[int, float] = {}

    def run(self, _names: Any, feed: dict[str, npt.NDArray[Any]]) -> list[Floats]:
        _, _, height, width = feed["input.1"].shape
        self.shown.append((height, width))
        rows, columns = height // 4, width // 4
        maps = [np.zeros((1, channels, rows, columns), np.float32) for channels in (1, 2, 2, 10)]
        mirrored = feed["input.1"][0, 0, 0, -1] > feed["input.1"][0, 0, 0, 0]
        for x, y in self.faces if max(height, width) <= self.up_to else ():
            x = 1 - x if mirrored else x
            row, column = min(int(y * rows), rows - 1), min(int(x * columns), columns - 1)
            maps[0][0, 0, row, column] = self.score
            maps[1][0, :, row, column] = np.log(self.side * max(height, width) / 4)
            maps[3][0, :, row, column] = np.tile([0.3, 0.5], 5)  # y, x in shares of the box
        for index, value in self.spoil.items():
            maps[index][:] = value
        return maps


@pytest.fixture
def upright(monkeypatch: pytest.MonkeyPatch) -> None:
    """No search for the way up, which these maps answer alike for each turn."""
    monkeypatch.setattr(detection, "quarter_turns", lambda network, pixels, found: 0)


def detect(maps: Any, pixels: Any = BLANK) -> tuple[DetectedFace, ...]:
    return CenterFaceDetector(CenterFace(maps)).detect(pixels)


class TestDetector:
    def test_a_blank_picture_has_no_faces(self) -> None:
        assert detect(Maps()) == ()

    def test_a_face_is_placed_in_pixels_of_the_given_picture(self, upright: None) -> None:
        (face,) = detect(Maps((0.5, 0.5)))

        assert face.box.left == pytest.approx(305, abs=2)
        assert face.box.width == pytest.approx(32, abs=2)
        assert face.detection_score == pytest.approx(0.9)
        assert face.landmarks[0][0] == pytest.approx(face.box.left + 16, abs=2)
        assert face.landmarks[0][1] == pytest.approx(face.box.top + 9.6, abs=2)

    @pytest.mark.parametrize(
        ("size", "sides"),
        [
            pytest.param((3000, 4000), {LONG_SIDE, MIRRORED_SIDE, SMALL_SIDE}, id="12 megapixels"),
            pytest.param((4000, 3000), {LONG_SIDE, MIRRORED_SIDE, SMALL_SIDE}, id="on end"),
            pytest.param((480, 640), {1280, SMALL_SIDE}, id="small: enlarged twice, no more"),
            pytest.param((120, 160), {320, 160}, id="tiny"),
        ],
    )
    def test_the_picture_is_looked_at_large_and_small(
        self, upright: None, size: tuple[int, int], sides: set[int]
    ) -> None:
        maps = Maps()
        detect(maps, np.zeros((*size, 3), np.uint8))

        assert {max(shape) for shape in maps.shown} == sides

    @pytest.mark.parametrize(
        ("bright", "place"),
        [
            pytest.param(0, (0.25, 0.5), id="upright"),
            pytest.param(1, (0.5, 0.25), id="turned once"),
            pytest.param(2, (0.75, 0.5), id="on its head"),
            pytest.param(3, (0.5, 0.75), id="turned thrice"),
        ],
    )
    def test_faces_of_a_turned_picture_are_found_where_they_lie(self, bright: int, place: tuple[float, float]) -> None:
        class Upright(Maps):
            """Sees its face only while the bright corner is the upper left one, or in that picture's mirror image."""

            def run(self, names: Any, feed: dict[str, npt.NDArray[Any]]) -> list[Floats]:
                corners = {round(float(feed["input.1"][0, 0, 0, side])) for side in (0, -1)}
                self.up_to = LONG_SIDE if corners == {255, 128} else 0
                return super().run(names, feed)

        clockwise = [(slice(y, y + 240), slice(x, x + 320)) for y, x in ((0, 0), (0, 320), (240, 320), (240, 0))]
        picture = BLANK.copy()
        picture[clockwise[bright]] = 255
        picture[clockwise[(bright + 1) % 4]] = 128

        (face,) = detect(Upright((0.25, 0.5), score=0.5), picture)

        assert (face.box.left + face.box.right) / 2 == pytest.approx(place[0] * 640, abs=4)
        assert (face.box.top + face.box.bottom) / 2 == pytest.approx(place[1] * 480, abs=4)

    def test_the_way_up_is_sought_in_four_turns_at_low_cost(self) -> None:
        maps = Maps()
        detect(maps)

        for side in SIDES:
            turned = [shape for shape in maps.shown if max(shape) == side]
            assert len(turned) == 4
            assert {shape[0] < shape[1] for shape in turned} == {True, False}

    @pytest.mark.parametrize(
        ("side", "found"),
        [
            pytest.param(0.5, 1, id="a face that fills the picture: only a small look shows it"),
            pytest.param(0.02, 0, id="a tiny one: the large look would have it, if it were one"),
        ],
    )
    def test_the_small_look_counts_for_large_faces(self, upright: None, side: float, found: int) -> None:
        assert len(detect(Maps((0.5, 0.5), side=side, up_to=SMALL_SIDE))) == found

    def test_a_face_across_the_border_keeps_what_lies_inside(self, upright: None) -> None:
        picture = BLANK.copy()
        picture[:40, :40] = 255
        (face,) = detect(Maps((0.0, 0.0)), picture)

        assert (face.box.left, face.box.top) == (0, 0)
        assert 0 < face.box.right < 32

    @pytest.mark.parametrize(
        ("side", "score", "doubtful"),
        [
            pytest.param(0.1, 0.9, [False], id="certain"),
            pytest.param(0.1, thresholds.CERTAIN_FACE - 0.02, [True], id="doubtful: somebody must say"),
            pytest.param(0.04, 0.2, [True], id="doubted from a low score on"),
            pytest.param(0.02, 0.2, [], id="small ones at such a score are false too often"),
            pytest.param(0.02, 0.32, [True], id="small ones are doubted from a higher one on"),
            pytest.param(0.1, 0.08, [], id="no face"),
        ],
    )
    def test_what_may_be_a_face_goes_by_its_score_and_size(
        self, upright: None, side: float, score: float, doubtful: list[bool]
    ) -> None:
        found = detect(Maps((0.5, 0.5), side=side, score=score))

        assert [face.doubtful for face in found] == doubtful

    def test_clear_upright_faces_settle_the_way_up(self) -> None:
        class Standing(Maps):
            def run(self, names: Any, feed: dict[str, npt.NDArray[Any]]) -> list[Floats]:
                maps = super().run(names, feed)
                eyes_over_mouth = [0.3, 0.3, 0.3, 0.7, 0.6, 0.5, 0.8, 0.35, 0.8, 0.65]
                maps[3][0] = np.array(eyes_over_mouth, np.float32)[:, None, None]
                return maps

        maps = Standing((0.5, 0.5), side=0.2)
        detect(maps)

        assert {max(shape) for shape in maps.shown} == {1280, SMALL_SIDE}


class TestFailureIsNeverNoFaces:
    @pytest.mark.parametrize(
        ("map_index", "value"),
        [
            pytest.param(0, np.nan, id="NaN scores"),
            pytest.param(0, 1.5, id="scores above 1"),
            pytest.param(0, -0.5, id="scores below 0"),
            pytest.param(1, np.nan, id="NaN sizes"),
            pytest.param(1, 50.0, id="boxes of astronomic size"),
            pytest.param(1, 7.0, id="boxes of many pictures"),
            pytest.param(1, -200.0, id="boxes without a size"),
            pytest.param(2, np.inf, id="infinite offsets"),
            pytest.param(3, np.nan, id="NaN landmarks"),
        ],
    )
    def test_nonsense_from_the_network(self, map_index: int, value: float) -> None:
        maps = Maps((0.5, 0.5))
        maps.spoil = {map_index: value}

        with pytest.raises(DetectorError):
            detect(maps)

    def test_the_network_fails(self) -> None:
        class Broken:
            def run(self, _names: Any, _feed: Any) -> list[Floats]:
                raise RuntimeError("out of memory")

        with pytest.raises(DetectorError):
            detect(Broken())

    @pytest.mark.parametrize(
        "pixels",
        [
            pytest.param(np.zeros((4, 4), np.uint8), id="grey"),
            pytest.param(np.zeros((4, 4, 4), np.uint8), id="with alpha"),
            pytest.param(np.zeros((4, 4, 3), np.float32), id="floats"),
            pytest.param(np.zeros((0, 4, 3), np.uint8), id="empty"),
        ],
    )
    def test_pixels_of_the_wrong_kind(self, pixels: Any) -> None:
        with pytest.raises(DetectorError, match="8-bit RGB"):
            detect(Maps(), pixels)


class TestParts:
    @pytest.mark.parametrize("size", [(1, 1), (3, 4000), (37, 91), (2048, 2048)])
    def test_the_network_gets_sides_that_it_can_halve_five_times(self, size: tuple[int, int]) -> None:
        blob = prepare(np.full((*size, 3), 200, np.uint8), 640)

        assert blob.shape[2] % 32 == blob.shape[3] % 32 == 0
        assert blob.min() == blob.max() == 200

    def test_of_overlapping_boxes_the_best_is_kept_and_others_stay(self) -> None:
        boxes = np.array([[0, 0, 10, 10], [1, 1, 11, 11], [20, 0, 30, 10], [2, 2, 12, 12]], np.float32)

        assert suppress(boxes, np.array([0.5, 0.9, 0.4, 0.6], np.float32)).tolist() == [1, 2]

    def test_overlap_is_the_shared_part_of_both(self) -> None:
        boxes = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30]], np.float32)

        assert overlaps(boxes[0], boxes).tolist() == pytest.approx([1, 1 / 3, 0])

    @pytest.mark.parametrize(
        ("scores", "height", "eyes_up", "clear"),
        [
            pytest.param([0.85], 20, True, True, id="one large and very clear face"),
            pytest.param([0.85], 3, True, False, id="one small one"),
            pytest.param([0.7], 20, True, False, id="one that is only clear"),
            pytest.param([0.7, 0.7], 3, True, True, id="two clear ones"),
            pytest.param([0.9, 0.9], 20, False, False, id="eyes beside the mouths"),
            pytest.param([], 20, True, False, id="nobody"),
        ],
    )
    def test_a_picture_is_clearly_upright_by_clear_upright_faces(
        self, scores: list[float], height: int, eyes_up: bool, clear: bool
    ) -> None:
        marks = np.array([[3, 3], [7, 3], [5, 5], [3, 8], [7, 8]], np.float32)
        count = len(scores)
        boxes = np.array([[50 * i, 0, 50 * i + height, height] for i in range(count)], np.float32).reshape(-1, 4)
        landmarks = np.tile(marks if eyes_up else marks[:, ::-1], (count, 1, 1)).reshape(-1, 5, 2)

        found = Candidates(boxes, np.array(scores, np.float32), landmarks)

        assert is_clearly_upright(found, 100) is clear

    def test_no_boxes_are_no_boxes(self) -> None:
        empty = np.zeros((1, 2, 8, 8), np.float32)
        found = decode(np.zeros((1, 1, 8, 8), np.float32), empty, empty, np.zeros((1, 10, 8, 8), np.float32), 0.25)

        assert suppress(found.boxes, found.scores).tolist() == []

    def test_left_and_right_change_places_in_the_mirror_image(self) -> None:
        marks = np.array([[[3, 3], [7, 4], [5, 5], [2, 8], [6, 9]]], np.float32)
        found = Candidates(np.array([[0, 0, 10, 12]], np.float32), np.array([0.5], np.float32), marks)

        back = mirror_back(found, 100)

        assert back.boxes.tolist() == [[90, 0, 100, 12]]
        assert back.landmarks[0].tolist() == [[93, 4], [97, 3], [95, 5], [94, 9], [98, 8]]
        assert mirror_back(back, 100).landmarks.tolist() == marks.tolist()

    @given(st.integers(1, 3), hnp.arrays(np.float32, (2, 2), elements=st.integers(0, 50).map(float)))
    def test_what_is_found_in_a_turned_picture_lies_where_its_pixels_were(self, turns: int, points: Floats) -> None:
        height, width = 60, 90
        low, high = points.min(axis=0), points.max(axis=0) + 5
        picture = np.zeros((height, width), np.uint8)
        picture[int(low[1]) : int(high[1]), int(low[0]) : int(high[0])] = 1
        turned = np.rot90(picture, turns)
        rows, columns = np.nonzero(turned)
        box = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32)

        back = turn_back(Candidates(box, np.ones(1, np.float32), np.zeros((1, 5, 2), np.float32)), turns, width, height)

        assert back.boxes[0].tolist() == [low[0], low[1], min(high[0], width), min(high[1], height)]
