"""What was seen as callers and captions get it: JSON that loses nothing, text fields in the order that counts."""

from __future__ import annotations

from app.judging import findings_to_json
from vision.findings import Box, HiddenKind, HiddenPicture, PictureFindings, PictureText, TextReading

LINE = PictureText(Box(1, 2, 30, 12), "Oliva", 0.71239)


def found(**changes: object) -> dict[str, object]:
    return findings_to_json(PictureFindings(64, 48, "JPEG", **changes))  # type: ignore[arg-type]


def test_a_line_with_one_reading_is_as_it_always_was() -> None:
    assert found(texts=(LINE,))["texts"] == [{"box": [1, 2, 30, 12], "text": "Oliva", "score": 0.7124}]


def test_further_readings_of_a_line_stand_with_it() -> None:
    line = PictureText(LINE.box, LINE.text, LINE.score, ("Olivia", "0liva"))
    assert found(texts=(line,))["texts"] == [
        {"box": [1, 2, 30, 12], "text": "Oliva", "score": 0.7124, "others": ["Olivia", "0liva"]}
    ]


def test_what_was_tried_to_read_text_is_told() -> None:
    search = TextReading(unread=(Box(5, 6, 25, 16),), closer=4, again=2, readers=("PP-OCRv6", "easyocr"))
    assert found(text_search=search)["text_search"] == {
        "readers": ["PP-OCRv6", "easyocr"],
        "closer": 4,
        "again": 2,
        "unread": [[5, 6, 25, 16]],
    }


def test_text_that_was_not_looked_for_is_not_text_that_was_not_found() -> None:
    assert found()["text_search"] is None
    assert found(text_search=TextReading())["text_search"] == {"readers": [], "closer": 0, "again": 0, "unread": []}


def test_hidden_pictures_are_told_with_what_was_found_in_them() -> None:
    hidden = (
        HiddenPicture(HiddenKind.THUMBNAIL, "EXIF thumbnail", 2, ("Ben Marsh",)),
        HiddenPicture(HiddenKind.FRAME, "frame 2", looked_at=False),
    )
    assert found(hidden=hidden)["hidden"] == [
        {"kind": "thumbnail", "where": "EXIF thumbnail", "faces": 2, "texts": ["Ben Marsh"], "looked_at": True},
        {"kind": "frame", "where": "frame 2", "faces": 0, "texts": [], "looked_at": False},
    ]
    assert found()["hidden"] == []
