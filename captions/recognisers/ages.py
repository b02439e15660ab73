"""The age of a named child; ages of groups ("aged 4 to 11") pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import SMALL_NUMBERS, About, Spaced, Taken, found, left_of, sentence_index

_N = rf"(?:\d{{1,2}}|{'|'.join(sorted(SMALL_NUMBERS, key=len, reverse=True))})"
_TH = (
    r"(?:\d{1,2} ?(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth)"
)
_HALF = r"(?:(?: and|,)? (?:a|one) half| and three[ -]quarters| and a bit|-and-a-half| ?1/2| ?\*|\.5|\.75)?"
_DAY = r"(?:today|2day|tomorrow|yesterday|tonight|on|this|next|last|in|now|at the weekend|and|years? young)"
_NOT_A_COUNT = (
    r"(?! ?(?:to\b|-|%|,?\d|goals?|points|runs|tries|wickets|medals|o'clock|minutes|laps|miles|km|metres|pages|books|"
    r"stars))"
)
_PLAIN = (
    r"\b(?:the )?big (?:one[ -]oh|one[ -]zero|1-0|\d{1,2})\b",
    rf"\b{_N}{_HALF}[ -]?(?:years?|yrs?|months?)[ -]?olds?\b",
    rf"\b{_N}{_HALF} ?(?:y/o|yo|y\.o\.?|yrs old)\b",
    rf"\b{_N}{_HALF} years? young\b",
    rf"\bage[ds]? ?(?:just |only )?[:=]? ?(?:of |is )?{_N}{_HALF}\b{_NOT_A_COUNT}",
    rf"\bages?(?: is)?[:=]? {_N}\b{_NOT_A_COUNT}",
    rf"\b(?:turn(?:s|ed|ing)?|becom(?:es|ing)|reach(?:es|ed)|hits?) (?:the (?:big|grand old age of|ripe old age of) )?"
    rf"({_N}{_HALF}|\d ?- ?\d)\b{_NOT_A_COUNT}",
    r"\b(?:into |hits? |reach(?:es|ed) )?double (?:figures|digits)\b(?= today| this| on|!| at last)",
    rf"\b{_TH} (?:\w+ )?(?:birthday|bday|b'day)\b",
    rf"\b{_N} years? and {_N} months?\b",
    rf"\b{_N}{_HALF} years of age\b",
    rf"\b(?:celebrat\w+|marks?|marked|enjoyed) (?:his|her) {_TH}\b",
    rf"\bhold(?:s|ing) up ({_N}) fingers\b",
    rf"\b(?:badge|cake|balloon|banner|crown)s?\b[^.!?\n]{{0,12}} (?:says|saying|reads|with|shows?|shaped like)"
    rf" (?:an? |the |big |number |figure ){{0,3}}({_N})\b{_NOT_A_COUNT}",
    rf"\b(?:number|figure) ({_N})(?:-shaped)? (?:candle|balloon|cake|badge)",
    rf"\b{_N} candles\b",
    rf"\b(?:youngest|oldest)\b[^.!?\n]{{0,30}} at (?:just |only )?({_N}{_HALF})\b{_NOT_A_COUNT}",
    rf"\bi(?:'?m| am) (?:now |nearly |only |just )?({_N}{_HALF})\b{_NOT_A_COUNT}(?! (?:of|in|out)\b)",
    rf"\bhappy {_TH}\b",
    rf"\bbirthday\b[^.!?\n]{{0,30}}\b({_N}) (?:today|years)\b",
    rf"\b({_N}) (?:today|2day|tomorrow|yesterday|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|next (?:week|month|"
    rf"birthday))(?= ?[!.,\n]|$| and\b)",
)  # age is meant whoever is near
_SAID_OF = (
    rf"\b(?:is|was|are both|are|'s|will be|soon be|be)(?: (?:now|only|just|already|nearly|almost|still|finally|"
    rf"officially|all of|a very grown[ -]up))*"
    rf" ({_N}{_HALF})(?: {_DAY}\b|(?=\s*[!.,;)\n#]|\s*$))",
    rf"\b(?:just|only|nearly|almost|still only|now) ({_N}{_HALF})(?=\s*[!.,;)\n]|\s*$| and\b)",
    rf"\bat(?: just| only| the age of| age)? ({_N}{_HALF})(?=,)",
)  # only after a person, or a pronoun, or in apposition
_BESIDE = (
    rf"\(({_N})(?:{_HALF}| ?yrs?| years)\)",
    rf",\s?({_N}{_HALF})(?=\s*(?:[,.;!)\n]|$|and\b|from\b|who\b|in\b|of\b|&|\*))",
    rf"\s({_N}{_HALF}) ?(?:years?|yrs?)\b(?! (?:in|at|of|with|ago|later|running|group|\d))",
    r"\s-\s(\d{1,2})(?=\s*(?:[,.;!)\n]|$))",
    r"\s(\d{1,2})(?=\s*(?:\n|$|yrs?\b|\(year))",
)  # a bare number straight after a name
_RUN_TOGETHER = (
    rf"(?<![a-z0-9])(?:is|im|turning|turns|turned|happy)?({_N})(?:today|yearsold|yrsold|(?:th|st|nd|"
    rf"rd)?birthday)(?![a-z])"
)
_COMPOUND = (
    _RUN_TOGETHER,
    r"\b(?:is|turns?|turned|turning|aged?|am) (\d{1,2})\b",
    rf"\b{_TH} (?:birthday|bday)\b",
    r"\b\d{1,2} ?(?:yo|yrs?|years?)\b",
)


def _all(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_PLAIN_RE, _SAID_RE, _BESIDE_RE, _COMPOUND_RE = _all(*_PLAIN), _all(*_SAID_OF), _all(*_BESIDE), _all(*_COMPOUND)
_SCORES = re.compile(
    r"\b(?:goals?|scores?|scored|points|runs|tries|wickets|medals|beat|won \d|lost \d|win against|table|tables|out "
    r"of|marks?|"
    r"collected|counted|squad|shirts?|numbers?|votes?|house points|stars)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"\s*(?:to|-|and(?= (?:{_N}|over|under|above|up)\b)|or|\+)\s*(?:{_N}\b|over|under|above|up)?", re.IGNORECASE
)
_NOT_AGE_BEFORE = re.compile(
    r"(?:\b(?:year|years|class|group|score|number|no|page|room|level|ages|children|pupils|all|everyone|under|over|"
    r"chapter|row|"
    r"table|set|day|week|team|party of|key stage|ks|shirt|under-|the best|first|last|to|-)\s*)$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:\b(?:s?he|who|they|and|it's|twins?|boy|girl|child|pupil|star|daughter|son|champion|artist)|s?he'?)\s?$",
    re.IGNORECASE,
)
_OLDEST = 18


def find(reading: Reading, about: About) -> Iterator[Found]:
    if not about.everybody:
        return
    view = Spaced.of(reading)
    text = view.text
    taken = Taken()
    compound = _COMPOUND_RE if view.starts else ()
    for pattern in (*_PLAIN_RE, *_SAID_RE, *_BESIDE_RE, *compound):
        for match in pattern.finditer(text):
            inner = match.span(match.lastindex or 0)
            span = view.span(*inner)
            if not _of_school_age(text[slice(*inner)]) or not (
                about.person_near(reading, span[0]) or _in_next_sentence(reading, span[0], about)
            ):
                continue
            ranged = _RANGE.match(text, match.end())
            if (ranged and re.search(r"\d|\w{3,}", ranged.group()[2:])) or _NOT_AGE_BEFORE.search(
                left_of(text, match.start())
            ):
                continue
            if pattern in _SAID_RE and not _said_of_person(text, match, about):
                continue
            if pattern in _BESIDE_RE and not (_follows_name(match.start(), about) and _no_score(reading, text, inner)):
                continue
            if taken.take(span):
                shown = text[slice(*inner)]
                why = f"'{shown}' gives the age of a child who is named."
                yield found(reading, Kind.AGE, span, 0.85, why, shown, "an age, and a name near it")


def _in_next_sentence(reading: Reading, place: int, about: About) -> bool:
    """ "Eight today! Happy birthday, Kai." """
    after = sentence_index(reading, place) + 1
    return after < len(reading.sentences) and about.named_in(*reading.sentences[after])


def _of_school_age(shown: str) -> bool:
    numbers = [int(number) for number in re.findall(r"\d+", re.sub(r"1/2|\.\d+", "", shown))]
    return not numbers or numbers[0] <= _OLDEST or "-" in shown


def _said_of_person(text: str, match: re.Match[str], about: About) -> bool:
    """ "Olivia is seven", "she is nearly 8"; and not "The answer is seven"."""
    if match.group().lower().startswith("at"):
        return True
    before = text[: match.start()].rstrip(" ,")
    return _follows_name(len(before), about) or bool(_SUBJECT.search(before[-40:])) or before.endswith("'")


def _no_score(reading: Reading, text: str, span: tuple[int, int]) -> bool:
    """A bare number after a name: not a score, and of an age to be at school."""
    shown = text[slice(*span)]
    if shown.isdigit() and not 3 <= int(shown) <= _OLDEST:
        return False
    start, end = reading.sentence_at(span[0])
    return not _SCORES.search(reading.folded.text, start, end) and not _SCORES.search(text[:60])


def _follows_name(place: int, about: About) -> bool:
    """Whether a name (with its possessive) ends at this place or just before it."""
    return any(0 <= place - end <= 2 for _, end in about.everybody)
