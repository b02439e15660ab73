"""Telephone numbers: UK forms, spaced out, misread (O for 0) or spelt in words; service numbers pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberType

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found

_DIGITS = re.compile(r"(?<![A-Za-z0-9])(?:\+|\(\+?)?[0-9OoIl](?:[ \t.\-/()]{0,3}[0-9OoIl]){8,15}(?![0-9A-Za-z])")
_LOCAL = re.compile(r"(?<![\d/.-])[2-9]\d{5}(?![\d/.-])")
_CALL = re.compile(r"\b(?:call|ring|phone|tel|telephone|mobile|text|whatsapp)\b[^.!?\n]{0,40}$", re.IGNORECASE)
_WORDS = {
    "oh": "0",
    "o": "0",
    "zero": "0",
    "nought": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
}
_WORDS |= {"six": "6", "seven": "7", "eight": "8", "nine": "9", "double": "", "triple": ""}
_SPELT = re.compile(rf"\b(?:{'|'.join(_WORDS)})(?:[\s,-]+(?:{'|'.join(_WORDS)})){{8,14}}\b", re.IGNORECASE)
_LETTERS = str.maketrans("OoIl", "0011")
_SERVICES = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN, PhoneNumberType.SHARED_COST, PhoneNumberType.PREMIUM_RATE}
)
_WHY = "is a telephone number that is not the school's."
_INSTEAD = "the school office"


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    own = {national(phone) for phone in about.school.phones}
    for match in _DIGITS.finditer(text):
        written = match.group()
        if sum(char.isdigit() for char in written) * 2 < len(re.sub(r"[^0-9A-Za-z]", "", written)):
            continue
        number = national(written.translate(_LETTERS))
        if number and number not in own and not _is_date_or_code(text, match):
            yield found(reading, Kind.PHONE, match, 0.95, f"'{written.strip()}' {_WHY}", _INSTEAD)
    for match in _LOCAL.finditer(text):
        if _CALL.search(text[: match.start()]) and not text[: match.start()].rstrip(" -)")[-1:].isdigit():
            yield found(reading, Kind.PHONE, match, 0.7, f"'{match.group()}' {_WHY}", _INSTEAD)
    for match in _SPELT.finditer(text):
        if national(_from_words(match.group())):
            yield found(reading, Kind.PHONE, match, 0.9, f"'{match.group()}' {_WHY}", _INSTEAD)


def national(written: str) -> str:
    """The number as digits with its country code; "" where it cannot be a subscriber's number.

    The test is "possible", not "valid": numbers set aside for drama are not valid, and look as real as any.
    """
    digits = re.sub(r"[^\d+]", "", written)
    if not digits.startswith(("0", "+", "44")) or (digits.startswith("44") and len(digits) != 12):
        return ""
    digits = "+" + digits[2:] if digits.startswith("00") else "+" + digits if digits.startswith("44") else digits
    digits = re.sub(r"^\+440", "+44", digits)
    try:
        number = phonenumbers.parse(digits, "GB")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    if number.country_code == 44:
        rest = str(number.national_number)
        if len(rest) not in (9, 10) or rest[0] not in "12378" or _is_service(number, rest):
            return ""
    elif not phonenumbers.is_valid_number(number):
        return ""
    return f"{number.country_code}{number.national_number}"


def _is_service(number: phonenumbers.PhoneNumber, rest: str) -> bool:
    """Freephone and 03 numbers belong to organisations and helplines."""
    return rest.startswith(("80", "3", "84", "87")) or phonenumbers.number_type(number) in _SERVICES


def _is_date_or_code(text: str, match: re.Match[str]) -> bool:
    written = match.group()
    return bool(re.search(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}", written)) or text[match.start() - 1 : match.start()] == "_"


def _from_words(words: str) -> str:
    digits, times = "", 1
    for word in re.split(r"[\s,-]+", words.lower()):
        if word in ("double", "triple"):
            times = 2 if word == "double" else 3
            continue
        digits += _WORDS[word] * times
        times = 1
    return digits
