"""E-mail addresses, plain and spelt out ("name at example dot org"); the school's own pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, Taken, found, left_of
from captions.vocabulary import is_word

_ENDINGS = (
    "com|org|net|uk|co|me|info|eu|io|email|school|ac|gov|example|sch|biz|online|site|ie|fr|de|pl|wales|scot|cymru|live"
)
_PROVIDERS = (
    "gmail|googlemail|hotmail|outlook|yahoo|ymail|icloud|btinternet|aol|protonmail|proton|talktalk|virginmedia|"
    "ntlworld|"
    "live|msn|mac|sky|tiscali|gmx|zoho|fastmail"
)
_PLAIN = re.compile(
    r"(?<![A-Za-z0-9._%+\-'@])[A-Za-z0-9][A-Za-z0-9._%+\-']*\s?@\s?(?:[A-Za-z0-9\-]+\.)+[A-Za-z0-9\-]+", re.IGNORECASE
)
_SLIPPED = re.compile(
    rf"(?<![A-Za-z0-9._%+\-'@])[A-Za-z0-9][A-Za-z0-9._%+\-']*\s?@\s?[A-Za-z0-9][A-Za-z0-9\-.]*"
    rf"(?:\s?[,;]\s?|\s)(?:{_ENDINGS})\b(?:[ ,.]uk\b)?",
    re.IGNORECASE,
)
_ENDED = re.compile(rf"[.,;\s](?:{_ENDINGS})$", re.IGNORECASE)
_PROVIDED = re.compile(
    rf"(?<![A-Za-z0-9._%+\-'@])[A-Za-z0-9][A-Za-z0-9._%+\-']*(?:\s?@\s?|\s[\[({{<]?at[\])}}>]?\s)(?:{_PROVIDERS})\b",
    re.IGNORECASE,
)
_AT = r"(?:\s*(?:\(at\)|\[at\]|\{at\}|<at>|\*at\*|\(a\)|\[@\]|\(@\)|@|-at-|_at_)\s*|\s+at\s+)"
_DOT = (
    r"(?:\s*(?:\(dot\)|\[dot\]|\{dot\}|<dot>|\*dot\*|\[\.\]|\(\.\)|-dot-|_dot_|\.|\(punkt\))\s*|\s+(?:dot|full stop|"
    r"point)\s+)"
)
_JOIN = r"\s+(?:dot|underscore|dash|hyphen|point)\s+"
_SPELT = re.compile(
    rf"(?<![a-z0-9_.+\-])[a-z0-9][a-z0-9_.+\-]{{0,63}}?(?:{_JOIN}[a-z0-9]{{1,63}}){{0,4}}"
    rf"{_AT}[a-z0-9][a-z0-9\-]{{0,63}}?(?:{_DOT}[a-z0-9\-]{{1,63}}?){{0,5}}{_DOT}(?:{_ENDINGS})\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"dot\b|full stop|[\[({<*]\s*(?:at|a|dot|@|\.)\s*[\])}>*]|@|[-_]at[-_]", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:e-?mail|mail|write to|drop a line|contact|reach|message|rsvp)\b[^.!?\n]{0,40}$", re.IGNORECASE
)
_OFFICIAL = re.compile(
    r"(?:info|enquir\w*|admissions?|contact|hello|help\w*|office|reception|customer.?services?|press|media|bookings?)"
    r"@(?:[a-z0-9\-]+\.)*(?:gov|nhs|police)\.uk"
)
_INSTEAD = "the school office"


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    taken = Taken()
    if "@" in text:
        for pattern in (_PLAIN, _SLIPPED):
            for match in pattern.finditer(text):
                spaced = re.search(r"\s@", match.group())  # "TikTok @crumbs.by.tess" is an account
                if spaced and not _ENDED.search(match.group()):
                    continue
                if taken.take(match.span()) and not is_own(match.group(), about):
                    yield _email(reading, match, 0.97, "it has an at sign and a site")
    for match in _SPELT.finditer(text):
        shouted = " AT " in match.group() and not match.group().isupper()
        if not shouted and not _MARKED.search(match.group()) and not _asked_for(text, match):
            continue
        address = re.sub(_DOT, ".", re.sub(_AT, "@", match.group(), count=1, flags=re.I), flags=re.I)
        if taken.take(match.span()) and not is_own(address, about):
            yield _email(reading, match, 0.9, "it is an address spelt out")
    for match in _PROVIDED.finditer(text):
        if taken.take(match.span()):
            yield _email(reading, match, 0.8, "it names a provider of e-mail")


def _asked_for(text: str, match: re.Match[str]) -> bool:
    """ "e-mail swaps99 at example.com", and not "look at example.com"."""
    local = re.split(_AT, match.group(), maxsplit=1, flags=re.IGNORECASE)[0]
    return bool(_ASKED.search(left_of(text, match.start(), 60))) and not is_word(local.lower())


def is_own(address: str, about: About) -> bool:
    """The school's own, at its domain or below it; and an authority's general address."""
    lowered = re.sub(r"\s", "", address).lower().rstrip(".")
    domain = lowered.rpartition("@")[2]
    own = about.school.domain.lower().removeprefix("www.")
    if lowered in {email.lower() for email in about.school.emails} or _OFFICIAL.fullmatch(lowered):
        return True
    return bool(own) and (domain == own or domain.endswith("." + own))


def _email(reading: Reading, match: re.Match[str], score: float, evidence: str) -> Found:
    shown = " ".join(match.group().split())
    why = f"'{shown}' is an e-mail address that is not the school's."
    return found(reading, Kind.EMAIL, match, score, why, _INSTEAD, evidence)
