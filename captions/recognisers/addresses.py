"""Street addresses, and where somebody lives; the school's own passes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import FieldName, Kind
from captions.folding import fold_text
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import SMALL_NUMBERS, About, Taken, found, left_of
from captions.recognisers.surroundings import STORY_OR_ANIMAL

_ALWAYS = (
    "Road|Rd|Street|St|Lane|Ln|Avenue|Ave|Crescent|Cres|Terrace|Cottages|Mews|Gardens|Gdns|Grove|Close|Drive|Villas|"
    "Boulevard|Court|Ct"
)  # streets even without a capital
_STREETS = (
    f"{_ALWAYS}|Cl|Dr|Way|Place|Pl|Row|Rise|Hill|View|Walk|Green|Fold|Croft|Yard|Wharf|Parade|Park|Meadows?|Fields?|"
    "Square|Sq|Bank|Brow|Gate|Garth|Mount|Vale|Chase|Common|Heath|Dale|Orchard|Passage|Path|Quay|End|Broadway|Estate|"
    "Mansions|Buildings|Heights|Circle|Ridge|Spinney|Copse|Glade|Hollow|Nook|Paddock|Warren|Wynd|Bridge|Alley|Ginnel|"
    "Loan|Brae|Loke|Twitten|Leys|Lea|Leas|Ings|Mead|Dene|Drove|Approach|Oval|Esplanade|Promenade|Embankment|Causeway|"
    "Towers?|Moor|Holt|Hey|Wood|Keep|Point|Crest|Drove|Side"
)
_HOUSES = (
    "Cottage|House|Farm|Farmhouse|Barn|Lodge|Villa|Bungalow|Rectory|Vicarage|Manor|Grange|Mill|Stables|Croft|Oast|Hall|"
    "Caravan Park|Towers?|Court|Heights|Mansions|Flats|Oaks|Larches|Firs|Elms|Beeches"
)
_NAME = r"[A-Z][A-Za-z'\-]*\.?"
_NAMES = rf"(?:{_NAME}\s){{1,3}}"
_FLAT = r"(?:Flat|Apartment|Apt\.?|Unit|Maisonette|Caravan|Plot)\s?(?:No\.?\s?)?(?:\d{1,4}[A-Za-z]?|[A-H])"
_NUMBER = rf"(?:{_FLAT},?\s)?(?:No\.?\s?)?\d{{1,4}}[A-Za-z]?(?:\s?[-/&]\s?\d{{1,4}}[A-Za-z]?)?,?\s"
_SPELT_NUMBER = (
    rf"(?:number|no\.?|at)\s(?:{'|'.join(SMALL_NUMBERS)}|twenty|thirty|forty|fifty)(?:[ -](?:one|two|three|four|five|"
    rf"six|seven|eight|nine))?,?\s"
)
_ADDRESS = re.compile(
    rf"(?<![\d.:/£-])\b(?:{_NUMBER}|(?i:{_SPELT_NUMBER}))(?:{_NAMES}(?:{_STREETS})|The\s(?:{_STREETS})|"
    r"(?:Heol|Ffordd|Stryd|Lon|Clos|Maes|Rhodfa)\s[A-Z][\w'\-]+)\b(?!'s)"
)
_IN_FLATS = re.compile(rf"\b{_FLAT},?\s{_NAMES}(?:{_HOUSES}|{_STREETS})\b")
_HOUSE = re.compile(
    rf"\b(?:{_NAME}\s){{1,3}}(?:{_HOUSES}),\s(?:\d{{1,4}}[a-z]?\s)?{_NAMES}(?:{_STREETS})\b|"
    rf"\bThe\s(?:Old\s)?{_NAME}(?:\s{_NAME})?,\s(?:\d{{1,4}}[a-z]?\s)?{_NAMES}(?:{_STREETS})\b"
)
_LIVING = (
    r"(?:lives?|living|lived|resides?|stay(?:s|ing)|moved|moving|grew up|home is|house is|flat is|home address is)"
)
_LIVES = re.compile(
    rf"\b{_LIVING}\s(?:just\s)?(?:at|on|in|to|off|near|along|down|up|opposite|behind|by|next to)?\s?(?:number\s)?"
    rf"((?:the\s)?(?:\d{{1,4}}[a-z]?,?\s)?(?:{_NAMES}(?:{_STREETS}|{_HOUSES}|estate|farm)|The\s(?:{_STREETS}))\b"
    rf"|\d{{1,4}}[a-z]?,?\s{_NAME}|{_FLAT}\b|(?:number|no\.?)\s\d{{1,4}}[a-z]?(?=[.,!\s]|$))"
)
_LIVED = re.compile(r"lived|grew up", re.IGNORECASE)  # "Samuel Pepys lived on Seething Lane"
_HOME_ON = re.compile(rf"\b(?:home|house|flat)\s(?:at|on|in|off|near)\s((?:the\s)?{_NAMES}(?:{_STREETS}))\b")
_TOWN = re.compile(  # up to three lines, or the words before the postcode on its own line
    r",?[ ]?\n(?P<town>(?:[A-Z][A-Za-z'. \-]{1,30},?\n){0,2}[A-Z][A-Za-z'. \-]{1,30}[A-Za-z]),?[ \n]{1,2}"
    r"[A-Z]{1,2}[0-9OI][0-9A-Z]? {0,2}[0-9OISZ][A-Z0-9]{2}(?![A-Za-z0-9])"
)
_NO_STREET = re.compile(
    r"\b(?:Year|Class|Group|Team|Room|Page|Chapter|Unit|Week|Day|Term|Level|Stage|Act|Scene|Goals?|Route|Bus|Key|"
    r"Junction)"
    r"\s$"
)
_LOWER = re.compile(rf"(?<![\d.:/£-])\b\d{{1,4}}[a-z]?,? (?:[a-z'\-]+ ){{1,2}}(?:{_STREETS.lower()})\b")
_LOWER_SURE = re.compile(
    rf"(?:\b(?:at|on|number|no|to|from|lives|by|near|opposite|address:?)\s|[,\n]\s?|^)"
    rf"(\d{{1,4}}[a-z]?,? (?:[A-Za-z'\-]+ ){{1,2}}(?:{_ALWAYS.lower()}))\b"
)
_NO_LOWER = re.compile(
    r"\b(?:a|the|an|of|in|on|at|for|and|to|from|our|with|by|is|are|was|were|per|x|pm|am|children|pupils|classes|places|"
    r"laps|school|new|year|years|stars?|miles?|minutes?|metres?|times|very|too|so|more|flower|plants?|herb|secret)\b",
    re.IGNORECASE,
)
_STORIED = re.compile(
    r"(?:10|11|number ten),? downing (?:street|st)|221b?,? baker (?:street|st)|4,? privet (?:drive|dr)|"
    r"32,? windsor (?:gardens|gdns)|52,? festive (?:road|rd)|64,? zoo (?:lane|ln)|742,? evergreen terrace|"
    r"44,? scotland (?:street|st)|17,? cherry tree (?:lane|ln)|100 acre wood|7,? eccles (?:street|st)",
    re.IGNORECASE,
)  # addresses of stories and of the government
_PUBLIC = re.compile(
    r"\b(?:Library|Museum|Theatre|Church|Cathedral|Chapel|Mosque|Temple|Gurdwara|Synagogue|Gallery|Hospital|Station|"
    r"Centre|Cinema|Zoo|Town Hall|Village Hall|Church Hall|Pool|School|Academy)(?:,| at| on|:| \()\s$"
)
_YEAR_BEFORE = re.compile(r"(?:1[0-9]|20)\d{2}\s")
_SURE_STREET = re.compile(rf"\b(?:{_ALWAYS})$")
_SHORT = {"rd": "road", "st": "street", "ln": "lane", "ave": "avenue", "cl": "close", "dr": "drive", "cres": "crescent"}
_SHORT |= {"gdns": "gardens", "pl": "place", "sq": "square", "ct": "court"}


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    own = _plain(about.school.address)
    flat = text.replace("_", " ") if reading.field is FieldName.FILENAME else text
    flat = flat.title() if flat.isupper() else flat
    taken = Taken()
    for pattern in (_LIVES, _ADDRESS, _IN_FLATS, _HOUSE, _HOME_ON):
        for match in pattern.finditer(flat):
            span = match.span(match.lastindex or 0)
            shown = flat[slice(*span)]
            if _passes(flat, span) or (pattern is not _LIVES and _is_own(shown, own)):
                continue
            lives = pattern is _LIVES
            past = lives and _LIVED.match(match.group()) and not about.person_near(reading, match.start())
            if past or (lives and not re.search(r"\d", shown) and _of_animals(reading, about, match.start())):
                continue
            if taken.take(span):
                evidence = "words about living there" if lives else "a number or a house with the name of a street"
                yield found(reading, Kind.ADDRESS, span, 0.85, _why(text, span), None, evidence)
                yield from _town_below(reading, span[1], taken)
    for pattern in (_LOWER_SURE, *(() if reading.has_capitals else (_LOWER,))):
        for match in pattern.finditer(flat):
            span = match.span(match.lastindex or 0)
            shown = flat[slice(*span)]
            if _NO_LOWER.search(shown) or _is_own(shown, own) or _STORIED.fullmatch(shown) or not taken.take(span):
                continue
            yield found(reading, Kind.ADDRESS, span, 0.7, _why(text, span), None, "a number and a street")


def _town_below(reading: Reading, end: int, taken: Taken) -> Iterator[Found]:
    """The lines of a sign between a street and a postcode: "Leeds" of "12 Mill Road / Leeds / LS6 2AB"."""
    below = _TOWN.match(reading.folded.text, end) if reading.field is FieldName.OCR else None
    if below and taken.take(below.span("town")):
        yield found(
            reading,
            Kind.ADDRESS,
            below.span("town"),
            0.7,
            _why(reading.folded.text, below.span("town")),
            None,
            "it stands between a street and a postcode",
        )


_SCORED = re.compile(r"\d{1,2}, [^\d]+ \d{1,2}\D?")  # "Beckside 5, Mill Road 3"
_A_DAY = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)? (?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December)\b\."
)


def _passes(flat: str, span: tuple[int, int]) -> bool:
    before = left_of(flat, span[0])
    if _YEAR_BEFORE.match(flat, *span) and not _SURE_STREET.search(flat[slice(*span)]):
        return True  # "the 2012 Olympic Park"
    if _is_score(before, flat[slice(*span)]) or _SCORED.fullmatch(flat[span[0] : span[1] + 3]):
        return True
    if _A_DAY.match(flat, *span):
        return True
    return bool(_NO_STREET.search(before) or _PUBLIC.search(before) or _STORIED.fullmatch(flat[slice(*span)]))


def _is_score(before: str, shown: str) -> bool:
    """ "Beckside 3-2 Castle Street": a match between schools."""
    score = re.match(r"(\d{1,2})\s?-\s?(\d{1,2})\s", shown)
    falls = score is not None and int(score.group(2)) <= int(score.group(1))
    return score is not None and (falls or re.search(r"[A-Z][a-z]+\s$", before) is not None)


def _of_animals(reading: Reading, about: About, place: int) -> bool:
    """ "The ponies live at Hill Farm"."""
    sentence = reading.folded.text[slice(*reading.sentence_at(place))]
    return bool(STORY_OR_ANIMAL.search(sentence)) and not about.person_near(reading, place)


def _is_own(address: str, own: str) -> bool:
    """The school's own street, with its own number or without one."""
    plain = _plain(address)
    street = re.sub(r"^(?:number |no )?\d+[a-z]? ", "", plain)
    return bool(own) and (plain in own or (street in own and street == plain))


def _plain(address: str) -> str:
    words = re.findall(r"[a-z0-9']+", fold_text(address).lower())
    return " ".join(_SHORT.get(word, word) for word in words)


def _why(text: str, span: tuple[int, int]) -> str:
    return f"'{' '.join(text[slice(*span)].split())}' is a home or street address."
