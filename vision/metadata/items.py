"""Pieces of metadata as text: cleaned, cut to length, and named when they cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from vision.findings import MetadataItem, MetadataKind

MOST_TEXT = 2_000  # characters of one item
MOST_ITEMS = 200  # of one picture; the rest is named in one item
MOST_UNPACKED = 4_000_000  # bytes that one compressed or split block may come to
UNREADABLE = "This could not be read; it is left out of what is published."

MOST_SEARCHED = 64_000  # bytes of a block of a kind that is not known
_LEAST_UTF16 = 4
_WORDS = re.compile(rb"[\x20-\x7e\x80-\xff]{4,}")
_WIDE_WORDS = re.compile(rb"(?:[\x20-\x7e]\x00){4,}|(?:\x00[\x20-\x7e]){4,}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")


def item(kind: MetadataKind, where: str, text: str) -> MetadataItem:
    """An item with its text cleaned of control characters and cut to length."""
    return MetadataItem(kind, _clean(where)[:200], _clean(text)[:MOST_TEXT])


def unreadable(where: str) -> MetadataItem:
    return item(MetadataKind.OTHER, where, UNREADABLE)


def collect(where: str, read: Callable[[], Iterable[MetadataItem]]) -> list[MetadataItem]:
    """Everything that `read` gives until it fails, and an item for the failure."""
    found: list[MetadataItem] = []
    try:
        for piece in read():
            found.append(piece)  # one by one: what came before a failure counts
    except Exception:  # noqa: BLE001  # readers of metadata raise anything; the failure is an item of its own
        found.append(unreadable(where))
    return found


def decoded(raw: bytes) -> str:
    """Text in UTF-8, else UTF-16 where a byte order mark says so, else Latin-1."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if len(raw) >= _LEAST_UTF16 and not raw[1::2].strip(b"\x00"):  # Latin letters, the high byte last
        return raw.decode("utf-16-le", "replace")
    if len(raw) >= _LEAST_UTF16 and not raw[0::2].strip(b"\x00"):
        return raw.decode("utf-16-be", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def words_in(raw: bytes) -> str:
    """The words in bytes of a kind that is not known, so that names in them are seen too."""
    plain = _WORDS.findall(raw[:MOST_SEARCHED])
    wide = [run.replace(b"\x00", b"") for run in _WIDE_WORDS.findall(raw[:MOST_SEARCHED])]
    return decoded(b" ".join((*plain, *wide)))


def _clean(text: str) -> str:
    """Without NULs, other control characters and lone surrogates, which neither JSON nor a page can carry."""
    return _CONTROL.sub(" ", text.encode("utf-8", "replace").decode("utf-8")).strip()
