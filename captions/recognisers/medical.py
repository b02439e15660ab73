"""Health, special needs, care and benefits, said of a named child or of one child; general notices pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import FieldName, Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found, nearby

_CONDITIONS = (
    r"asthma\w*|inhalers?|epi-?pens?|auto-?injectors?|anaphyla\w+|allerg(?:y|ies|ic)(?: to \w+)?|intoleran\w+|coeliac|diabet(?:es|ic)"
    r"(?: diagnosis)?|insulin(?: pump)?|glucose monitor|epilep\w+|seizures?|autis\w+(?: and does not speak)?|asd|asperger\w*|adhd|add medication|dyslexi\w*|dyspraxi\w*|"
    r"dyscalculi\w*|tourette\w*|selective(?:ly)? mut\w+|non-?verbal|down'?s syndrome|cerebral palsy|cystic fibrosis|sickle cell|"
    r"muscular dystrophy|spina bifida|eczema|hearing aids?|hearing impair\w+|cochlear implant|visually impaired|wheelchair user|leuk(?:ae|e)mia|cancer|"
    r"chemo(?:therapy)?|tumou?r|transplant|dialysis|heart condition|brain injury|concussion|meningitis|eating disorder|anorexi\w*|self-?harm\w*|depress(?:ion|ed)|"
    r"anxiety|panic attacks?|trauma|counselling|therapist|therapy|camhs|educational psychologist|paediatric\w*|speech and language|speech therapy|"
    r"ritalin|medication|tablets|antibiotics|care ?plan|health ?care plan|ehcp?|ehc plan|education,? health and care plan|send? (?:register|support|plan)|"
    r"special (?:educational )?needs|additional needs|learning difficult\w+|one[ -]to[ -]one(?: support)?|1:1 support|"
    r"social worker|foster\w*|in care|looked[ -]after|adopted|adoption|child protection|child in need|safeguarding (?:plan|concern)|refuge|asylum|"
    r"young carer|free school meals?|fsm|pupil premium|food bank|broke (?:his|her|an?|their) \w+|broken (?:arm|leg|wrist|ankle|collarbone|finger)|"
    r"in hospital|out of hospital|operation|surgery|stitches|incontinen\w+|toilet training|nits|head ?lice|headlice|chicken ?pox|diagnos(?:is|ed(?: with \w+)?)"
)
_TERM = re.compile(
    rf"\b(?:(?:carries|carrying|has|have|with|uses|using|needs|wears) (?:(?:a|an|two|his|her|severe|type 1|mild) )*)?(?:{_CONDITIONS})\b",
    re.I,
)
_ONE_CHILD = re.compile(
    r"\b(?:(?:one|a|an|this|our|that|another) (?:\w+ ){0,3}(?:boy|girl|child|pupil|student|lad|girl|youngster|son|daughter|brother|sister)\b"
    r"(?! (?:in need|friendly|protection|line|minder|care|free|voice|led|development|policy|council|premium|leadership|mental|psychotherap\w+|survey|records?))"
    r"|(?:his|her) (?:\w+ ){0,2}(?:ehcp?|diagnosis|medication|condition|needs|inhaler|epipen))",
    re.I,
)
_NOTICE = re.compile(
    r"\b(?:awareness|acceptance|week|month|charity|fundrais\w+|nut[ -]free|policy|workshop|training|course|staff|team|senco|in aid of|raising money|raise money|raised|for cancer|cancer research|animal|vet)\b",
    re.I,
)


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    flat = text.replace("_", " ") if reading.field is FieldName.FILENAME else text
    for match in _TERM.finditer(flat):
        start, end = nearby(reading, match.start()) if reading.field is not FieldName.FILENAME else (0, len(text))
        named = any(start <= a < end for a, _ in about.named)
        around = flat[start : match.start()] + " " + flat[match.end() : end]
        one_child = bool(_ONE_CHILD.search(flat[start:end]))
        if not (named or one_child) or (not named and _NOTICE.search(around)) or (named and _is_cause(around)):
            continue
        why = f"'{match.group()}' says something of a child's health, needs or care."
        yield found(reading, Kind.MEDICAL, match, 0.9 if named else 0.75, why, None)


def _is_cause(around: str) -> bool:
    """A good cause, not a condition: "raised £312 for cancer research"."""
    return bool(
        re.search(r"\b(?:awareness|acceptance week|charity|in aid of|raising money|raised|research)\b", around, re.I)
    )
