"""How text was looked for, in sentences; no sentence says that nothing is there."""

from __future__ import annotations

from typing import Any

import pytest

from app.tried import NO_TEXT, NOT_LOOKED_FOR, tried, unread_words

SEARCH: dict[str, Any] = {"readers": ["PP-OCRv6"], "closer": 0, "again": 0, "unread": []}
LINE, FACE = {"text": "HALL"}, {"box": [0, 0, 9, 9]}


@pytest.mark.parametrize(
    ("found", "sentences"),
    [
        pytest.param({"texts": []}, (), id="looked-at-before-this-was-kept"),
        pytest.param({"text_search": None}, (NOT_LOOKED_FOR,), id="not-looked-for"),
        pytest.param(
            {"text_search": SEARCH, "texts": []},
            ("Text was read by PP-OCRv6 in the whole picture.", NO_TEXT),
            id="none",
        ),
        pytest.param(
            {"text_search": SEARCH | {"closer": 1, "again": 1}, "texts": [LINE], "faces": [FACE]},
            (
                "Text was read by PP-OCRv6 in the whole picture, in 1 place at full size and round each face.",
                "1 line was read a second time.",
            ),
            id="one-of-each",
        ),
        pytest.param(
            {"text_search": SEARCH | {"readers": ["PP-OCRv6", "EasyOCR"], "closer": 1200, "again": 3}, "texts": [LINE]},
            (
                "Text was read by PP-OCRv6 and EasyOCR in the whole picture and in 1,200 places at full size.",
                "3 lines were read a second time.",
            ),
            id="many",
        ),
        pytest.param(
            {"text_search": SEARCH | {"readers": []}, "texts": [LINE]},
            ("Text was read in the whole picture.",),
            id="a-reader-without-a-name",
        ),
    ],
)
def test_what_was_tried_is_told(found: dict[str, Any], sentences: tuple[str, ...]) -> None:
    assert tried(found) == sentences


def test_places_that_could_not_be_read_are_a_persons_to_look_at() -> None:
    assert unread_words(1) == "1 place looks like writing that could not be read: look at it yourself."
    assert unread_words(2) == "2 places look like writing that could not be read: look at them yourself."
