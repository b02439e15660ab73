"""Names that are nobody's at the school to protect: figures and stories, titled adults, staff, the school itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from captions.findings import FieldName, SchoolProfile
from captions.folding import fold_text
from captions.reading import Reading, Word
from captions.register_names import RegisterNames
from captions.vocabulary import cue_set, figures, is_word, person_words

_PLACES, _PERHAPS_PLACES, _SOMEWHERE = cue_set("places"), cue_set("maybeplaces"), cue_set("somewhere")
_PLACE_GAP = re.compile(r"('s)?[ _]")
_RUN_GAP = re.compile(r"[\s\-_.']{0,3}")


@dataclass(frozen=True, slots=True)
class Known:
    """Folded text `start` to `end` names somebody or something known.

    `guarded`: passed on a condition (see Figure); `met` counts the words near that met it.
    """

    start: int
    end: int
    guarded: bool = False
    met: int = 0
    staff: bool = False


def known_spans(reading: Reading, register: RegisterNames, school: SchoolProfile) -> list[Known]:
    words = [word for word in reading.words if word.is_word or word.text[0].isdigit()]
    spans = list(_figure_spans(reading, words))
    spans.extend(_staff_spans(reading, words, register))
    spans.extend(_school_spans(reading, school))
    return spans


def _runs_on(reading: Reading, left: Word, right: Word) -> bool:
    return bool(_RUN_GAP.fullmatch(reading.folded.text, left.end, right.start))


def _same(wanted: str, word: Word) -> bool:
    return wanted == word.low or (word.possessive and wanted == word.low + "s")


def _figure_spans(reading: Reading, words: list[Word]) -> Iterator[Known]:
    table = figures()
    for i, word in enumerate(words):
        heads = (word.low, word.low + "s") if word.possessive else (word.low,)
        for figure in (figure for head in heads for figure in table.get(head, ())):
            run = words[i : i + len(figure.words)]
            if len(run) < len(figure.words) or not all(map(_same, figure.words, run)):
                continue
            if not all(_runs_on(reading, a, b) for a, b in pairwise(run)):
                continue
            met = 0
            if figure.near:
                start, end = reading.sentence_at(word.start)
                met = len(figure.near & {other.low for other in reading.words_in(start, end) if other not in run})
                if not met:
                    continue
            yield Known(word.start, run[-1].end, guarded=bool(figure.near), met=met)
            break


def in_glued_figure(reading: Reading, start: int, end: int) -> bool:
    """Whether a hashtag without capitals holds a figure's name around this span: "#matildathemusical"."""
    for tag_start, tag_end in reading.tags:
        if tag_start <= start and end <= tag_end:
            tag = reading.folded.text[tag_start:tag_end].lower()
            found = reading.folded.text[start:end].lower()
            return any(found in joined and joined in tag for joined in _glued_figures())
    return False


@lru_cache(maxsize=1)
def _glued_figures() -> tuple[str, ...]:
    return tuple("".join(figure.words) for group in figures().values() for figure in group if not figure.near)


def in_place_name(reading: Reading, start: int, end: int) -> bool:
    """Whether a capital word that makes a place or a firm of it follows: "Albert Road", "George Street Surgery"."""
    following = next(iter(reading.after(end, 1)), None)
    if following is None or not following.capital:
        return False
    if not _PLACE_GAP.fullmatch(reading.folded.text, end, following.start):
        return False
    if following.low in _PLACES:
        after = next(iter(reading.after(following.end, 1)), None)
        return after is None or after.low not in person_words()["verbs"]  # "Olivia Park won" is a person
    before = next(iter(reading.before(start, 1)), None)
    return following.low in _PERHAPS_PLACES and before is not None and before.low in _SOMEWHERE


def _staff_spans(reading: Reading, words: list[Word], register: RegisterNames) -> Iterator[Known]:
    """Staff by full name, or by initial and family name."""
    if not register.staff:
        return
    by_last = {part: staff for staff in register.staff for part in (staff.family, *staff.parts[-1:])}
    for i, word in enumerate(words):
        staff = by_last.get(word.low)
        if staff is None or i == 0:
            continue
        first = i - max(len(staff.parts), 1)
        for at in {first, i - 1}:
            if at < 0 or not all(
                _runs_on(reading, a, b) for a, b in zip(words[at:i], words[at + 1 : i + 1], strict=True)
            ):
                continue
            given = words[at].low
            if given in staff.given or (len(given) == 1 and any(name.startswith(given) for name in staff.given)):
                yield Known(words[at].start, word.end, staff=True)


def _school_spans(reading: Reading, school: SchoolProfile) -> Iterator[Known]:
    text = reading.folded.text.lower()
    own = (
        school.name,
        *school.short_names,
        school.address,
        *school.hashtags,
        *school.handles,
        *school.emails,
        school.domain,
    )
    for phrase in own:
        folded = fold_text(phrase).lower().strip()
        if len(folded) < 3:
            continue
        at = text.find(folded)
        while at >= 0:
            yield Known(at, at + len(folded))
            at = text.find(folded, at + 1)


def titled(reading: Reading, start: int) -> str:
    """The title before a name, with initials and given names allowed between them ("Mr and Mrs", too); else ""."""
    titles = person_words()["titles"]
    for word in (word for word in reading.before(start, 4) if word.text not in "._-"):
        if not word.is_word:
            return ""
        if word.low in titles:
            position = word.text == "ST" and not _shouted_at(reading, start)  # a striker on a team sheet
            return "" if position or not _is_title(reading, word) else word.low
        if not word.capital or (is_word(word.low) and len(word.low) > 2):
            return ""
    return ""


def _shouted_at(reading: Reading, start: int) -> bool:
    at = reading.index_at(start)
    return at < len(reading.words) and reading.words[at].shouted


def _is_title(reading: Reading, word: Word) -> bool:
    """A title is written with a capital ("my auntie Patel" aside), and "St" is no street."""
    if word.capital or reading.field is FieldName.FILENAME or word.low in {"mr", "mrs", "ms", "dr", "pc"}:
        return True
    return not reading.has_capitals and word.low != "miss"
