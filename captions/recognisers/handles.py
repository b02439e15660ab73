"""Accounts of people on social media, with the at sign or said in words; the school's own pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, Taken, found
from captions.vocabulary import is_word

_AT = re.compile(
    r"(?<![A-Za-z0-9._%+\-/@])@(?P<gap>\s?)(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,58}[A-Za-z0-9_])?)"
    r"(?P<site>@[A-Za-z0-9.\-]+\.[a-z]{2,})?"
)
_SITES = (
    r"insta(?:gram)?|ig|snap(?:chat)?|tik ?tok|twitter|facebook|fb|messenger|you ?tube|yt|twitch|discord|threads|"
    r"blue ?sky|mastodon|"
    r"roblox|xbox|psn|play ?station|fortnite|minecraft|steam|strava|vinted|linkedin|whatsapp|telegram|be ?real|"
    r"pinterest|"
    r"tumblr|reddit|kik|wechat|vsco|depop|etsy|only ?fans|sound ?cloud|spotify|switch|nintendo|duolingo|scratch"
)
_ACCOUNT = r"@?([A-Za-z0-9_][A-Za-z0-9_.\-]{1,38}[A-Za-z0-9_])"
_KIND = (
    r"(?:\s(?:account|name|username|user name|user|handle|channel|page|profile|gamer ?tag|tag|id|feed|stories|reels))"
)
_SAID = re.compile(
    rf"\b(?:{_SITES}){_KIND}?\s{{0,2}}(?:(?:as|is|at|called|under|named|name|username|handle|via|with|to|@|->|>)\s|"
    rf"[:=\-]\s?)\s?{_ACCOUNT}",
    re.IGNORECASE,
)
_BESIDE = re.compile(rf"\b(?:{_SITES}){_KIND}?[\s(,]{{1,2}}{_ACCOUNT}", re.IGNORECASE)
_ON_SITE = re.compile(
    rf"(?<![A-Za-z0-9._@\-]){_ACCOUNT}\s?(?:[,(]\s?)?(?:on|via|at|over on|through|\(|-)\s(?:our |his |her |my |their "
    rf")?(?:{_SITES})\b",
    re.IGNORECASE,
)
_ON_SITE_NEAR = re.compile(rf"(?<![A-Za-z0-9._@\-]){_ACCOUNT}\s?\((?:{_SITES})\)", re.IGNORECASE)
_ON_X = re.compile(rf"\b(?:on X (?:as|at|under|@)\s|X:\s|X \(formerly Twitter\)[:,]?\s(?:as|at)?\s?){_ACCOUNT}")
_NAMED = re.compile(
    rf"\b(?:username|user name|user ?id|handle|gamer ?tag|snap ?code|friend code|player name|screen name|account "
    rf"name|login)"
    rf"\s{{0,2}}(?:is|was|:|=|-)?\s?{_ACCOUNT}",
    re.IGNORECASE,
)
_READER = re.compile(r"(?<![\w/.])u/([A-Za-z0-9_\-]{3,20})(?![\w/])")
_HASHED = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9_.]{2,32}#\d{4}(?!\d)")  # an account of a chat for players
_ACCOUNT_LIKE = re.compile(r"[A-Za-z][._][A-Za-z0-9]|_|[A-Za-z]\d|\d[A-Za-z]|[a-z][A-Z]")
_MINE = re.compile(r"\b(?:my|his|her|their|'s|add|follow|find|dm|username|handle)\b[^.!?\n]{0,30}$", re.IGNORECASE)
_NOT_ACCOUNT = re.compile(
    r"\d{1,2}(?:[.:]\d\d)?(?:am|pm)?|\d{1,2}(?:st|nd|rd|th)|[\d.\-]+|(?:yr|year|y)\d{1,2}|ks[12]", re.IGNORECASE
)
_PLACES = frozenset(
    {
        "school",
        "name",
        "username",
        "handle",
        "home",
        "the",
        "hall",
        "church",
        "work",
        "lunch",
        "library",
        "park",
        "playtime",
        "club",
        "house",
        "break",
    }
)
_PUBLIC = frozenset(
    [
        "govuk",
        "educationgovuk",
        "nhsuk",
        "nspcc",
        "nspcc_official",
        "childrenssociety",
        "barnardos",
        "metoffice",
        "bbc",
        "bbcbitesize",
        "bbcbreakfast",
        "bbcnews",
        "bbcteach",
        "cbbc",
        "cbeebies",
        "bluepeter",
        "worldbookdayuk",
        "booktrust",
        "rspb",
        "nationaltrust",
        "natsciweek",
        "sciencemuseum",
        "nhm_london",
        "britishmuseum",
        "savechildrenuk",
        "bbccin",
        "comicrelief",
        "rednoseday",
        "youngmindsuk",
        "macmillancancer",
        "marycurieuk",
        "royalfamily",
        "ofstednews",
        "ecoschools",
        "rnli",
        "wwf_uk",
        "unicef_uk",
        "sustrans",
        "livingstreets",
        "poppylegion",
        "scouts",
        "girlguiding",
        "premierleague",
        "england",
        "lionesses",
        "twinkl",
    ]
)  # national bodies that schools greet
_INSTEAD = "a member of our school community"


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    own = {_bare(handle) for handle in about.school.handles}
    own |= {re.sub(r"[^a-z0-9]", "", name.lower()) for name in (about.school.name, *about.school.short_names)}
    taken = Taken()
    for match in _AT.finditer(text) if "@" in text else ():
        name = match.group("name")
        if _bare(name) in own or (_bare(name) in _PUBLIC and not match.group("site")):
            taken.take(match.span())
        elif _is_account(match) and taken.take(match.span()):
            yield _account(reading, match.span(), 0.95, "it has an at sign")
    for pattern in (_SAID, _NAMED, _ON_X, _ON_SITE_NEAR, _ON_SITE, _BESIDE, _READER):
        for match in pattern.finditer(text):
            span, handle = match.span(1), match.group(1)
            if handle.lower().startswith("www.") or _bare(handle) in own | _PUBLIC or _NOT_ACCOUNT.fullmatch(handle):
                continue
            sure = _ACCOUNT_LIKE.search(handle) and not _is_phrase(handle)
            plain = pattern in (_SAID, _NAMED) and _plain_account(text, match)
            if (sure or plain or pattern is _READER or _found_there(text, match)) and taken.take(span):
                yield _account(reading, span, 0.8, "words about an account")
    for match in _HASHED.finditer(text):
        if taken.take(match.span()):
            yield _account(reading, match.span(), 0.8, "a name with four digits, as chats for players give them")


def _is_account(match: re.Match[str]) -> bool:
    """ "@tess", and not "sale @ the hall" or "@3pm"."""
    name = match.group("name")
    if _NOT_ACCOUNT.fullmatch(name) or name.lower() in _PLACES or len(name) < 2:
        return False
    return not match.group("gap") or (bool(_ACCOUNT_LIKE.search(name)) and not name[0].isdigit())


def _plain_account(text: str, match: re.Match[str]) -> bool:
    """ "my snap is tessbakes": nothing but letters, yet no word, and somebody's own."""
    handle = match.group(1)
    if is_word(handle.lower()) or not handle.islower() or len(handle) < 5:
        return False
    marked = text[match.start(1) - 1] == "@" or text[match.end(0) - len(handle) - 2 : match.start(1)].strip() in (
        ":",
        "=",
    )
    return marked or bool(_MINE.search(text[max(0, match.start() - 40) : match.start()]))


def _found_there(text: str, match: re.Match[str]) -> bool:
    """ "find nellbakes on TikTok"."""
    handle = match.group(1)
    asked = re.search(
        r"\b(?:follow|find|add|dm|tag)\s@?$", text[max(0, match.start() - 10) : match.start(1)], re.IGNORECASE
    )
    return asked is not None and handle.islower() and len(handle) >= 6 and not is_word(handle)


def _is_phrase(handle: str) -> bool:
    """ "follow-up", "well-done": words joined by hyphens alone."""
    return "-" in handle and not re.search(r"[._\d]", handle)


def _bare(handle: str) -> str:
    return handle.lower().strip("@. ")


def _account(reading: Reading, span: tuple[int, int], score: float, evidence: str) -> Found:
    shown = reading.folded.text[slice(*span)]
    why = f"'{shown}' is an account that is not the school's."
    return found(reading, Kind.HANDLE, span, score, why, _INSTEAD, evidence)
