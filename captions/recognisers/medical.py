"""Health, special needs, care and benefits, said of a named child or of one child; general notices pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import FieldName, Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found, nearby
from captions.vocabulary import medical_terms

_LEAD = r"(?:carries|carrying|has|have|with|uses|using|needs|wears) (?:(?:a|an|two|his|her|severe|type 1|mild) )*"
_TERM = re.compile(rf"\b(?:{_LEAD})?(?:{'|'.join(medical_terms())})(?!\w)", re.IGNORECASE)
_CHILD = r"(?:boy|girl|child|pupil|student|lad|youngster|son|daughter|brother|sister)"
_GENERAL = (
    r"(?: (?:in need|friendly|protection|line|minder|care|free|voice|led|development|policy|council|premium|leadership|"
    r"mental|psychotherap\w+|survey|records?))"
)
_ONE_CHILD = re.compile(
    r"\b(?:one of (?:our|the|my) (?:\w+ )?(?:boys|girls|children|pupils|students)\b|"
    rf"(?:one|a|an|this|our|that|another) (?:\w+ ){{0,3}}{_CHILD}\b(?!{_GENERAL})"
    r"|(?:his|her) (?:\w+ ){0,2}(?:ehcp?|diagnosis|medication|condition|needs|inhaler|epipen))",
    re.IGNORECASE,
)
_CAUSE = r"awareness|acceptance|charity|fundrais\w+|in aid of|raising money|raise money|raised|research"
_NOTICE = re.compile(
    rf"\b(?:{_CAUSE}|week|month|nut[ -]free|policy|workshop|training|course|staff|team|senco|animal|vet)\b",
    re.IGNORECASE,
)
_GOOD_CAUSE = re.compile(rf"\b(?:{_CAUSE})\b", re.IGNORECASE)


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    whole = reading.field is FieldName.FILENAME
    flat = text.replace("_", " ") if whole else text
    for match in _TERM.finditer(flat):
        start, end = (0, len(text)) if whole else nearby(reading, match.start())
        named = any(start <= a < end for a, _ in about.named)
        around = flat[start : match.start()] + " " + flat[match.end() : end]
        if not named and (not _ONE_CHILD.search(flat[start:end]) or _NOTICE.search(around)):
            continue
        if named and _GOOD_CAUSE.search(around):
            continue  # "raised £312 for cancer research"
        why = f"'{match.group()}' says something of a child's health, needs or care."
        yield found(reading, Kind.MEDICAL, match, 0.9 if named else 0.75, why, None)
