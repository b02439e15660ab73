"""The QR codes and barcodes of a picture as marks over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.pages.marks import Mark, percent
from app.pages.texts import Indexed, words_of
from app.pages.words import letters
from app.reasons import Remedy
from captions.findings import FieldName

UNREAD = "could not be read"


def code_marks(picture: int, found: Mapping[str, Any], left_over: list[Indexed]) -> tuple[Mark, ...]:
    """One mark for each code; takes the reasons about codes out of `left_over`. A code in two kinds is one place."""
    marks = []
    size = found.get("width") or 0, found.get("height") or 0
    for at, code in enumerate(found.get("codes", [])):
        mine = [each for each in left_over if _is_about(each, code["box"])]
        left_over[:] = [each for each in left_over if each not in mine]
        words = words_of("", "", code["text"] if code["text"] is not None else UNREAD, mine)
        can_cover = any(Remedy.COVER in reason.remedies for _, reason in mine)
        corners = ",".join(str(corner) for corner in code["box"])
        marks.append(
            Mark(
                f"{picture}-c{at + 1}",
                f"C{letters(at)}",
                f"code {letters(at)}",
                *percent(code["box"], *size),
                stopped=bool(mine),
                said=words.said,
                pieces=words.pieces,
                cover=f"{picture}:{corners}" if can_cover else "",
                symbology=code["symbology"],
            )
        )
    return tuple(marks)


def _is_about(each: Indexed, box: list[int]) -> bool:
    where = each[1].where
    return where.field == FieldName.BARCODE.value and where.box is not None and where.box.as_list() == list(box)
