"""NHS numbers: ten digits with a check digit, grouped 3-3-4 or spoken of as such."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found

_TEN = re.compile(r"(?<![\dA-Za-z])(\d{3})([ -]?)(\d{3})\2(\d{4})(?![\dA-Za-z])")
_SAID = re.compile(
    r"\b(?:nhs|nurse|doctor|gp|medical|medicine|hospital|clinic|health|immunis\w+|vaccin\w+|patient|surgery|dentist|jab)\b",
    re.I,
)


def find(reading: Reading, about: About) -> Iterator[Found]:  # noqa: ARG001
    text = reading.folded.text
    for match in _TEN.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        around = text[max(0, match.start() - 120) : match.end() + 60]
        said = bool(_SAID.search(around))
        called = bool(re.search(r"\bnhs\b", around, re.I))
        if (is_nhs_number(digits) and (match.group(2) or said)) or called:
            yield found(
                reading, Kind.NHS, match, 0.9 if said else 0.7, f"'{match.group()}' reads as an NHS number.", None
            )


def is_nhs_number(digits: str) -> bool:
    """The modulus-11 test of the NHS Data Dictionary; one ten-digit number in eleven passes it by chance."""
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    check = 11 - total % 11
    return check != 10 and int(digits[9]) == check % 11
