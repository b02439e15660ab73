"""Vehicle registrations of every age; key stages, codes and clubs pass."""

from __future__ import annotations

import pytest

from tests.unit.captions.recognisers.cases import words


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        pytest.param("YN98 KTV", "YN98 KTV", id="current"),
        pytest.param("YN98KTV", "YN98KTV", id="current-run-on"),
        pytest.param("a grey van, yn98 ktv", "yn98 ktv", id="lower-beside-a-van"),
        pytest.param("Y N 9 8 K T V", "Y N 9 8 K T V", id="spaced-out"),
        pytest.param("red car, R123 KTV", "R123 KTV", id="prefix"),
        pytest.param("old Mini KTV 123R parked", "KTV 123R", id="suffix"),
        pytest.param("Northern Irish car UIZ 4521", "UIZ 4521", id="Northern-Ireland"),
        pytest.param("number plate 7 KTV", "7 KTV", id="dateless"),
        pytest.param("reg: KTV 7", "KTV 7", id="dateless-letters-first"),
    ],
)
def test_registration_is_found(text: str, plate: str) -> None:
    assert words("vehicle", text) == [plate]


@pytest.mark.parametrize(
    "text",
    [
        "KS2 SAT week, park your car",
        "We drove in 24 hrs by car",
        "the JH21 was a racing car",
        "R2 ART club meets by the car park",
        "Room B12 and the car park",
        "At 10 the car left",
    ],
)
def test_what_is_no_registration_passes(text: str) -> None:
    assert words("vehicle", text) == []
