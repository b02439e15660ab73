"""Telephone numbers: UK forms, spaced out, misread (O for 0) or spelt in words; service numbers pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import phonenumbers
from phonenumbers import PhoneNumberType

from captions.findings import FieldName, Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, Taken, found, left_of

_GAP = r"[ \t\n.,\-/()_*|:~]{0,3}"
_RUN = re.compile(rf"(?:\+|\(\+?)?[0-9OoIl](?:{_GAP}[0-9OoIl])*")
_GROUP = re.compile(r"[+0-9OoIl]+")
_GLUED = re.compile(  # "mob07700900123", "WhatsApp_07700900123", "07700 900123Please"
    r"(?<=[A-Za-z_:=])0[127]\d{9}(?![0-9A-Za-z])|(?<![0-9])0[127](?:[ \-]?\d){8,9}(?=[A-Z][a-z])"
)
_EXTENSION = re.compile(r"[ ,]{0,2}(?:x|ext\.?|extension)[ :]?\d{1,5}\b", re.IGNORECASE)
_LOCAL = re.compile(r"(?<![\d/.\-:])(?:[2-9]\d{5}|[2-9]\d{2}[ -]\d{3,4}|7\d{3}[ -]?\d{3}[ -]?\d{3})(?![\d/\-:]|\.\d)")
_CALL = re.compile(
    r"\b(?:call|ring|phone|tel|telephone|mobile|mob|text|whatsapp|dial|sms|number is|contact|message)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
_UNITS = {"oh": "0", "o": "0", "zero": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2"}
_UNITS |= {"three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9"}
_TIMES = {"double": 2, "treble": 3, "triple": 3}
_WORD = rf"(?:{'|'.join((*_UNITS, *_TIMES, 'hundred'))})"
_SPELT = re.compile(
    rf"(?<![A-Za-z0-9])(?:{_WORD}|\+?\d{{1,6}})(?:[\s,.\-]{{1,3}}(?:{_WORD}|\d{{1,6}})(?![A-Za-z0-9])){{3,16}}", re.I
)
_MISREAD = re.compile(r"(?<![A-Za-z0-9])[0Oo][127lISZ](?:[ \-.]?[0-9OoIlSsBZzGbDQ]){8,9}(?![A-Za-z0-9])")
_MISREAD_AS = str.maketrans("OoDQIlSsBZzGb", "0000115582266")
_LETTERS = str.maketrans("OoIl", "0011")
_SERVICES = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN, PhoneNumberType.SHARED_COST, PhoneNumberType.PREMIUM_RATE}
)
_DATED = re.compile(
    r"(?<!\d)\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})(?!\d)|\d{4}-\d{2}-\d{2}|\d{1,2}[.:]\d{2} ?- ?\d{1,2}[.:]\d{2}"
)
_DECIMAL = re.compile(r"0\.\d+(?![.\d])")
_SHORTEST, _LONGEST = 9, 15  # digits of a number, with its country code
_WHY = "is a telephone number that is not the school's."
_INSTEAD = "the school office"


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    own = {national(phone) for phone in about.school.phones}
    taken = Taken()
    for span in _in_digits(text):
        number = national(_digits(text[slice(*span)]))
        end = _EXTENSION.match(text, span[1])
        whole = (span[0], end.end() if end else span[1])
        if taken.take(whole) and number not in own:
            yield _phone(reading, whole, 0.95, "the digits make up a possible telephone number")
    for match in _MISREAD.finditer(text) if reading.field is FieldName.OCR else ():
        number = national(match.group().translate(_MISREAD_AS)) if sum(map(str.isdigit, match.group())) > 6 else ""
        if number and taken.take(match.span()) and number not in own:
            yield _phone(reading, match.span(), 0.8, "digits, some misread, that make up a possible telephone number")
    for match in _SPELT.finditer(text):
        digits = _from_words(match.group())
        if digits and national(digits) not in {"", *own} and taken.take(match.span()):
            yield _phone(reading, match.span(), 0.9, "the words spell out a telephone number")
    for match in _LOCAL.finditer(text):
        digits = _digits(match.group())
        if (
            _CALL.search(left_of(text, match.start(), 60))
            and not left_of(text, match.start(), 4).rstrip(" -)")[-1:].isdigit()
            and not any(number.endswith(digits) for number in own)
            and taken.take(match.span())
        ):
            yield _phone(reading, match.span(), 0.7, "a short number, and words that ask to call it")


def _phone(reading: Reading, span: tuple[int, int], score: float, evidence: str) -> Found:
    shown = " ".join(reading.folded.text[slice(*span)].split())
    return found(reading, Kind.PHONE, span, score, f"'{shown}' {_WHY}", _INSTEAD, evidence)


def _in_digits(text: str) -> Iterator[tuple[int, int]]:
    """Spans of possible numbers in runs of digits; a run may hold several, one after another."""
    for run in _RUN.finditer(text):
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        groups = list(_GROUP.finditer(text, run.start(), run.end()))
        first = 1 if before.isalnum() else 0
        last = len(groups) - 1 if after.isalnum() and not _EXTENSION.match(text, run.end()) else len(groups)
        i = first
        while i < last:
            j = _number_from(text, groups[i:last][: _LONGEST + 2], before if i == 0 else "")
            if j:
                yield _opened(text, groups[i].start(), run.start()), groups[i + j - 1].end()
            i += j or 1
    for glued in _GLUED.finditer(text):
        yield glued.span()


def _opened(text: str, start: int, earliest: int) -> int:
    """With the bracket before "(01632)"."""
    return start - 1 if start > earliest and text[start - 1] == "(" else start


def _number_from(text: str, groups: list[re.Match[str]], before: str) -> int:
    """How many of the groups make up the number that begins with the first; 0: none does."""
    digits, best = "", 0
    if before == "_" or not re.match(r"\+|[0OoI4l]", groups[0].group()) or _DECIMAL.match(text, groups[0].start()):
        return 0
    for count, group in enumerate(groups, start=1):
        digits += _digits(group.group())
        if len(digits) > _LONGEST + 3:
            break
        if len(digits) < _SHORTEST or not national(digits):
            continue
        written = text[groups[0].start() : group.end()]
        figures = sum(char.isdigit() for char in written)
        letters = sum(char.isalpha() for char in written)
        columns = "\n" in written and min(len(each.group()) for each in groups[:count]) < 3
        dated = _is_date(text, groups[0].start(), group.end())
        if letters <= figures and not columns and not dated and not _counts(groups[:count]):
            best = count
    return best


def _digits(written: str) -> str:
    """The digits of a number with its plus sign: "+44 (0)7700" -> "+4407700"."""
    return re.sub(r"[^\d+]", "", written.translate(_LETTERS))


def _counts(groups: list[re.Match[str]]) -> bool:
    """Numbers that go up or down by equal steps, as in a times table."""
    values = [group.group() for group in groups]
    if len(values) < 4 or not all(value.isdigit() for value in values):
        return False
    return len({int(b) - int(a) for a, b in pairwise(values)}) == 1


def _is_date(text: str, start: int, end: int) -> bool:
    return bool(_DATED.search(text, max(0, start - 8), end + 8))


@lru_cache(maxsize=4096)
def national(written: str) -> str:
    """The number as digits with its country code; "" where it cannot be a subscriber's number.

    The test is "possible", not "valid": numbers set aside for drama are not valid, and look as real as any.
    """
    digits = re.sub(r"[^\d+]", "", written)
    if not re.match(r"0[1-9]|00[1-9]|\+|44\d{10}$", digits):
        return ""
    called_out = digits.startswith("00")
    digits = "+" + digits[2:] if called_out else "+" + digits if digits.startswith("44") else digits
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
    elif called_out and not phonenumbers.is_valid_number(number):
        return ""
    return f"{number.country_code}{number.national_number}"


def _is_service(number: phonenumbers.PhoneNumber, rest: str) -> bool:
    """Freephone and 03 numbers belong to organisations and helplines."""
    return rest.startswith(("80", "3", "84", "87")) or phonenumbers.number_type(number) in _SERVICES


def _from_words(words: str) -> str:
    """The digits of a number of which at least three are spelt out; "" else."""
    digits, times, spelt = "", 1, 0
    for word in re.split(r"[\s,.\-]+", words.lower()):
        if word in _TIMES:
            times = _TIMES[word]
        elif word == "hundred":
            digits, spelt = digits + "00", spelt + 1
        elif word:
            digits += _UNITS.get(word, word) * times
            spelt += word in _UNITS
            times = 1
    return digits if spelt >= 3 else ""
