"""A regular time and place of children away from the school's public day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_OFTEN = re.compile(
    r"\b(?:(?:every|each) (?:single )?(?:day|morning|afternoon|evening|night|lunchtime|weekday|school day|week|"
    rf"weekend|{_WEEKDAY}s?)|(?:on )?{_WEEKDAY}s|daily|always|usually|(?:after|before) school|most days)\b",
    re.IGNORECASE,
)
_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_TIME = re.compile(
    r"\b(?:\d{1,2}[.:]\d{2}(?: ?[ap]\.?m\b)?|\d{1,2} ?[ap]\.?m\b|"
    rf"(?:(?:half|quarter|ten|twenty|five) past|(?:quarter|ten|twenty|five) to) (?:{_HOUR}|\d{{1,2}})|"
    rf"(?:at|from|by|until|about|around) {_HOUR}\b(?: o'clock)?|{_HOUR} o'clock|noon|midday)",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"\b(?:(?:walks?|cycles?|scoots?|goes|runs?|travels?|gets?|makes? (?:his|her|their) way) "
    r"(?:home|alone|back|to|by|along|through|past)|leaves?|meets?|waits?|catch(?:es)?|gets? (?:on|off|the)|"
    r"(?:is|are|be|being|gets) (?:picked up|collected|dropped)|trains?|swims?|practises?|plays? (?:at|in|on|by)|"
    r"sets? off|departs?|gathers?|starts? from|stops? at|hangs? out|can be found|picks? (?:up|them|him|her))\b",
    re.IGNORECASE,
)
_SPOT = (
    r"(?:path|park|bus stop|shop|corner|canal|bridge|bandstand|pool|leisure centre|library|rec|"
    r"playing fields?|playground|lane|road|street|station|church|car park|woods?|beach|river|crossing|gym|club|courts?|"
    r"pitch|astro|alley|towpath|field|common|green|square|swings)"
)
_PLACE = re.compile(
    r"\b(?:at|in|by|from|along|outside|near|behind|on|through|via|past|opposite|across|to|off|leaves) "
    r"(?:the |our |a )?"
    rf"(?:(?:[A-Z][\w'&-]+ ?){{1,4}}|(?:\w+ ){{0,2}}{_SPOT})"
)
_IN_SCHOOL = re.compile(
    r"(?:in|at|to|from|on) (?:the |our )?(?:school|hall|classroom|library|office|playground|main entrance|music room|"
    r"studio|(?:ict|computer) suite|reading den|front gate|gates?|field)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\b(?:home alone|alone)\b")
_CALENDAR = re.compile(
    rf"{_WEEKDAY}s?|january|february|march|april|may|june|july|august|september|october|november|december",
    re.IGNORECASE,
)


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    for start, end in reading.sentences:
        sentence = text[start:end]
        often, moves = _OFTEN.search(sentence), _MOVES.search(sentence)
        if often is None or moves is None:
            continue
        times = list(_TIME.finditer(sentence))
        place = _place(sentence, about)
        if place is None or not (times or any(start <= a < end for a, _ in about.named)):
            continue
        pieces = [often, moves, place, *times[-1:]]
        span = start + min(piece.start() for piece in pieces), start + max(piece.end() for piece in pieces)
        why = f"'{text[slice(*span)].strip()}' says where children are at a regular time."
        yield found(reading, Kind.ROUTINE, span, 0.75, why, None)


def _place(sentence: str, about: About) -> re.Match[str] | None:
    """The first place that is not in school and not a day or month, or that somebody is alone."""
    own = {word.lower() for word in re.findall(r"\w+", f"{about.school.name} {' '.join(about.school.short_names)}")}
    for match in _PLACE.finditer(sentence):
        capital = [word for word in match.group().split()[1:] if word[0].isupper()]
        if capital and (
            _CALENDAR.fullmatch(capital[0]) or {word.lower() for word in capital} <= own or len(capital[0]) < 3
        ):
            continue
        if _IN_SCHOOL.match(match.group()):
            continue
        return match
    return _ALONE.search(sentence)
