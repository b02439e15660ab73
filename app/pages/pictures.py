"""One picture of a result page as plain data: its boxes, what was found in each, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.answers import AnswerKind
from app.drafts import faces_of, safe_file_name
from app.models import DraftPicture
from app.pages.codes import code_marks
from app.pages.marks import Mark, percent
from app.pages.naming import Choice, said_words
from app.pages.reading import text_marks, unread_marks
from app.pages.texts import Indexed, Said, Words, answers_about, said, words_of
from app.pages.words import count, joined
from app.reasons import FACE_CODES, Code, Reason, Remedy
from app.tried import tried, unread_words
from app.word_answers import WordAnswer
from captions.findings import FieldName


class Group(StrEnum):
    """How a picture stands; the order is the order on the page."""

    MEND = "mend"
    STOP = "stop"
    CLEAR = "clear"


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
    codes: tuple[Mark, ...]  # QR codes and barcodes
    unread: tuple[Mark, ...]  # places with writing that could not be read
    tried: tuple[str, ...]  # how text was looked for, in sentences
    said: tuple[Said, ...]  # about the picture as a whole
    alt: Words
    file_name: Words
    notices: tuple[str, ...]
    covered: int  # places covered by earlier changes
    unfinished: bool  # checking it again may be all it needs
    download: Download | None  # the safe file, while the draft is cleared

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self.faces + self.texts + self.codes + self.unread

    @property
    def cover_all_words(self) -> str:
        """What the tick says that covers all texts and codes that stand against it; "" where that is one at most."""
        texts, codes = (sum(bool(mark.cover) for mark in marks) for marks in (self.texts, self.codes))
        what = joined([*(["texts"] if texts else []), *(["codes"] if codes else [])])
        return f"Cover all {texts + codes} {what} that stop it" if texts + codes > 1 else ""

    @property
    def unread_words(self) -> str:
        return unread_words(len(self.unread))

    @property
    def found_words(self) -> str:
        """What was found in it, as a heading over the list."""
        faces = [count(self.people, "face")] if self.people else []
        texts = [count(len(self.texts), "text")] if self.texts else []
        codes = [count(len(self.codes), "code")] if self.codes else []
        return joined([*faces, *texts, *codes]) or "No face found, no text found"

    @property
    def people(self) -> int:
        """How many faces there are, less those of which a person said that they are none."""
        return sum(not face.dropped for face in self.faces)

    @property
    def counted_words(self) -> str:
        faces = f"We found {count(self.people, 'face')}. Is that everyone?"
        return faces if self.people else "We found no face. Is there one?"

    @property
    def says_no_text(self) -> bool:
        return bool(self.tried) and not self.texts

    @property
    def has_facts(self) -> bool:
        return bool(self.file_name.unmarked or self.alt.unmarked or self.covered or self.notices or self.tried)

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
    def clear_codes(self) -> tuple[Mark, ...]:
        return tuple(code for code in self.codes if not code.stopped)

    @property
    def stopped_codes(self) -> tuple[Mark, ...]:
        return tuple(code for code in self.codes if code.stopped)

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
    texts = text_marks(picture.number, found, left_over, said_of[FieldName.OCR])
    codes = code_marks(picture.number, found, left_over)
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
        codes=codes,
        unread=unread_marks(picture.number, found),
        tried=tried(found),
        said=tuple(said(index, reason) for index, reason in left_over),
        alt=alt,
        file_name=file_name,
        notices=tuple(notices),
        covered=len(picture.covers),
        unfinished=bool(reasons) and all(Remedy.TRY_AGAIN in reason.remedies for _, reason in reasons),
        download=_download(picture) if cleared else None,
    )


def _download(picture: DraftPicture) -> Download:
    return Download(f"/drafts/{picture.draft_id}/pictures/{picture.number}/file", safe_file_name(picture))


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
                *percent(face.box.as_list(), *size),
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
