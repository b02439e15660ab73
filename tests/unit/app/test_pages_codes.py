"""A code in a picture has its box on the page, what it says, and a tick that covers it."""

from __future__ import annotations

from typing import Any

from app.pages.codes import code_marks
from app.pages.texts import Indexed
from app.reasons import Code, Reason, Remedy, Where
from vision.findings import Box

FOUND: dict[str, Any] = {
    "width": 200,
    "height": 100,
    "codes": [
        {"box": [20, 30, 60, 70], "symbology": "QR Code", "text": "https://club.example/join"},
        {"box": [100, 30, 180, 60], "symbology": "EAN-13", "text": "5012345678900"},
        {"box": [100, 70, 180, 90], "symbology": "barcode", "text": None},
    ],
}


def a_reason(box: tuple[int, int, int, int], start: int | None = None, end: int | None = None) -> Reason:
    where = Where(field="barcode", picture=2, box=Box(*box), start=start, end=end)
    return Reason(Code.LINK_NEEDS_CARE, where, "A link.", (Remedy.COVER, Remedy.LEAVE_OUT))


def test_each_code_has_a_letter_a_place_and_what_it_says() -> None:
    first, second, third = code_marks(2, FOUND, [])
    assert [mark.name for mark in (first, second, third)] == ["code A", "code B", "code C"]
    assert (first.key, first.tag, first.kind) == ("2-c1", "CA", "code")
    assert (first.left, first.top, first.width, first.height) == (10, 30, 20, 40)
    assert "".join(piece.text for piece in second.pieces) == "5012345678900"
    assert "".join(piece.text for piece in third.pieces) == "could not be read"
    assert not any(mark.stopped or mark.cover for mark in (first, second, third))


def test_a_reason_stands_at_its_code_and_offers_to_cover_it() -> None:
    about_face = Reason(Code.FACE_NOT_IDENTIFIED, Where(picture=2, face=1), "Who?", ())
    left: list[Indexed] = [(0, a_reason((20, 30, 60, 70), 0, 25)), (1, about_face), (2, a_reason((100, 70, 180, 90)))]
    first, second, third = code_marks(2, FOUND, left)
    assert [mark.stopped for mark in (first, second, third)] == [True, False, True]
    assert (first.cover, third.cover) == ("2:20,30,60,70", "2:100,70,180,90")
    assert [one.because for one in first.said] == ["A link."]
    assert [piece.found for piece in first.pieces] == [True]
    assert left == [(1, about_face)]


def test_a_picture_from_before_codes_were_looked_for_has_none() -> None:
    assert code_marks(1, {"width": 10, "height": 10}, []) == ()
