"""Names of stories: scripture, books and costumes, as told in school."""

from __future__ import annotations

import re
from collections.abc import Container

from captions.context import BY, PRAISE, Context
from captions.findings import FieldName
from captions.letting_through import Known
from captions.mentions import Mention
from captions.reading import Reading
from captions.vocabulary import cue_set, cues, name_words, person_words

_SCRIPTURE, _FAITH, _RETOLD = cue_set("scripture"), cue_set("faith"), cue_set("retold")
_ALSO_ELSEWHERE = cue_set("elsewhere")
_FAR = 600  # characters: longer than any file name or heading
_SENTENCES = frozenset({FieldName.CAPTION, FieldName.ALT, FieldName.METADATA})
_NUMBERS = {word: number for number, word in enumerate(cues()["numbers"], start=1)}
_DRESSED = re.compile(
    r"(?:\bdress(?:ed|ing)?(?: up)? as |\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|dozen|many) )"
    r"(?:an? |the )?$",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*")


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


def is_costume(reading: Reading, mention: Mention) -> bool:
    """ "dressed as Matilda", "in a Matilda costume", "nine Matildas" where the register has but two."""
    text = reading.folded.text
    before = _DRESSED.search(text, max(0, mention.start - 30), mention.start)
    if before is not None and not before.group().lower().startswith("dress"):
        number = before.group().split()[0].lower()
        count = int(number) if number.isdigit() else _NUMBERS.get(number, 99)
        several = "s" in (text[mention.end : mention.end + 1], text[mention.end - 1])
        before = before if several and count > len(mention.people) else None
    following = next(iter(reading.after(mention.end, 1)), None)
    return before is not None or (
        following is not None and following.low in {"costume", "costumes", "outfit", "outfits"}
    )


def among_characters(reading: Reading, mention: Mention, known: list[Known]) -> bool:
    """Whether "Matilda" stands in a list beside Harry Potter or Alice in Wonderland."""
    if mention.letters not in person_words()["characters"]:
        return False
    text = reading.folded.text
    return any(
        _LIST.fullmatch(text, span.end, mention.start) or _LIST.fullmatch(text, mention.end, span.start)
        for span in known
        if not span.staff
    )
