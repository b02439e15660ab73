"""Revisions: a draft with remedies applied is a new draft, which goes the same road. The first one is never changed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from app import drafts
from app.actors import Actor
from app.answers import BY_LENGTH, Answer, AnswerKind, answers_of
from app.db import reading
from app.deps import Service
from app.drafts import DraftView, NewDraft, NewPicture, original_name, reasons_of, text_at
from app.errors import BadForm
from app.models import DraftPicture
from app.settling import PlacedFace, is_covered, same_place
from app.word_answers import Spot, WordAnswer, WordAnswerKind, spot_of, still_stands, word_answers_of
from captions.findings import FieldName
from consent.register import Register
from vision.findings import Box

COVERS_PER_PICTURE = 500
MOST_ANSWERS = 500  # in one revision, and kept for one picture


@dataclass(frozen=True, slots=True)
class Cover:
    """What to cover in one picture: a face by its number (from 1), or a box in pixels of the upright picture."""

    picture: int
    face: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """What a person says about one face, by its number (from 1), or about a box that they drew; one of the two.

    `person_id` is set for AnswerKind.PERSON alone.
    """

    picture: int
    kind: AnswerKind
    face: int | None = None
    box: Box | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class WordAnswering:
    """What a person says about the words of one reason, counted from 1 in the decision."""

    reason: int
    kind: WordAnswerKind


@dataclass(frozen=True, slots=True)
class Revision:
    """Remedies to apply; None and empty mean "as it was". Pictures are counted from 1. `answered_by` is who answers."""

    channel: str | None = None
    caption: str | None = None
    hashtags: str | None = None
    taken_of: tuple[str, ...] | None = None
    alt_texts: dict[int, str] = field(default_factory=dict)
    cover: tuple[Cover, ...] = ()
    leave_out: frozenset[int] = frozenset()
    neutral_names: frozenset[int] = frozenset()
    answers: tuple[Answering, ...] = ()
    word_answers: tuple[WordAnswering, ...] = ()
    answered_by: str = ""


def revise(service: Service, actor: Actor, draft_id: str, revision: Revision) -> str:
    """Make a new draft from an old one; returns the new draft's id."""
    with reading(service.engine) as session:
        view = drafts.find(session, actor, draft_id)
        _check_numbers(view, revision)
        _check_answers(revision, Register(session, service.school_id))
        said = _said_of_words(view, revision)
    with ExitStack() as opened:
        pictures: list[NewPicture] = []
        for picture in view.pictures:
            if picture.number in revision.leave_out:
                continue
            content = service.store.get(draft_id, original_name(picture.number))
            source = opened.enter_context(io.BytesIO(content))
            pictures.append(_revised(picture, len(pictures) + 1, source, revision))
        new = NewDraft(
            channel=view.draft.channel if revision.channel is None else revision.channel,
            caption=view.draft.caption if revision.caption is None else revision.caption,
            hashtags=view.draft.hashtags if revision.hashtags is None else revision.hashtags,
            taken_of=tuple(view.draft.taken_of) if revision.taken_of is None else revision.taken_of,
            pictures=pictures,
            revision_of=draft_id,
        )
        new = _with_word_answers(new, view, said, revision)
        return drafts.submit(service.engine, service.store, service.settings, actor, new)


def _check_numbers(view: DraftView, revision: Revision) -> None:
    known = {picture.number for picture in view.pictures}
    named = {cover.picture for cover in revision.cover} | {answer.picture for answer in revision.answers}
    named |= set(revision.alt_texts)
    named |= revision.leave_out | revision.neutral_names
    unknown = sorted(named - known)
    if unknown:
        raise BadForm(f"The draft has no picture {unknown[0]}; it has {len(known)}.")


def _check_answers(revision: Revision, register: Register) -> None:
    """What can be told of answers without the pictures; BadForm for the first that makes no sense."""
    given = len(revision.answers) + len(revision.word_answers)
    if not given:
        return
    if given > MOST_ANSWERS:
        raise BadForm(f"There are {given} answers; one change may have {MOST_ANSWERS}. Send fewer.")
    by = said_by(revision)
    if not by:
        raise BadForm("Say who answers: your name is kept with every answer about a face or about words.")
    if len(by) > BY_LENGTH:
        raise BadForm(f"The name of who answers is longer than {BY_LENGTH} characters. Shorten it.")
    known = {person.id for person in register.people()}
    for answer in revision.answers:
        if (answer.face is None) == (answer.box is None):
            raise BadForm("Each answer is about either a face or a box.")
        if (answer.person_id is not None) != (answer.kind is AnswerKind.PERSON):
            raise BadForm("An answer that a face is a person needs the person, and no other answer has one.")
        if answer.box is not None and answer.kind is AnswerKind.NOT_A_FACE:
            raise BadForm("What is no face is told by its number, not by a box.")
        if answer.face is not None and answer.kind is AnswerKind.MISSED:
            raise BadForm("A face that was missed is told by a box, not by a number.")
        if answer.person_id is not None and answer.person_id not in known:
            raise BadForm("One of the people named is not in this school's register. Choose somebody who is.")


def said_by(revision: Revision) -> str:
    """Who gives the answers, on one line."""
    return " ".join(revision.answered_by.split())


def _said_of_words(view: DraftView, revision: Revision) -> tuple[WordAnswer, ...]:
    """The answers about words, each with its place in the draft's text; BadForm for the first that makes no sense."""
    by = said_by(revision)
    reasons = reasons_of(view)
    said = []
    for answering in revision.word_answers:
        if not 1 <= answering.reason <= len(reasons):
            raise BadForm(f"The decision has no reason {answering.reason}; it has {len(reasons)}.")
        reason = reasons[answering.reason - 1]
        where, text = reason.where, text_at(view, reason.where)
        if not reason.asks_about_words or text is None or where.start is None or where.end is None:
            raise BadForm(f"Reason {answering.reason} is no question about words. Do what it says instead.")
        place = (where.box.left, where.box.top, where.box.right, where.box.bottom) if where.box else None
        spot = spot_of(where.field or "", where.picture, text, where.start, where.end, place)
        said.append(WordAnswer(spot, answering.kind, by))
    return tuple(said)


def _with_word_answers(new: NewDraft, view: DraftView, said: tuple[WordAnswer, ...], revision: Revision) -> NewDraft:
    """The new draft with all that holds of what was said about its words, under its own picture numbers.

    The last answer about a spot counts. One whose sentence was changed goes: what stands there now is asked anew.
    """
    staying = [picture.number for picture in view.pictures if picture.number not in revision.leave_out]
    numbers = {old: at for at, old in enumerate(staying, start=1)}
    latest: list[WordAnswer] = []
    for answer in (*word_answers_of(view.draft.word_answers), *said):
        latest = [*(each for each in latest if not answer.spot.covers(each.spot)), answer]
    kept = []
    for answer in latest:
        picture = answer.spot.picture
        if picture is not None and picture not in numbers:
            continue
        spot = replace(answer.spot, picture=None if picture is None else numbers[picture])
        text = _text_of(new, spot)
        if text is None or still_stands(spot, text):
            kept.append(replace(answer, spot=spot))
    if len(kept) > MOST_ANSWERS:
        raise BadForm(f"The draft would have more than {MOST_ANSWERS} answers about its words. Reword some of them.")
    return replace(new, word_answers=tuple(kept), word_answered=said)


def _text_of(new: NewDraft, spot: Spot) -> str | None:
    """The new text in which the spot must stand; None for what is only read when it is looked at."""
    picture = new.pictures[spot.picture - 1] if spot.picture is not None else None
    match FieldName(spot.field):
        case FieldName.CAPTION:
            return new.caption
        case FieldName.HASHTAGS:
            return new.hashtags
        case FieldName.ALT:
            return picture.alt_text if picture else ""
        case FieldName.FILENAME:
            return drafts.bare_file_name(picture.file_name) if picture else ""
        case _:
            return None


def _revised(picture: DraftPicture, new_number: int, source: io.BytesIO, revision: Revision) -> NewPicture:
    number, faces = picture.number, drafts.faces_of(picture)
    wanted = [_box_of(cover, number, faces) for cover in revision.cover if cover.picture == number]
    covers = [(cover[0], cover[1], cover[2], cover[3]) for cover in picture.covers]
    covers += [(box.left, box.top, box.right, box.bottom) for box in wanted]
    if len(covers) > COVERS_PER_PICTURE:
        raise BadForm(f"Picture {number} would have more than {COVERS_PER_PICTURE} covers. Leave it out instead.")
    answers, answered = _answered(picture, faces, wanted, revision)
    name = f"picture-{new_number}" if number in revision.neutral_names else picture.file_name
    alt_text = revision.alt_texts.get(number, picture.alt_text)
    return NewPicture(name, source, alt_text, tuple(covers), answers, answered)


def _answered(
    picture: DraftPicture, faces: Sequence[PlacedFace], covers: Sequence[Box], revision: Revision
) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
    """All answers about the picture's faces from now on, and those of them that are new, taken back ones included.

    An earlier answer goes where a new one is about the same face or place, and where its face is now covered.
    """
    by = said_by(revision)
    kept = [each for each in answers_of(picture.answers) if not is_covered(each.box, covers)]
    latest = {face.number: face.answer for face in faces}
    new = []
    for answering in revision.answers:
        if answering.picture != picture.number:
            continue
        face = None if answering.face is None else _face(picture.number, faces, answering.face)
        box = face.box if face else _inside(answering.box, picture)
        drawn = face is None or face.found is None
        answer = Answer(box, answering.kind, by, answering.person_id, drawn)
        replaced = latest[face.number] if face else _at_same_place(answer, kept)
        if replaced in kept:
            kept.remove(replaced)
        if face:
            latest[face.number] = answer
        new.append(answer)
        if not (drawn and answer.kind is AnswerKind.NOT_A_FACE):  # there, the drawn face is taken back
            kept.append(answer)
    if len(kept) > MOST_ANSWERS:
        raise BadForm(f"Picture {picture.number} would have more than {MOST_ANSWERS} answers. Leave it out instead.")
    return tuple(kept), tuple(new)


def _at_same_place(answer: Answer, kept: Iterable[Answer]) -> Answer | None:
    """The earlier answer that a drawn box replaces; a face that was missed says nothing of one that was found."""
    may_go = [each for each in kept if each.drawn or answer.kind is not AnswerKind.MISSED]
    return same_place(answer.box, may_go)


def _inside(box: Box | None, picture: DraftPicture) -> Box:
    width, height = _size(picture)
    if not width or not height:
        raise BadForm(f"Picture {picture.number} was not looked at, so no place in it can be marked.")
    if box is None or box.left < 0 or box.top < 0 or box.right > width or box.bottom > height:
        raise BadForm(f"A place marked in picture {picture.number} lies outside it: it has {width} by {height} pixels.")
    return box


def _size(picture: DraftPicture) -> tuple[int, int]:
    found = picture.findings or {}
    return found.get("width") or 0, found.get("height") or 0


def _box_of(cover: Cover, picture: int, faces: Sequence[PlacedFace]) -> Box:
    return _face(picture, faces, cover.face).box if cover.box is None else cover.box


def _face(picture: int, faces: Sequence[PlacedFace], number: int | None) -> PlacedFace:
    if number is None or not 1 <= number <= len(faces):
        raise BadForm(f"Picture {picture} has no face {number}; {len(faces)} were found. Name a face or give a box.")
    return faces[number - 1]
