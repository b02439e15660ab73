"""Street addresses, and where somebody lives; the school's own passes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import FieldName, Kind
from captions.folding import fold_text
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found

_STREETS = (
    "Road|Rd|Street|St|Lane|Ln|Close|Cl|Avenue|Ave|Drive|Dr|Way|Crescent|Cres|Court|Ct|Place|Pl|Gardens|Gdns|Grove|Terrace|"
    "Row|Rise|Hill|View|Cottages|Mews|Square|Sq|Walk|Green|Fold|Croft|Yard|Wharf|Parade|Park|Meadow|Meadows|Fields|"
    "Bank|Brow|Gate|Garth|Mount|Vale|Villas|Chase|Common|Heath|Field|Dale|Orchard|Passage|Path|Quay|End|Broadway|Estate|"
    "Mansions|Buildings|Heights|Boulevard|Circle|Ridge|Spinney|Copse|Glade|Hollow|Nook|Paddock|Warren|Wynd|Bridge"
)
_NAME = r"[A-Z][A-Za-z'\-]*\.?"
_NUMBER = (
    r"(?:(?:Flat|Apartment|Apt|Unit|House|Room)\s*\d*[A-Za-z]?,?\s+)?(?:No\.?\s*)?\d{1,4}[A-Za-z]?(?:-\d{1,4})?,?\s+"
)
_ADDRESS = re.compile(rf"(?<![\d.:/£-])\b{_NUMBER}(?:{_NAME}\s+){{1,3}}(?:{_STREETS})\b(?!'s)")
_HOUSE = re.compile(
    rf"\b(?:{_NAME}\s+){{1,2}}(?:Cottage|House|Farm|Barn|Lodge|Villa),\s+(?:{_NAME}\s+){{1,2}}(?:{_STREETS})\b"
)
_LIVES = re.compile(
    r"\b(?:lives?|living|home|house|flat|moved|moving|grew up)\s+(?:is\s+|house\s+)?(?:at|on|in|to|off|near)\s+"
    rf"((?:the\s+)?(?:{_NAME}\s+){{1,3}}(?:{_STREETS}))\b"
)
_NO_STREET = re.compile(r"\b(?:Year|Class|Group|Team|Room|Page|Chapter|Unit|Week|Day|Term|Level|Stage|Act|Scene)\s+$")
_LOWER_NAME = re.compile(rf"(?<![\d.:/£-])\b\d{{1,4}}[a-z]?,? (?:[a-z'\-]+ ){{1,2}}(?:{_STREETS.lower()})\b")
_NO_LOWER = re.compile(
    r"\b(?:a|the|an|of|in|on|at|for|and|to|from|our|with|by|is|are|was|were|per|x|pm|am|children|places|laps)\b"
)


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    own = fold_text(about.school.address).lower()
    flat = text.replace("_", " ") if reading.field is FieldName.FILENAME else text
    flat = flat.title() if flat.isupper() else flat
    seen: list[tuple[int, int]] = []
    for pattern in (_ADDRESS, _HOUSE, _LIVES):
        for match in pattern.finditer(flat):
            span = match.span(match.lastindex or 0)
            if _NO_STREET.search(flat[: span[0]]) or _is_own(flat[slice(*span)], own):
                continue
            if any(a < span[1] and span[0] < b for a, b in seen):
                continue
            seen.append(span)
            yield found(reading, Kind.ADDRESS, span, 0.85, f"'{_shown(text, span)}' is a home or street address.", None)
    if not reading.has_capitals:
        for match in _LOWER_NAME.finditer(flat):
            if not _NO_LOWER.search(match.group()) and not _is_own(match.group(), own):
                why = f"'{_shown(text, match.span())}' reads like a street address."
                yield found(reading, Kind.ADDRESS, match, 0.7, why, None)


def _is_own(address: str, own: str) -> bool:
    """The school's own street, with or without its number."""
    street = re.sub(r"^[^A-Za-z]+", "", address.lower())
    return bool(own) and (address.lower() in own or (street in own and not re.match(r"\s*\d", address)))


def _shown(text: str, span: tuple[int, int]) -> str:
    return " ".join(text[slice(*span)].split())
