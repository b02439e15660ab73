"""UK postcodes whose area exists; the school's own passes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found
from captions.vocabulary import postcode_areas

# Inward codes leave out C I K M O V (Royal Mail's Programmers' Guide).
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z]{1,2}) ?([0-9][0-9A-Za-z]?)[ \t\-_]{0,2}([0-9])[ ]?"
    r"([ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2})(?![A-Za-z0-9])"
)
_ORDINALS = frozenset({"st", "nd", "rd", "th"})


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    own = _bare(about.school.postcode)
    for match in _POSTCODE.finditer(text):
        area, district, _, unit = match.groups()
        if (
            area.upper() not in postcode_areas()
            or _bare(match.group()) == own
            or (district[0] == "0" and len(district) > 1)
        ):
            continue
        if unit in _ORDINALS or (area != area.upper() and unit == unit.upper()):
            continue
        if area.islower() and not unit.islower():
            continue
        if area.islower() and " " in match.group() and area in {"e", "s", "n", "w", "b", "m", "l", "g"}:
            continue
        yield found(
            reading, Kind.POSTCODE, match, 0.93, f"'{match.group()}' is a postcode that is not the school's.", None
        )


def _bare(postcode: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", postcode).upper()
