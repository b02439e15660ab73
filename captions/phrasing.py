"""How replacements read in their sentence: articles, capitals, possessives, who is spoken to, one word for a list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from captions.findings import Kind
from captions.vocabulary import person_words

_NAMES = frozenset({Kind.PUPIL_NAME, Kind.PERSON_NAME})
_NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PUPIL = re.compile(r"[Aa]n? ((?:[\w ]+ )?pupil)")
_OPENS = re.compile(r"(?:^|[.!?]['\")]*\s|\n)[\s\"'(*]*\Z")
_SPOKEN_TO = re.compile(
    r"\b(?:well done|congratulations|congrats|thank you|thanks|bravo|happy birthday|good luck|hooray|shout ?out|"
    r"three cheers|kudos|hats off|farewell|goodbye|welcome)(?P<comma>[,:]?)\s+\Z",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r"\b(?:the|our|my|your|his|her|their|a|an)(?: very| own| so)*(?: (?:talented|amazing|brilliant|wonderful|"
    r"fantastic|fabulous|brave|clever|super|superb|lovely|little|young|kind|incredible|gorgeous|awesome|own|dear|"
    r"marvellous|great|fearless|one and only))*\s+\Z",
    re.IGNORECASE,
)
_OWNED = re.compile(r"\w['’]s?\s+\Z")
_LAST_WORD = re.compile(r"(\w+)\s+\Z")
_POSSESSIVE = re.compile(r"['’]s\b")
_BORN = re.compile(r",?\s*\b(?:who was )?born (?:on|in)?\s*\Z", re.IGNORECASE)


def in_list(words: Sequence[str | None]) -> str | None:
    """ "two Year 3 pupils", "three of our pupils"; None where not all of them are one pupil."""
    nouns = [match.group(1) if (match := _PUPIL.fullmatch(each or "")) else "" for each in words]
    if not all(nouns):
        return None
    number = _NUMBERS[len(nouns)] if len(nouns) < len(_NUMBERS) else "several"
    return f"{number} {nouns[0]}s" if len(set(nouns)) == 1 and nouns[0] != "pupil" else f"{number} of our pupils"


def in_sentence(out: str, text: str, at: int, words: str | None, kind: Kind, *, again: bool = False) -> tuple[str, int]:
    """`out`, the text written so far, with the words put after it, and where in `text` it goes on (from `at`).

    `again`: the same pupil was told of before.
    """
    if words is None or kind is Kind.VEHICLE:
        out = _BORN.sub("", out) if kind is Kind.DOB else out
        return out, _past(_POSSESSIVE, text, at)
    if " " not in words:  # in a file name
        return out + words, at
    if kind is Kind.PHONE and words.startswith("the "):
        return re.sub(r"\bon\s+\Z", "through ", out) + words, at
    if kind in _NAMES:
        at = _past_initial(text, at)
        if _says_already(out):
            return out.rstrip() if text[at : at + 1] != "'" else out, at
        out, words = _with_article(*_spoken_to(out, words), again=again)
        words, at = _owning(text, at, words)
    elif kind is Kind.HANDLE:
        out, words = _with_article(out, words, again=False)
    if _OPENS.search(out):
        words = words[0].upper() + words[1:]
    elif words.startswith(("A ", "An ")):
        words = words[0].lower() + words[1:]
    return out + words, at


def _says_already(out: str) -> bool:
    """ "his big sister", "our soloist": the word before the name says enough."""
    last = _LAST_WORD.search(out)
    known = person_words()
    return last is not None and last.group(1).lower() in known["relatives"] | known["visitors"] | known["roles"]


def _spoken_to(out: str, words: str) -> tuple[str, str]:
    """ "Well done, Ada" speaks to somebody; "Well done to a Year 3 pupil" of somebody."""
    spoken = _SPOKEN_TO.search(out)
    if spoken is None:
        return out, words
    if spoken.group("comma"):
        out = out[: spoken.start("comma")] + out[spoken.end("comma") :]
    return f"{out}to ", words


def _with_article(out: str, words: str, *, again: bool) -> tuple[str, str]:
    """No second article in "our brave Ada" and "Year 6's Ada"; the second time it is "the Year 3 pupil"."""
    bare = re.sub(r"^[Aa]n? ", "", words)
    if bare == words:
        return out, words
    if _OWNED.search(out):
        return out, bare.removeprefix(bare.rpartition(" ")[0]).strip() if bare.endswith("pupil") else bare
    if _DESCRIBED.search(out):
        return out, bare
    return out, f"the {bare}" if again else words


def _owning(text: str, at: int, words: str) -> tuple[str, int]:
    """ "Bev's cakes" were made by someone: "someone's cakes"; "the pupils' cakes" has no second s."""
    owns = _POSSESSIVE.match(text, at) or _POSSESSIVE.match(text, max(at - 2, 0), at)  # the span may hold it
    if owns is None:
        return words, at
    words = words.removesuffix(" we know")
    return words + (owns.group()[0] if words.endswith("s") else owns.group()), owns.end()


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _past_initial(text: str, at: int) -> int:
    """The full stop of "Hope W. for her maths" goes with the initial."""
    initial = text[at - 1 : at].isupper() and not text[max(at - 2, 0) : at - 1].isalnum()
    return at + 1 if initial and re.match(r"\. ?[a-z,]", text[at:]) else at
