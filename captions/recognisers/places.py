"""Times of the day, and places away from school, as routines and live whereabouts speak of them."""

from __future__ import annotations

import re
from itertools import chain

from captions.recognisers.about import About

_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
TIME = re.compile(
    r"\b(?:\d{1,2}[.:]\d{2}(?: ?[ap]\.?m\b)?|\d{1,2} ?[ap]\.?m\b|"
    rf"(?:(?:half|quarter|ten|twenty|five) past|(?:quarter|ten|twenty|five) to) (?:{_HOUR}|\d{{1,2}})|"
    rf"(?:at|from|by|until|till|about|around) {_HOUR}\b(?: o'clock)?|{_HOUR} o'clock|\d{{1,2}} ?(?:-|to) ?\d{{1,2}} "
    rf"?[ap]m\b|(?:until|till|til) \d{{1,2}}\b(?!\.\d)|at \d{{1,2}}(?=[\s,.!?]|$)(?! (?-i:[A-Z])|[.:]\d| ?(?:-|to) "
    rf"?\d)|noon|midday|half {_HOUR})",
    re.IGNORECASE,
)
_SPOT = (
    r"(?:path|park|bus stop|shops?|corner|canal|bridge|bandstand|pool|baths|leisure centre|sports centre|community "
    r"centre|centre|library|"
    r"rec|recreation ground|playing fields?|playground|play area|lane|road|street|station|church|chapel|car park|"
    r"woods?|beach|river|"
    r"crossing|gym|club|clubhouse|courts?|pitch|pitches|astro|alley|towpath|field|common|green|square|swings|skate "
    r"?park|schoolroom|"
    r"pavilion|stables|farm|pub|caf\w|chip shop|co-?op|tesco|hut|scout hut|village hall|church hall|memorial hall|"
    r"parish hall|"
    r"town hall|studio|cinema|museum|war memorial|roundabout|lay-?by|gates?|zoo|castle|theatre|swimming pool|ice "
    r"rink|lake|hostel|"
    r"campsite|market|shopping centre|stadium|arena|tower|garage|post box|bus shelter|phone box|pond|weir|harbour|"
    r"barn|surgery|shelter|ground|track|cathedral|mosque|temple|gurdwara|synagogue|orchard|"
    r"allotments?)"
)
_AT = (
    r"(?:at|in|by|from|along|outside|near|behind|on|through|via|past|opposite|across|to|off|leaves|under|inside|round|"
    r"around)"
)
_PLACE = re.compile(
    rf"\b{_AT} (?:the |our |a )?(?:(?:[A-Z][\w'&-]+ ?){{1,4}}(?:of (?:the )?[A-Z][\w'-]+)?(?:{_SPOT}\b)?|(?:\w+ "
    rf"){{0,2}}{_SPOT}\b)"
)
_CLUB = re.compile(
    r"\b(?:with|for|at) (?:the )?(?:[A-Z][\w'&-]+ ){1,3}(?:Juniors?|Harriers|FC|AFC|RFC|CC|United|City|Town|Rovers|"
    r"Wanderers|Swimmers|Club|"
    r"Academy|Athletics?|Colts|Lions|Tigers|Stars|Dolphins|Sharks|School of Dance|Dance|Gymnastics|Scouts|Cubs|"
    r"Brownies)\b"
)
_BARE_PLACE = re.compile(rf"(?:[,:;@\n]|\s-\s|\bof) ?(?:(?:the|our) )?(?:[\w'&-]+ ){{0,4}}{_SPOT}\b", re.IGNORECASE)
_IN_SCHOOL = re.compile(
    r"(?:in|at|to|from|on|outside|by|near|off|inside|through) (?:the |our |a )?(?:(?:main|small|big|top|bottom|"
    r"lower|upper|junior|infant|front|"
    r"back|side|school|ks\d|new) )*"
    r"(?:school|hall|classroom|library|office|playground|entrance|music room|studio|(?:ict|computer) suite|reading "
    r"den|gates?|"
    r"field|gym|mugs?a|forest school|reception|dinner hall|staff room|website|foyer|year|class|breakfast club|"
    r"after[ -]school club)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\b(?:home alone|alone|on (?:his|her) own|by (?:him|her)self)\b")
_CALENDAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|easter|christmas|spring|summer|autumn|winter|year|key|class|reception|nursery|ks\d|zoom|teams",
    re.IGNORECASE,
)


def place_in(sentence: str, about: About, *, alone: bool = False, bare: bool = False) -> tuple[int, int] | None:
    """The first place that is not in school and not a day or month; else, with `alone`, that somebody is alone.

    With `bare`, a place may also stand after a comma ("Mondays, side door of the baths"). Offsets in the sentence.
    """
    own = {word.lower() for word in re.findall(r"\w+", f"{about.school.name} {' '.join(about.school.short_names)}")}
    own |= about.classes
    patterns = (_PLACE, _CLUB, _BARE_PLACE) if bare else (_PLACE, _CLUB)
    for match in chain.from_iterable(pattern.finditer(sentence) for pattern in patterns):
        capital = [word for word in re.findall(r"[\w'&-]+", match.group())[1:] if word[0].isupper()]
        if capital and (
            _CALENDAR.fullmatch(capital[0]) or {word.lower() for word in capital} <= own or len(capital[0]) < 3
        ):
            continue
        rest = sentence[match.start() : match.end() + 20].lstrip(",:;@\n- ")
        if not _IN_SCHOOL.match(rest) and not _IN_SCHOOL.match(f"at {rest}"):
            return match.span()
    only = _ALONE.search(sentence)
    return only.span() if only and alone else None
