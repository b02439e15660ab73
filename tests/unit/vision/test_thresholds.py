"""The operating points: the stricter of two neighbours holds, and evidence stands beside each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision import thresholds
from vision.thresholds import OPERATING_POINTS, Threshold, for_gallery, per_picture, per_search

sizes = st.integers(1, 20_000)
references = st.integers(1, 30)


@pytest.mark.parametrize("point", OPERATING_POINTS, ids=lambda point: f"{point.gallery_size}x{point.references}")
def test_a_measured_point_holds_where_it_was_measured(point: Threshold) -> None:
    assert for_gallery(point.gallery_size, point.references) is point


@pytest.mark.parametrize(
    ("size", "count", "measured_at"),
    [
        pytest.param(1, 3, (30, 3), id="one person"),
        pytest.param(31, 3, (100, 3), id="between two sizes"),
        pytest.param(30, 4, (30, 5), id="between two numbers of references"),
        pytest.param(100, 12, (100, 5), id="more references than were measured"),
    ],
)
def test_between_measured_points_the_stricter_holds(size: int, count: int, measured_at: tuple[int, int]) -> None:
    assert for_gallery(size, count) is for_gallery(*measured_at)


def test_beyond_the_largest_gallery_it_grows_stricter_and_says_that_nobody_measured_it() -> None:
    largest, beyond = for_gallery(250, 3), for_gallery(1000, 3)

    assert beyond.value == pytest.approx(largest.value - 2 * thresholds.STRICTER_PER_DOUBLING)
    assert beyond.extrapolated
    assert not largest.extrapolated


@given(sizes, references, st.integers(0, 500), st.integers(0, 5))
def test_more_people_or_more_references_never_make_it_laxer(size: int, count: int, people: int, more: int) -> None:
    assert for_gallery(size + people, count).value <= for_gallery(size, count).value
    assert for_gallery(size, count + more).value <= for_gallery(size, count).value


@given(sizes, references)
def test_no_operating_point_is_beyond_the_largest_allowed(size: int, count: int) -> None:
    assert for_gallery(size, count).value <= thresholds.LARGEST


def test_one_search_in_a_thousand_is_one_picture_of_ten_strangers_in_a_hundred() -> None:
    assert per_search() == pytest.approx(0.001, abs=1e-5)
    assert per_picture(0.001) == pytest.approx(0.01, abs=1e-4)


@given(st.floats(0, 0.05), st.integers(1, 200))
def test_the_rate_of_pictures_and_the_rate_of_searches_are_two_sides_of_one(fpir: float, strangers: int) -> None:
    assert fpir - 1e-9 <= per_picture(fpir, strangers) <= min(strangers * fpir + 1e-9, 1.0)
    assert per_search(per_picture(fpir, strangers), strangers) <= fpir + 1e-6


@pytest.mark.parametrize("point", OPERATING_POINTS, ids=lambda point: f"{point.gallery_size}x{point.references}")
def test_every_operating_point_keeps_to_one_false_match_in_a_hundred_pictures(point: Threshold) -> None:
    assert per_picture(point.fpir) <= thresholds.FALSE_MATCHES_PER_PICTURE


def test_a_decision_names_the_operating_point_by_limit_gallery_and_references() -> None:
    assert thresholds.for_gallery(80, 3).name == "0.205 (100 people, 3 references)"
    assert thresholds.for_gallery(500, 3).name == "0.175 (500 people, 3 references, carried on)"
