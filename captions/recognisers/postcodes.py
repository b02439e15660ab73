"""UK postcodes whose area exists; the school's own passes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, Taken, found, left_of
from captions.vocabulary import postcode_areas

# Inward codes leave out C I K M O V (Royal Mail's Programmers' Guide).
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z]{1,2}) ?([0-9][0-9A-Za-z]?)[ \t\n\-_.]{0,2}([0-9]) ?"
    r"([ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2})(?![A-Za-z0-9])"
)
_MISREAD = re.compile(
    r"(?<![A-Za-z0-9])(?=\d?[A-Z])([A-Z0158]{2})([0-9OIZSB]{1,2})[ \-]{0,2}([0-9OIZSB])([A-Z0-9]{2})(?![A-Za-z0-9])"
)
_SPACED = re.compile(
    r"(?<![A-Za-z0-9])(?<! [A-Za-z0-9] )[A-Z](?: [A-Z])?(?: \d){1,2} {1,3}\d [A-Z] [A-Z](?![A-Za-z0-9]| "
    r"[A-Za-z0-9](?![A-Za-z0-9]))"
)
_SAID = re.compile(r"\b(?:post ?code|sat ?nav|address)\b[^.!?\n]{0,20}$", re.IGNORECASE)
_TO_LETTER = str.maketrans("0158", "OISB")
_TO_DIGIT = str.maketrans("OIlZSB", "011258")
_UNIT_LETTERS = str.maketrans("01258", "DLZSB")
_ORDINALS = frozenset({"1st", "2nd", "3rd", *(f"{n}th" for n in range(10))})
_LETTERED_DISTRICTS = frozenset({"E", "N", "W", "SE", "SW", "EC", "WC", "NW"})  # as in SW1A


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    own = _bare(about.school.postcode)
    taken = Taken()
    for match in _POSTCODE.finditer(text):
        if _is_postcode(text, match) and taken.take(match.span()) and _bare(match.group()) != own:
            yield _postcode(reading, match, 0.93, "its area exists")
    for pattern in (_SPACED, _MISREAD):
        for match in pattern.finditer(text):
            guessed = sum(map(str.isdigit, match.group())) < 2 or match.group().startswith("NHS")  # "WHOOPS"
            meant = "" if guessed else _put_right(match.group())
            if meant and taken.take(match.span()) and meant != own:
                yield _postcode(reading, match, 0.8, "its area exists, with a character misread or spaced out")


def _postcode(reading: Reading, match: re.Match[str], score: float, evidence: str) -> Found:
    shown = " ".join(match.group().split())
    return found(
        reading, Kind.POSTCODE, match, score, f"'{shown}' is a postcode that is not the school's.", None, evidence
    )


def _is_postcode(text: str, match: re.Match[str]) -> bool:
    area, district, digit, unit = match.groups()
    if area.upper() not in postcode_areas() or (district[0] == "0" and len(district) > 1):
        return False
    if district[-1].isalpha() and area.upper() not in _LETTERED_DISTRICTS:
        return False
    if "\n" in match.group() and (len(area) == 1 or not match.group().isupper()):
        return False
    said = bool(_SAID.search(left_of(text, match.start())))
    if (digit + unit).lower() in _ORDINALS and not said and not (len(area) == 2 and unit.isupper()):
        return False
    if len(area) == 2:
        return True
    if area.islower() and (unit.isupper() or " " in match.group()):
        return said  # "s 2 5th" and "b 1 4lb" are no postcodes
    return not (area.isupper() and unit.islower() and " " in match.group()) or said


def _put_right(written: str) -> str:
    """ "Y097 2B0" as it was meant: letters where letters stand, digits where digits stand; "" where it is none."""
    bare = _bare(written)
    for letters in (2, 1):
        area, district = bare[:letters].translate(_TO_LETTER), bare[letters:-3].translate(_TO_DIGIT)
        meant = area + district + bare[-3].translate(_TO_DIGIT) + bare[-2:].translate(_UNIT_LETTERS)
        if area in postcode_areas() and district[:1] != "0" and _POSTCODE.fullmatch(meant):
            return meant
    return ""


def _bare(postcode: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", postcode).upper()
