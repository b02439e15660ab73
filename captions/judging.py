"""Whether a name that is also a word means a child: weigh position, neighbours and company.

The weights are few and coarse; 0.5 flags. They were set by hand for the kinds of sentence schools write, from the order
of evidence that measured best: fixed word pairs first, then what people do and have, then capital letters.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from itertools import pairwise

from captions.context import BLESSED, BY, GUESSED, LISTED, PRAISE, PRONOUN, SHOWN, SPOKEN_TO, TIES, WEAK_PRAISE, Context
from captions.findings import FieldName
from captions.mentions import Mention
from captions.reading import Reading, Word
from captions.register_names import Role
from captions.vocabulary import NameWord, common_words, company, cue_set, is_word, name_words, person_words

FLAG_FROM = 0.5

_MIDDLE_OF_SENTENCE = 0.75
_AIDS, _ADVERBS, _DETERMINERS = cue_set("aids"), cue_set("adverbs"), cue_set("determiners")
_JOINS, _WHEN, _WHERE = cue_set("joins"), cue_set("when"), cue_set("where")
_SCRIPTURE, _FAITH, _RETOLD = cue_set("scripture"), cue_set("faith"), cue_set("retold")
_ALSO_ELSEWHERE = cue_set("elsewhere")
_LIST_ITEM = re.compile(r"(?:^|\s)([a-z]+)\s?(?:,|and|&|, and)$")
_FAR = 600  # characters: longer than any file name or heading
_LATIN = 0x24F  # the last letter of Latin with accents
_COLUMN_GAP = re.compile(r" {2,}|\s*[|/]\s*|\s*\n\s*")
_COLUMN_BEFORE = re.compile(r"(?: {2,}|\.{2,}\s*|[:|\t]\s*)$")
_PROSE = frozenset({FieldName.CAPTION, FieldName.ALT, FieldName.OCR, FieldName.METADATA})
_SENTENCES = frozenset({FieldName.CAPTION, FieldName.ALT, FieldName.METADATA})
_SOMETIMES_CAPITAL = frozenset({"month", "place", "season", "people", "time", "angelic"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a word is a child's name (0 to 1), and what spoke for or against it."""

    score: float
    grounds: tuple[str, ...]

    @property
    def flags(self) -> bool:
        return self.score >= FLAG_FROM


class _Scale:
    def __init__(self, base: float) -> None:
        self.total = base
        self.grounds: list[str] = []

    def add(self, weight: float, ground: str) -> None:
        self.total += weight
        if weight > 0:
            self.grounds.append(ground)


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
    scale = _Scale(_base(context, meaning, classes))
    praised = _weigh_left(context, scale, register_words)
    _weigh_right(context, scale, meaning)
    _weigh_company(context, scale, praised)
    if reading.field is FieldName.OCR:
        _weigh_columns(context, scale, sure)
    if not praised:
        _weigh_list(context, scale, meaning, sure, register_words)
    if any(a.low in ("(", "from", "in", "of") and b.low in classes for a, b in pairwise(context.right[:2])):
        scale.add(0.5, "a class follows")
    if mention.letters in classes:
        _weigh_class(context, scale, classes, praised)
    if reading.field is FieldName.FILENAME:
        _weigh_file(context, scale)
    if mention.role is Role.VARIANT:
        scale.add(-0.15, "")
    _weigh_writing(context, scale, meaning)
    return Verdict(max(0.0, min(scale.total, 0.95)), tuple(dict.fromkeys(scale.grounds)))


def _weigh_writing(context: Context, scale: _Scale, meaning: NameWord) -> None:
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


def _weigh_left(context: Context, scale: _Scale, register_words: set[str]) -> bool:
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
    elif SHOWN.search(context.left_text) and context.word is not None and context.word.capital:
        scale.add(0.2, "it says who it is")
    elif BY.search(context.left_text) and context.word is not None and context.word.capital:
        scale.add(0.3, "it says by whom")
    return False


def _before_list(left: str, register_words: set[str]) -> str:
    """What stands before the list a name is in: "well done" of "well done Hope and"."""
    while (item := _LIST_ITEM.search(left)) and item.group(1) in register_words:
        left = left[: item.start()].rstrip()
    return left


def _weigh_right(context: Context, scale: _Scale, meaning: NameWord) -> None:
    right = [w for w in context.right if w.text not in ('"', "'")]
    prose = context.reading.field is not FieldName.FILENAME
    capital = context.word is not None and (context.word.capital or not context.reading.has_capitals)
    if context.word is not None and context.word.possessive:
        _weigh_possession(context, scale, meaning, right)
        return
    if _weigh_address(context, scale, right, capital=capital):
        return
    if not capital:
        right = _past_list(right)
    acts = _acts(_past_list(right))
    if BLESSED.search(context.right_text):
        scale.add(0.35, "he or she follows")
    if acts:
        scale.add(acts if capital else acts * 0.7, "what a person does follows")
        if PRONOUN.search(context.right_text) and capital:
            scale.add(0.15, "he or she follows")
    elif PRONOUN.search(context.right_text) and capital:
        scale.add(0.2, "he or she follows")
    elif context.word is not None and context.word.opens and prose and right and _is_thing_after(right[0], meaning):
        scale.add(-0.3, "")


def _weigh_possession(context: Context, scale: _Scale, meaning: NameWord, right: list[Word]) -> None:
    """What follows "Hope's"."""
    if right and right[0].low == context.mention.letters:
        scale.add(0.6, "the word itself follows")  # "Art's art"
    elif right and right[0].low in person_words()["owns"]:
        scale.add(0.4, "something a person has follows")
    elif PRONOUN.search(context.right_text):
        scale.add(0.3, "he or she follows")
    elif not meaning.categories & {"month", "season", "sky", "people", "time"}:
        scale.add(0.15, "something belongs to it")


def _weigh_address(context: Context, scale: _Scale, right: list[Word], *, capital: bool) -> bool:
    """An age, a class or words to a person straight after the name; whether there are any."""
    following = context.right_text.strip()
    word = context.word
    if TIES.match(following if following.startswith(",") else f" {following}"):
        scale.add(0.5, "an age, a class or words to a person follow")
    elif word is not None and word.opens and capital and SPOKEN_TO.match(following):
        scale.add(0.4, "words to a person follow")
    elif right and word is not None and right[0].text == context.mention.letters and word.capital:
        scale.add(0.6, "the word itself follows")  # "Will will be our Scrooge"
    else:
        return False
    return True


def _past_list(right: list[Word]) -> list[Word]:
    """What follows "and Grace", ", Ruby and Joy"."""
    i = 0
    while i + 1 < len(right) and right[i].low in _JOINS and right[i + 1].is_word and i < 6:
        i += 2
    return right[i:] if i and i < len(right) else right


def _acts(right: list[Word]) -> float:
    """How far what follows is what a person does, feels or is."""
    words = person_words()
    rest = [w.low for w in right]
    while rest and rest[0] in _ADVERBS:
        rest = rest[1:]
    if not rest:
        return 0.0
    if rest[0] in words["verbs"]:
        return 0.5
    if rest[0] not in _AIDS:
        done = rest[0].endswith("ed") and len(rest[0]) > 4 and rest[0] not in words["notdone"]
        return 0.35 if done else 0.0
    aid = rest[0]
    rest = [w for w in rest[1:] if w not in _ADVERBS or w == "so"]
    while rest and rest[0] in ("been", "be", "have"):
        rest = rest[1:]
    if not rest:
        return 0.0
    if rest[0] in words["states"] or (rest[0] in words["verbs"] and aid not in ("is", "are", "was", "were")):
        return 0.5
    if rest[0] in words["bare"] and aid in ("can", "could", "will", "did"):
        return 0.4
    if rest[0] in words["qualities"]:
        return 0.25
    if rest[0] in _DETERMINERS and any(w in words["roles"] for w in rest[1:4]):
        return 0.5
    return {"had": 0.4, "has": 0.2}.get(aid, 0.0) if rest[0] in _DETERMINERS else 0.0


def _is_thing_after(word: Word, meaning: NameWord) -> bool:
    """Whether the next word makes a pair with it, as in "Robin alert", "Hope it's", "Joy all round"."""
    if not word.is_word:
        return word.text[0].isdigit()
    return not word.capital and (word.low in common_words() and word.low not in _JOINS) and meaning.prior < 0.5


def _weigh_company(context: Context, scale: _Scale, praised: bool) -> None:
    pairs = company()
    letters = context.mention.letters
    following = next(iter(context.right), None)
    if following is not None:
        possessive = context.word is not None and context.word.possessive
        after = pairs.after.get(letters, frozenset()) | (frozenset() if possessive else pairs.after["*"])
        if following.low in after:
            scale.add(-0.6, "")
    if praised:
        return
    text, end = context.reading.folded.text, context.mention.end
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].islower() and context.reading.field in _PROSE:
        scale.add(-0.5, "")  # "Jay-walking", "star-shaped"
    preceding = next(iter(context.left), None)
    if preceding is None:
        return
    categories = name_words().get(letters, NameWord(frozenset(), 0)).categories
    if (
        (preceding.is_word and preceding.low in pairs.before.get(letters, frozenset()) | pairs.before["*"])
        or (categories & {"month", "season"} and preceding.low in _WHEN)
        or ("place" in categories and preceding.low in _WHERE)
    ):
        scale.add(-0.4, "")
    elif preceding.text[0].isdigit() and categories & {"month", "season"}:
        scale.add(-0.6, "")


def _weigh_list(
    context: Context, scale: _Scale, meaning: NameWord, sure: Iterable[Mention], register_words: set[str]
) -> None:
    """A list of flowers, virtues or months is one; beside a pupil's name it is a pupil's name."""
    items = _list_items(context)
    if not items or (meaning.categories & {"month"} and any(w.text.isdigit() for w in context.right[:1])):
        return
    kin = [
        w
        for w in items
        if name_words().get(w.low, NameWord(frozenset(), 0)).categories & meaning.categories - {"thing", "verb"}
    ]
    if kin and _is_word_list(context, meaning, kin, register_words):
        scale.add(-0.6, "")
        return
    spans = [(m.start, m.end) for m in sure]
    in_file = context.reading.field is FieldName.FILENAME
    if any(start < w.end and w.start < end for w in items[:2] for start, end in spans):
        scale.add(0.5, "another pupil is named beside it")
    elif any(w.low in register_words and (w.capital or in_file) for w in items[:2]):
        scale.add(0.3 if in_file else 0.25, "another name of the register stands beside it")


def _weigh_columns(context: Context, scale: _Scale, sure: Iterable[Mention]) -> None:
    """Coat pegs and rotas: a name stands a tab from this one, or at the same place of the line before or after."""
    text, (start, end) = context.reading.folded.text, context.reading.sentence_at(context.mention.start)
    ends_line = not text[context.mention.end : end].strip()
    for other in sure:
        if other.start == context.mention.start:
            continue
        between = text[min(other.end, context.mention.end) : max(other.start, context.mention.start)]
        apart = bool(_COLUMN_GAP.fullmatch(between))
        lines = text.count("\n", min(other.start, start), max(other.start, start)) <= 2
        column = ends_line and _COLUMN_BEFORE.search(text[start : context.mention.start]) is not None
        same = not text[other.end : context.reading.sentence_at(other.start)[1]].strip()
        if apart or (lines and column and same):
            scale.add(0.5, "it stands in a list with another pupil")
            return


def _is_word_list(context: Context, meaning: NameWord, kin: list[Word], register_words: set[str]) -> bool:
    """Whether the list names virtues, months, places... and not children who happen to be called so."""
    if any(w.low not in register_words for w in kin):
        return True
    acting = _acts(_past_list(list(context.right)))
    if meaning.categories & {"virtue", "month", "season"}:
        return len(kin) >= 2 or not acting
    first = min((context.mention.start, *(w.start for w in kin)))
    lead = next(iter(context.reading.before(first, 1)), None)
    if "place" in meaning.categories and lead is not None and lead.low in _WHERE:
        return True
    return not all(w.capital for w in kin) and not acting


def _list_items(context: Context) -> list[Word]:
    items: list[Word] = []
    for side in (context.right, context.left):
        words = list(side)
        i = 0
        while i + 1 < len(words) and _joins(words[i]):
            if _joins(words[i + 1]):
                i += 1
                continue
            items.append(words[i + 1])
            i += 2
    return items


def _joins(word: Word) -> bool:
    """A comma, an "and", or the number of a list: "1. Hope 2. Noor"."""
    return word.low in _JOINS or (word.text.isdigit() and len(word.text) <= 2)


def _weigh_class(context: Context, scale: _Scale, classes: frozenset[str], praised: bool) -> None:
    right = [w.low for w in context.right[:2]]
    left = [w.low for w in context.left[:1]]
    if right[:1] and right[0] in cue_set("classlike"):
        scale.add(-0.5, "")
    elif left and left[0] in cue_set("inclass"):
        scale.add(-0.3, "")
    elif praised:
        return
    elif any(w.low in classes for w in _list_items(context)) or _is_of_classes(context, classes):
        scale.add(-0.5, "")


def _is_of_classes(context: Context, classes: frozenset[str]) -> bool:
    return _counts_classes(context) or _tags_of_classes(context, classes)


def _counts_classes(context: Context) -> bool:
    """Attendance and house points go to classes."""
    words = {word.low for word in (*context.left, *context.right)}
    return bool(words & cue_set("classcounts"))


def _tags_of_classes(context: Context, classes: frozenset[str]) -> bool:
    """ "#RobinReads #HazelHeroes": each class with its tag."""
    reading = context.reading
    if reading.field is not FieldName.HASHTAGS and not reading.in_tag(context.mention.start):
        return False
    return len({word.low for word in reading.words if word.low in classes}) > 1


def _weigh_file(context: Context, scale: _Scale) -> None:
    start, end = context.mention.start - _FAR, context.mention.end + _FAR
    others = [w.low for w in context.reading.words_in(start, end) if w.is_word and w != context.word]
    if not any(low not in cue_set("camera") for low in others):
        scale.add(0.4, "the file has no other name")
    elif person_words()["honours"] & set(others):
        scale.add(0.35, "the file's name speaks of one child")


def bible_story(reading: Reading, mention: Mention, register: Container[str], *, strictly: bool = False) -> bool:
    """Whether Mary or Noah is the one of the story: its other words are near, and nobody plays or is praised.

    `strictly`: only words that stand in no other text, such as gospel.
    """
    known = name_words().get(mention.letters)
    if mention.letters not in _SCRIPTURE and (known is None or "bible" not in known.categories):
        return False
    start, end = reading.sentence_at(mention.start)
    if reading.field not in _SENTENCES:
        start, end = max(0, mention.start - _FAR), mention.end + _FAR
    near = {word.low for word in reading.words_in(start, end) if word.end <= mention.start or word.start >= mention.end}
    unregistered = {name for name in near & _SCRIPTURE if name not in register}  # "Ruth and Naomi": no pupil is Naomi
    words = near & (person_words()["bible"] - _SCRIPTURE)
    told = near & _FAITH or (near & _RETOLD and (unregistered or words))
    together = words and near & _SCRIPTURE  # Mary, Joseph and a donkey
    if not told and (strictly or not (words - _ALSO_ELSEWHERE or len(words) > 1 or together)):
        return False
    context = Context.of(reading, mention)
    plays = any(word.low in ("played", "plays") for word in context.right[:1])
    return not (plays or BY.search(context.left_text) or PRAISE.search(context.left_text))


def acts(reading: Reading, mention: Mention) -> bool:
    """Whether a verb of what people do follows at once: "Jack Frost read his story"."""
    following = next(iter(reading.after(mention.end, 1)), None)
    return following is not None and following.low in person_words()["verbs"]


def addressed(reading: Reading, mention: Mention) -> bool:
    """Whether words spoken to or of a person stand before it: "Bravo poppy field"."""
    left = Context.of(reading, mention).left_text
    return bool(PRAISE.search(left) or LISTED.search(left))
