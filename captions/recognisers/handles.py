"""Accounts of people on social media, with the at sign or said in words; the school's own pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found

_AT = re.compile(
    r"(?<![A-Za-z0-9._%+\-/@])@\s?([A-Za-z0-9_][A-Za-z0-9_.]{1,38}[A-Za-z0-9_])(?![A-Za-z0-9_]|\.[a-z]{2,}\b)"
)
_SITES = (
    r"insta(?:gram)?|snap(?:chat)?|tik ?tok|twitter|facebook|fb|you ?tube|twitch|discord|threads|blue ?sky|x|"
    r"roblox|xbox|psn|fortnite|minecraft|steam|strava|vinted|linkedin|whatsapp"
)
_ACCOUNT = r"@?([A-Za-z0-9_][A-Za-z0-9_.\-]{2,38}[A-Za-z0-9_])"
_SAID = re.compile(
    rf"\b(?:{_SITES})\b(?:\s+(?:account|name|username|handle|user|channel|page|gamertag|id))?"
    rf"\s*(?:(?:as|is|at|called|under|named|name|username|handle)\b|[:=@]|-\s)\s*{_ACCOUNT}",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"\b(?:username|user name|handle|gamertag|snap ?code)\s*(?:is|:|=|-)?\s*{_ACCOUNT}", re.IGNORECASE)
_ACCOUNT_LIKE = re.compile(r"[._\d]|[a-z][A-Z]")


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    own = {handle.lower().lstrip("@") for handle in about.school.handles}
    seen: list[tuple[int, int]] = []
    for match in _AT.finditer(text):
        seen.append(match.span())
        if match.group(1).lower().rstrip(".") not in own:
            yield found(reading, Kind.HANDLE, match, 0.95, _why(match.group()), "a member of our school community")
    for pattern in (_SAID, _NAMED):
        for match in pattern.finditer(text):
            span = match.span(1)
            handle = match.group(1)
            if any(a < span[1] and span[0] < b for a, b in seen) or handle.lower() in own:
                continue
            if _ACCOUNT_LIKE.search(handle):
                seen.append(span)
                yield found(reading, Kind.HANDLE, span, 0.8, _why(handle), "a member of our school community")


def _why(handle: str) -> str:
    return f"'{handle}' is an account that is not the school's."
