"""Vehicle registrations of the forms in use since 1963."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found
from captions.vocabulary import is_word

_CURRENT = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})(\d{2})[ _-]?([A-Za-z]{3})(?![A-Za-z0-9])")
_OLDER = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]\d{1,3}[ -]?[A-Za-z]{3}|[A-Za-z]{3}[ -]?\d{1,3}[A-Za-z])(?![A-Za-z0-9])"
)
_SAID = re.compile(
    r"\b(?:reg|registration|number ?plate|plate|plates|car|cars|vehicle|van|parked|parking|driver|driving|estate|"
    r"hatchback|saloon|minibus|bmw|audi|ford|fiesta|focus|golf|corsa|astra|toyota|kia|nissan|qashqai|vauxhall|peugeot|"
    r"renault|mini|motorbike|moped|lights on|lorry|taxi)\b",
    re.IGNORECASE,
)


def find(reading: Reading, about: About) -> Iterator[Found]:  # noqa: ARG001
    text = reading.folded.text
    for match in _CURRENT.finditer(text):
        said = _SAID.search(text[max(0, match.start() - 100) : match.end() + 60])
        written = match.group(1) + match.group(3)
        plain = written.isupper() and not is_word(match.group(3).lower())
        if said or plain:
            yield found(reading, Kind.VEHICLE, match, 0.9 if said else 0.7, _why(match), "a car")
    for match in _OLDER.finditer(text):
        if match.group().isupper() and _SAID.search(text[max(0, match.start() - 60) : match.end() + 40]):
            yield found(reading, Kind.VEHICLE, match, 0.7, _why(match), "a car")


def _why(match: re.Match[str]) -> str:
    return f"'{match.group()}' is a vehicle registration."
