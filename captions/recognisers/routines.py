"""A regular time and place of children away from the school's public day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_OFTEN = re.compile(
    rf"\b(?:(?:every|each) (?:single )?(?:day|morning|afternoon|evening|night|lunchtime|weekday|school day|week|weekend|{_DAY})|"
    rf"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)days|daily|always|usually|after school|before school|most (?:days|mornings|evenings))\b",
    re.I,
)
_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_TIME = re.compile(
    rf"\b(?:\d{{1,2}}[.:]\d{{2}}(?: ?[ap]\.?m\b)?|\d{{1,2}} ?[ap]\.?m\b|(?:half past|quarter past|quarter to|ten to|ten past|twenty past|twenty to|five past|five to) (?:{_HOUR}|\d{{1,2}})|"
    rf"(?:at|from|by|until|about|around) {_HOUR}\b(?: o'clock)?|{_HOUR} o'clock|noon|midday)",
    re.I,
)
_MOVES = re.compile(
    r"\b(?:(?:walks?|cycles?|scoots?|goes|runs?|travels?|gets?|makes? (?:his|her|their) way) (?:home|alone|back|to|by|along|through|past)|leaves?|meets?|waits?|catch(?:es)?|"
    r"gets? (?:on|off|the)|(?:is|are|be|being|gets) (?:picked up|collected|dropped)|trains?|swims?|practises?|plays? (?:at|in|on|by)|"
    r"sets? off|departs?|gathers?|starts? from|stops? at|hangs? out|can be found|picks? (?:up|them|him|her))\b",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:(?:at|in|by|from|along|outside|near|behind|on|through|via|past|opposite|across|to|off|leaves) (?:the |our |a )?"
    r"(?:(?:[A-Z][\w'&-]+ ?){1,4}|(?:\w+ ){0,2}(?:path|park|bus stop|shop|corner|canal|bridge|bandstand|pool|leisure centre|library|rec|"
    r"playing fields?|playground|lane|road|street|station|church|car park|woods?|beach|river|crossing|gym|club|court|courts|pitch|astro|alley|towpath|field|common|green|square|swings)))",
)
_IN_SCHOOL = re.compile(
    r"\b(?:in|at|to|from) (?:the |our )?(?:school|hall|classroom|library|office|playground|main entrance|music room|studio|ict suite|computer suite|reading den|front gate|gates?)\b",
    re.I,
)


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    for start, end in reading.sentences:
        sentence = text[start:end]
        often, time, moves = _OFTEN.search(sentence), _TIME.search(sentence), _MOVES.search(sentence)
        if not (often and moves) or not (time or any(start <= a < end for a, _ in about.named)):
            continue
        place = _first_place(sentence, about, moves)
        if place is None or (
            _IN_SCHOOL.search(sentence) and not place.group()[0].isupper() and _only_in_school(sentence, about)
        ):
            continue
        pieces = [often, moves, place, *([_last(_TIME, sentence)] if time else [])]
        span = start + min(m.start() for m in pieces if m), start + max(m.end() for m in pieces if m)
        why = f"'{text[slice(*span)]}' says where children are at a regular time."
        yield found(reading, Kind.ROUTINE, span, 0.75, why, None)


def _last(pattern: re.Pattern[str], sentence: str) -> re.Match[str] | None:
    return list(pattern.finditer(sentence))[-1]


def _first_place(sentence: str, about: About, moves: re.Match[str]) -> re.Match[str] | None:
    own = {word.lower() for word in re.findall(r"\w+", f"{about.school.name} {' '.join(about.school.short_names)}")}
    days = re.compile(
        rf"{_DAY}|january|february|march|april|may|june|july|august|september|october|november|december", re.I
    )
    for match in _PLACE.finditer(sentence):
        words = match.group().split()[1:]
        capital = [word for word in words if word[0].isupper()]
        if capital and (
            days.fullmatch(capital[0]) or all(word.lower() in own for word in capital) or len(capital[0]) < 3
        ):
            continue
        return match
    alone = re.search(r"\b(?:home alone|alone)\b", sentence)
    return alone if alone and moves else None


def _only_in_school(sentence: str, about: About) -> bool:
    return all(_IN_SCHOOL.match(match.group()) or False for match in _PLACE.finditer(sentence)) if about else False
