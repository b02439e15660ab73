"""NHS numbers: ten digits with a check digit, grouped 3-3-4 or spoken of as such."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found

_D = "[0-9OoIl]"
_TEN = re.compile(rf"(?<![\dA-Za-z])({_D}{{3}})([ \-.]?)({_D}{{3}})\2({_D}{{4}})(?![\da-z])")
_SAID = re.compile(
    r"\b(?:nhs|nurse|doctor|gp|medical|medicine|hospital|clinic|health|immunis\w+|vaccin\w+|patient|surgery|dentist|"
    r"jabs?|"
    r"consent form|referral|paramedic|ambulance|red book|chi)(?:\b|_)",
    re.IGNORECASE,
)
_CALLED = re.compile(r"(?:\b|_)(?:nhs|chi|h&c)(?:\b|_)", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:isbn|order|invoice|booking|ref(?:erence)?|account|charity|ticket|tracking|barcode|parcel)\b[^.!?\n]{0,20}$",
    re.IGNORECASE,
)
_TO_DIGITS = str.maketrans("OoIl", "0011")


def find(reading: Reading, about: About) -> Iterator[Found]:  # noqa: ARG001
    text = reading.folded.text
    for match in _TEN.finditer(text):
        digits = re.sub(r"\D", "", match.group().translate(_TO_DIGITS))
        if sum(char.isdigit() for char in match.group()) < 7:
            continue
        around = text[max(0, match.start() - 120) : match.end() + 60]
        said = bool(_SAID.search(around))
        called = bool(_CALLED.search(around)) and not _OTHER.search(text[max(0, match.start() - 40) : match.start()])
        grouped = bool(match.group(2)) and digits[0] in "4679"  # the ranges given out; others look like telephones
        if called or (is_nhs_number(digits) and (grouped or said)):
            evidence = (
                "it is called an NHS number" if called else "its check digit fits, and its form or the words around it"
            )
            why = f"'{match.group()}' reads as an NHS number."
            yield found(reading, Kind.NHS, match, 0.9 if said else 0.7, why, None, evidence)


def is_nhs_number(digits: str) -> bool:
    """The modulus-11 test of the NHS Data Dictionary; one ten-digit number in eleven passes it by chance."""
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    check = 11 - total % 11
    return check != 10 and int(digits[9]) == check % 11
