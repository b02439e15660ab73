"""Where text is looked for: windows that miss nothing, squares where the detail is, never too many."""

from __future__ import annotations

import numpy as np
import pytest

from vision.findings import Box
from vision.reading.places import MOST_TILES, TILE, WINDOW, below, detailed, tiles, windows


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(4000, 3000, 0.64), (3000, 4000, 0.64), (2560, 300, 1.0), (1500, 1500, 1.0), (30_000, 500, 0.0853)],
)
def test_windows_cover_the_picture_and_overlap(width: int, height: int, scale: float) -> None:
    seen = np.zeros((height, width), np.uint8)
    for left, top, right, bottom in windows(width, height, scale):
        seen[top:bottom, left:right] += 1
        assert max(right - left, bottom - top) * scale <= WINDOW + 1

    assert seen.min() >= 1
    assert seen.max() >= 2


class TestDetail:
    def wall(self, noise: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        grain = np.random.default_rng(1).normal(190, noise, (1500, 2000, 1))
        return np.clip(np.repeat(grain, 3, axis=2), 0, 255).astype(np.uint8)

    @pytest.mark.parametrize("noise", [0, 4, 9], ids=["smooth", "grainy", "very grainy"])
    def test_a_bare_wall_has_none(self, noise: float) -> None:
        assert detailed(self.wall(noise)) == []

    @pytest.mark.parametrize("noise", [0, 4], ids=["smooth", "grainy"])
    def test_small_strokes_on_a_wall_are_found(self, noise: float) -> None:
        pixels = self.wall(noise)
        for at in range(12):
            pixels[700:710, 1200 + 8 * at : 1203 + 8 * at] = 40

        (place,) = detailed(pixels)

        assert place.left <= 1200 < 1290 <= place.right
        assert place.top <= 700 < 710 <= place.bottom

    def test_long_low_places_come_before_large_areas(self) -> None:
        pixels = self.wall(0)
        pixels[::2, 100:700] = 0
        pixels[700:710, 1200:1300:6] = 40

        low, large = detailed(pixels)

        assert low.height < large.height

    def test_a_picture_smaller_than_a_cell_has_none(self) -> None:
        assert detailed(np.zeros((4, 400, 3), np.uint8)) == []


class TestSquares:
    def test_places_side_by_side_share_a_square(self) -> None:
        places = [Box(500 + 50 * i, 500 + 30 * i, 540 + 50 * i, 520 + 30 * i) for i in range(5)]

        assert len(tiles(places, 4000, 3000)) == 1

    def test_squares_stay_in_the_picture_and_are_never_too_many(self) -> None:
        places = [Box(x, y, x + 40, y + 20) for x in range(0, 3960, 180) for y in range(0, 2980, 160)]

        squares = tiles(places, 4000, 3000, most=5)

        assert len(squares) == 5
        assert len(tiles(places, 4000, 3000)) <= MOST_TILES
        assert all(0 <= left <= 4000 - TILE and 0 <= top <= 3000 - TILE for left, top in squares)

    def test_a_place_that_no_square_holds_is_cut_up(self) -> None:
        place = Box(100, 100, 2500, 200)

        covered = np.zeros((3000, 4000), bool)
        for left, top in tiles([place], 4000, 3000):
            covered[top : top + TILE, left : left + TILE] = True

        assert covered[100:200, 100:2500].all()

    def test_a_picture_smaller_than_a_square_is_one(self) -> None:
        assert tiles([Box(10, 10, 60, 20)], 500, 300) == [(0, 0)]


def test_a_badge_hangs_below_a_face_inside_the_picture() -> None:
    assert below(Box(100, 50, 200, 170), 4000, 3000) == Box(0, 50, 300, 530)
    assert below(Box(3900, 2900, 4000, 3000), 4000, 3000) == Box(3800, 2900, 4000, 3000)
