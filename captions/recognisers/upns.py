"""Unique pupil numbers, permanent and temporary, told by their check letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found

_UPN = re.compile(r"(?<![A-Za-z0-9])([A-Za-z])[ \-]?((?:\d[ \-]?){11})([0-9A-Za-z])(?![A-Za-z0-9])")
_SAID = re.compile(r"\b(?:upn|unique pupil)\b", re.IGNORECASE)
_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"  # 23 letters: no I, O, S


def find(reading: Reading, about: About) -> Iterator[Found]:  # noqa: ARG001
    text = reading.folded.text
    for match in _UPN.finditer(text):
        check, digits, last = match.group(1).upper(), re.sub(r"\D", "", match.group(2)), match.group(3).upper()
        said = bool(_SAID.search(text[max(0, match.start() - 40) : match.start()]))
        if check_letter(digits + last) == check:
            yield found(reading, Kind.UPN, match, 0.97, f"'{match.group()}' is a unique pupil number.", None)
        elif said:
            why = f"'{match.group()}' is called a unique pupil number, though its check letter does not fit."
            yield found(reading, Kind.UPN, match, 0.8, why, None)


def check_letter(rest: str) -> str:
    """The letter that goes before 12 characters (DfE, "UPN guide": weights 2 to 13, modulo 23); "" where none can.

    The last of them is a letter in a temporary number, and counts by its place in the alphabet without I, O, S.
    """
    last = rest[-1]
    if last.isalpha() and last not in _ALPHABET:
        return ""
    values = [int(digit) for digit in rest[:-1]] + [int(last) if last.isdigit() else _ALPHABET.index(last)]
    return _ALPHABET[sum(weight * value for weight, value in enumerate(values, start=2)) % 23]
