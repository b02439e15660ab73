"""What stands around a mention: its neighbours, and the cues that speak to or of a person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from captions.mentions import Mention
from captions.reading import Reading, Word
from captions.vocabulary import cues

PRAISE = re.compile(rf"(?:{'|'.join(cues()['praise'])})(?: (?:{'|'.join(cues()['between'])}))*[:,.*\u2026 ]*$")
WEAK_PRAISE = cues()["weak"]
LISTED = re.compile(rf"\b(?:{'|'.join(cues()['listed'])})\b[^.!:?\n]{{0,20}}[:?*\u2026-]\s*$")
BY = re.compile(r"\bby$")
TIES = re.compile(
    r"(?:,? ?aged? \d|,? ?\( ?(?:\d|year|yr|y\d|class|reception|age)|, (?:year|yr) ?\d"
    r"|,? (?:from|in|of) (?:year|yr|y ?\d|reception|class|nursery)\b|,? who\b|,? whose\b"
    rf"|,? and (?:his|her) |,? (?:with|in|on) (?:his|her)\b"
    r"|,? with (?:the|a|an) (?:winner|goal|try|penalty|equaliser|hat)\b"
    rf"|, you\b| you (?:{'|'.join(cues()['vocative'])})"
    r"|,? our (?:\w+ ){0,2}(?:star|winner|captain|champion|monitor))"
)
SPOKEN_TO = re.compile(r", (?:you|your|we|we're|i|i'm|what|thank|thanks|keep|our|well|it was)\b")
BLESSED = re.compile(r"\bbless (?:him|her|them)\b|\b(?:he|she) (?:laughed|cried|giggled|smiled|beamed|knows it)\b")
SHOWN = re.compile(
    r"(?:\bits|\bheres|\bmeet|\bthis is|\bthats|\bspot|\bseen|\bfind|\bcheer|\bcheered|\bjoined by|\bonly|\beven"
    r"|\bpictured|\bphoto shows|\bphotos? of)$"
)
MET = re.compile(r"\b(?:meet|introducing|welcome)\b[^.!?\n]*:$")
MADE_BY = re.compile(
    r"\b(?:poem|story|stories|picture|painting|drawing|model|art|artwork|photo|photograph|written|made|drawn|painted|"
    r"designed|baked|read|built|cake|song|poster|design|sewn|sculpture|composed|sung|review|report|recipe) by$"
)
FROM = re.compile(
    r"\b(?:goals?|tries|try|wickets?|points|performance|solo|reading|message|poem|letter|speech|header|save|question|idea|"
    r"thank you|card|quote|brace|strike) from$"
)
GUESSED = re.compile(r"\b(?:guess|who|whose|whos|which|ideas)\b.*\?$")
PRONOUN = re.compile(r"\b(?:she|her|hers|he|his|him|herself|himself)\b")


@dataclass(frozen=True)
class Context:
    """What stands around a mention, in lower case."""

    reading: Reading
    mention: Mention
    word: Word | None
    left: tuple[Word, ...]  # nearest first
    right: tuple[Word, ...]
    left_text: str
    right_text: str
    under_heading: bool  # `left_text` is the line before

    @classmethod
    def of(cls, reading: Reading, mention: Mention) -> Context:
        at = reading.index_at(mention.start)
        word = reading.words[at] if at < len(reading.words) else None
        start, end = reading.sentence_at(mention.start)
        after = max(mention.end, word.end if word else 0)
        left = tuple(w for w in reading.before(mention.start, 10) if w.start >= start and w.text not in "-_.#")
        right = tuple(w for w in reading.after(after, 10) if w.start < end and w.text not in "-_")
        text = reading.folded.text
        lead, heading = start, False
        alone = not re.search(r"[A-Za-z]", text[start : mention.start] + text[mention.end : end])
        if start and not text[start : mention.start].strip() and (alone or text[start - 1] == "\n"):
            lead, heading = reading.sentence_at(start - 1)[0], True  # "awarded to", "The winner?"
        left_text = _plain(text[max(lead, mention.start - (120 if heading else 60)) : mention.start])
        right_text = text[after : min(end, after + 60)].lower()
        return cls(reading, mention, word, left, right, left_text, right_text, heading)


def _plain(text: str) -> str:
    """Lower case, one blank between words, humps apart."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return re.sub(r"[\s_#\-]+", " ", parted.replace("'", "")).strip().lower()
