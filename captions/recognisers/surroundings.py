"""Where a child's home is, without its address: "the house with the blue door opposite the chip shop"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, Taken, found, nearby

_BESIDE = (
    r"(?:next\s(?:door\s)?to|opposite|behind|above|beside|by|near|nearest|across\sfrom|across\sthe\sroad\sfrom|"
    r"over\sthe\sroad\sfrom|"
    r"round\sthe\scorner\sfrom|around\sthe\scorner\sfrom|in\sfront\sof|facing|on\sthe\scorner|at\sthe\s(?:end|top|"
    r"bottom|back)\sof|"
    r"(?:a\sfew|two|three|four)\sdoors\s(?:down\s|up\s|along\s)?from|backing\sonto|between|over|overlooking|along|"
    r"two\sminutes\sfrom)"
)
_REST = r"[^.!?\n]{2,80}"
_HOME = r"(?:house|flat|home|bungalow|cottage|caravan|farmhouse|front\sdoor|garden\sgate|back\sgarden|bedroom\swindow)"
_LIVES = re.compile(
    rf"(?<!to )\b(?:lives?|living|has\smoved|moved\sin|stays|is\sstaying)\s(?:just\s|right\s|in\sa\s\w+\s|"
    rf"in\sthe\s(?:\w+\s)?{_HOME}\s)?"
    rf"{_BESIDE}\s{_REST}",
    re.IGNORECASE,
)
_LOOKS = re.compile(
    rf"\bthe\s(?:\w+\s){{0,3}}{_HOME}\s(?:with\s(?:the|a)\s(?:\w+\s){{1,3}}(?:doors?|gate|windows?|fence|hedge|"
    rf"shutters|garage|roof|"
    rf"tree|caravan|trampoline|porch|balcony|garden)\b(?:[ ,]{{1,2}}(?:{_BESIDE}|on)\s{_REST})?|(?:{_BESIDE}|"
    rf"on)\s{_REST})",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    rf"\b(?:(?:his|her|their|my|our)|[A-Z][a-z]+'s?|(?:child|boy|girl|pupil|family)'s)\s(?:\w+\s)?{_HOME}\s(?:is|"
    rf"backs?|faces|overlooks|"
    rf"looks)\s(?:just\s|right\s|on\s|onto\s)?(?:the\s(?:last|first|second|third|only|one|big|little|\w+\sone)\b|"
    rf"{_BESIDE})\s?{_REST}",
    re.IGNORECASE,
)
_IN_HOUSE = re.compile(rf"\blives?\sin\sthe\s(?:\w+\s){{1,3}}{_HOME}\b(?:\s{_REST})?", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(?:he|she|his|her|him|child|boy|girl|pupil|lad|family|twins|brothers?|sisters?|siblings?|mum|dad|gran|nan|"
    r"grandad)\b",
    re.IGNORECASE,
)
_FETCH = re.compile(
    r"\b(?:collect(?:ed|ion|ions)?|pick(?:ed)?[ -]?ups?|pick(?:ed)? up|drop(?:ped)?(?:[ -]?offs?| off| in| round)?|"
    r"leave|left|knock|"
    r"call (?:at|in|round)|come to|meet at|deliver(?:ed|y)?|party|lives?|sale at|pop (?:in|round)|park outside|"
    r"fetch)\b",
    re.IGNORECASE,
)
_IN_STREET = re.compile(r"\bon (?:[A-Z]\w+ ){1,2}(?:Road|Street|Lane|Way|Close|Drive|Avenue|Row|Terrace|Crescent)\b")
STORY_OR_ANIMAL = re.compile(
    r"\b(?:story|book|chapter|once upon|goldilocks|gruffalo|hansel|gretel|red riding hood|witch|giant|ogre|wolf|bears?|"
    r"play ?house|dolls'? house|wendy house|model|painted|drew|drawing|school house|tudor|roman|victorian|museum|"
    r"three little pigs|character|habitat|hedgehogs?|birds?|owls?|bees?|hens?|chickens?|rabbits?|fish|frogs?|sheep|"
    r"pon(?:y|ies)|horses?|cows?|pigs?|goats?|ducks?|cats?|kittens?|pupp(?:y|ies)|alpacas?|lambs?|foxes|badgers?)\b",
    re.IGNORECASE,
)


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    taken = Taken()
    for pattern in (_LIVES, _IN_HOUSE, _WHOSE, _LOOKS):
        for match in pattern.finditer(text):
            start, end = nearby(reading, match.start())
            sentence = text[start:end]
            near = about.person_near(reading, match.start())
            meant = near or bool(_PERSON.search(sentence))
            if pattern is _LOOKS:
                meant = meant or bool(_FETCH.search(sentence) or _IN_STREET.search(match.group()))
            if not meant or (STORY_OR_ANIMAL.search(sentence) and not near) or not taken.take(match.span()):
                continue
            shown = " ".join(match.group().split())
            why = f"'{shown}' tells where somebody's home is."
            yield found(reading, Kind.ADDRESS, match, 0.75, why, None, "words about a home and what is beside it")
