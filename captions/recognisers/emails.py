"""E-mail addresses, plain and spelt out ("name at example dot org"); the school's own pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found

_PLAIN = re.compile(
    r"(?<![A-Za-z0-9._%+\-'])[A-Za-z0-9][A-Za-z0-9._%+\-']{0,63}\s?@\s?[A-Za-z0-9][A-Za-z0-9\-]*(?:\.[A-Za-z0-9\-]+)+"
)
_AT = r"\s*(?:\(at\)|\[at\]|\{at\}|<at>|@|\bat\b)\s*"
_DOT = r"\s*(?:\(dot\)|\[dot\]|\{dot\}|<dot>|\bdot\b|\.)\s*"
_SPELT = re.compile(
    rf"(?<![a-z0-9_.+\-])[a-z0-9][a-z0-9_.+\-]{{0,63}}(?:\s+(?:dot|underscore|dash|hyphen)\s+[a-z0-9]{{1,63}}){{0,4}}"
    rf"{_AT}[a-z0-9][a-z0-9\-]{{0,63}}(?:{_DOT}[a-z0-9\-]{{1,63}}){{0,5}}{_DOT}(?:com|org|net|uk|co|me|info|eu|io|email|school|ac|gov|example|sch|biz|online|site)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"dot\b|[\[({<]\s*(?:at|dot)", re.IGNORECASE)


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    seen: list[tuple[int, int]] = []
    for match in _PLAIN.finditer(text):
        seen.append(match.span())
        if not is_own(match.group(), about):
            yield found(reading, Kind.EMAIL, match, 0.97, _why(match.group()), "the school office")
    for match in _SPELT.finditer(text):
        if not _MARKED.search(match.group()) or any(a < match.end() and match.start() < b for a, b in seen):
            continue
        address = re.sub(_DOT, ".", re.sub(_AT, "@", match.group(), count=1, flags=re.I), flags=re.I)
        if not is_own(address.replace(" ", ""), about):
            yield found(reading, Kind.EMAIL, match, 0.9, _why(match.group()), "the school office")


def is_own(address: str, about: About) -> bool:
    lowered = re.sub(r"\s", "", address).lower().rstrip(".")
    domain = lowered.rpartition("@")[2]
    own = about.school.domain.lower().removeprefix("www.")
    return lowered in {email.lower() for email in about.school.emails} or bool(own and domain == own)


def _why(shown: str) -> str:
    return f"'{shown}' is an e-mail address that is not the school's."
