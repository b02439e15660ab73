"""What follows a name: what people do, are and have, and words spoken to them."""

from __future__ import annotations

from captions.context import BLESSED, LISTED, PRAISE, PRONOUN, SPOKEN_TO, TIES, Context
from captions.findings import FieldName
from captions.mentions import Mention
from captions.reading import Reading, Word
from captions.scale import Scale
from captions.vocabulary import NameWord, common_words, cue_set, person_words

_AIDS, _ADVERBS, _DETERMINERS = cue_set("aids"), cue_set("adverbs"), cue_set("determiners")
_JOINS = cue_set("joins")


def weigh_right(context: Context, scale: Scale, meaning: NameWord) -> None:
    """What follows the name, from what belongs to it to what it does."""
    right = [w for w in context.right if w.text not in ('"', "'")]
    prose = context.reading.field is not FieldName.FILENAME
    capital = context.word is not None and (context.word.capital or not context.reading.has_capitals)
    if context.word is not None and context.word.possessive:
        _weigh_possession(context, scale, meaning, right)
        return
    if _weigh_address(context, scale, right, capital=capital):
        return
    if not capital:
        right = past_list(right)
    acts = how_far_acting(past_list(right))
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


def _weigh_possession(context: Context, scale: Scale, meaning: NameWord, right: list[Word]) -> None:
    """What follows "Hope's"."""
    if right and right[0].low == context.mention.letters:
        scale.add(0.6, "the word itself follows")  # "Art's art"
    elif right and right[0].low in person_words()["owns"]:
        scale.add(0.4, "something a person has follows")
    elif PRONOUN.search(context.right_text):
        scale.add(0.3, "he or she follows")
    elif not meaning.categories & {"month", "season", "sky", "people", "time"}:
        scale.add(0.15, "something belongs to it")


def _weigh_address(context: Context, scale: Scale, right: list[Word], *, capital: bool) -> bool:
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


def past_list(right: list[Word]) -> list[Word]:
    """What follows "and Grace", ", Ruby and Joy"."""
    i = 0
    while i + 1 < len(right) and right[i].low in _JOINS and right[i + 1].is_word and i < 6:
        i += 2
    return right[i:] if i and i < len(right) else right


def how_far_acting(right: list[Word]) -> float:
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


def acts(reading: Reading, mention: Mention) -> bool:
    """Whether a verb of what people do follows at once: "Jack Frost read his story"."""
    following = next(iter(reading.after(mention.end, 1)), None)
    return following is not None and following.low in person_words()["verbs"]


def addressed(reading: Reading, mention: Mention) -> bool:
    """Whether words spoken to or of a person stand before it: "Bravo poppy field"."""
    left = Context.of(reading, mention).left_text
    return bool(PRAISE.search(left) or LISTED.search(left))
