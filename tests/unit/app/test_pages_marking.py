"""Where something was found in a text, and the proposed words in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.marking import Piece, Span, marked, reworded

SPANS = st.lists(st.builds(Span, st.integers(-3, 30), st.integers(-3, 30), st.sampled_from(["1", "2", ""])))


def test_each_finding_is_marked_with_its_label() -> None:
    assert marked("Well done Ben and Amara", [Span(18, 23, "2"), Span(10, 13, "1")]) == (
        Piece("Well done "),
        Piece("Ben", True, "1"),
        Piece(" and "),
        Piece("Amara", True, "2"),
    )


def test_findings_that_overlap_share_one_mark_with_both_labels() -> None:
    assert marked("Ben Marsh, 9", [Span(0, 9, "1"), Span(4, 12, "2")]) == (Piece("Ben Marsh, 9", True, "1, 2"),)


@given(st.text(max_size=25), SPANS)
def test_marking_never_changes_the_text(text: str, spans: list[Span]) -> None:
    assert "".join(piece.text for piece in marked(text, spans)) == text


@given(st.text(max_size=25), SPANS)
def test_every_finding_inside_the_text_is_marked(text: str, spans: list[Span]) -> None:
    flags = [piece.found for piece in marked(text, spans) for _ in piece.text]
    for span in spans:
        assert all(flags[max(0, span.start) : max(0, min(span.end, len(text)))])


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([Span(10, 13, "a pupil")], "Well done a pupil, our star", id="one"),
        pytest.param([Span(10, 13, "a pupil"), Span(0, 4, "Nicely")], "Nicely done a pupil, our star", id="two"),
        pytest.param([Span(10, 13, "a pupil"), Span(10, 18, "everyone")], "Well done everyone star", id="overlapping"),
        pytest.param([Span(10, 13, "")], "Well done , our star", id="taken-out"),
        pytest.param([Span(20, 99, "x"), Span(5, 5, "x")], "Well done Ben, our star", id="beyond-the-text"),
        pytest.param([], "Well done Ben, our star", id="none"),
    ],
)
def test_proposed_words_stand_in_the_place_of_what_was_found(spans: list[Span], expected: str) -> None:
    assert reworded("Well done Ben, our star", spans) == expected
