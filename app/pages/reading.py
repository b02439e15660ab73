"""What was read in a picture, and what could not be, as marks over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.pages.marks import Mark, percent
from app.pages.texts import Indexed, Words, words_of
from app.pages.words import letters
from app.reasons import Reason, Remedy
from app.settling import SAME_PLACE, overlap
from app.word_answers import WordAnswer
from captions.findings import FieldName
from vision.findings import Box


def text_marks(
    picture: int, found: Mapping[str, Any], left_over: list[Indexed], answers: Sequence[WordAnswer]
) -> tuple[Mark, ...]:
    """One mark for each line, whatever number of readings it has; takes the reasons about lines out of `left_over`."""
    marks = []
    size = found.get("width") or 0, found.get("height") or 0
    for at, text in enumerate(found.get("texts", [])):
        mine = [each for each in left_over if _is_about(each[1], at + 1, text)]
        left_over[:] = [each for each in left_over if each not in mine]
        here = [answer for answer in answers if _in_place(answer, text["box"])]
        first, *others = (
            _reading(words, [each for each in mine if each[1].where.reading == number], here)
            for number, words in ((None, text["text"]), *enumerate(text.get("others", ()), start=1))
        )
        can_cover = any(Remedy.COVER in reason.remedies for _, reason in mine)
        said_before = dict.fromkeys(answer for each in (first, *others) for answer in each.answers)
        marks.append(
            Mark(
                f"{picture}-t{at + 1}",
                letters(at),
                f"text {letters(at)}",
                *percent(text["box"], *size),
                stopped=bool(mine),
                said=tuple(one for each in (first, *others) for one in each.said),
                pieces=first.pieces,
                readings=tuple(each.pieces for each in others if each.said),
                cover=_cover(picture, text["box"]) if can_cover else "",
                answer=" ".join(said_before),
            )
        )
    return tuple(marks)


def unread_marks(picture: int, found: Mapping[str, Any]) -> tuple[Mark, ...]:
    """Places that look like writing that could not be read: nothing stands against them, and each can be covered."""
    size = found.get("width") or 0, found.get("height") or 0
    places = (found.get("text_search") or {}).get("unread", [])
    return tuple(
        Mark(
            f"{picture}-u{at}",
            f"?{at}",
            f"unread place {at}",
            *percent(box, *size),
            stopped=False,
            cover=_cover(picture, box),
            unread=True,
        )
        for at, box in enumerate(places, start=1)
    )


def _reading(text: str, reasons: Sequence[Indexed], answers: Sequence[WordAnswer]) -> Words:
    return words_of("", "", text, reasons, answers)


def _cover(picture: int, box: Sequence[int]) -> str:
    """The value of the form field that covers this place."""
    return f"{picture}:{','.join(str(corner) for corner in box)}"


def _is_about(reason: Reason, line: int, text: Mapping[str, Any]) -> bool:
    """Whether it lies in a reading of this line; decisions from before lines were counted know its box alone."""
    where = reason.where
    if where.field != FieldName.OCR.value or where.box is None or (where.reading or 0) > len(text.get("others", ())):
        return False
    return where.line == line if where.line is not None else where.box.as_list() == list(text["box"])


def _in_place(answer: WordAnswer, box: Sequence[int]) -> bool:
    place = answer.spot.box
    return place is None or overlap(Box(*place), Box(*box)) >= SAME_PLACE
