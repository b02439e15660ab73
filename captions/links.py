"""Links in a text, found as a browser or an app would find them, and which of them need care. No network."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS

from captions.findings import FieldName, Kind, SchoolProfile
from captions.link_doubts import doubt_about
from captions.passages import Found
from captions.reading import Reading
from captions.vocabulary import is_word

__all__ = ["Link", "doubt_about", "find", "links_in"]

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
        "bmp",
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
        "csv",
        "pdf",
        "docx",
        "doc",
        "xlsx",
        "pptx",
        "ppt",
        "txt",
        "pub",
        "raw",
        "dng",
        "cr2",
        "m4a",
        "wav",
        "mkv",
    ]
)  # file names, though some are also top-level domains
_LETTERED = "com|org|net|uk|info|biz|io|ly|gl|gg|eu|ie"
_SPELT = re.compile(
    rf"(?<![A-Za-z0-9.@\-])(?:(?:https?|hxxps?|www)\b[\s:/.]{{0,4}}(?:dot\s)?)?[A-Za-z0-9][A-Za-z0-9\-]{{1,62}}"
    r"(?:(?:\s(?:dot|full stop|point)\s|\s?(?:\(dot\)|\[dot\]|\{dot\}|\[\.\]|\(\.\))\s?|\.)[A-Za-z0-9\-]{2,63}){0,4}?"
    rf"(?:\s(?:dot|full stop)\s|\s\.|\s?(?:\(dot\)|\[dot\]|\{{dot\}}|\[\.\]|\(\.\))\s?)(?:{_LETTERED})\b"
    r"(?:\s(?:dot)\suk\b|\.uk\b)?(?:(?:\s(?:forward\s)?slash\s|/)[A-Za-z0-9][\w\-./]*)?",
    re.IGNORECASE,
)
_SENTENCE_OPENERS = frozenset(
    ["in", "so", "it", "is", "at", "to", "no", "be", "do", "my", "as", "am", "us"]
)  # which are also top-level domains
_DOT = re.compile(r"\s?(?:\(dot\)|\[dot\]|\{dot\}|\[\.\]|\(\.\)|\bdot\b|\bfull stop\b|\bpoint\b)\s?", re.IGNORECASE)
_SLASH = re.compile(r"\s(?:forward\s)?slash\s", re.IGNORECASE)
_DEFUSED = re.compile(r"(?<![A-Za-z])h(?:xx|\*\*|tt)p(?P<s>s?)(?::|\[:\])//[^\s<>\"']+", re.IGNORECASE)
_SCHEMED = re.compile(
    r"(?<![A-Za-z])(?:javascript|vbscript|data|file|intent|whatsapp|tg|zoommtg|msteams|discord|sms|skype|"
    r"fb-messenger|blob|about)"
    r":(?=[A-Za-z0-9/(%;,+*?]{2})[^\s<>\"']+",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<![A-Za-z])https?://(?:\[[0-9A-Fa-f:.%]+\]|0[xX][0-9A-Fa-f]+|\d+)[^\s<>\"']*", re.IGNORECASE)
_FULL_STOPS = {
    0x3002: ".",
    0xFF0E: ".",
    0xFF61: ".",
    0x2024: ".",
    0xFF0F: "/",
    0xFF1A: ":",
    0x2044: "/",
    0x2215: "/",
    0x29F8: "/",
}
_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u00ad\u202a-\u202e\u2066-\u2069]")
_TRAILING = ".,;:!?)]}'\""
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


def links_in(text: str) -> Iterator[Link]:
    """Links with or without a scheme, defused ones (hxxp, [.]) and those spelt out ("example dot com"), in no order."""
    seen, places = _seen(text)
    taken: list[tuple[int, int]] = []
    for start, end, url in _written(seen):
        i = bisect_right(taken, (start, len(seen) + 1))
        if (i and taken[i - 1][1] > start) or (i < len(taken) and taken[i][0] < end):
            continue
        insort(taken, (start, end))
        yield Link(places[start], places[end - 1] + 1, url)


def _seen(text: str) -> tuple[str, list[int]]:
    """The text without what cannot be seen, look-alike signs made plain; and where each character stood."""
    plain = re.sub(r"[\ud800-\udfff\x00]", "\ufffd", text).translate(_FULL_STOPS)
    if not _INVISIBLE.search(plain):
        return plain, list(range(len(plain)))
    places = [i for i, char in enumerate(plain) if not _INVISIBLE.match(char)]
    return "".join(plain[i] for i in places), places


def _written(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and address of what may be a link, surest first; they may overlap."""
    if ":" in text:
        for match in _SCHEMED.finditer(text):
            yield match.start(), match.end(), match.group()
        for match in (*_NUMBERED.finditer(text), *_DEFUSED.finditer(text)):
            written = match.group().rstrip(_TRAILING)
            if written.lower().startswith(("hx", "h*")) or _NUMBERED.fullmatch(written) or "[.]" in written:
                address = re.sub(r"^h..p(s?)(?:\[:\]|:)", r"http\1:", written, flags=re.IGNORECASE)
                yield match.start(), match.start() + len(written), address.replace("[.]", ".")
    if "." in text or "://" in text:
        for link in _linkify().match(text) or ():
            if (
                link.schema != "mailto:"
                and not _is_file(link.text)
                and not _is_next_sentence(text, link.text, link.last_index)
            ):
                bare = not link.schema and link.url.startswith("http://")  # a browser tries https first
                yield link.index, link.last_index, link.url.removeprefix("http:") if bare else link.url
    for match in _SPELT.finditer(text):
        before = text[max(0, match.start() - 8) : match.start()].lower().rstrip()
        if before.endswith(("@", " at", ")", "]", "\nat")):
            continue  # the second half of an e-mail address
        address = _SLASH.sub("/", _DOT.sub(".", match.group()))
        if re.search(r"[a-z]", address, re.IGNORECASE):
            yield match.start(), match.end(), address if "://" in address else f"//{address}"


def _is_file(written: str) -> bool:
    """ "plan.zip" is a file, though "zip" is a domain, too; "plan.zip/login" is a link."""
    return "/" not in written and written.rpartition(".")[2].lower() in _NO_LINK_ENDINGS


def _is_next_sentence(text: str, written: str, end: int) -> bool:
    """ "See you at ten.In the hall": a blank left out after a full stop."""
    labels = written.split(".")
    last = labels[-1]
    if not all(label.isalpha() for label in labels) or text[end : end + 1].strip() or not is_word(last.lower()):
        return False
    return last.istitle() or (last in _SENTENCE_OPENERS and len(labels) == 2 and is_word(labels[0].lower()))


def find(reading: Reading, school: SchoolProfile) -> Iterator[Found]:
    if reading.field is FieldName.FILENAME:
        return
    for link in links_in(reading.text):
        doubt = doubt_about(link.url, school)
        if doubt:
            shown = " ".join(reading.text[link.start : link.end].split())
            why = f"'{shown}' {doubt}"
            yield Found(
                Kind.LINK,
                link.start,
                link.end,
                0.9,
                why,
                (),
                _INSTEAD,
                evidence=("a browser or a reader would follow it",),
            )
