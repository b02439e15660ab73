"""Drafts with questions about words, asked and answered."""

from __future__ import annotations

from app.reasons import Code, Reason, Remedy
from app.word_answers import WordAnswer, WordAnswerKind, spot_of
from tests.browser.drawing import draw
from tests.browser.shots import Shot, States, text_reason, words_reason

ROSE = "Look at our Rose! She ran all the way, and Olivia Smith came second. Thank you to Sarah Brown for the cakes."


def asked(states: States) -> str:
    """Words that may be names in every kind of text, beside a name that is one."""
    shot = Shot(draw(77, 2, "ROSE WON"), read=("ROSE WON",), alt_text="Our Rose with her medal", file_name="rose.jpg")
    question = "may be the pupil Rose P. in Year 2 or only the word: which is it?"
    acts, file = ("what a person does follows",), ("the file's name speaks of one child",)
    in_picture = text_reason(shot, 1, 0, "ROSE", f"“ROSE” {question}")
    shot.reasons = [
        Reason(Code.NAME_IN_PICTURE, in_picture.where, in_picture.because, (Remedy.ANSWER, Remedy.COVER), None, acts),
        words_reason(
            "alt",
            shot.alt_text,
            "Rose",
            f"“Rose” {question}",
            picture=1,
            replacement="Year 2 pupil",
            asks=True,
            evidence=acts,
        ),
        words_reason(
            "filename",
            shot.file_name,
            "rose",
            f"“rose” {question}",
            picture=1,
            remedy=Remedy.NEUTRAL_NAME,
            asks=True,
            evidence=file,
        ),
    ]
    words = [
        words_reason(
            "caption", ROSE, "Rose", f"“Rose” {question}", replacement="Year 2 pupil", asks=True, evidence=acts
        ),
        words_reason(
            "caption",
            ROSE,
            "Olivia Smith",
            "“Olivia Smith” is a pupil's full name. A child in a photograph is never named.",
            replacement="a Year 4 pupil",
            evidence=("first name and surname",),
        ),
        words_reason(
            "caption",
            ROSE,
            "Sarah Brown",
            "“Sarah Brown” is a person who is not on the register. Is it only a word, or an adult who agreed?",
            replacement="someone we know",
            code=Code.PERSON_NAMED,
            asks=True,
            evidence=("it is written like a person's name",),
        ),
    ]
    rewritten = {
        "caption": "Look at our Year 2 pupil! She ran all the way, and a Year 4 pupil came second. "
        "Thank you to someone we know for the cakes.",
        "alt_texts": {"1": "Our Year 2 pupil with her medal"},
    }
    return states.decide([shot], words, rewritten=rewritten, caption=ROSE, hashtags="#SportsDay")


def a_question(states: States) -> str:
    """One word, and nothing else."""
    caption = "Hope won the day, and the sun came out."
    question = words_reason(
        "caption",
        caption,
        "Hope",
        "“Hope” may be the pupil Hope A. in Year 5 or only the word: which is it?",
        replacement="A Year 5 pupil",
        asks=True,
        evidence=("what a person does follows",),
    )
    rewritten = {"caption": "A Year 5 pupil won the day, and the sun came out."}
    return states.decide([], [question], rewritten=rewritten, caption=caption)


def words_answered(states: States) -> str:
    """Cleared by what a person said about words."""
    caption = "Hope won the day. Thank you to Sarah Brown for the cakes."
    answers = tuple(
        WordAnswer(spot_of("caption", None, caption, caption.index(words), caption.index(words) + len(words)), kind, by)
        for words, kind, by in (
            ("Hope", WordAnswerKind.NOT_A_NAME, "R. Patel"),
            ("Sarah Brown", WordAnswerKind.ADULT, "A. Jones"),
        )
    )
    return states.decide([Shot(draw(78, 0))], caption=caption, word_answers=answers)
