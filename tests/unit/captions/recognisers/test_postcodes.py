"""Postcodes with areas that exist; grid squares, ordinals and key stages pass."""

from __future__ import annotations

import pytest

from tests.unit.captions.recognisers.cases import CAPTION, OCR, words


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("YO99 4TQ", id="blank"),
        pytest.param("YO994TQ", id="no-blank"),
        pytest.param("yo99 4tq", id="lower"),
        pytest.param("Yo99 4tq", id="title"),
        pytest.param("YO99-4TQ", id="hyphen"),
        pytest.param("Y099 4TQ", id="zero-for-o"),
        pytest.param("YO99 4T0", id="zero-in-unit"),
        pytest.param("Y O 9 9 4 T Q", id="spaced-out"),
        pytest.param("SW1A 9ZZ", id="lettered-district"),
        pytest.param("M98 4ND", id="one-letter-area"),
    ],
)
def test_postcode_is_found(code: str) -> None:
    assert words("postcode", f"come to {code} at noon") == [code]


def test_postcode_over_two_lines_is_found() -> None:
    assert words("postcode", "Northside\nYO99\n4TQ", OCR) == ["YO99\n4TQ"]


@pytest.mark.parametrize(
    "text",
    [
        "KS2 1st",
        "KS1 2ND",
        "B12 4th",
        "s 2 5th",
        "QX12 3AB",
        "882 6PR",
        "M25A 1AA",
        "yo98 9zz",
        "YO989ZZ",
        "Grid B2 3CD4",
        "b 1 4lb",
    ],
)
def test_what_only_looks_like_a_postcode_passes(text: str) -> None:
    assert words("postcode", text, CAPTION) == []
