"""What QR codes and barcodes in a picture say: links, contacts, passwords, goods, numbers that may be a child's.

Names and details in a code's text are found as in any text. What is added here is what only a code can hold, and the
code of which nobody can say what it means: it may be on a child's library or dinner card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from captions.findings import FieldName, Kind, SchoolProfile, TextField
from captions.folding import fold_text
from captions.link_doubts import doubt_about
from captions.links import links_in
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.phones import national

_RETAIL = {"EAN-13": (13,), "EAN-8": (8,), "UPC-A": (12, 13), "UPC-E": (8, 12, 13), "ISBN": (10, 13)}  # digits
_CHECKED_OTHERWISE = frozenset({"UPC-E"})  # by the number it is short for
_WEB = re.compile(r"\s*(?:url(?:to)?:\s*)?(?P<address>https?:[^\s]+)\s*", re.IGNORECASE)
_SCHEME = re.compile(r"\s*(?P<scheme>[a-z][a-z0-9+.\-]{1,30}):\S", re.IGNORECASE)
_CALLS = re.compile(
    r"\s*(?:tel|telprompt|callto|sms|smsto|mms|mmsto|facetime|facetime-audio):(?P<number>[+\d][\d\s().\-]*)", re.I
)
_WIFI = re.compile(r"\s*WIFI:", re.IGNORECASE)
_CARD = re.compile(r"\s*(?:BEGIN:VCARD|MECARD:|BIZCARD:)", re.IGNORECASE)
_CARD_NAME = re.compile(
    r"(?:^|[\n;:])(?:FN|N)(?:;[^:\n]*)?:(?P<name>[^\n\r]+?)(?=;[A-Z\-]+[:;]|;;|[\r\n]|$)", re.IGNORECASE
)
_BOOKMARK = re.compile(r"\s*MEBKM:.*?URL:(?P<address>[^;]+)", re.IGNORECASE | re.DOTALL)
_EVENT = re.compile(r"\s*BEGIN:(?:VEVENT|VCALENDAR)", re.IGNORECASE)
_KNOWN_SCHEMES = frozenset(
    {"mailto", "matmsg", "mebkm", "url", "urlto", "wifi", "http", "https", "begin", "mecard"}
    | {"bizcard", "geo", "otpauth", "otpauth-migration", "fido", "lpa", "dpp", "fn"}
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_TELLING = (  # what a whole code is
    (
        re.compile(r"\s*WIFI:(?:.*[:;])?P:(?!;)", re.I | re.S),
        Kind.CODE,
        "The code holds the password of a wireless network.",
    ),
    (re.compile(r"\s*geo:\s*-?\d", re.I), Kind.LOCATION, "The code is a place on the map."),
    (
        re.compile(r"\s*(?:otpauth|otpauth-migration|fido|lpa|dpp):", re.I),
        Kind.CODE,
        "The code holds a secret for signing in.",
    ),
)
_SURE = 0.9
_SHOWN = 40  # characters of a code in a sentence


def is_of_goods(field: TextField) -> bool:
    """Whether it is the number of an article in a shop, or of a book: the same on every piece, and nobody's."""
    digits = field.text.strip()
    lengths = _RETAIL.get(field.symbology)
    if field.name is not FieldName.BARCODE or lengths is None or len(digits) not in lengths:
        return False
    if not (digits.isascii() and digits.isdigit()):
        return False
    return field.symbology in _CHECKED_OTHERWISE or len(digits) == 10 or _has_right_check_digit(digits)


def _has_right_check_digit(digits: str) -> bool:
    """GS1 General Specifications, section 7.9: the digits weigh 3 and 1 in turn, from the right."""
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(reversed(digits))) % 10 == 0


def find(reading: Reading, school: SchoolProfile, others: Sequence[Found]) -> Iterator[Found]:
    """What a code holds beside names, details and links, which are in `others`."""
    if reading.field is not FieldName.BARCODE or not reading.text.strip():
        return
    text = reading.text
    mine = list(_of_a_known_form(text, school))
    yield from mine
    if not mine and not others and not _is_understood(text):
        yield _whole(
            text, Kind.CODE, f"There is a code here that says '{_shown(text)}': it may be a child's card or number."
        )


def _of_a_known_form(text: str, school: SchoolProfile) -> Iterator[Found]:
    if match := _WEB.fullmatch(text) or _BOOKMARK.match(text):
        doubt = doubt_about(match["address"].replace("\\", ""), school)
        if doubt:
            yield Found(Kind.LINK, *match.span("address"), _SURE, f"'{_shown(match['address'])}' {doubt}")
    elif match := _CALLS.match(text):
        if national(match["number"]) not in {national(phone) for phone in school.phones}:
            why = f"'{_shown(match['number'])}' is a telephone number that is not the school's."
            yield Found(Kind.PHONE, *match.span("number"), _SURE, why)
    elif _CARD.match(text):
        yield from _names_on_a_card(text, school)
    elif match := _unusual_scheme(text):
        yield _whole(text, Kind.LINK, f"'{_shown(text)}' is a link of an unusual kind ({match['scheme'].lower()}:).")
    else:
        yield from (_whole(text, kind, why) for pattern, kind, why in _TELLING if pattern.match(text))


def _unusual_scheme(text: str) -> re.Match[str] | None:
    match = _SCHEME.match(text)
    usual = match is None or match["scheme"].lower() in _KNOWN_SCHEMES or _is_prose(text)
    return None if usual else match


def _names_on_a_card(text: str, school: SchoolProfile) -> Iterator[Found]:
    own = {_plain(name) for name in (school.name, *school.short_names)}
    for match in _CARD_NAME.finditer(text):
        parts = [part.strip() for part in re.split(r"[;,]", match["name"]) if part.strip()]
        if parts and _plain(" ".join(parts)) not in own:
            why = f"'{' '.join(parts)}' is named on a contact card in the code."
            yield Found(Kind.PERSON_NAME, match.start("name"), match.end("name"), _SURE, why)


def _is_understood(text: str) -> bool:
    """Whether a person would know what it says: a link, an entry of a usual form, or words."""
    if any(pattern.match(text) for pattern in (_WEB, _CALLS, _WIFI, _CARD, _EVENT)):
        return True
    scheme = _SCHEME.match(text)
    if scheme and scheme["scheme"].lower() in _KNOWN_SCHEMES:
        return True
    stripped = text.strip()
    return any(link.end - link.start >= len(stripped) - 1 for link in links_in(stripped)) or _is_prose(text)


def _is_prose(text: str) -> bool:
    """At least two words, which make up most of it."""
    words = _WORDS.findall(text)
    return len(words) >= 2 and len(text.split()) >= 2 and sum(map(len, words)) > 0.6 * len("".join(text.split()))


def _whole(text: str, kind: Kind, why: str) -> Found:
    return Found(kind, 0, len(text), _SURE, why)


def _shown(text: str) -> str:
    one_line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return one_line if len(one_line) <= _SHOWN else f"{one_line[:_SHOWN]}…"


def _plain(text: str) -> str:
    return fold_text(text).lower().replace(" ", "")
