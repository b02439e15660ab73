"""What is told of a picture and blocks nothing, the weightiest first."""

from __future__ import annotations

from app.notices import notices_of
from app.rights import OwnRights
from captions.findings import FieldName, Kind, TextField, TextFinding, TextFindings, TextProblem
from vision.findings import Box, HiddenKind, HiddenPicture, MetadataItem, MetadataKind, PictureFindings, TextReading

FIELDS = (
    TextField(FieldName.CAPTION, "Ben"),
    TextField(FieldName.METADATA, "Ben", 1, 0),
    TextField(FieldName.HIDDEN, "Ben", 1, 0),
    TextField(FieldName.HIDDEN, "Ben", 2, 0),
)


def found(index: int, kind: Kind = Kind.PUPIL_NAME) -> TextFinding:
    return TextFinding(index, kind, 0, 3, 0.9, "A name.", ("ben",))


def codes(picture: int, text: TextFindings, findings: PictureFindings | None = None) -> list[str]:
    findings = findings or PictureFindings(64, 48, "JPEG")
    notices = notices_of(picture, findings, FIELDS, text, OwnRights())
    assert all(notice["where"] == {"picture": picture} for notice in notices)
    return [notice["code"] for notice in notices]


def test_a_pupil_named_in_the_file_is_told_for_the_picture_and_the_place() -> None:
    assert codes(1, TextFindings((found(0), found(1), found(2), found(3)))) == [
        "metadata-pupil-named",
        "hidden-pupil-named",
    ]
    assert codes(2, TextFindings((found(1), found(3)))) == ["hidden-pupil-named"]
    assert codes(3, TextFindings((found(0), found(1)))) == []


def test_nothing_but_a_pupils_name_is_called_one() -> None:
    assert codes(1, TextFindings((found(1, Kind.PHONE), found(2, Kind.PERSON_NAME)))) == []


def test_words_of_the_file_that_were_not_read_to_their_end_are_told() -> None:
    assert codes(1, TextFindings((), (TextProblem(2, "Too long."), TextProblem(0, "Too long.")))) == [
        "file-words-unread"
    ]
    assert codes(1, TextFindings((), (TextProblem(0, "Too long."),))) == []


def test_what_a_person_must_look_at_comes_first_and_then_names() -> None:
    findings = PictureFindings(
        64,
        48,
        "JPEG",
        metadata=(MetadataItem(MetadataKind.GPS, "EXIF GPSInfo", "51, 0"),),
        hidden=(HiddenPicture(HiddenKind.THUMBNAIL, "EXIF thumbnail", 1, ("Ben",)),),
        text_search=TextReading(unread=(Box(1, 1, 9, 9),)),
    )
    told = ["text-unread", "hidden-pupil-named", "hidden-thumbnail", "metadata-gps"]
    assert codes(1, TextFindings((found(2),)), findings) == told
