"""What a file carries beside the picture, in one sentence for each kind of thing; nothing is dropped in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.left_out import LONGEST_QUOTE, left_out_of, quoted
from app.rights import OwnRights
from vision.findings import HiddenKind, HiddenPicture, MetadataItem, MetadataKind, PictureFindings

WREN = OwnRights(("Wren Primary",))


def told(*found: MetadataItem | HiddenPicture, rights: OwnRights = WREN) -> list[tuple[str, str]]:
    findings = PictureFindings(
        64,
        48,
        "JPEG",
        metadata=tuple(each for each in found if isinstance(each, MetadataItem)),
        hidden=tuple(each for each in found if isinstance(each, HiddenPicture)),
    )
    notices = left_out_of(3, findings, rights)
    assert all(notice["where"] == {"picture": 3} for notice in notices)
    return [(notice["code"], notice["because"]) for notice in notices]


def says(*found: MetadataItem | HiddenPicture) -> list[str]:
    return [because for _, because in told(*found)]


def item(kind: MetadataKind, text: str = "something", where: str = "EXIF tag") -> MetadataItem:
    return MetadataItem(kind, where, text)


@pytest.mark.parametrize("kind", MetadataKind)
def test_every_kind_of_metadata_has_its_sentence(kind: MetadataKind) -> None:
    ((code, because),) = told(item(kind))
    assert code == f"metadata-{kind.value}"
    assert because.endswith(".")
    assert because.count(".") == 1


@pytest.mark.parametrize("looked_at", [True, False])
@pytest.mark.parametrize("kind", HiddenKind)
def test_every_kind_of_hidden_picture_has_its_sentence(kind: HiddenKind, looked_at: bool) -> None:
    ((code, because),) = told(HiddenPicture(kind, "somewhere", looked_at=looked_at))
    assert code == f"hidden-{kind.value}"
    assert because.endswith("left out of the safe file." if kind is not HiddenKind.FRAME else "picture is published.")
    assert ("could not be opened" in because) is not looked_at
    assert "Something hidden" not in because


LEFT_OUT = "this is left out of the safe file."


@pytest.mark.parametrize(
    ("found", "sentences"),
    [
        pytest.param(
            [item(MetadataKind.GPS, "51.5, -0.1")], [f"The file says where it was taken; {LEFT_OUT}"], id="gps"
        ),
        pytest.param(
            [item(MetadataKind.NAME, "Ben Marsh"), item(MetadataKind.NAME, "R. Patel")],
            [f"The file names somebody (‘Ben Marsh’ and ‘R. Patel’); {LEFT_OUT}"],
            id="names",
        ),
        pytest.param(
            [item(MetadataKind.CAPTION, text) for text in ("Sports day", "Year 3", "Sports day", "a", "b", "c")],
            [f"The file carries a description or key words (‘Sports day’, ‘Year 3’, ‘a’ and 2 more); {LEFT_OUT}"],
            id="captions",
        ),
        pytest.param(
            [item(MetadataKind.SERIAL, "3051234567")],
            [f"The file carries a serial number by which the camera or the picture can be told; {LEFT_OUT}"],
            id="serial-numbers-are-not-shown",
        ),
        pytest.param(
            [item(MetadataKind.COPYRIGHT, "© Wren Primary 2026")],
            [f"The file carries a copyright or credit line of the school's own (‘© Wren Primary 2026’); {LEFT_OUT}"],
            id="own-rights",
        ),
        pytest.param(
            [item(MetadataKind.COPYRIGHT, "(c)"), item(MetadataKind.COPYRIGHT, "Press Ltd")],
            [
                f"The file carries a copyright line that names nobody (‘(c)’); {LEFT_OUT}",
                f"The file carries a copyright or credit line of somebody else's (‘Press Ltd’); {LEFT_OUT}",
            ],
            id="several-rights",
        ),
        pytest.param(
            [item(MetadataKind.FRAMES, "13 pictures in one file: only the first was looked at.")],
            ["This file holds 12 more pictures; only the first is published."],
            id="frames",
        ),
        pytest.param(
            [item(MetadataKind.FRAMES, "the video of a motion photo", "HEIF mpvd")],
            ["The file holds a short video; it is left out of the safe file."],
            id="motion-photo",
        ),
        pytest.param(
            [item(MetadataKind.TRAILING, "20,480 bytes, which look like a video or another picture")],
            [
                "Something that looks like a video or another picture stands behind the end of the picture; it is"
                " left out of the safe file."
            ],
            id="trailing-video",
        ),
        pytest.param(
            [item(MetadataKind.OTHER, "x", "PNG raw profile"), item(MetadataKind.OTHER, "y", "ICC description")],
            [f"The file carries other data (‘PNG raw profile’ and ‘ICC description’); {LEFT_OUT}"],
            id="other-data",
        ),
        pytest.param(
            [HiddenPicture(HiddenKind.THUMBNAIL, "EXIF thumbnail", 2, ("Class 3R", "Ben Marsh"))],
            [
                "A small preview inside the file shows 2 faces and the words ‘Class 3R’ and ‘Ben Marsh’; it is left out"
                " of the safe file."
            ],
            id="preview",
        ),
        pytest.param(
            [HiddenPicture(HiddenKind.UNDER_ALPHA, "alpha", 1)],
            ["What lies under the see-through parts shows 1 face; it is left out of the safe file."],
            id="under-alpha",
        ),
        pytest.param(
            [HiddenPicture(HiddenKind.TRAILING, "behind", looked_at=False)],
            ["A picture behind the end of the picture could not be opened; it is left out of the safe file."],
            id="not-opened",
        ),
        pytest.param(
            [
                *(HiddenPicture(HiddenKind.FRAME, f"frame {at}", faces=at) for at in (2, 3)),
                HiddenPicture(HiddenKind.FRAME, "frame 4", looked_at=False),
                item(MetadataKind.FRAMES, "4 pictures in one file: only the first was looked at."),
            ],
            [
                "2 more pictures in this file show up to 3 faces; only the first picture is published.",
                "1 more picture in this file could not be opened; only the first picture is published.",
            ],
            id="frames-that-were-looked-at-are-not-told-twice",
        ),
        pytest.param(
            [HiddenPicture(HiddenKind.FRAME, "frame 2"), item(MetadataKind.FRAMES, "1,200 pictures in one file")],
            [
                "1 of 1,199 more pictures in this file, which we looked at, shows no face and no words that we found;"
                " only the first picture is published."
            ],
            id="frames-beyond-those-that-were-looked-at",
        ),
        pytest.param(
            [HiddenPicture(HiddenKind.FRAME, "frame 2", 1), item(MetadataKind.FRAMES, "the video of a motion photo")],
            [
                "1 more picture in this file shows 1 face; only the first picture is published.",
                "The file holds a short video; it is left out of the safe file.",
            ],
            id="frames-and-a-video",
        ),
        pytest.param(
            [HiddenPicture(HiddenKind.THUMBNAIL, "EXIF", 1), item(MetadataKind.THUMBNAIL, "7,000 bytes")],
            ["A small preview inside the file shows 1 face; it is left out of the safe file."],
            id="a-preview-is-told-once",
        ),
        pytest.param([], [], id="nothing"),
    ],
)
def test_what_is_told(found: list[MetadataItem | HiddenPicture], sentences: list[str]) -> None:
    assert says(*found) == sentences


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("ring 07700 900123 now", "‘ring … now’", id="telephone-number"),
        pytest.param("Year 3, 2026", "‘Year 3, 2026’", id="short-numbers-stay"),
        pytest.param("a\u202eb\u200bc", "‘abc’", id="marks-that-turn-or-hide"),
        pytest.param("a\r\nERROR b\x1b[31m", "‘a ERROR b [31m’", id="line-breaks-and-terminal-codes"),
        pytest.param("x" * 50, f"‘{'x' * LONGEST_QUOTE}…’", id="long"),
        pytest.param("<b>&amp;", "‘<b>&amp;’", id="html-stays-text"),
        pytest.param(" \n", "nothing to read", id="blank"),
    ],
)
def test_words_are_quoted_on_one_line_and_cut_short(text: str, shown: str) -> None:
    assert quoted([text]) == shown


@given(st.lists(st.text()))
def test_a_quotation_is_short_and_one_line_whatever_the_file_says(texts: list[str]) -> None:
    line = quoted(texts)
    assert line.isprintable() or not any(each in line for each in "\r\n\x1b\x85\u2028\u2029\u202e")
    assert len(line) < 4 * (LONGEST_QUOTE + 10)
