"""Links in a text, found as a browser or an app would find them, and which of them need care. No network."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import tldextract
from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS
from rapidfuzz.distance import OSA

from captions.findings import FieldName, Kind, SchoolProfile
from captions.folding import fold_text
from captions.passages import Found
from captions.reading import Reading
from captions.vocabulary import shorteners

_NO_LINK_ENDINGS = frozenset(
    [
        "jpg",
        "jpeg",
        "png",
        "heic",
        "heif",
        "avif",
        "gif",
        "webp",
        "tif",
        "tiff",
        "mov",
        "mp",
        "zip",
        "md",
        "py",
        "sh",
        "pl",
        "rs",
        "ps",
        "ai",
        "app",
    ]
)  # file names, though some are also top-level domains
_INVITES = (
    ("chat.whatsapp.com", "a WhatsApp group"),
    ("wa.me", "a WhatsApp chat"),
    ("t.me", "a Telegram group"),
    ("discord.gg", "a Discord server"),
    ("discord.com/invite", "a Discord server"),
    ("forms.gle", "a form"),
    ("docs.google.com/forms", "a form"),
    ("forms.office.com", "a form"),
    ("forms.microsoft.com", "a form"),
    ("surveymonkey.com", "a survey"),
    ("drive.google.com", "a shared drive"),
    ("docs.google.com", "a shared document"),
    ("photos.app.goo.gl", "a shared photo album"),
    ("photos.google.com", "a shared photo album"),
    ("icloud.com", "a shared drive"),
    ("onedrive.live.com", "a shared drive"),
    ("1drv.ms", "a shared drive"),
    ("sharepoint.com", "a shared drive"),
    ("dropbox.com", "a shared drive"),
    ("wetransfer.com", "a file transfer"),
    ("zoom.us", "a video meeting"),
    ("meet.google.com", "a video meeting"),
    ("teams.microsoft.com", "a video meeting"),
)
_INSTEAD = "the school website"


@dataclass(frozen=True, slots=True)
class Link:
    """One link: where it stands in the original text, and the address as a browser would open it."""

    start: int
    end: int
    url: str


@lru_cache(maxsize=1)
def _linkify() -> LinkifyIt:
    finder = LinkifyIt(options={"fuzzy_email": False, "fuzzy_ip": True})
    return finder.tlds(list(TLDS))


@lru_cache(maxsize=1)
def _public_suffixes() -> tldextract.TLDExtract:
    """The list that comes with the package: nothing is fetched and nothing is written."""
    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def links_in(text: str) -> Iterator[Link]:
    if "." not in text and "://" not in text:
        return
    for match in _linkify().match(_encodable(text)) or ():
        if match.schema != "mailto:" and not _is_file(match.text):
            yield Link(match.index, match.last_index, match.url)


def _is_file(written: str) -> bool:
    """ "plan.zip" is a file, though "zip" is a domain, too; "plan.zip/login" is a link."""
    return "/" not in written and written.rpartition(".")[2].lower() in _NO_LINK_ENDINGS


def _encodable(text: str) -> str:
    """Lone surrogates, NULs and look-alike full stops, one for one, as a browser reads them."""
    return re.sub(r"[\ud800-\udfff\x00]", "\ufffd", text).translate(
        {0x3002: ".", 0xFF0E: ".", 0xFF61: ".", 0x2024: "."}
    )


def find(reading: Reading, school: SchoolProfile) -> Iterator[Found]:
    if reading.field is FieldName.FILENAME:
        return
    for link in links_in(reading.text):
        doubt = doubt_about(link.url, school)
        if doubt:
            shown = reading.text[link.start : link.end]
            yield Found(Kind.LINK, link.start, link.end, 0.9, f"'{shown}' {doubt}", (), _INSTEAD)


def doubt_about(url: str, school: SchoolProfile) -> str:
    """Why a link needs care, as the end of a sentence; "" for the school's own, government and approved sites."""
    try:
        parts = urlsplit(url)
        host, user = (parts.hostname or "").rstrip("."), parts.username
    except ValueError:
        return "is a link whose address cannot be read."
    if parts.scheme not in ("http", "https", ""):
        return f"is a link of an unusual kind ({parts.scheme}:)."
    if user is not None:
        return "hides the site it leads to behind an @ sign."
    disguise = _disguise(host)
    if disguise:
        return disguise
    if _within(host, (school.domain, *school.approved_domains)) or _government(host):
        return (
            "is not encrypted (http): use https."
            if parts.scheme == "http" and url.lower().startswith("http:") and _written_http(url)
            else ""
        )
    return _foreign(host, parts.path, school)


def _written_http(url: str) -> bool:
    """linkify adds http:// to bare addresses; those are opened encrypted where the site allows it."""
    return False if not url else not _bare_marker(url)


def _bare_marker(url: str) -> bool:
    return url.startswith("http://www.") or url.count("/") == 2


def _disguise(host: str) -> str:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        return "leads to a bare number (an IP address) instead of a named site."
    if re.fullmatch(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", host):
        return "leads to a bare number (an IP address) instead of a named site."
    if any(label.startswith("xn--") for label in host.split(".")) or not host.isascii():
        return "has letters of another alphabet in its site's name (it may imitate another site)."
    return ""


def _foreign(host: str, path: str, school: SchoolProfile) -> str:
    whole = host.removeprefix("www.") + path
    for site, what in _INVITES:
        if (
            whole == site
            or whole.startswith(site + "/")
            or host == site
            or (host.endswith("." + site.partition("/")[0]) and "/" not in site)
        ):
            return f"is an invitation to {what}: anybody who sees the post could follow it."
    if host.removeprefix("www.") in shorteners():
        return "is a shortened link that hides where it leads."
    if _imitates(host, school.domain):
        return "looks like the school's own site, and is not."
    return "leads to a site that the school has not approved."


def _within(host: str, sites: tuple[str, ...]) -> bool:
    wanted = [site.lower().removeprefix("www.").strip("./") for site in sites if site]
    return any(host == site or host.endswith("." + site) for site in wanted)


def _government(host: str) -> bool:
    return host == "gov.uk" or host.endswith(".gov.uk")


def _imitates(host: str, own: str) -> bool:
    """A misspelt school domain, its name before another ending, or the whole of it as a part of another."""
    if not own:
        return False
    own = own.lower().removeprefix("www.")
    plain = fold_text(unicodedata.normalize("NFKC", host)).lower().removeprefix("www.")
    if own in plain or OSA.distance(plain, own) <= 3:
        return True
    name = own.split(".")[0]
    label = _public_suffixes()(plain).domain
    return len(name) >= 5 and (name in label or OSA.distance(label, name) <= 2)
