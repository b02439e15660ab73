"""Whether a name that is also a word means a child: weigh position, neighbours and company.

The weights are few and coarse; 0.5 flags. They were set by hand for the kinds of sentence schools write, from the order
of evidence that measured best: fixed word pairs first, then what people do and have, then capital letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from captions.company import weigh_class, weigh_columns, weigh_company, weigh_list
from captions.context import BY, FROM, GUESSED, LISTED, MADE_BY, MET, PRAISE, SHOWN, WEAK_PRAISE, Context
from captions.deeds import weigh_right
from captions.findings import FieldName
from captions.mentions import Mention
from captions.reading import Reading
from captions.register_names import Role
from captions.scale import Scale
from captions.vocabulary import NameWord, cue_set, is_word, name_words, person_words

FLAG_FROM = 0.5

_MIDDLE_OF_SENTENCE = 0.75
_LIST_ITEM = re.compile(r"(?:^|\s)([a-z]+)\s?(?:,|and|&|, and)$")
_FEW = 6  # words and signs
_FAR = 600  # characters: longer than any file name or heading
_LATIN = 0x24F  # the last letter of Latin with accents
_SOMETIMES_CAPITAL = frozenset({"month", "place", "season", "people", "time", "angelic"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a word is a child's name (0 to 1), and what spoke for or against it."""

    score: float
    grounds: tuple[str, ...]

    @property
    def flags(self) -> bool:
        return self.score >= FLAG_FROM


def word_meaning(letters: str) -> NameWord | None:
    """What else a name means, where it is a word; a name of two letters counts as one."""
    known = name_words().get(letters)
    if known is not None and known.categories == {"bible"}:
        return None
    if known is None and (is_word(letters) or len(letters) <= 2):
        return NameWord(frozenset({"thing"}), 0.3)
    return known


def judge(
    reading: Reading,
    mention: Mention,
    meaning: NameWord,
    sure: Iterable[Mention],
    register_words: set[str],
    classes: frozenset[str],
) -> Verdict:
    """Weigh one mention of a name that is also a word; `sure` are mentions that certainly name a pupil."""
    context = Context.of(reading, mention)
    scale = Scale(_base(context, meaning, classes))
    praised = _weigh_left(context, scale, register_words)
    weigh_right(context, scale, meaning)
    weigh_company(context, scale, praised)
    if reading.field is FieldName.OCR:
        weigh_columns(context, scale, sure)
        if len(reading.words) < _FEW and len([each for each in reading.words if len(each.low) > 1]) == 1:
            scale.add(0.2, "nothing else stands in the picture")
    if not praised:
        weigh_list(context, scale, meaning, sure, register_words)
    if any(a.low in ("(", "from", "in", "of") and b.low in classes for a, b in pairwise(context.right[:2])):
        scale.add(0.5, "a class follows")
    if mention.letters in classes:
        weigh_class(context, scale, classes, praised)
    if reading.field is FieldName.FILENAME:
        _weigh_file(context, scale)
    if mention.role is Role.VARIANT:
        scale.add(-0.15, "")
    _weigh_writing(context, scale, meaning)
    return Verdict(max(0.0, min(scale.total, 0.95)), tuple(dict.fromkeys(scale.grounds)))


def _weigh_writing(context: Context, scale: Scale, meaning: NameWord) -> None:
    """A name in disguise hides somebody; beside "Angel" the same word in lower case is the word."""
    reading, mention = context.reading, context.mention
    start, end = reading.span(mention.start, mention.end)
    if any(ord(char) > _LATIN for char in reading.text[start:end]):
        scale.add(0.6, "it is written in disguise")
    word = context.word
    if word is None or not word.capital or word.shouted or "verb" in meaning.categories:
        return
    near = (*context.left, *context.right)
    if any(other.text == mention.letters for other in near):
        scale.add(0.35, "the same word stands beside it in lower case")


def _base(context: Context, meaning: NameWord, classes: frozenset[str]) -> float:
    word = context.word
    if word is None or context.reading.field is FieldName.FILENAME:
        return 0.2
    if not word.capital and not context.reading.has_capitals:
        return 0.2
    if context.reading.field is FieldName.HASHTAGS or context.reading.in_tag(context.mention.start):
        return min(meaning.prior, 0.3)
    if not context.reading.folded.text[context.mention.start].isupper():
        return 0.0
    if word.opens or _all_capitals(context):
        return meaning.prior
    if context.mention.letters in classes or (meaning.categories & _SOMETIMES_CAPITAL and meaning.prior < 0.45):
        return 0.42
    if _title_case(context):
        return meaning.prior + 0.05
    return _MIDDLE_OF_SENTENCE


def _all_capitals(context: Context) -> bool:
    near = [word for word in (*context.left[:4], *context.right[:4]) if word.is_word and len(word.text) > 1]
    return bool(near) and all(word.shouted for word in near)


def _title_case(context: Context) -> bool:
    near = [w for w in (*context.left[:4], *context.right[:4]) if w.is_word and len(w.low) > 3 and not w.opens]
    return len(near) >= 2 and sum(w.capital for w in near) >= 0.7 * len(near)


def _weigh_left(context: Context, scale: Scale, register_words: set[str]) -> bool:
    left = _before_list(context.left_text, register_words)
    praise = PRAISE.search(left)
    if praise and (praise.start() == 0 or not left[praise.start() - 1].isalpha()):
        weak = any(re.match(rf"{cue}\b", praise.group()) for cue in WEAK_PRAISE)
        lower = context.word is not None and not context.word.capital and context.reading.has_capitals
        if not (lower and weak):
            scale.add(0.25 if weak else 0.5, "words spoken to or of a person stand before it")
            if not weak:
                return True
    if context.under_heading and GUESSED.search(context.left_text):
        scale.add(0.45, "it answers who it was")
    elif LISTED.search(context.left_text) or (context.under_heading and LISTED.search(f"{context.left_text}:")):
        scale.add(0.45, "it stands in a list of people")
    elif MET.search(context.left_text):
        scale.add(0.5, "it says who it is")
    elif context.word is not None and context.word.capital and _made_or_given(context):
        scale.add(0.6, "it says by whom, or from whom")
    elif SHOWN.search(context.left_text) and context.word is not None and context.word.capital:
        scale.add(0.2, "it says who it is")
    elif BY.search(context.left_text) and context.word is not None and context.word.capital:
        scale.add(0.3, "it says by whom")
    return False


def _made_or_given(context: Context) -> bool:
    return bool(MADE_BY.search(context.left_text) or FROM.search(context.left_text))


def _before_list(left: str, register_words: set[str]) -> str:
    """What stands before the list a name is in: "well done" of "well done Hope and"."""
    while (item := _LIST_ITEM.search(left)) and item.group(1) in register_words:
        left = left[: item.start()].rstrip()
    return left


def _weigh_file(context: Context, scale: Scale) -> None:
    start, end = context.mention.start - _FAR, context.mention.end + _FAR
    others = [w.low for w in context.reading.words_in(start, end) if w.is_word and w != context.word]
    if not any(low not in cue_set("camera") for low in others):
        scale.add(0.4, "the file has no other name")
    elif person_words()["honours"] & set(others):
        scale.add(0.35, "the file's name speaks of one child")
