"""One picture of a result page as plain data: its boxes, what was found in each, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.answers import AnswerKind
from app.drafts import faces_of, safe_file_name
from app.models import DraftPicture
from app.pages.marking import Piece
from app.pages.naming import Choice, said_words
from app.pages.texts import Indexed, Said, Words, answers_about, said, words_of
from app.pages.words import count, joined, letters
from app.reasons import FACE_CODES, Code, Reason, Remedy
from app.word_answers import WordAnswer
from captions.findings import FieldName

TAG_HEIGHT_PERCENT = 9.0  # a box that begins nearer to the top carries its tag inside


class Group(StrEnum):
    """How a picture stands; the order is the order on the page."""

    MEND = "mend"
    STOP = "stop"
    CLEAR = "clear"


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
    answers: Sequence[WordAnswer] = (),
    *,
    cleared: bool,
) -> PictureView:
    """`reasons` are those about this picture, veiled. Every one of them ends up in exactly one place.

    `known` is everybody who may have been named; `answers` is what was said about the draft's words.
    """
    found: dict[str, Any] = picture.findings or {}
    width, height = found.get("width") or 0, found.get("height") or 0
    left_over = list(reasons)
    faces = _faces(picture, (width, height), left_over, known)
    said_of = {name: answers_about(answers, name, picture.number) for name in FieldName}
    texts = _texts(picture.number, found, left_over, said_of[FieldName.OCR])
    name, mine = f"alt_text_{picture.number}", _taken(left_over, FieldName.ALT)
    alt = words_of(name, "Alt text", picture.alt_text, mine, said_of[FieldName.ALT])
    mine = _taken(left_over, FieldName.FILENAME)
    file_name = words_of("", "File name", picture.file_name, mine, said_of[FieldName.FILENAME])
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
    picture: int, found: dict[str, Any], left_over: list[Indexed], answers: Sequence[WordAnswer]
) -> tuple[Mark, ...]:
    marks = []
    width, height = found.get("width") or 0, found.get("height") or 0
    for at, text in enumerate(found.get("texts", [])):
        mine = [each for each in left_over if _is_about(each[1], text["box"])]
        left_over[:] = [each for each in left_over if each not in mine]
        can_cover = any(Remedy.COVER in reason.remedies for _, reason in mine)
        corners = ",".join(str(corner) for corner in text["box"])
        words = words_of("", "", text["text"], mine, answers)
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
                answer=" ".join(words.answers),
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
