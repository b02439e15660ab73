"""One picture of a result page as plain data: its boxes, what was found in each, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.answers import AnswerKind
from app.drafts import faces_of, safe_file_name
from app.models import DraftPicture
from app.pages.marking import Piece, Span, marked
from app.pages.naming import Choice, said_words
from app.pages.words import Verbatim, count, joined, letters
from app.reasons import FACE_CODES, Code, Reason, Remedy
from captions.findings import FieldName

TAG_HEIGHT_PERCENT = 9.0  # a box that begins nearer to the top carries its tag inside


class Group(StrEnum):
    """How a picture stands; the order is the order on the page."""

    MEND = "mend"
    STOP = "stop"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Said:
    """One reason as the page says it. `index` is its place among the decision's reasons."""

    index: int
    because: str
    advice: str = ""  # what to do where no button can do it
    replacement: str | None = None
    label: str = ""  # the number of its mark in the text


@dataclass(frozen=True, slots=True)
class Mark:
    """One face or one line of text in a picture. Left, top, width, height in percent of the picture."""

    key: str  # unique on the page: "3-f2"
    tag: str  # "2" for a face, "B" for a text
    name: str  # "face 2"
    left: float
    top: float
    width: float
    height: float
    tag_inside: bool
    stopped: bool
    said: tuple[Said, ...] = ()
    pieces: tuple[Piece, ...] = ()  # of a text
    cover: str = ""  # the form value that covers it, "" where covering is no remedy
    face: str = ""  # the end of the names of its form fields: "3_2" for face 2 of picture 3
    doubtful: bool = False  # it may be no face
    answer: str = ""  # what a person said about it, and who
    unnamed: bool = False  # a person drew it, and nobody said who it is
    dropped: bool = False  # a person said that it is no face, and that stands

    @property
    def asks(self) -> str:
        """The question to a person who may know."""
        if self.answer and not self.unnamed:
            return "Say something else"
        return "Is this a face?" if self.doubtful else "Say who it is"


@dataclass(frozen=True, slots=True)
class Words:
    """A text that belongs to a picture or a draft, with what stands against it."""

    name: str  # the form field it is typed in, "" where it cannot be typed
    label: str
    text: str
    pieces: tuple[Piece, ...]
    said: tuple[Said, ...]
    open: bool = False  # somebody has to type: show the field at once

    @property
    def unmarked(self) -> bool:
        """There is a text, and nothing stands against it."""
        return bool(self.text) and not self.said

    @property
    def verbatim(self) -> Verbatim:
        """For the field it is typed in."""
        return Verbatim(self.text)


@dataclass(frozen=True, slots=True)
class Download:
    href: str
    file_name: str


@dataclass(frozen=True, slots=True)
class PictureView:
    number: int
    group: Group
    preview: str  # "" where there is none to show
    width: int
    height: int
    tall: bool
    faces: tuple[Mark, ...]
    texts: tuple[Mark, ...]
    said: tuple[Said, ...]  # about the picture as a whole
    alt: Words
    file_name: Words
    notices: tuple[str, ...]
    covered: int  # places covered by earlier changes
    unfinished: bool  # checking it again may be all it needs
    download: Download | None  # the safe file, while the draft is cleared

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self.faces + self.texts

    @property
    def found_words(self) -> str:
        """What was found in it, as a heading over the list."""
        faces = [count(self.people, "face")] if self.people else []
        texts = [count(len(self.texts), "text")] if self.texts else []
        return joined([*faces, *texts]) or "No face, no text"

    @property
    def people(self) -> int:
        """How many faces there are, less those of which a person said that they are none."""
        return sum(not face.dropped for face in self.faces)

    @property
    def counted_words(self) -> str:
        if not self.people:
            return "We found no face. Is there one?"
        return f"We found {count(self.people, 'face')}. Is that everyone?"

    @property
    def has_facts(self) -> bool:
        return bool(self.file_name.unmarked or self.alt.unmarked or self.covered or self.notices)

    @property
    def covered_words(self) -> str:
        return f"{count(self.covered, 'place')} in this picture, by an earlier change"

    @property
    def clear_faces(self) -> tuple[Mark, ...]:
        """The faces of which there is nothing to say."""
        return tuple(face for face in self.faces if not face.stopped and not face.answer)

    @property
    def answered_faces(self) -> tuple[Mark, ...]:
        return tuple(face for face in self.faces if not face.stopped and face.answer)

    @property
    def stopped_faces(self) -> tuple[Mark, ...]:
        """Those that may be no face first: they are the quickest to settle."""
        return tuple(sorted((face for face in self.faces if face.stopped), key=lambda face: not face.doubtful))

    @property
    def clear_texts(self) -> tuple[Mark, ...]:
        return tuple(text for text in self.texts if not text.stopped)

    @property
    def stopped_texts(self) -> tuple[Mark, ...]:
        return tuple(text for text in self.texts if text.stopped)


Indexed = tuple[int, Reason]  # a reason and its place in the decision

ADVICE = {
    Remedy.CHOOSE_ANOTHER: "Leave it out, or put another picture into a new draft.",
    Remedy.SHORTEN: "Shorten the text.",
    Remedy.TRY_AGAIN: "Check again.",
    Remedy.CHOOSE_ACCOUNT: "Choose another account.",
}
ADVICE_ORDER = (Remedy.CHOOSE_ANOTHER, Remedy.SHORTEN, Remedy.CHOOSE_ACCOUNT)


def said(index: int, reason: Reason, label: str = "") -> Said:
    """The reason in the words of the page; a reason about a face must come veiled."""
    advice = next((ADVICE[each] for each in ADVICE_ORDER if each in reason.remedies), "")
    if reason.code is Code.NOT_CHECKED and Remedy.TRY_AGAIN in reason.remedies and not advice:
        advice = ADVICE[Remedy.TRY_AGAIN]
    if advice.rstrip(".").casefold() in reason.because.casefold():
        advice = ""
    return Said(index, reason.because, advice, reason.replacement, label)


def group_of(reasons: Sequence[Reason]) -> Group:
    """Whether a picture may go out, can be mended on this page, or cannot."""
    if not reasons:
        return Group.CLEAR
    return Group.MEND if all(_mendable(reason) for reason in reasons) else Group.STOP


def _mendable(reason: Reason) -> bool:
    if {Remedy.COVER, Remedy.REWORD, Remedy.NEUTRAL_NAME} & set(reason.remedies):
        return True
    return Remedy.SHORTEN in reason.remedies and reason.where.field == FieldName.ALT


def picture_view(
    picture: DraftPicture,
    reasons: Sequence[Indexed],
    notices: Sequence[str],
    known: Sequence[Choice] = (),
    *,
    cleared: bool,
) -> PictureView:
    """`reasons` are those about this picture, veiled. Every one of them ends up in exactly one place.

    `known` is everybody who may have been named.
    """
    found: dict[str, Any] = picture.findings or {}
    width, height = found.get("width") or 0, found.get("height") or 0
    left_over = list(reasons)
    faces = _faces(picture, (width, height), left_over, known)
    texts = _texts(picture.number, found.get("texts", []), width, height, left_over)
    alt = words_of(f"alt_text_{picture.number}", "Alt text", picture.alt_text, _taken(left_over, FieldName.ALT))
    file_name = words_of("", "File name", picture.file_name, _taken(left_over, FieldName.FILENAME))
    return PictureView(
        number=picture.number,
        group=group_of([reason for _, reason in reasons]),
        preview=f"/drafts/{picture.draft_id}/pictures/{picture.number}/preview" if picture.released_sha256 else "",
        width=width,
        height=height,
        tall=height > width,
        faces=faces,
        texts=texts,
        said=tuple(said(index, reason) for index, reason in left_over),
        alt=alt,
        file_name=file_name,
        notices=tuple(notices),
        covered=len(picture.covers),
        unfinished=bool(reasons) and all(Remedy.TRY_AGAIN in reason.remedies for _, reason in reasons),
        download=_download(picture) if cleared else None,
    )


def _download(picture: DraftPicture) -> Download:
    return Download(f"/api/v1/drafts/{picture.draft_id}/pictures/{picture.number}", safe_file_name(picture))


def words_of(name: str, label: str, text: str, reasons: Sequence[Indexed]) -> Words:
    """A text with its findings marked and, if there are several, numbered in the order in which they stand in it."""
    in_order = sorted(reasons, key=lambda each: (each[1].where.start is None, each[1].where.start or 0))
    labels = [str(at) if len(in_order) > 1 else "" for at in range(1, len(in_order) + 1)]
    told = tuple(said(index, reason, mark) for mark, (index, reason) in zip(labels, in_order, strict=True))
    spans = [
        Span(reason.where.start, reason.where.end, mark)
        for mark, (_, reason) in zip(labels, in_order, strict=True)
        if reason.where.start is not None and reason.where.end is not None
    ]
    must_type = any(reason.replacement is None for _, reason in in_order)
    return Words(name, label, text, marked(text, spans), told, open=bool(name) and must_type)


def _taken(left_over: list[Indexed], field: FieldName) -> list[Indexed]:
    """Take the reasons about one field out of the list."""
    mine = [each for each in left_over if each[1].where.field == field.value]
    left_over[:] = [each for each in left_over if each[1].where.field != field.value]
    return mine


def _faces(
    picture: DraftPicture, size: tuple[int, int], left_over: list[Indexed], known: Sequence[Choice]
) -> tuple[Mark, ...]:
    marks = []
    found = (picture.findings or {}).get("faces", [])
    for face in faces_of(picture):
        mine = [
            each
            for each in left_over
            if each[1].where.face == face.number
            and (each[1].code in FACE_CODES or each[1].code is Code.FACE_NOT_CLEARED)
        ]
        left_over[:] = [each for each in left_over if each not in mine]
        can_cover = any(Remedy.COVER in reason.remedies for _, reason in mine)
        marks.append(
            Mark(
                f"{picture.number}-f{face.number}",
                str(face.number),
                f"face {face.number}",
                *_percent(face.box.as_list(), *size),
                stopped=bool(mine),
                said=tuple(said(index, reason) for index, reason in mine),
                cover=f"{picture.number}:{face.number}" if can_cover else "",
                face=f"{picture.number}_{face.number}",
                doubtful=face.found is not None and bool(found[face.found].get("doubtful")),
                answer=said_words(face.answer, known) if face.answer else "",
                unnamed=face.answer is not None and face.answer.kind is AnswerKind.MISSED,
                dropped=not mine and face.answer is not None and face.answer.kind is AnswerKind.NOT_A_FACE,
            )
        )
    return tuple(marks)


def _texts(
    picture: int, found: Sequence[dict[str, Any]], width: int, height: int, left_over: list[Indexed]
) -> tuple[Mark, ...]:
    marks = []
    for at, text in enumerate(found):
        mine = [each for each in left_over if _is_about(each[1], text["box"])]
        left_over[:] = [each for each in left_over if each not in mine]
        can_cover = any(Remedy.COVER in reason.remedies for _, reason in mine)
        corners = ",".join(str(corner) for corner in text["box"])
        words = words_of("", "", text["text"], mine)
        marks.append(
            Mark(
                f"{picture}-t{at + 1}",
                letters(at),
                f"text {letters(at)}",
                *_percent(text["box"], width, height),
                stopped=bool(mine),
                said=words.said,
                pieces=words.pieces,
                cover=f"{picture}:{corners}" if can_cover else "",
            )
        )
    return tuple(marks)


def _is_about(reason: Reason, box: Sequence[int]) -> bool:
    where = reason.where
    return where.field == FieldName.OCR.value and where.box is not None and where.box.as_list() == list(box)


def _percent(box: Sequence[int], width: int, height: int) -> tuple[float, float, float, float, bool]:
    """Left, top, width, height in percent of the picture, and whether the tag must stand inside the box."""
    left, top, right, bottom = box
    across, down = 100 / max(width, 1), 100 / max(height, 1)
    return (
        round(left * across, 2),
        round(top * down, 2),
        round((right - left) * across, 2),
        round((bottom - top) * down, 2),
        top * down < TAG_HEIGHT_PERCENT,
    )
