"""Vehicle registrations of the forms in use since 1903."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import FieldName, Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, Taken, found, left_of
from captions.recognisers.plates import plates
from captions.vocabulary import is_word

_CURRENT = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2}) ?([0-9OIl]{2})[ _.\-]{0,2}([A-Za-z]{3})(?![A-Za-z0-9])")
_SPACED = re.compile(
    r"(?<![A-Za-z0-9])(?<! [A-Za-z0-9] )[A-Z] [A-Z] \d \d {1,3}[A-Z] [A-Z] [A-Z](?![A-Za-z0-9]| "
    r"[A-Za-z0-9](?![A-Za-z0-9]))"
)
_OLDER = re.compile(
    r"(?<![A-Za-z0-9])(?:([A-HJ-NPR-Y])\d{1,3}[ -]?([A-Z]{3})|([A-Z]{3})[ -]?\d{1,3}([A-HJ-NPR-Y]))(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NORTHERN = re.compile(r"(?<![A-Za-z0-9])[A-Z]?(?:[A-Z]Z|I[A-Z]|[A-Z]I)[ -]?\d{1,4}(?![A-Za-z0-9])")
_DATELESS = re.compile(r"(?<![A-Za-z0-9])(?:\d{1,4}[ -]?[A-Z]{1,3}|[A-Z]{1,3}[ -]?\d{1,4})(?![A-Za-z0-9])")
_PLATE = re.compile(
    r"\b(?:reg(?:istration)?(?:s| plate| number| mark| no)?|number ?plates?|plates?|vrm|licen[cs]e "
    r"plate)\b\W{0,3}(?:is |reads |was |of |says |ending |number )?"
    r"\W{0,2}$",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:reg|registration|number ?plate|plate|plates|cars?|vehicle|van|parked|parking|driver|driving|drives|estate|"
    r"hatchback|saloon|minibus|bmw|audi|mercedes|ford|fiesta|focus|golf|corsa|astra|toyota|yaris|kia|nissan|qashqai|"
    r"juke|vauxhall|"
    r"peugeot|renault|clio|citroen|skoda|octavia|seat|volvo|tesla|honda|hyundai|mazda|fiat|dacia|suzuki|jeep|suv|"
    r"land rover|"
    r"range rover|mini|motorbike|motorcycle|scooter|moped|lights on|lorry|taxi|cab|pick-?up|people carrier|caravan|"
    r"4x4|blocking|double yellow|zig-?zags?|zigzag|permit|collected in)\b",
    re.IGNORECASE,
)


def find(reading: Reading, about: About) -> Iterator[Found]:  # noqa: ARG001
    text = reading.folded.text
    taken = Taken()
    for match in _CURRENT.finditer(text):
        area, year, letters = match.groups()
        said = _SAID.search(text[max(0, match.start() - 100) : match.end() + 60])
        plain = (
            (area + letters).isupper()
            and year.isdigit()
            and " " not in match.group()[:4]
            and not is_word(letters.lower())
        )
        wordy = is_word(area.lower()) and (is_word(letters.lower()) or " " in match.group()[:4])  # "in 24 hrs"
        wordy = wordy or (letters.islower() and area.isupper() and is_word(letters))  # "the JH21 was"
        unlikely = wordy and not (area + letters).isupper()
        if (plain or (said and not unlikely and any(map(str.isdigit, year)))) and taken.take(match.span()):
            yield _vehicle(reading, match, 0.9 if said else 0.7, "two letters, two digits, three letters")
    for start, end, misread in plates(reading) if reading.field is FieldName.OCR else ():
        if taken.take((start, end)):
            evidence = "a line of a picture that is a number plate" + (", misread" if misread else "")
            yield _vehicle(reading, (start, end), 0.7 if misread else 0.8, evidence)
    for match in _SPACED.finditer(text):
        if taken.take(match.span()):
            yield _vehicle(reading, match, 0.8, "a registration spaced out")
    for match in _OLDER.finditer(text):
        letters = (match.group(2) or match.group(3)).lower()
        near = _SAID.search(text[max(0, match.start() - 60) : match.end() + 40])
        plate = _PLATE.search(left_of(text, match.start()))
        if (plate or (near and match.group().isupper() and not is_word(letters))) and taken.take(match.span()):
            yield _vehicle(reading, match, 0.7, "an older form, and words about a car")
    for pattern in (_NORTHERN, _DATELESS):
        for match in pattern.finditer(text):
            northern = pattern is _NORTHERN and _SAID.search(text[max(0, match.start() - 40) : match.end() + 30])
            if (northern or _PLATE.search(left_of(text, match.start()))) and taken.take(match.span()):
                yield _vehicle(reading, match, 0.7, "an older form, and words about a car")


def _vehicle(reading: Reading, match: re.Match[str] | tuple[int, int], score: float, evidence: str) -> Found:
    span = match if isinstance(match, tuple) else match.span()
    why = f"'{reading.folded.text[slice(*span)]}' is a vehicle registration."
    return found(reading, Kind.VEHICLE, span, score, why, "a car", evidence)
