"""Unique pupil numbers, permanent and temporary, told by their check letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found, left_of

_GAP = r"[ \-./_]{0,2}"
_UPN = re.compile(rf"(?<![A-Za-z0-9])([A-Za-z])({_GAP}(?:[0-9OoIl]{_GAP}){{11}})([0-9A-Za-z])(?![a-z0-9])")
_SAID = re.compile(r"\b(?:upn|unique[ _]pupil|pupil[ _](?:number|no|id|ref\w*))(?:\b|_)", re.IGNORECASE)
_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"  # 23 letters: no I, O, S
_TO_DIGITS = str.maketrans("OoIl", "0011")


def find(reading: Reading, about: About) -> Iterator[Found]:  # noqa: ARG001
    text = reading.folded.text
    for match in _UPN.finditer(text):
        check, last = match.group(1).upper(), match.group(3).upper()
        digits = re.sub(r"\D", "", match.group(2).translate(_TO_DIGITS))
        shown = match.group().strip()
        if check in {check_letter(digits + last), check_letter(digits + last.translate(_TO_DIGITS))}:
            why = f"'{shown}' is a unique pupil number."
            yield found(reading, Kind.UPN, match, 0.97, why, None, "its check letter fits")
        elif _SAID.search(left_of(text, match.start())):
            why = f"'{shown}' is called a unique pupil number, though its check letter does not fit."
            yield found(reading, Kind.UPN, match, 0.8, why, None, "it is called a unique pupil number")


def check_letter(rest: str) -> str:
    """The letter that goes before 12 characters (DfE, "UPN guide": weights 2 to 13, modulo 23); "" where none can.

    The last of them is a letter in a temporary number, and counts by its place in the alphabet without I, O, S.
    """
    last = rest[-1]
    if not (last.isdigit() or last in _ALPHABET):
        return ""
    values = [int(digit) for digit in rest[:-1]] + [int(last) if last.isdigit() else _ALPHABET.index(last)]
    return _ALPHABET[sum(weight * value for weight, value in enumerate(values, start=2)) % 23]
