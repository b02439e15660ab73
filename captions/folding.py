"""Fold disguised writing to plain letters, with an exact map back to the original characters.

What is undone: HTML entities, percent-encoding, UTF-8 read as Windows-1252, compatibility forms (NFKC), invisible and
bidirectional characters, look-alike letters of other scripts, diacritics, letters in emoji, typographic quotes and
hyphens. What is kept: upper and lower case, digits, line breaks. The result is ASCII.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from captions.lookalikes import LOOKALIKES

_APOSTROPHES = frozenset("'’‘‛ʼʻʹʽʾʿˈ´`′‵＇ꞌ՚׳")
_QUOTES = frozenset('"“”„‟«»‹›″‶＂')
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
_ESCAPE = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|(?:%[0-9A-Fa-f]{2})+"
    r"|(?:[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]{1,3})+"
)
_SOFT_HYPHEN = re.compile(
    r"[^\u00c2\u00c3\u00e0-\u00f4]\u00ad"
)  # where there is one, others belong to no misread UTF-8
_MAY_ESCAPE = re.compile(r"[&%\u00c2-\u00f4]")
_LETTERS = re.compile(r"[^\W\d_]+")
_SYMBOL = "*"  # stands for an emoji or a sign: no letter, no blank
_LONGEST_LIGATURE = 4  # letters; the signs that stand for more are phrases, not parts of names
_PASSES = 3  # "&amp;#79;" is an entity within an entity


@dataclass(frozen=True, slots=True)
class Folded:
    """`text[i]` was made of `original[starts[i]:ends[i]]`; one original character may have become several."""

    original: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of `text` (end exclusive, not empty) to the original."""
        return self.starts[start], max(self.ends[start:end])


@dataclass(slots=True)
class _Run:
    """Characters on their way, each with the original span it came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def fold(original: str) -> Folded:
    """Fold any string, lone surrogates and NULs included."""
    run = _unescaped(_Run(original, range(len(original)), range(1, len(original) + 1)))
    if not run.text.isascii() or not run.text.isprintable():
        run = _compose(run)
        decoded = _unescaped(run)  # an escape in full-width signs
        run = _to_ascii(run if decoded is run else _compose(decoded))
    return Folded(original, run.text, run.starts, run.ends)


def fold_text(original: str) -> str:
    """The folded text alone, for names of the register and word lists."""
    return fold(original).text


def _unescaped(run: _Run) -> _Run:
    for _ in range(_PASSES):
        if not _MAY_ESCAPE.search(run.text):
            break
        decoded = _unescape(run)
        if decoded is run:
            break
        run = decoded
    return run


def _unescape(run: _Run) -> _Run:
    text, starts, ends = [], [], []
    at, changed = 0, False
    hyphened = _SOFT_HYPHEN.search(run.text) is not None
    for match in _ESCAPE.finditer(run.text):
        pieces = None if hyphened and "\u00ad" in match.group() else _decode(run.text, match)
        if pieces is None:
            continue
        changed = True
        for i in range(at, match.start()):
            text.append(run.text[i])
            starts.append(run.starts[i])
            ends.append(run.ends[i])
        offset = match.start()
        for char, length in pieces:
            text.append(char)
            starts.append(run.starts[offset])
            ends.append(run.ends[offset + length - 1])
            offset += length if length < match.end() - offset else 0
        at = match.end()
    if not changed:
        return run
    for i in range(at, len(run.text)):
        text.append(run.text[i])
        starts.append(run.starts[i])
        ends.append(run.ends[i])
    return _Run("".join(text), starts, ends)


def _decode(text: str, match: re.Match[str]) -> list[tuple[str, int]] | None:
    """The characters an escape stands for, each with the length of its escape; None where it is none."""
    escape = match.group()
    if escape[0] == "&":
        plain = html.unescape(escape)
        return None if plain == escape else [(char, len(escape)) for char in plain]
    if escape[0] == "%":
        single = len(escape) == 3 and int(escape[1:], 16) > 0x7F
        if single and text[match.start() - 1 : match.start()].isdigit():
            return None  # "100%Ada" is a percentage
        return _utf8(bytes.fromhex(escape.replace("%", "")), 3)
    try:
        data = escape.encode("cp1252")
    except UnicodeEncodeError:
        data = escape.encode("latin-1", "ignore")
    if len(data) != len(escape):
        return None
    try:
        plain = data.decode()
    except UnicodeDecodeError:
        return None
    likely = all(char < "\u0250" or "\u2010" <= char <= "\u2027" for char in plain)
    return _utf8(data, 1) if likely else None


def _utf8(data: bytes, width: int) -> list[tuple[str, int]]:
    try:
        return [(char, width * len(char.encode())) for char in data.decode()]
    except UnicodeDecodeError:
        return [(chr(byte), width) for byte in data]


def _compose(run: _Run) -> _Run:
    """Drop what cannot be seen, bring signs and compatibility forms to their plain shape; letters keep their script."""
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for char, start, end in zip(run.text, run.starts, run.ends, strict=True):
        plain = char if " " <= char <= "~" or char == "\n" else _plain(char)
        if not plain and ends and unicodedata.category(char) == "Mn":
            ends[-1] = max(ends[-1], end)  # an accent belongs to the letter before it
        for piece in plain:
            text.append(piece)
            starts.append(start)
            ends.append(end)
    return _Run("".join(text), starts, ends)


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    if char in _QUOTES:
        return '"'
    if char in "\r\n\v\f\x85\u2028\u2029":
        return "\n" if char != "\r" else " "
    if char == "\t":
        return " "
    code = ord(char)
    category = unicodedata.category(char)
    if category in ("Cf", "Cs", "Cc", "Cn", "Co", "Mn", "Me") or char in _BLANK_LETTERS:
        return ""
    if category[0] == "Z":
        return " "
    if category == "Pd" or char in "\u2212\u2043":
        return "-"
    letter = _boxed_letter(code)
    if letter:
        return letter
    if category == "Nd":
        return str(unicodedata.digit(char))
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) > _LONGEST_LIGATURE:
        return _SYMBOL
    if plain != char:
        return "".join(piece if " " <= piece <= "~" else _plain_piece(piece) for piece in plain)
    return char if category[0] in "LM" else _SYMBOL


def _plain_piece(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    category = unicodedata.category(char)
    if category == "Mn":
        return ""
    return char if category[0] == "L" else " " if category[0] == "Z" else _SYMBOL


def _boxed_letter(code: int) -> str:
    """Letters in circles, squares and flags, which NFKC leaves alone."""
    for first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6):
        if first <= code < first + 26:
            return chr(ord("A") + code - first)
    return ""


def _to_ascii(run: _Run) -> _Run:
    if run.text.isascii():
        return run
    spelt = list(run.text)
    for word in _LETTERS.finditer(run.text):
        if not word.group().isascii():
            spelt[word.start() : word.end()] = _latin(word.group())
    text, starts, ends = [], [], []
    for piece, start, end in zip(spelt, run.starts, run.ends, strict=True):
        for char in piece if piece.isascii() else _SYMBOL:
            text.append(char)
            starts.append(start)
            ends.append(end)
    return _Run("".join(text), starts, ends)


def _latin(word: str) -> list[str]:
    """Each letter of a word in ASCII: by look where the word mixes scripts or looks Latin throughout, else by sound."""
    foreign = [char for char in word if char > "\u024f" and not unicodedata.name(char, "").startswith("LATIN")]
    by_look = len(foreign) < len(word) or all(char in LOOKALIKES for char in foreign)
    return [_letter(char, by_look) for char in word]


@lru_cache(maxsize=4096)
def _letter(char: str, by_look: bool) -> str:
    if char.isascii():
        return char
    if by_look and char in LOOKALIKES:
        return LOOKALIKES[char]
    spelt = str(anyascii(char))
    return "".join(piece for piece in spelt if piece.isalpha()) if char.isalpha() else spelt
