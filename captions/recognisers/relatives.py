"""People introduced as somebody's relation or as a private visitor: "his big sister Hania", "baby Maisie"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from captions.findings import Kind
from captions.letting_through import titled
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers import emails, phones
from captions.recognisers.about import About, found
from captions.vocabulary import cue_set, is_word, name_words, person_words

_OTHER_SCHOOL = re.compile(
    r"\b([A-Z][a-z]+ [A-Z][A-Za-z'\-]+),? (?:of|from|at) (?:[A-Z][\w'\-]+ ){1,3}"
    r"(?:Primary|School|Academy|Juniors|Infants|College)\b"
)
_RELATED = re.compile(
    r"\b([A-Z][a-z]+(?: [A-Z][A-Za-z'\-]+)?), (?:who is |who's )?[A-Z][A-Za-z]+'s (?:\w+ )?"
    r"(?:mum|dad|sister|brother|twin|cousin|auntie|uncle|gran|nan|grandma|grandad|mother|father|wife|husband)\b"
)
_CONTACT = re.compile(
    r"\b(?i:ring|call|text|phone|contact|message|whatsapp|e-?mail|ask|ask for|speak to|see|from|to|with|rsvp)\s+"
    r"([A-Z][a-z]+(?: [A-Z][A-Za-z'\-]+)?)\s*(?:\b(?:on|at|via|by|who|through)\b|[(\-:,]|(?=\+?\d))"
)
_NAME = re.compile(r"[A-Z][a-z][A-Za-z'\-]*(?:[ _][A-Z][A-Za-z'\-]+){0,2}")


def find(reading: Reading, about: About) -> Iterator[Found]:
    sections = person_words()
    introducing = sections["relatives"] | sections["visitors"]
    text = reading.folded.text
    for i, word in enumerate(reading.words[:-1]):
        if word.low not in introducing or word.possessive:
            continue
        at = i + 2 if reading.words[i + 1].text in ",_:" and i + 2 < len(reading.words) else i + 1
        first = reading.words[at]
        if not first.is_word or first.opens or first.text.isupper() or first.start == word.end:
            continue
        match = _NAME.match(text, first.start)
        if match is None or _is_no_name(first.low) or first.low in sections["titles"] or titled(reading, first.start):
            continue
        if word.low == "baby" and first.low in cue_set("scripture") | {"jesus"}:
            continue
        alone = " " not in match.group() and "_" not in match.group()
        if not (alone and word.low in sections["visitors"]) and not _known(match.span(), about):
            yield _person(reading, match, match.span())
    for match in (*_OTHER_SCHOOL.finditer(text), *_RELATED.finditer(text)):
        if not _known(match.span(1), about) and not titled(reading, match.start()):
            yield _person(reading, match, match.span(1))
    contacts = list(_CONTACT.finditer(text))
    details = sorted(item.start for item in _reached(reading, about)) if contacts else []
    for match in contacts:
        name = match.group(1).split()[0].lower()
        end = reading.span(*match.span())[1]
        reached = bisect_left(details, end - 1) < bisect_right(details, end + 20)
        if reached and not is_word(name) and name not in sections["titles"] and not _known(match.span(1), about):
            yield _person(reading, match, match.span(1))


def _is_no_name(low: str) -> bool:
    """A word that nobody is called: "his mum and dad" are no names, "her mum Gemma" has one."""
    return is_word(low) and low not in name_words()


def _reached(reading: Reading, about: About) -> Iterator[Found]:
    """Where private telephone numbers and addresses stand: who is reached there is a person."""
    yield from phones.find(reading, about)
    yield from emails.find(reading, about)


def _person(reading: Reading, match: re.Match[str], span: tuple[int, int]) -> Found:
    shown = match.string[slice(*span)]
    why = f"'{shown}' is a person who is not on the register."
    return found(reading, Kind.PERSON_NAME, span, 0.75, why, "someone we know")


def _known(span: tuple[int, int], about: About) -> bool:
    return any(a < span[1] and span[0] < b for a, b in about.named)
