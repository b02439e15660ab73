"""A text on a result page as plain data: what stands against it, what is asked about it, what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.pages.marking import Piece, Span, marked
from app.pages.words import Verbatim
from app.reasons import Code, Reason, Remedy
from app.word_answers import WordAnswer, WordAnswerKind, still_stands
from captions.findings import FieldName


@dataclass(frozen=True, slots=True)
class Said:
    """One reason as the page says it. `index` is its place among the decision's reasons."""

    index: int
    because: str
    advice: str = ""  # what to do where no button can do it
    replacement: str | None = None
    label: str = ""  # the number of its mark in the text
    evidence: tuple[str, ...] = ()
    asks: str = ""  # the words that a person may say what they are, "" where that is no question

    @property
    def number(self) -> int:
        """Its place among the decision's reasons, from 1, as the API counts them."""
        return self.index + 1


@dataclass(frozen=True, slots=True)
class Words:
    """A text that belongs to a picture or a draft, with what stands against it."""

    name: str  # the form field it is typed in, "" where it cannot be typed
    label: str
    text: str
    pieces: tuple[Piece, ...]
    said: tuple[Said, ...]
    open: bool = False  # somebody has to type: show the field at once
    answers: tuple[str, ...] = ()  # what a person said about its words, and who

    @property
    def unmarked(self) -> bool:
        """There is a text, and nothing stands against it."""
        return bool(self.text) and not self.said

    @property
    def verbatim(self) -> Verbatim:
        """For the field it is typed in."""
        return Verbatim(self.text)


Indexed = tuple[int, Reason]  # a reason and its place in the decision

ADVICE = {
    Remedy.CHOOSE_ANOTHER: "Leave it out, or put another picture into a new draft.",
    Remedy.SHORTEN: "Shorten the text.",
    Remedy.TRY_AGAIN: "Check again.",
    Remedy.CHOOSE_ACCOUNT: "Choose another account.",
}
ADVICE_ORDER = (Remedy.CHOOSE_ANOTHER, Remedy.SHORTEN, Remedy.CHOOSE_ACCOUNT)


def said(index: int, reason: Reason, label: str = "", words: str = "") -> Said:
    """The reason in the words of the page; a reason about a face must come veiled. `words` is what it is about."""
    advice = next((ADVICE[each] for each in ADVICE_ORDER if each in reason.remedies), "")
    if reason.code is Code.NOT_CHECKED and Remedy.TRY_AGAIN in reason.remedies and not advice:
        advice = ADVICE[Remedy.TRY_AGAIN]
    if advice.rstrip(".").casefold() in reason.because.casefold():
        advice = ""
    asks = words if reason.asks_about_words else ""
    return Said(index, reason.because, advice, reason.replacement, label, reason.evidence, asks)


def words_of(name: str, label: str, text: str, reasons: Sequence[Indexed], answers: Sequence[WordAnswer] = ()) -> Words:
    """A text with its findings marked and, if there are several, numbered in the order in which they stand in it.

    `answers` are those about this field; of them those are told that hold.
    """
    in_order = sorted(reasons, key=lambda each: (each[1].where.start is None, each[1].where.start or 0))
    labels = [str(at) if len(in_order) > 1 else "" for at in range(1, len(in_order) + 1)]
    told = tuple(
        said(index, reason, mark, text[reason.where.start : reason.where.end])
        for mark, (index, reason) in zip(labels, in_order, strict=True)
    )
    spans = [
        Span(reason.where.start, reason.where.end, mark)
        for mark, (_, reason) in zip(labels, in_order, strict=True)
        if reason.where.start is not None and reason.where.end is not None
    ]
    must_type = any(reason.replacement is None for _, reason in in_order)
    holding = tuple(answer_words(answer) for answer in answers if still_stands(answer.spot, text))
    return Words(name, label, text, marked(text, spans), told, bool(name) and must_type, holding)


SAID_OF_WORDS = {
    WordAnswerKind.NOT_A_NAME: "only the word, not a name",
    WordAnswerKind.ADULT: "an adult who agreed to be named, or a public figure",
}


def answer_words(answer: WordAnswer) -> str:
    """ "Rose: only the word, not a name, said by R. Patel." """
    return f"“{answer.spot.words}”: {SAID_OF_WORDS[answer.kind]}, said by {answer.by}."


def answers_about(
    answers: Sequence[WordAnswer], field: FieldName, picture: int | None = None
) -> tuple[WordAnswer, ...]:
    """Those about one field."""
    return tuple(each for each in answers if (each.spot.field, each.spot.picture) == (field.value, picture))
