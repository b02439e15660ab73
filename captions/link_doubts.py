"""Why a link needs care: each reason is the end of one plain sentence. No network."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import tldextract
from rapidfuzz.distance import OSA

from captions.findings import SchoolProfile
from captions.folding import fold_text
from captions.vocabulary import shorteners

_INVITES = (
    ("chat.whatsapp.com", "a WhatsApp group"),
    ("whatsapp.com/channel", "a WhatsApp channel"),
    ("wa.me", "a WhatsApp chat"),
    ("wa.link", "a WhatsApp chat"),
    ("api.whatsapp.com", "a WhatsApp chat"),
    ("t.me", "a Telegram group"),
    ("telegram.me", "a Telegram group"),
    ("signal.group", "a Signal group"),
    ("discord.gg", "a Discord server"),
    ("discord.com/invite", "a Discord server"),
    ("m.me", "a chat"),
    ("facebook.com/groups", "a Facebook group"),
    ("fb.com/groups", "a Facebook group"),
    ("snapchat.com/add", "a Snapchat account"),
    ("join.skype.com", "a chat"),
    ("join.slack.com", "a chat"),
    ("classdojo.com", "a class's pages"),
    ("seesaw.me", "a class's pages"),
    ("classroom.google.com", "a class's pages"),
    ("forms.gle", "a form"),
    ("docs.google.com/forms", "a form"),
    ("forms.office.com", "a form"),
    ("forms.microsoft.com", "a form"),
    ("forms.cloud.microsoft", "a form"),
    ("typeform.com", "a form"),
    ("jotform.com", "a form"),
    ("tally.so", "a form"),
    ("cognitoforms.com", "a form"),
    ("surveymonkey.com", "a survey"),
    ("surveymonkey.co.uk", "a survey"),
    ("smartsurvey.co.uk", "a survey"),
    ("doodle.com", "a poll"),
    ("signupgenius.com", "a list to sign"),
    ("eventbrite.com", "an event"),
    ("eventbrite.co.uk", "an event"),
    ("drive.google.com", "a shared drive"),
    ("docs.google.com", "a shared document"),
    ("photos.app.goo.gl", "a shared photo album"),
    ("photos.google.com", "a shared photo album"),
    ("share.icloud.com", "a shared photo album"),
    ("icloud.com", "a shared drive"),
    ("onedrive.live.com", "a shared drive"),
    ("1drv.ms", "a shared drive"),
    ("sharepoint.com", "a shared drive"),
    ("dropbox.com", "a shared drive"),
    ("db.tt", "a shared drive"),
    ("box.com", "a shared drive"),
    ("mega.nz", "a shared drive"),
    ("padlet.com", "a shared board"),
    ("flickr.com", "a shared photo album"),
    ("wetransfer.com", "a file transfer"),
    ("we.tl", "a file transfer"),
    ("zoom.us", "a video meeting"),
    ("meet.google.com", "a video meeting"),
    ("teams.microsoft.com", "a video meeting"),
    ("teams.live.com", "a video meeting"),
    ("whereby.com", "a video meeting"),
)
_LOGINS = (
    "parentpay.com",
    "parentmail.co.uk",
    "schoolcomms.com",
    "arbor.sc",
    "mychildatschool.com",
    "scopay.com",
    "tapestryjournal.com",
)
_BARE_NUMBER = "leads to a bare number (an IP address) instead of a named site."


@lru_cache(maxsize=1)
def _public_suffixes() -> tldextract.TLDExtract:
    """The list that comes with the package: nothing is fetched and nothing is written."""
    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def doubt_about(url: str, school: SchoolProfile) -> str:
    """Why a link needs care, as the end of a sentence; "" for the school's own, government and approved sites."""
    try:
        parts = urlsplit(url)
        host, user, port = (parts.hostname or "").rstrip("."), parts.username, parts.port
    except ValueError:
        return "is a link whose address cannot be read."
    if parts.scheme not in ("http", "https", ""):
        return f"is a link of an unusual kind ({parts.scheme}:)."
    if user is not None:
        return "hides the site it leads to behind an @ sign."
    host = unquote(host).lower()
    disguise = _disguise(host)
    if disguise:
        return disguise
    if port is not None and port not in (80, 443):
        return f"leads to an unusual door of its site (port {port})."
    if _within(host, (school.domain, *school.approved_domains)) or _government(host):
        return "is not encrypted (http): use https." if parts.scheme == "http" else ""
    return _foreign(host, parts.path, school)


def _disguise(host: str) -> str:
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    else:
        return _BARE_NUMBER
    if re.fullmatch(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", host):
        return _BARE_NUMBER
    if any(label.startswith("xn--") for label in host.split(".")) or not host.isascii():
        return "has letters of another alphabet in its site's name (it may imitate another site)."
    return ""


def _foreign(host: str, path: str, school: SchoolProfile) -> str:
    bare = host.removeprefix("www.").removeprefix("m.") if host != "m.me" else host
    whole = bare + path.lower()
    for site, what in _INVITES:
        domain, _, below = site.partition("/")
        at_site = bare == domain or bare.endswith("." + domain)
        if at_site and (not below or whole.partition("/")[2].startswith(below)):
            return f"is an invitation to {what}: anybody who sees the post could follow it."
    if bare in shorteners():
        return "is a shortened link that hides where it leads."
    if any(bare == site or bare.endswith("." + site) for site in _LOGINS):
        return "leads to a page where families log in: name the app instead, so that nobody learns to trust such links."
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
    plain = _by_look(host)
    if own in plain or OSA.distance(plain, own) <= 3 or OSA.distance(plain, _by_look(own)) <= 2:
        return True
    name = _by_look(own.split(".")[0])
    label = _public_suffixes()(plain).domain
    return len(name) >= 5 and (name in plain.replace("-", "") or OSA.distance(label, name) <= 2)


def _by_look(host: str) -> str:
    """A host as a hasty eye reads it: "rn" is "m", 0 is o, 1 is l."""
    plain = fold_text(unicodedata.normalize("NFKC", host)).lower().removeprefix("www.")
    return plain.replace("rn", "m").replace("vv", "w").translate(str.maketrans("01", "ol"))
