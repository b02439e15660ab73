"""Reasons about lines in a picture: which line and which reading they lie in, and covers that were too small."""

from __future__ import annotations

import pytest

from app.policy import decide
from app.reasons import Reason, reason_from_json, reason_to_json
from app.seen import PictureSeen
from app.word_rules import COVER_TOO_SMALL, goes_on
from captions.findings import FieldName, Kind, TextField, TextFinding
from tests.factories import a_draft, the_facts
from vision.findings import Box, PictureFindings, PictureText, Released

SAFE = Released(b"safe", "image/jpeg", 400, 300, "ab" * 32)
LINE = Box(100, 100, 300, 130)


def reasons(*lines: PictureText, at: tuple[int, str, bool], covers: tuple[Box, ...] = ()) -> list[Reason]:
    """Of one name found in the line with this index, in this reading of it."""
    part, text, another = at
    picture = PictureSeen(1, PictureFindings(400, 300, "JPEG", texts=lines, released=SAFE), (), covers=covers)
    box = lines[part].box
    field = TextField(FieldName.OCR, text, 1, part, (box.left, box.top, box.right, box.bottom), another)
    found = TextFinding(0, Kind.PUPIL_NAME, 0, len(text), 0.9, "A name.", ("ben",))
    return list(decide(a_draft(picture, fields=[field], found=[found]), the_facts()).reasons)


def test_lines_in_one_box_are_told_apart() -> None:
    lines = (PictureText(LINE, "HALL", 0.9), PictureText(LINE, "Ben", 0.9))
    (reason,) = reasons(*lines, at=(1, "Ben", False))
    assert (reason.where.line, reason.where.reading, reason.where.box) == (2, None, LINE)


def test_readings_of_one_line_are_told_apart() -> None:
    line = PictureText(LINE, "8en", 0.9, ("Hen", "Ben"))
    (reason,) = reasons(line, at=(0, "Ben", True))
    assert (reason.where.line, reason.where.reading, reason.where.box) == (1, 2, LINE)
    assert reason_from_json(reason_to_json(reason)) == reason


@pytest.mark.parametrize(
    ("cover", "small"),
    [
        pytest.param(Box(20, 100, 100, 130), True, id="ends-where-the-line-begins"),
        pytest.param(Box(310, 98, 380, 134), True, id="begins-where-the-line-ends"),
        pytest.param(Box(20, 90, 105, 125), True, id="a-tilted-line-hidden-in-part"),
        pytest.param(Box(100, 118, 300, 150), True, id="too-low"),
        pytest.param(Box(100, 131, 300, 161), False, id="the-next-line"),
        pytest.param(Box(100, 128, 300, 158), False, id="the-next-line-that-touches"),
        pytest.param(Box(10, 100, 40, 130), False, id="far-away-on-the-same-line"),
        pytest.param(Box(150, 10, 250, 112), False, id="a-face-above"),
        pytest.param(Box(20, 40, 100, 140), False, id="a-face-beside"),
    ],
)
def test_a_line_that_goes_on_beside_a_cover_says_that_the_cover_was_too_small(cover: Box, small: bool) -> None:
    assert goes_on(LINE, cover) is small
    line = PictureText(LINE, "Ben", 0.9)
    (reason,) = reasons(line, at=(0, "Ben", False), covers=(cover,))
    assert reason.because.endswith(COVER_TOO_SMALL) is small
    assert reason.because.startswith("A name.")
