"""Gatepost as a finder of names and details, and the three simple ways it is measured against."""

from __future__ import annotations

import re
from collections.abc import Sequence

from captions.findings import FieldName, Kind, RegisteredName, SchoolProfile, TextField
from captions.inspection import inspect
from captions.register_names import RegisterNames
from captions.tagger import PersonTagger
from tests.benchmarks.labelled import Finder, Finding


def exact_full_names(people: Sequence[RegisteredName]) -> Finder:
    names = [(f"{person.given} {person.family}", person.person_id) for person in people if person.pupil]

    def find(_: FieldName, text: str) -> list[Finding]:
        return [
            (Kind.PUPIL_NAME, match.start(), match.end(), (person_id,))
            for name, person_id in names
            for match in re.finditer(re.escape(name), text)
        ]

    return find


def given_names(people: Sequence[RegisteredName]) -> Finder:
    """In any case, as whole words."""
    by_name: dict[str, list[str]] = {}
    for person in people:
        for name in {person.given, person.known_as} - {""} if person.pupil else ():
            by_name.setdefault(name.lower(), []).append(person.person_id)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, by_name))})(?!\w)", re.IGNORECASE)

    def find(_: FieldName, text: str) -> list[Finding]:
        return [
            (Kind.PUPIL_NAME, match.start(), match.end(), tuple(by_name.get(match.group().lower(), ())))
            for match in pattern.finditer(text)
        ]

    return find


def tagger_alone(tagger: PersonTagger, people: Sequence[RegisteredName]) -> Finder:
    """Every person the tagger marks; a pupil where the marked words begin with a pupil's given name."""
    by_name: dict[str, list[str]] = {}
    for person in people:
        for name in {person.given, person.known_as} - {""} if person.pupil else ():
            by_name.setdefault(name.lower(), []).append(person.person_id)

    def find(_: FieldName, text: str) -> list[Finding]:
        found: list[Finding] = []
        for span in tagger.tag(text):
            pupils = tuple(by_name.get(text[span.start : span.end].split()[0].lower(), ()))
            found.append((Kind.PUPIL_NAME if pupils else Kind.PERSON_NAME, span.start, span.end, pupils))
        return found

    return find


def gatepost(people: Sequence[RegisteredName], school: SchoolProfile, tagger: PersonTagger | None) -> Finder:
    register = RegisterNames.build(people)

    def find(name: FieldName, text: str) -> list[Finding]:
        return [
            (Kind.MEDICAL if f.kind is Kind.NHS else f.kind, f.start, f.end, f.pupils)
            for f in inspect([TextField(name, text)], register, school, tagger).findings
        ]

    return find


def enlarged(people: Sequence[RegisteredName], size: int) -> list[RegisteredName]:
    """The register with made-up pupils added up to a size, for the time a large school takes."""
    sounds = ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "wi", "da", "fe", "go", "hu", "ja")
    more = []
    for i in range(max(0, size - len(people))):
        digits = [sounds[(i // 15**place) % 15] for place in range(4)]
        given, family = "".join(digits).capitalize(), "".join(reversed(digits)).capitalize() + "son"
        more.append(RegisteredName(f"extra {i}", given, family))
    return [*people, *more]
