"""A regular time and place of children away from the school's public day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import FieldName, Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found, sentence_index
from captions.recognisers.places import TIME, place_in

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT_DAY = r"(?:mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)"
_OFTEN = re.compile(
    r"\b(?:(?:every|each) (?:single |other |second )?(?:day|morning|afternoon|evening|night|lunchtime|weekday|"
    r"school day|week|"
    rf"weekend|{_WEEKDAY}s?|{_SHORT_DAY})(?:(?:,| and| &) {_WEEKDAY}s?)*|(?:on )?{_WEEKDAY}s(?:(?:,| and| &) "
    rf"{_WEEKDAY}s)*|"
    rf"{_SHORT_DAY}s? ?(?:-|to|&|and|/) ?{_SHORT_DAY}s?|(?:{_WEEKDAY}(?:(?:,| and| &) )?){{1,3}} (?:mornings|"
    rf"afternoons|evenings|nights|lunchtimes)|daily|weekly|always|usually|(?:after|before) school|"
    r"(?:most|on school|school) (?:days|mornings|afternoons|evenings)|weekdays|at weekends|once a week|twice a week)\b",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"\b(?:(?:walks?|cycles?|scoots?|goes|runs?|travels?|gets?|makes? (?:his|her|their) way|rides?) "
    r"(?:home|alone|back|to|by|along|through|past|in)|leaves?|meets?|waits?|catch(?:es)?|gets? (?:on|off|the)|"
    r"(?:is|are|be|being|gets) (?:picked up|collected|dropped|met)|trains?|swims?|practises?|plays? (?:at|in|on|by)|"
    r"rehearses?|"
    r"sets? off|departs?|gathers?|starts? from|stops? at|hangs? out|can be found|picks? (?:up|them|him|her)|collects?|"
    r"stays? with|goes to|attends?|takes? the|dances? at|has (?:swimming|football|ballet|piano|dance|gymnastics|"
    r"tuition|lessons))\b",
    re.IGNORECASE,
)
_CHILDREN = re.compile(
    r"\b(?:clubs?|cadets?|sessions?|squads?|teams?|training|practices?|lessons?|choir|cubs|scouts|beavers|brownies|rainbows|guides|"
    r"squirrels|"
    r"walking bus|cycle bus|bike bus|youth|academy|rehearsals?|juniors?|infants?|under[ -]?\d+s?|u\d+s?|swimmers|"
    r"runners|ages? \d+|"
    r"childcare|childminder|tuition|band|orchestra|ballet|dance|gymnastics|karate|judo|football|rugby|cricket|"
    r"netball|tennis|children|"
    r"players|leaders|monitors|tots|singers|dancers|ringers|gardeners|helpers|ambassadors|cyclists|kids|boys|girls|"
    r"pupils|youngsters|year \d|pick-?ups?|drop-?offs?|parkrun|minibus)\b",
    re.IGNORECASE,
)
_FETCHED = re.compile(
    r"\b(?:collects?|picks? up|picked up|collected|meets?|drops?) (?:him|her|them|by|from|\w+ (?:from|at))\b"
    r"[^.!?\n]{0,30}",
    re.IGNORECASE,
)  # whoever waits at the school's gate
_HOME_ALONE = re.compile(r"\b(?:home alone|alone|on (?:his|her) own|by (?:him|her)self)\b", re.IGNORECASE)
_FAR = 400  # characters before and after the words that say how often
_LINES_AFTER = 3  # of a poster, after the line that says how often


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    told = 0  # up to where
    read: set[tuple[int, int]] = set()
    for often in _OFTEN.finditer(text):
        start, end = _passage(reading, often.start())
        if often.start() < told or (start, end) in read:
            continue
        read.add((start, end))
        if end - start > 2 * _FAR:  # a sentence without an end is read piece by piece
            start, end = max(start, often.start() - _FAR), min(end, often.start() + _FAR)
            told = end
        sentence = text[start:end]
        moves, named = _MOVES.search(sentence), about.named_in(start, end)
        times = list(TIME.finditer(sentence))
        place = place_in(sentence, about, alone=True, bare=bool(times))
        fetched = _FETCHED.search(sentence) if named and times and place is None else None
        place = fetched.span() if fetched else place
        meant = named or _CHILDREN.search(text, reading.sentence_at(max(start - 1, 0))[0], end)
        wanted = bool(times or named) if moves else bool((times and meant) or (named and _HOME_ALONE.search(sentence)))
        if place is None or not wanted:
            continue
        said = often.start() - start, often.end() - start
        pieces = [said, place, *([moves.span()] if moves else []), *(time.span() for time in times[-1:])]
        span = start + min(piece[0] for piece in pieces), start + max(piece[1] for piece in pieces)
        told = end
        why = f"'{' '.join(text[slice(*span)].split())}' says where children are at a regular time."
        yield found(reading, Kind.ROUTINE, span, 0.75, why, None, "how often, where, and when or who")


def _passage(reading: Reading, place: int) -> tuple[int, int]:
    """The sentence; of a poster's short lines, the line before and those after, too."""
    start, end = reading.sentence_at(place)
    if reading.field is not FieldName.OCR or not reading.sentences:
        return start, end
    i = sentence_index(reading, place)
    return reading.sentences[max(i - 1, 0)][0], reading.sentences[min(i + _LINES_AFTER, len(reading.sentences) - 1)][1]
