"""What was seen as callers and captions get it: JSON that loses nothing, text fields in the order that counts."""

from __future__ import annotations

from app.drafts import DraftView
from app.judging import METADATA_FIELDS, findings_to_json, text_fields
from app.models import Draft, DraftPicture
from captions.findings import FieldName
from vision.findings import (
    Box,
    HiddenKind,
    HiddenPicture,
    MetadataItem,
    MetadataKind,
    PictureFindings,
    PictureText,
    TextReading,
)

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


def words_of_the_file(*items: MetadataItem) -> list[str]:
    """What of these is read for names, in order."""
    draft = Draft(id="d", school_id="s", channel="School website", caption="", hashtags="")
    picture = DraftPicture(draft_id="d", number=1, file_name="", alt_text="", size=1, sha256="")
    findings = PictureFindings(64, 48, "JPEG", metadata=items)
    fields = text_fields(DraftView(draft, (picture,), None), [findings])
    return [field.text for field in fields if field.name is FieldName.METADATA]


def test_all_words_of_a_file_are_read_for_names_the_likeliest_first() -> None:
    items = (
        MetadataItem(MetadataKind.OTHER, "EXIF MakerNote", "Ben's phone"),
        MetadataItem(MetadataKind.DATE, "EXIF DateTime", "2026:05:01"),
        MetadataItem(MetadataKind.CAPTION, "IPTC Caption", "Ben runs"),
        MetadataItem(MetadataKind.NAME, "XMP PersonInImage", "Ben Okafor"),
    )

    assert words_of_the_file(*items) == ["Ben Okafor", "Ben runs", "Ben's phone"]


def test_many_unknown_words_leave_room_for_a_name() -> None:
    unknown = [MetadataItem(MetadataKind.OTHER, "PNG tag", f"word {at}") for at in range(METADATA_FIELDS + 10)]

    assert words_of_the_file(*unknown, MetadataItem(MetadataKind.NAME, "EXIF Artist", "Ben"))[0] == "Ben"
