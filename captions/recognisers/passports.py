"""Numbers of passports and papers like them: visas, residence permits, identity cards, driving licences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, Taken, found

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9£.])(?:\d{9}|\d{3} \d{3} \d{3}|[A-Za-z] ?\d{8}|[A-Za-z]{2} ?\d{6,7}|[A-Za-z]{3}\d{6}|"
    r"[A-Za-z]{3} ?[A-Za-z]?\d{5,6}|"
    r"[A-Za-z]\d{7}|\d{2}[A-Za-z]{2}\d{5}|[A-Za-z]\d{3} ?\d{3} ?\d{3})(?![A-Za-z0-9]|\.\d)"
)
_PAPER = re.compile(
    r"(?:\b|_)(?:passports?|visas?|brp|biometric residence|residence (?:permit|card)|id (?:card|number|no)|identity "
    r"(?:card|number)|"
    r"national id|travel document|naturalisation|settled status|share code|pesel)(?:\b|_)",
    re.IGNORECASE,
)
_MACHINE_READ = re.compile(
    r"(?<![A-Z0-9<])(?:[PVIAC][A-Z<][A-Z]{3}[A-Z<]{10,39}<|[A-Z0-9<]{9}\d[A-Z<]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]*)"
)
_LICENCE = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2,5}9{0,3}[ ]?\d[0156]\d[0-3]\d{2}[ ]?[A-Z][A-Z9]\d?[A-Z0-9]{2,3}(?![A-Za-z0-9])"
)  # a British driving licence: surname, birth date, initials
_LICENCE_SAID = re.compile(r"\b(?:licen[cs]e|driver|dvla)\b", re.IGNORECASE)
_AROUND = 60


def find(reading: Reading, about: About) -> Iterator[Found]:  # noqa: ARG001
    text = reading.folded.text
    taken = Taken()
    for match in _MACHINE_READ.finditer(text):
        taken.take(match.span())
        yield _paper(reading, match, 0.9, "it is a line that machines read in passports")
    for match in _NUMBER.finditer(text):
        around = text[max(0, match.start() - _AROUND) : match.end() + _AROUND // 2]
        if _PAPER.search(around) and taken.take(match.span()):
            yield _paper(reading, match, 0.85, "words about a passport or a paper like it")
    for match in _LICENCE.finditer(text):
        around = text[max(0, match.start() - _AROUND) : match.end() + _AROUND // 2]
        if _LICENCE_SAID.search(around) and taken.take(match.span()):
            yield _paper(reading, match, 0.8, "words about a driving licence")


def _paper(reading: Reading, match: re.Match[str], score: float, evidence: str) -> Found:
    why = f"'{match.group()}' reads as the number of a passport or a paper like it."
    return found(reading, Kind.PASSPORT, match, score, why, None, evidence)
