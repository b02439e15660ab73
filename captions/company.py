"""What stands beside a name: fixed pairs of words, lists, columns, and the school's classes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from captions.context import Context
from captions.deeds import how_far_acting, past_list
from captions.findings import FieldName
from captions.mentions import Mention
from captions.reading import Word
from captions.scale import Scale
from captions.vocabulary import NameWord, company, cue_set, name_words

_JOINS, _WHEN, _WHERE = cue_set("joins"), cue_set("when"), cue_set("where")
_COLUMN_GAP = re.compile(r" {2,}|\s*[|/]\s*|\s*\n\s*")
_COLUMN_BEFORE = re.compile(r"(?: {2,}|\.{2,}\s*|[:|\t]\s*)$")
_NOTHING = NameWord(frozenset(), 0)
_PROSE = frozenset({FieldName.CAPTION, FieldName.ALT, FieldName.OCR, FieldName.METADATA})


def weigh_company(context: Context, scale: Scale, praised: bool) -> None:
    """The words that make a name the ordinary word: "Poppy Day", "in April"; `praised`: it was spoken to."""
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
    if "virtue" in name_words().get(letters, _NOTHING).categories and _speaks_of_values(context):
        scale.add(-0.6, "")
    text, end = context.reading.folded.text, context.mention.end
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].islower() and context.reading.field in _PROSE:
        scale.add(-0.5, "")  # "Jay-walking", "star-shaped"
    preceding = next(iter(context.left), None)
    if preceding is None:
        return
    categories = name_words().get(letters, _NOTHING).categories
    if (
        (preceding.is_word and preceding.low in pairs.before.get(letters, frozenset()) | pairs.before["*"])
        or (categories & {"month", "season"} and preceding.low in _WHEN)
        or ("place" in categories and preceding.low in _WHERE)
    ):
        scale.add(-0.4, "")
    elif preceding.text[0].isdigit() and categories & {"month", "season"}:
        scale.add(-0.6, "")


def _speaks_of_values(context: Context) -> bool:
    """ "OUR VALUES: Hope Grace Joy" on a wall."""
    near = (*context.left, *context.right)
    wall = context.reading.words[:40] if context.reading.field is FieldName.OCR else ()
    return any(word.low in ("values", "virtues", "value") for word in (*near, *wall))


def weigh_list(
    context: Context, scale: Scale, meaning: NameWord, sure: Iterable[Mention], register_words: set[str]
) -> None:
    """A list of flowers, virtues or months is one; beside a pupil's name it is a pupil's name."""
    items = _list_items(context)
    if not items or (meaning.categories & {"month"} and any(w.text.isdigit() for w in context.right[:1])):
        return
    kin = [w for w in items if name_words().get(w.low, _NOTHING).categories & meaning.categories - {"thing", "verb"}]
    if kin and _is_word_list(context, meaning, kin, register_words):
        scale.add(-0.6, "")
        return
    spans = [(m.start, m.end) for m in sure]
    in_file = context.reading.field is FieldName.FILENAME
    if any(start < w.end and w.start < end for w in items[:2] for start, end in spans):
        scale.add(0.5, "another pupil is named beside it")
    elif any(w.low in register_words and (w.capital or in_file) for w in items[:2]):
        scale.add(0.3 if in_file else 0.25, "another name of the register stands beside it")


def weigh_columns(context: Context, scale: Scale, sure: Iterable[Mention]) -> None:
    """Coat pegs and rotas: a name stands a tab from this one, or at the same place of the line before or after."""
    text = context.reading.folded.text
    start, end = _line(text, context.mention)
    ends_line = not text[context.mention.end : end].strip()
    for other in sure:
        if other.start == context.mention.start:
            continue
        between = text[min(other.end, context.mention.end) : max(other.start, context.mention.start)]
        apart = bool(_COLUMN_GAP.fullmatch(between))
        lines = text.count("\n", min(other.start, start), max(other.start, start)) <= 2
        column = ends_line and _COLUMN_BEFORE.search(text[start : context.mention.start]) is not None
        same = not text[other.end : _line(text, other)[1]].strip()
        if apart or (lines and column and same):
            scale.add(0.5, "it stands in a list with another pupil")
            return


def _line(text: str, mention: Mention) -> tuple[int, int]:
    end = text.find("\n", mention.end)
    return text.rfind("\n", 0, mention.start) + 1, len(text) if end < 0 else end


def _is_word_list(context: Context, meaning: NameWord, kin: list[Word], register_words: set[str]) -> bool:
    """Whether the list names virtues, months, places... and not children who happen to be called so."""
    if any(w.low not in register_words for w in kin):
        return True
    acting = how_far_acting(past_list(list(context.right)))
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


def weigh_class(context: Context, scale: Scale, classes: frozenset[str], praised: bool) -> None:
    """A name that is a class's, too: "Robin class", "goes to Hazel with 98 %"."""
    right = [w.low for w in context.right[:2]]
    left = [w.low for w in context.left[:1]]
    if right[:1] and right[0] in cue_set("classlike"):
        scale.add(-0.5, "")
    elif praised:
        return
    elif left and left[0] in cue_set("inclass"):
        scale.add(-0.3, "")
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
