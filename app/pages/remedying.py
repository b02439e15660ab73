"""From what a teacher ticked and typed on a result page to the revision that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.drafts import DraftView
from app.errors import BadForm
from app.pages.answering import AnswerFields
from app.pages.marking import Span, reworded
from app.pages.naming import Choice
from app.reasons import Code, Reason, Remedy
from app.revising import Cover, Revision, WordAnswering
from app.veil import reasons_for
from app.word_answers import WordAnswerKind
from captions.findings import FieldName
from vision.findings import Box

ALT_TEXT = "alt_text_"
WORD = "word_"  # and the number of the reason, from 1
REWORD = "reword"
WORD_KINDS = {kind.value: kind for kind in WordAnswerKind}
SINGLE = frozenset({"caption", "hashtags", "channel", "settle", "answered_by"})
NUMBERED = frozenset({"leave_out", "neutral_name", "cover_faces", "cover_texts", "reword"})
COVERS = frozenset({"cover", "cover_box"})
MENDING = frozenset({Remedy.COVER, Remedy.NEUTRAL_NAME, Remedy.REWORD})

TextKey = tuple[str, int | None]  # a field that can be typed in, and its picture


def typed_texts(view: DraftView) -> dict[TextKey, str]:
    """Every text of the draft that a teacher typed."""
    texts: dict[TextKey, str] = {
        (FieldName.CAPTION.value, None): view.draft.caption,
        (FieldName.HASHTAGS.value, None): view.draft.hashtags,
    }
    texts |= {(FieldName.ALT.value, picture.number): picture.alt_text for picture in view.pictures}
    return texts


# -- what can be done at once --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settling:
    """Everything that can be put right without asking anybody, and what is left to a person after that."""

    faces: tuple[Cover, ...] = ()
    texts: tuple[Cover, ...] = ()
    wordings: Mapping[TextKey, str] = field(default_factory=dict)  # the safe wording of what was typed
    neutral_names: frozenset[int] = frozenset()
    leave_out: frozenset[int] = frozenset()
    left: tuple[Reason, ...] = ()

    @property
    def covers(self) -> tuple[Cover, ...]:
        return self.faces + self.texts

    def __bool__(self) -> bool:
        return bool(self.covers or self.wordings or self.neutral_names or self.leave_out)

    @property
    def only_words(self) -> bool:
        """Whether the safe wording is all there is to do."""
        return not (self.covers or self.neutral_names or self.leave_out)


def settling(view: DraftView) -> Settling:
    """What one press can settle. A picture that cannot be mended is left out, unless it is the only one."""
    reasons = reasons_for(view, reads_register=False)
    out = frozenset(
        reason.where.picture
        for reason in reasons
        if reason.where.picture is not None and Remedy.LEAVE_OUT in reason.remedies and _hopeless(reason)
    )
    if len(out) == len(view.pictures):
        out = frozenset()
    wordings = {key: text for key, text in safe_texts(view).items() if key[1] not in out or key[1] is None}
    faces, texts, names, left = [], [], set(), []
    for reason in reasons:
        where = reason.where
        if where.picture in out:
            continue
        if reason.code is Code.FACE_NOT_CLEARED and where.picture and where.face:
            faces.append(Cover(where.picture, face=where.face))
        elif Remedy.COVER in reason.remedies and where.picture and where.box:
            texts.append(Cover(where.picture, box=where.box))
        elif Remedy.REWORD in reason.remedies and (where.field, where.picture) in wordings:
            continue
        elif Remedy.NEUTRAL_NAME in reason.remedies and where.picture:
            names.add(where.picture)
        elif Remedy.TRY_AGAIN not in reason.remedies:
            left.append(reason)
    return Settling(
        faces=tuple(dict.fromkeys(faces)),
        texts=tuple(dict.fromkeys(texts)),
        wordings=wordings,
        neutral_names=frozenset(names),
        leave_out=out,
        left=tuple(left),
    )


def safe_texts(view: DraftView) -> dict[TextKey, str]:
    """The safe wording of every typed text against which something stands, as the decision has it."""
    kept = view.decision.rewritten if view.decision else {}
    texts: dict[TextKey, str] = {(name, None): kept[name] for name in ("caption", "hashtags") if name in kept}
    return texts | {(FieldName.ALT.value, int(number)): text for number, text in kept.get("alt_texts", {}).items()}


def _hopeless(reason: Reason) -> bool:
    return not (MENDING & set(reason.remedies)) and Remedy.TRY_AGAIN not in reason.remedies


def troubled_pictures(view: DraftView) -> frozenset[int]:
    """The pictures that something stands against."""
    numbers = (reason.where.picture for reason in reasons_for(view, reads_register=False))
    return frozenset(number for number in numbers if number is not None)


# -- reading the form ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Wanted:
    """The form's fields, told apart."""

    single: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, set[int]] = field(default_factory=lambda: {name: set() for name in NUMBERED})
    covers: list[Cover] = field(default_factory=list)
    alt_texts: dict[int, str] = field(default_factory=dict)
    classes: list[str] | None = None  # None where the form did not ask for them
    answers: AnswerFields = field(default_factory=AnswerFields)
    words: list[WordAnswering] = field(default_factory=list)


def revision_of(fields: Iterable[tuple[str, str]], view: DraftView, known: Sequence[Choice] = ()) -> Revision:
    """The revision a form asks for; a text left as it stood is no change. BadForm where a field makes no sense.

    `known` is whom a face may be said to be.
    """
    wanted = _read(fields)
    match wanted.single.get("settle", ""):
        case "":
            return _ticked(wanted, view, known)
        case "all":
            plan = settling(view)
            revision = Revision(cover=plan.covers, leave_out=plan.leave_out, neutral_names=plan.neutral_names)
            return _with_texts(revision, view, dict(plan.wordings))
        case "wording":
            return _with_texts(Revision(), view, dict(settling(view).wordings))
        case "faces":
            return Revision(cover=settling(view).faces)
        case "texts":
            return Revision(cover=settling(view).texts)
        case "go-on":
            return Revision(leave_out=troubled_pictures(view))
        case other:
            raise BadForm(f"The page does not know how to settle '{other[:40]}'. Open the draft again and retry.")


def _read(fields: Iterable[tuple[str, str]]) -> _Wanted:
    wanted = _Wanted()
    for name, value in fields:
        if name in SINGLE:
            wanted.single[name] = value
        elif name == "taken_of":  # an empty one says that the form asked
            wanted.classes = [*(wanted.classes or ()), *([value] if value else ())]
        elif name in NUMBERED:
            wanted.numbers[name].add(_number(value, name))
        elif name.startswith(WORD):
            _say_of_words(wanted, _number(name.removeprefix(WORD), name), value)
        elif name in COVERS:
            wanted.covers.append(_cover(value) if name == "cover" else _cover_box(value))
        elif name.startswith(ALT_TEXT):
            wanted.alt_texts[_number(name.removeprefix(ALT_TEXT), name)] = value
        elif not wanted.answers.take(name, value):
            raise BadForm(f"The form has a field that Gatepost does not know: {name[:100]}.")
    return wanted


def _say_of_words(wanted: _Wanted, reason: int, value: str) -> None:
    """What was chosen for a question about words: an answer, the proposed words, or nothing."""
    if value == REWORD:
        wanted.numbers["reword"].add(reason - 1)
    elif value in WORD_KINDS:
        wanted.words.append(WordAnswering(reason, WORD_KINDS[value]))
    elif value:
        raise BadForm(f"'{value[:40]}' is nothing that can be said about words. Open the draft again and retry.")


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise BadForm(f"'{text[:40]}' is no number ({name[:40]}). Open the draft again and retry.")
    return int(text)


def _cover(value: str) -> Cover:
    picture, _, face = value.partition(":")
    return Cover(_number(picture, "cover"), face=_number(face, "cover"))


def _cover_box(value: str) -> Cover:
    picture, _, corners = value.partition(":")
    numbers = [_number(each, "cover_box") for each in corners.split(",")]
    try:
        return Cover(_number(picture, "cover_box"), box=Box(*numbers))
    except (TypeError, ValueError):
        raise BadForm(f"'{value[:60]}' is no place in a picture. Open the draft again and retry.") from None


def _ticked(wanted: _Wanted, view: DraftView, known: Sequence[Choice]) -> Revision:
    plan = settling(view)
    covers = [*wanted.covers, *(face for face in plan.faces if face.picture in wanted.numbers["cover_faces"])]
    covers += [text for text in plan.texts if text.picture in wanted.numbers["cover_texts"]]
    texts = _reworded(view, sorted(wanted.numbers["reword"]))
    texts |= _changed(wanted, view)
    channel = wanted.single.get("channel", "").strip()
    revision = Revision(
        channel=channel if channel and channel != view.draft.channel else None,
        taken_of=None if wanted.classes is None else tuple(wanted.classes),
        cover=tuple(dict.fromkeys(covers)),
        leave_out=frozenset(wanted.numbers["leave_out"]),
        neutral_names=frozenset(wanted.numbers["neutral_name"]),
        answers=wanted.answers.answerings(view, known),
        word_answers=tuple(wanted.words),
        answered_by=wanted.single.get("answered_by", ""),
    )
    return _with_texts(revision, view, texts)


def _changed(wanted: _Wanted, view: DraftView) -> dict[TextKey, str]:
    """The texts that were typed anew. What a person types stands before what is proposed."""
    typed: dict[TextKey, str] = {
        (name, None): wanted.single[name] for name in ("caption", "hashtags") if name in wanted.single
    }
    typed |= {(FieldName.ALT.value, number): text for number, text in wanted.alt_texts.items()}
    known = typed_texts(view)
    return {key: text for key, text in typed.items() if _newlines(text) != _newlines(known.get(key, ""))}


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _reworded(view: DraftView, indices: Sequence[int]) -> dict[TextKey, str]:
    """The draft's texts with the proposed words of these reasons in their places."""
    reasons, texts = reasons_for(view, reads_register=False), typed_texts(view)
    spans: dict[TextKey, list[Span]] = {}
    for index in indices:
        reason = reasons[index] if 0 <= index < len(reasons) else None
        if reason is None or reason.replacement is None or reason.where.field is None:
            raise BadForm("There are no proposed words for one of the places ticked. Change the text by hand.")
        start, end = reason.where.start, reason.where.end
        key = (reason.where.field, reason.where.picture)
        if key not in texts or start is None or end is None:
            raise BadForm("There are no proposed words for one of the places ticked. Change the text by hand.")
        spans.setdefault(key, []).append(Span(start, end, reason.replacement))
    return {key: reworded(texts[key], found) for key, found in spans.items()}


def _with_texts(revision: Revision, view: DraftView, texts: dict[TextKey, str]) -> Revision:
    numbers = {picture.number for picture in view.pictures}
    unknown = [number for name, number in texts if number is not None and number not in numbers]
    if unknown:
        raise BadForm(f"The draft has no picture {unknown[0]}; it has {len(numbers)}.")
    return replace(
        revision,
        caption=texts.get((FieldName.CAPTION.value, None)),
        hashtags=texts.get((FieldName.HASHTAGS.value, None)),
        alt_texts={number: text for (_, number), text in texts.items() if number is not None},
    )
