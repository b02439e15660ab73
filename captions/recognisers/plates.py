"""Number plates in pictures: a line that is a registration and nothing else, characters misread included.

Forms: current (since 2001), prefix, suffix, Northern Ireland and dateless, as the DVLA describes them (INF104).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.reading import Reading
from captions.vocabulary import is_word, postcode_areas

_LINE = re.compile(r"[^\n]+?(?=  |\n|$)")
_EDGES = " .:;|*'\"_-()[]"
_NATION = re.compile(r"(?:GB|UK|ENG|SCO|CYM|EIRE)\s+(?=\S)")
_CURRENT = re.compile(r"([A-Z0-9]{2})[ .\-]?([A-Z0-9]{2})[ .\-]{0,2}([A-Z0-9]{3})")
_POSTCODE = re.compile(r"([A-Z]{2})\d{1,2} ?\d[A-Z]{2}")
_PREFIX = re.compile(r"[A-HJ-NPR-TV-Y]\d{2,3}[ .\-]?([A-HJ-PR-Z]{3})")
_SUFFIX = re.compile(r"([A-HJ-PR-Z]{3})[ .\-]?\d{2,3}[A-HJ-NPR-TV-Y]")
_NORTHERN = re.compile(
    r"[A-Z]?(?:[A-HJ-PR-Y]Z|I[ABJLW]|[JOUX]I)[ .\-]?(\d{3,4})"  # the counties' codes hold an I or a Z
)
_DATELESS = re.compile(r"([A-HJ-PR-Z]{3})[ .\-]?(\d{3,4})|(\d{3,4})[ .\-]?([A-HJ-PR-Z]{3})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = frozenset({"123", "1234", "234", "321", "100", "111", "999"})  # "ABC 123", "NHS 111"
_NO_PLATES = frozenset(
    {"abc", "xyz", "nhs", "bbc", "tel", "fax", "ext", "pin", "iso", "est", "sat", "gcse", "ref", "max"}
)
_TO_LETTER = str.maketrans("01582647", "OISBZGAT")
_TO_DIGIT = str.maketrans("OQDILSBZGAT", "00011582647")
_MOST_CHANGED = 2  # characters of a plate that may have been misread


def plates(reading: Reading) -> Iterator[tuple[int, int, bool]]:
    """Spans of plates in the folded text, and whether a character of each was misread."""
    text = reading.folded.text
    for line in _LINE.finditer(text):
        written = line.group().strip(_EDGES)
        start = line.start() + line.group().find(written) if written else line.start()
        nation = _NATION.match(written)
        start, written = (start + nation.end(), written[nation.end() :]) if nation else (start, written)
        if not 4 < len(written) < 11 or any(char.islower() and char not in "lo" for char in written):
            continue
        misread = _misread(written.replace("l", "I").replace("o", "O"))
        if misread is not None:
            yield start, start + len(written), misread


def _misread(written: str) -> bool | None:
    """Whether a character of a plate was misread; None for what is no plate."""
    current = _CURRENT.fullmatch(written)
    if current:
        return None if _is_postcode(written) else _current(*current.groups())
    for pattern in (_PREFIX, _SUFFIX):
        match = pattern.fullmatch(written)
        if match:
            return None if is_word(match.group(1).lower()) else False
    northern = _NORTHERN.fullmatch(written)
    if northern:
        return None if _YEAR.fullmatch(northern.group(1)) else False
    dateless = _DATELESS.fullmatch(written)
    if dateless:
        letters = (dateless.group(1) or dateless.group(4)).lower()
        number = dateless.group(2) or dateless.group(3)
        likely = letters not in _NO_PLATES and not is_word(letters)
        return None if not likely or number in _COUNTED or _YEAR.fullmatch(number) else False
    return None


def _is_postcode(written: str) -> bool:
    """ "YO99 2JB" is no misread "YO99 ZJB"."""
    match = _POSTCODE.fullmatch(written)
    return match is not None and match.group(1) in postcode_areas()


def _current(area: str, year: str, letters: str) -> bool | None:
    meant = area.translate(_TO_LETTER) + year.translate(_TO_DIGIT) + letters.translate(_TO_LETTER)
    changed = sum(a != b for a, b in zip(area + year + letters, meant, strict=True))
    if not (meant[:2].isalpha() and meant[2:4].isdigit() and meant[4:].isalpha()):
        return None
    if changed > _MOST_CHANGED or not any(char.isdigit() for char in year):
        return None
    issued = int(meant[2:4]) not in (0, 1, 50)  # "02" to "49" in spring, "51" to "99" in autumn
    return changed > 0 if issued or not changed else None
