"""The safe wording: each finding's replacement in its place, so that the sentence reads on, and what is left tidied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from captions.findings import Kind, TextFinding
from captions.phrasing import in_list, in_sentence

_HARMLESS_ONCE_NOBODY_IS_NAMED = frozenset({Kind.CLASS_DETAIL, Kind.AGE})
_TAKES_ITS_SENTENCE = frozenset(
    {
        Kind.MEDICAL,
        Kind.ROUTINE,
        Kind.LOCATION,
        Kind.ADDRESS,
        Kind.POSTCODE,
        Kind.UPN,
        Kind.NHS,
        Kind.NI_NUMBER,
        Kind.PASSPORT,
    }
)
_SENTENCE_END = re.compile(r"[.!?]+['\")]*(?=\s)|\n")
_CLAUSE_END = re.compile(rf"{_SENTENCE_END.pattern}|(?=[,;] )")
_SENTENCE_WORDS = 4  # fewer are a label or a file name, of which the rest may stay
_TAG = re.compile(r"#\w+")
_JOINED = re.compile(r"(?:['’]s)?\s*(?:,\s*(?:and\s+|&\s*)?|\band\s+|&\s*)", re.IGNORECASE)
_TIDY = (
    (re.compile(r"[#@](?=[\s,.;:!?)]|$)"), ""),
    (re.compile(r"^_+|_+(?=\.\w+$)"), ""),
    (re.compile(r"\(\s*[,;]?\s*\)|\[\s*\]"), ""),
    (re.compile(r"[ \t]{2,}"), " "),
    (re.compile(r"[ \t]+([,.;:!?)])"), r"\1"),
    (re.compile(r"([,;:])(?:\s*[,;:])+"), r"\1"),
    (re.compile(r"[,;:]+([.!?])"), r"\1"),
    (re.compile(r"[,;]+\Z"), "."),
    (re.compile(r"(?<=\()\s+"), ""),
    (re.compile(r"^[ \t,;]+|[ \t]+$", re.MULTILINE), ""),
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters `start` to `end` of the text, to be replaced by `words` (None: left out)."""

    start: int
    end: int
    words: str | None
    kind: Kind
    pupils: tuple[str, ...] = ()


def rewrite(text: str, findings: Iterable[TextFinding]) -> str:
    """The text with every finding replaced or left out; the findings are those of inspecting this one text.

    What cannot be left out of a sentence takes the sentence with it, or its clause where there is but one sentence; ""
    where nothing can stay. A class or an age stays, since it gives nobody away once nobody is named. A text without
    findings comes back as it was: rewriting twice changes nothing more.
    """
    wanted = [
        _Piece(finding.start, finding.end, finding.replacement, finding.kind, finding.pupils)
        for finding in findings
        if finding.kind not in _HARMLESS_ONCE_NOBODY_IS_NAMED and finding.start < finding.end
    ]
    if not wanted:
        return text
    result = _put(text, _in_lists(text, _merged(_widened(text, wanted, _SENTENCE_END))))
    if not re.search(r"\w", result):  # that sentence was all there was
        result = _put(text, _in_lists(text, _merged(_widened(text, wanted, _CLAUSE_END))))
        if len(result.split()) < _SENTENCE_WORDS:
            return ""
    for pattern, instead in _TIDY:
        result = pattern.sub(instead, result)
    return result.strip()


def _put(text: str, pieces: Iterable[_Piece]) -> str:
    out = ""
    at = 0
    told: set[tuple[str, ...]] = set()
    for piece in pieces:
        out += text[at : piece.start]
        out, at = in_sentence(out, text, piece.end, piece.words, piece.kind, again=piece.pupils in told)
        if piece.pupils:
            told.add(piece.pupils)
    return out + text[at:]


def _widened(text: str, pieces: Sequence[_Piece], ends: re.Pattern[str]) -> list[_Piece]:
    """Pieces that spoil their sentence when left out take all of it; a name in a hashtag often takes the tag.

    `ends` says where sentences (or clauses) end.
    """
    sentences = _cut(text, ends)
    tags = [match.span() for match in _TAG.finditer(text)]
    widened = []
    for piece in pieces:
        tag = next(((a, b) for a, b in tags if a <= piece.start and piece.end <= b), None)
        if tag and piece.words is None:
            left = text[tag[0] + 1 : piece.start]
            stays = piece.end == tag[1] and len(left) >= 4 and left[0].isupper()
            piece = piece if stays else replace(piece, start=tag[0], end=tag[1])
        elif piece.words is None and piece.kind in _TAKES_ITS_SENTENCE:
            start, end = next(((a, b) for a, b in sentences if a <= piece.start < b), (piece.start, piece.end))
            if len(text[start:end].split()) >= _SENTENCE_WORDS:
                piece = replace(piece, start=start, end=max(end, piece.end))
        widened.append(piece)
    return widened


def _cut(text: str, ends: re.Pattern[str]) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in ends.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if a < b]


def _merged(pieces: Iterable[_Piece]) -> list[_Piece]:
    """In order, overlapping ones as one; the longer one's words are taken."""
    merged: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end)):
        if merged and piece.start < merged[-1].end:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, piece.end))
        else:
            merged.append(piece)
    return merged


def _in_lists(text: str, pieces: Sequence[_Piece]) -> Iterable[_Piece]:
    """Pupils named one after the other become one: "Ada, Tom and Priya" three of our pupils."""
    run: list[_Piece] = []
    for i, piece in enumerate(pieces):
        run.append(piece)
        following = pieces[i + 1 : i + 2]
        joined = bool(following) and _JOINED.fullmatch(text, piece.end, following[0].start) is not None
        if joined and in_list([each.words for each in (*run, *following)]):
            continue
        if len(run) > 1:
            piece = _Piece(run[0].start, piece.end, in_list([each.words for each in run]), Kind.PUPIL_NAME)
        yield piece
        run = []
