"""Health, special needs, care and benefits, said of a named child or of one child; general notices pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, Spaced, Taken, found, nearby
from captions.vocabulary import medical_terms

_LEAD = (
    r"(?:carries|carrying|has|have|having|had|with|uses|using|needs|needing|wears|takes|taking|gets|on|lives with|"
    r"receives) "
    r"(?:(?:a|an|two|his|her|the|severe|mild|some|new|extra) ){0,2}"
)
_TERM = re.compile(rf"\b(?:{_LEAD})?(?:{'|'.join(medical_terms())})(?!\w)", re.IGNORECASE)
_CHILD = (
    r"(?:boy|girl|child|pupil|student|lad|lass|youngster|toddler|son|daughter|brother|sister|twin|classmate|friend|"
    r"[a-z]+-year-old|year-old)"
)
_GENERAL = (
    r"(?: (?:in need|friendly|protection|line|minder|care|free|voice|led|development|policy|council|premium|leadership|"
    r"mental|psychotherap\w+|survey|records?|health|poverty|benefit|trust))"
)
_ONE_CHILD = re.compile(
    r"\b(?:one of (?:our|the|my|this year's) (?:\w+ ){0,3}(?:boys|girls|children|pupils|students|ones|class|"
    r"swimmers|players|runners|singers)\b|"
    rf"(?:one|a|an|this|our|that|another|the) (?:[\w'-]+ ){{0,4}}{_CHILD}\b(?!{_GENERAL})"
    r"|(?:his|her) (?:\w+ ){0,2}(?:ehcp?|diagnosis|medication|condition|needs|inhaler|epipen|hearing|wheelchair|"
    r"autism|adhd|epilepsy|diabetes))",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:if (?:your|you|a|any)|any (?:child|pupil|parent|family)|every|each|your (?:child|son|daughter)|should|"
    r"must|please|whether|"
    r"all (?:children|pupils|families)|children (?:with|who|in|on)|pupils (?:with|who|in|on)|families (?:with|who|"
    r"in|on))\b",
    re.IGNORECASE,
)
_CAUSE = (
    r"awareness|acceptance|charity|charities|fundrais\w+|in aid of|raising money|raise money|raised|raises|raising|"
    r"research|donat\w+"
)
_NOTICE = re.compile(
    rf"\b(?:{_CAUSE}|week|month|day|nut[ -]free|policy|workshop|training|course|staff|team|senco|animal|vet|apply|"
    rf"application|"
    r"form|website|funding|coffee morning|drop-in|assembly|lessons?|learn(?:ed|t|ing)?|poster|library|story|book|"
    r"novel|character|"
    r"history|victorian|museum|visitor|trained|first aid)\b",
    re.IGNORECASE,
)
_GOOD_CAUSE = re.compile(rf"\b(?:{_CAUSE})\b", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"\badopt(?:ed|ion)\b(?= (?:of )?(?:a|an|the|our|two|three|another|some|new)\b)|\bin stitches\b|\bcross[ "
    r"-]stitch\w*|(?<!needed )(?<!had )"
    r"(?<!has )(?<!his )(?<!her )\bstitches\b|\b(?:great|economic|weather|area of) depression\b|\btherapy (?:dogs?|"
    r"pony|ponies|animals?|pets?|rabbits?)\b|"
    r"\btransplant(?:ed)?\b(?= (?:the|our|their|some|seedlings|plants|it|them|into))|\b(?:four|mathematical|number|"
    r"rescue|inverse|christmas) operations?\b|"
    r"\boperation (?:christmas|encompass|ouch)\b|\b(?:history|author|retelling) consultant\b|\bhealth(?:y)? week\b|"
    r"\bhypo\w{3,}|\bwalkers?\b(?! frame)|"
    r"\bexcluded\b(?= (?:from the|middle))|\bsuspended\b(?= (?:from|in|over|above|on|by|between))|\bsuspension\b(?= "
    r"(?:bridge|file))|"
    r"\bfits\b|\bstroke\b|\bsticks?\b|\bbursary\b(?= evening)|\bmedicines?\b(?= (?:man|wheel|ball))|\bfood ?bank\b|"
    r"\bbraille\b(?= (?:by|and|inventor|alphabet|workshop))|"
    r"\b(?:sign|deaf) (?:language|awareness|choir|club|studies)\b|\bconsultant\b|\bin care\b(?= (?:of|homes?))|"
    r"\bmarathon\b|\bscan results\b(?= of)|"
    r"\bto (?:the )?hospital (?:radio|garden|fundraiser|shop|charity)\b|\b(?:ambulance|playing|toy|teddy(?: "
    r"bears'?)?|role[ -]play) hospital\b|"
    r"\bcounsellor\b(?= (?:visited|came))|\bsurgery\b(?= (?:visit|trip|opening))|\b(?:vet(?:'s|erinary)?|doctor's|"
    r"gp) surgery\b|\bpoorly (?:plant|paw|animal|lamb|hedgehog|teddy|pet)\w*",
    re.IGNORECASE,
)  # what the words also mean
_OWN_ONLY = re.compile(
    r"(?:with|on|has|have|having|had|takes|taking|gets|uses|using|needs)? ?(?:\w+ )?(?:cancer|therapy|operation|"
    r"surgery|medicines?|hypos?|soils|walker|poorly|unwell|refuge|asylum|refugee\w*|"
    r"disabled|disabilit\w+|homeless|in prison|custody|counsellor|therapist|consultant|covid|vomit\w*|measles|nits|"
    r"(?:\w+ )?syndrome|deaf|stitches|"
    r"adopted|adoption|food ?bank|suspended|excluded|trauma\w*|depress\w+|bereave\w*|additional needs|special "
    r"(?:educational )?needs|braille|makaton|allergies|allergy)",
    re.IGNORECASE,
)  # too broad for a child without a name, unless said with "he", "she" or "who"
_SAID_OF_ONE = re.compile(r"\b(?:who(?:se)?|he|she|his|her|him|has|had|is|was|with)\b", re.IGNORECASE)
_HER_OWN_WORK = re.compile(
    r"\b(?:talk|talked|presentation|project|assembly|story|poem|wrote|write|read|reading|learn(?:ed|t)|played|acted|"
    r"research\w*|interview\w*)\b"
    r"[^.!?\n]{0,30}\b(?:about|on|as|a|the)\b[^.!?\n]{0,20}$",
    re.IGNORECASE,
)
_OWNED = re.compile(
    r"(?:\b(?:his|her|own)|'s)\s(?:\w+\s)?\|[^|]*$|\|(?:has|have|having|had|carries|wears|uses|takes)\b", re.IGNORECASE
)


_RECORD = re.compile(
    r"\b(?:fsm|free school meals|pupil premium|sen|send|sen status|ehcp?|looked[ -]after|lac|eal)\s?[:=]\s?"
    r"(?:yes|y|k|e|true)\b",
    re.IGNORECASE,
)  # a line of a pupil's record


def find(reading: Reading, about: About) -> Iterator[Found]:
    view = Spaced.of(reading)
    text = view.text
    for match in _RECORD.finditer(text):
        why = f"'{match.group()}' is a line of a child's record."
        yield found(reading, Kind.MEDICAL, view.span(*match.span()), 0.9, why, None, "a line of a record")
    otherwise = Taken(tuple(match.span() for match in _OTHERWISE.finditer(text)))
    for match in _TERM.finditer(text):
        if otherwise.touches(match.span()):
            continue
        span = view.span(*match.span())
        start, end = nearby(reading, match.start())
        around = text[start : match.start()] + " " + text[match.end() : end]
        named = about.person_near(reading, span[0])
        owned = _OWNED.search(text[start : match.start()] + "|" + match.group())
        if named and not owned and (_GOOD_CAUSE.search(around) or _HER_OWN_WORK.search(text[start : match.start()])):
            continue  # "raised £312 for cancer research", "gave a talk about asthma"
        if not named and not _of_one_child(text[start:end], around, match.group()):
            continue
        shown = " ".join(reading.folded.text[slice(*span)].split())
        why = f"'{shown}' says something of a child's health, needs or care."
        evidence = "a word of health or care beside a name" if named else "a word of health or care said of one child"
        yield found(reading, Kind.MEDICAL, span, 0.9 if named else 0.75, why, None, evidence)


def _of_one_child(sentence: str, around: str, term: str) -> bool:
    one = _ONE_CHILD.search(sentence)
    if one is None or _NOTICE.search(around) or _CONDITIONAL.search(around):
        return False
    return not _OWN_ONLY.fullmatch(term) or bool(_SAID_OF_ONE.search(around) or _SAID_OF_ONE.search(term))
