"""What the words of a mention and those beside it say: a shop, a title, a name on a bib or a label."""

from __future__ import annotations

from captions.deeds import acts
from captions.findings import FieldName
from captions.matching import How
from captions.mentions import Mention
from captions.misreadings import most_alone
from captions.reading import Reading
from captions.vocabulary import cue_set, given_variants, is_word, person_words

_BUSINESS = cue_set("business")
_LABEL = 3  # words on a line that is a label, at most


def is_business(reading: Reading, mention: Mention) -> bool:
    """ "Kowalczyk's Deli": a shop, not the family."""
    word = reading.words[reading.index_at(mention.start)]
    following = next(iter(reading.after(max(mention.end, word.end), 1)), None)
    return word.possessive and following is not None and following.capital and following.low in _BUSINESS


def on_a_bib(reading: Reading, mention: Mention, text: str) -> bool:
    """A surname misread in capitals, in a picture: "FRIMP0NG"."""
    return reading.field is FieldName.OCR and mention.how is How.MISREAD and len(text) >= 5 and text.isupper()


def sounds_like_a_surname(reading: Reading, mention: Mention) -> bool:
    """ "Eve Smith sang", and no "Poppy Day": the last word is no other word, and a verb of people follows."""
    last = reading.words_in(mention.start, mention.end)[-1]
    return not is_word(last.low) and acts(reading, mention)


def begins_with_title(reading: Reading, mention: Mention) -> bool:
    words = reading.words_in(mention.start, mention.end)
    return bool(words) and words[0].low in person_words()["titles"]


def is_label(reading: Reading, mention: Mention) -> bool:
    """Whether a misread name stands by itself in a picture, and is near enough to a pupil's to be asked about."""
    text = reading.folded.text
    start, end = text.rfind("\n", 0, mention.start) + 1, text.find("\n", mention.end)
    line = [word for word in reading.words_in(start, len(text) if end < 0 else end) if word.is_word]
    if len(line) > _LABEL or not text[mention.start].isupper():
        return False
    written = text[mention.start : mention.end].lower()
    if written in given_variants() or _ends_otherwise(written, mention.letters):
        return False
    return mention.cost <= most_alone(mention.letters)


def _ends_otherwise(written: str, name: str) -> bool:
    """ "Rosa" beside "Rose": a short name with another vowel at its end is another name."""
    short = len(name) < 6 and written[:-1] == name[:-1]
    return short and {written[-1], name[-1]} <= set("aeioy")
