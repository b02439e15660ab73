"""Wording unfit for a school's account: swearing, and words that run people down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, Spaced, Taken, found
from captions.vocabulary import language

# What else these words mean where a school writes them.
_INNOCENT = re.compile(
    r"\bbloody (?:mary|sunday|assizes|tower|chamber|battles?|daggers?|hands?|deeds?|business|crown|wars?|wounds?|"
    r"murders?|reign|history|instructions|"
    r"nose|knees?|code)\b|\bmacbeth\b[^.!?\n]{0,60}\bbloody\b|\bbloody\b[^.!?\n]{0,60}\bmacbeth\b|"
    r"\b(?:ugly|stupid)(?: \w+)? (?:duckling|ducklings|sister|sisters|bug ball|bugs?|jumpers?|sweaters?|fruit|veg|"
    r"vegetables?|fish|troll|trolls|witch|monster|"
    r"monsters|dragon|dragons|mugs?)\b|\bthe good,? the bad and the ugly\b|"
    r"\b(?:the )?(?:biggest|sore|bad) loser|\bwinners? (?:and|or|nor) losers?|\blosers? (?:and|or|nor) winners?|"
    r"\bno losers?\b|\bpathetic fallacy\b|"
    r"\bdunce(?:'?s)? (?:cap|hat|corner)s?\b|\bfatty (?:acids?|foods?|tissue|liver)\b|\bslag (?:heaps?|pots?)\b|"
    r"\bpricks? (?:her|his|their|your|up|out|the|a|holes?|your)\b|"
    r"\b(?:pancake|caber|coin|welly) tossers?\b|\bfaggots (?:and|with) (?:peas|mash|gravy|onion)|\bfaggots? of "
    r"(?:wood|sticks|twigs)\b|"
    r"\bshag[ -]?pile\b|\b(?:william|the) the bastard\b|\bwilliam the bastard\b|\bstruck dumb\b|\bdumb(?:ing)? "
    r"down\b|\bdumb (?:waiter|show|crambo|bells?)\b|"
    r"\blaughing stock\b(?= (?:of the story|in the play))|\bbrat(?:s)? camp\b|\bshut up (?:in|inside|shop|for)\b|"
    r"\b(?:poets?|writers?|gits?) hub\b|\bspastics society\b|"
    r"\blunatic asylums?\b|\blooney? tunes\b|\bthick as (?:a|the) (?:tree|trunk|wall|custard|treacle|porridge|your|"
    r"my)\b",
    re.IGNORECASE,
)
_WHY = {
    "swearing": "'{}' is swearing, which does not belong on a school's account.",
    "crude": "'{}' is crude, which does not belong on a school's account.",
    "slur": "'{}' is a slur, which does not belong on a school's account.",
    "disparaging": "'{}' runs somebody down, which does not belong on a school's account.",
    "political": "'{}' takes sides in politics, which does not belong on a school's account.",
}

# How a letter is written by somebody who does not want it to be found.
_DISGUISES = {"a": "a4@", "e": "e3", "i": "i1!", "o": "o0", "s": "s5$", "u": "uv", "t": "t7", "c": "ck"}
_SPACED_OUT = (
    "fuck",
    "fucking",
    "shit",
    "cunt",
    "twat",
    "wanker",
    "arse",
    "bitch",
    "bollocks",
    "prick",
    "crap",
    "idiot",
    "stupid",
    "loser",
)
_GAP = r"[ .\-_*|/]"
_LONGEST_RUN = 6  # of one letter: "fuuuuuck"


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """One group for each kind; within it the words by their first letter, which keeps the search short."""
    kinds: dict[str, dict[str, list[str]]] = {}
    for word, kind in sorted(language().items(), key=lambda item: (-len(item[0]), item[0])):
        kinds.setdefault(kind, {}).setdefault(word[0], []).append("".join(map(_disguised, word[1:])))
    groups = "|".join(
        rf"(?P<{kind}>" + "|".join(f"{_first(letter)}(?:{'|'.join(rests)})" for letter, rests in letters.items()) + ")"
        for kind, letters in kinds.items()
    )
    begins = r"(?:(?<![A-Za-z0-9])|(?-i:(?<=[a-z])(?=[A-Z])))"  # at a word or a hump
    ends = r"(?:(?![A-Za-z0-9])|(?-i:(?<=[a-z])(?=[A-Z])))"
    return re.compile(f"{begins}(?:{groups}){ends}", re.IGNORECASE)


@lru_cache(maxsize=1)
def _spaced_out() -> re.Pattern[str]:
    words = "|".join(_GAP.join(word) for word in _SPACED_OUT)
    return re.compile(
        rf"(?<![A-Za-z0-9])(?<![A-Za-z0-9]{_GAP})(?:{words})(?![A-Za-z0-9]|{_GAP}[A-Za-z0-9](?![A-Za-z0-9]))",
        re.IGNORECASE,
    )


def _first(letter: str) -> str:
    return f"[{_DISGUISES.get(letter, letter)}]{letter}{{0,{_LONGEST_RUN}}}"


def _disguised(letter: str) -> str:
    """A letter or what stands for it, perhaps drawn out; a phrase's blank, perhaps a hyphen."""
    if letter == " ":
        return r"[ \-_]"
    if letter in "'-":
        return rf"[{letter}]?"
    return rf"[{_DISGUISES.get(letter, letter)}\*]{letter}{{0,{_LONGEST_RUN}}}"


def find(reading: Reading, about: About) -> Iterator[Found]:  # noqa: ARG001
    view = Spaced.of(reading)
    innocent = Taken(tuple(match.span() for match in _INNOCENT.finditer(view.text)))
    taken = Taken()
    for match in (*_pattern().finditer(view.text), *_spaced_out().finditer(view.text)):
        if innocent.touches(match.span()) or not re.search(r"[A-Za-z]{2}|[A-Za-z]\W[A-Za-z]|[A-Za-z]\*", match.group()):
            continue
        if taken.take(match.span()):
            kind = match.lastgroup or "swearing"
            evidence = f"a listed word ({kind})"
            span = view.span(*match.span())
            yield found(reading, Kind.LANGUAGE, span, 0.9, _WHY[kind].format(match.group()), None, evidence)
