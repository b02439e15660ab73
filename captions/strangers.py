"""People who are on no register: what the tagger marks, less what is known and what is only a lesson's hero.

The tagger marks whoever sounds like a person: Monet, Joseph of the nativity, the house Kestrel, "sunny". What is left
here is meant to be private people. Its marks decide nothing alone: what they stand beside does. The limits were set on
labelled captions of four schools, by counting the people missed and the harmless captions flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from captions.findings import FieldName, Kind, SchoolProfile
from captions.letting_through import Known, known_spans
from captions.mentions import Basis
from captions.naming import Judged, Naming
from captions.passages import Found
from captions.reading import Reading, Word
from captions.tagger import PersonSpan, PersonTagger
from captions.vocabulary import common_words, cue_set, given_variants, is_word, name_words, person_words, stranger_cues

SURE = 0.8  # of the tagger, from which two capital words are a name without further cue
ALONE = 0.5  # from which one word is a name where something introduces it
LONE = 0.98  # from which one capital word within a sentence is a name without further cue
NEARBY = 3  # words before a name that may introduce it
_PROSE = frozenset({FieldName.CAPTION, FieldName.ALT, FieldName.METADATA})
_FORMAL = frozenset({"mr", "mrs", "ms", "miss", "mx"})
_RELATIONS = frozenset(
    {"auntie", "aunt", "aunty", "uncle", "granny", "gran", "grandma", "grandad", "grandpa", "nan", "nana"}
)
_COMPOUND = frozenset({FieldName.FILENAME, FieldName.HASHTAGS})


@dataclass(frozen=True, slots=True)
class _Spaced:
    """A text with blanks put between its words, and the folded place of each character (-1: a blank put in)."""

    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, reading: Reading) -> _Spaced:
        folded = reading.folded.text
        if reading.field not in _COMPOUND:
            return cls(folded, tuple(range(len(folded))))
        text, places = "", list[int]()
        for word in reading.words:
            if word.text in "_-.#+/":
                continue
            text += " " + word.text if text else word.text
            places += [-1] if places else []
            places += range(word.start, word.end)
        return cls(text, tuple(places))

    def folded(self, span: PersonSpan) -> tuple[int, int] | None:
        kept = [place for place in self.places[span.start : span.end] if place >= 0]
        return (kept[0], kept[-1] + 1) if kept else None


def people_off_the_register(
    reading: Reading, judged: Sequence[Judged], naming: Naming, tagger: PersonTagger
) -> Iterator[Found]:
    """Private people whom the tagger marked, each as a question. Raises TaggerError."""
    spaced = _Spaced.of(reading)
    marked = [(span, place) for span in tagger.tag(spaced.text) if (place := spaced.folded(span)) is not None]
    if not marked:
        return
    famous = known_spans(reading, naming.register, naming.school)
    known = [(each.start, each.end) for each in famous]
    known += [(each.mention.start, each.mention.end) for each in judged if _is_known(each)]
    places = _Places(naming.school, naming.classes)
    for span, (start, end) in marked:
        for words in _names(reading, start, end, known):
            if places.has(words) or not _is_private(reading, words, span.score, famous):
                continue
            first, last = reading.span(words[0].start, _name_end(words[-1]))
            shown = " ".join(reading.text[first:last].split())
            yield Found(
                Kind.PERSON_NAME,
                first,
                last,
                round(span.score, 2),
                f"'{shown}' reads like the name of somebody who is not on the register: who is it?",
                replacement="someone we know",
                recogniser="tagger",
                evidence=("it is written like a person's name",),
                doubtful=True,
            )


def _is_known(judged: Judged) -> bool:
    """Whether the register has spoken about a name; a surname, or what only looks like a name, may be somebody else."""
    return judged.mention.basis is not Basis.FAMILY and (judged.flags or not judged.mention.cost)


class _Places:
    """Words that are the school's own: its classes, and what its name and address are made of."""

    def __init__(self, school: SchoolProfile, classes: Iterable[str]) -> None:
        own = " ".join((*classes, school.name, *school.short_names, school.address)).lower()
        self._own = frozenset(re.findall(r"[a-z]+", own))

    def has(self, words: Sequence[Word]) -> bool:
        return all(word.low in self._own or word.low.rstrip("s") in self._own for word in words)


def _names(reading: Reading, start: int, end: int, known: Sequence[tuple[int, int]]) -> Iterator[tuple[Word, ...]]:
    """The words of each name in a mark: lines apart, without titles, known names and the words around them."""
    run: list[Word] = []
    previous: Word | None = None
    for word in (*reading.words_in(start, end), None):
        breaks = word is None or word.text == "\n" or any(a < word.end and word.start < b for a, b in known)
        if not breaks and word is not None and previous is not None and word.is_word:
            breaks = not re.fullmatch(r"[ _\-'.+]{0,3}", reading.folded.text[previous.end : word.start])
        if breaks:
            yield from _stripped(reading, run)
            run = []
        if word is not None and word.is_word and not any(a < word.end and word.start < b for a, b in known):
            run.append(word)
            previous = word


def _stripped(reading: Reading, run: list[Word]) -> Iterator[tuple[Word, ...]]:
    words = [word for word in run if word.text != "\n"]
    mixed = reading.has_capitals and reading.field not in _COMPOUND
    titles = person_words()["titles"] - _RELATIONS
    while words and ((mixed and not words[0].capital) or words[0].low in titles):
        words = words[1:]
    while words and (not words[-1].capital if mixed else _is_ordinary(words[-1])):
        words = words[:-1]
    if words:
        yield tuple(words)


def _name_end(word: Word) -> int:
    return word.end - 2 if word.text.lower().endswith("'s") else word.end


def _is_private(reading: Reading, words: Sequence[Word], score: float, known: Sequence[Known]) -> bool:
    cues = stranger_cues()
    if any(word.low in cues["neverpeople"] for word in words):
        return False
    before = [word for word in reading.before(words[0].start, NEARBY + 1) if word.text not in "-_.,:\"'"]
    title = next((word.low for word in before[:1] if word.low in person_words()["titles"]), "")
    if title and title not in _RELATIONS and (len(words) == 1 or title not in _FORMAL):
        return False
    if _beside_the_famous(reading, words, known):
        return False
    start, end = reading.sentence_at(words[0].start)
    if reading.field in (FieldName.OCR, *_COMPOUND):
        start, end = 0, len(reading.folded.text)
    around = {word.low for word in reading.words_in(start, end)} - {word.low for word in words}
    private = bool(around & cues["private"]) or _introduced(before)
    if {word.low for word in before[:2]} & cues["called"]:
        return False
    if around & cues["public"] and not private:
        return False
    if all(word.low in cue_set("scripture") for word in words) and not _introduced(before) and not _relation(before):
        return False
    if len(words) > 1:
        ordinary = sum(_is_ordinary(word) for word in words)
        return score >= (ALONE if private else SURE) and ordinary < len(words) and (ordinary == 0 or words[0].capital)
    if _is_ordinary(words[0]):
        return False
    if _introduced(before) or _relation(before):
        return score >= ALONE
    sentence = reading.field in _PROSE and words[0].capital and not words[0].opens and not words[0].shouted
    return score >= LONE and sentence


_LIST = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*\n\s*")


def _beside_the_famous(reading: Reading, words: Sequence[Word], known: Sequence[Known]) -> bool:
    """In a list with a well-known person, of whom at least two words are written."""
    text = reading.folded.text
    return any(
        " " in text[each.start : each.end].strip()
        and (_LIST.fullmatch(text, each.end, words[0].start) or _LIST.fullmatch(text, words[-1].end, each.start))
        for each in known
        if not each.staff
    )


def _is_ordinary(word: Word) -> bool:
    """An English word, and no name of a list."""
    return (is_word(word.low) or word.low in common_words() or word.low in name_words()) and (
        word.low not in given_variants()
    )


def _introduced(before: Sequence[Word]) -> bool:
    """ "Thank you to Bev", "ring Martina", "visitor: Keith"."""
    cues = stranger_cues()
    return any(word.low in cues["before"] for word in before[:NEARBY])


def _relation(before: Sequence[Word]) -> bool:
    return any(word.low in stranger_cues()["private"] for word in before[:2])
