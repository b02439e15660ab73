"""One text made ready to be read: folded, cut into words and sentences, and laid out as a row of letters.

Words carry the context (what stands before and after). The row of letters carries the matching: it knows no blanks,
only how strong the boundary before each letter is, so that "Olivia Smith", "oliviaSmith", "O l i v i a" and
"Oli-\\nvia" are all the same letters.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from dataclasses import field as data_field
from functools import cached_property
from itertools import pairwise

from captions.findings import FieldName
from captions.folding import Folded, fold

_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*'?|\d+(?:[.:]\d+)*|\n|[^\w\s]|_")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CAPS_LOCK = re.compile(r"[a-z][A-Z]{2,}")  # "oLIVIA"
_ABBREVIATIONS = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "mx",
        "dr",
        "st",
        "rev",
        "prof",
        "sgt",
        "cllr",
        "jr",
        "sr",
        "no",
        "vs",
        "eg",
        "ie",
        "am",
        "pm",
        "tel",
    }
)
_NUMBERED = re.compile(r"(?:^|\s)1[.)]\s")
_TAG = re.compile(r"#[A-Za-z0-9_]+")

_FAR = 600  # characters

SOFT, HARD = 1, 2  # boundary strengths; 0: inside a word


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a number or a sign, at `start` to `end` of the folded text; `low` has no possessive and no apostrophe."""

    text: str
    low: str
    start: int
    end: int
    opens: bool = False  # first word of a sentence, line, quotation or list entry
    possessive: bool = False

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


@dataclass(frozen=True, slots=True)
class Letters:
    """The row of letters in lower case, with the boundary before each and its place in the folded text.

    `before` has one entry more than there are letters: the end of the text is a boundary.
    """

    plain: str
    shapes: str
    before: bytes
    places: tuple[int, ...]
    stand_in: bytes  # 1 where a digit or sign stands for a letter


_SHAPES = str.maketrans(
    "i1|!l0o5$s3e4@a7t8b9g2z",
    "llllloossseeaaattbbggzz",
)
_STAND_INS = frozenset("0134578@$!|")
_SIGNS = frozenset("@$!|")
_ENDING_SIGNS = frozenset("@$")  # "Olivi@"; an exclamation mark ends a sentence
_SPELT = re.compile(  # the digit of "H 0 p", "W.1.1.l"
    r"(?<![A-Za-z0-9])(?:[A-Za-z]([ .*_~\-])\d\1[A-Za-z0-9]|\d([ .*_~\-])\d\2[A-Za-z])(?![A-Za-z0-9])"
)
_SPELT_START = re.compile(r"(?<![A-Za-z0-9])\d([ .*_~\-])[A-Za-z]\1[A-Za-z](?![A-Za-z0-9])")
_SPELT_END = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z0-9]([ .*_~\-])[A-Za-z]\1|[A-Za-z]([ .*_~\-])\d\2)\d$")


def shape_of(letters: str) -> str:
    """What a hasty eye or a reader of pictures makes of letters: "Harnish" and "Hamish" are one shape."""
    return plain_shape(letters).replace("rn", "m").replace("vv", "w").replace("cl", "d")


def plain_shape(letters: str) -> str:
    """Letter for letter, what digits, signs and letters look like each other."""
    return letters.translate(_SHAPES)


@dataclass(frozen=True)
class Reading:
    """A text of one field (or all lines of one picture), ready for the matcher and the recognisers."""

    field: FieldName
    text: str
    folded: Folded = data_field(repr=False)
    words: tuple[Word, ...] = data_field(repr=False)

    @classmethod
    def of(cls, name: FieldName, text: str) -> Reading:
        folded = fold(text)
        return cls(name, text, folded, _words(folded.text, compound=name in (FieldName.FILENAME, FieldName.HASHTAGS)))

    @cached_property
    def letters(self) -> Letters:
        return _letters(self.folded.text)

    @cached_property
    def _word_starts(self) -> list[int]:
        return [word.start for word in self.words]

    @cached_property
    def has_capitals(self) -> bool:
        return any(word.capital for word in self.words if word.is_word)

    @cached_property
    def tags(self) -> list[tuple[int, int]]:
        """Spans of hashtags in the folded text, without the sign."""
        return [(tag.start() + 1, tag.end()) for tag in _TAG.finditer(self.folded.text)]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Spans of sentences (or lines) in the folded text."""
        text = self.folded.text
        cuts = [0]
        for i, word in enumerate(self.words):
            if word.text in "!?\n" or (word.text == "." and _ends_sentence(self.words, i, text)):
                cuts.append(word.end)
        cuts.append(len(text))
        return [(a, b) for a, b in pairwise(cuts) if a < b]

    def sentence_at(self, place: int) -> tuple[int, int]:
        """The sentence around a place of the folded text; of one without an end, what is near."""
        spans = self.sentences
        if not spans:
            return 0, 0
        start, end = spans[max(bisect_right(spans, (place, len(self.folded.text) + 1)) - 1, 0)]
        return max(start, place - _FAR), min(end, place + _FAR)

    def in_tag(self, place: int) -> bool:
        i = bisect_right(self.tags, (place, len(self.folded.text) + 1)) - 1
        return i >= 0 and self.tags[i][0] <= place < self.tags[i][1]

    def index_at(self, place: int) -> int:
        """The word that holds this place of the folded text (or the next one)."""
        i = bisect_right(self._word_starts, place) - 1
        return i if i >= 0 and self.words[i].end > place else i + 1

    def words_in(self, start: int, end: int) -> tuple[Word, ...]:
        return self.words[bisect_left(self._word_starts, start) : bisect_left(self._word_starts, end)]

    def before(self, place: int, count: int = 1) -> list[Word]:
        """Up to `count` words that end before this place, nearest first; signs and numbers count."""
        i = bisect_left(self._word_starts, place)
        return list(self.words[max(0, i - count) : i][::-1])

    def after(self, place: int, count: int = 1) -> list[Word]:
        i = bisect_left(self._word_starts, place)
        return list(self.words[i : i + count])

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.folded.span(start, end)


def _words(text: str, *, compound: bool) -> tuple[Word, ...]:
    words: list[Word] = []
    opens = True
    for match in _TOKEN.finditer(text):
        token, start = match.group(), match.start()
        if not token[0].isalpha():
            words.append(Word(token, token, start, match.end()))
            opens = _opens_next(words, text, opens)
            continue
        for piece, at in _pieces(token, start, text, compound):
            possessive = piece.lower().endswith(("'s", "s'"))
            low = piece.lower()
            low = low[:-2] if low.endswith("'s") else low.rstrip("'")
            words.append(Word(piece, low.replace("'", ""), at, at + len(piece), opens, possessive))
            opens = False
    return tuple(words)


def _pieces(token: str, start: int, text: str, compound: bool) -> list[tuple[str, int]]:
    """Cut "WellDoneEmeka" at its humps, in hashtags, file names and compounds of three humps or with digits."""
    if (
        not _HUMP.search(token)
        or _CAPS_LOCK.fullmatch(token)
        or (token[:2] in ("Mc", "O'", "D'") and len(_HUMP.findall(token)) == 1)
    ):
        return [(token, start)]
    if not compound and token[:3] == "Mac" and text[start - 1 : start] != "#":
        return [(token, start)]
    pieces, at = [], start
    for piece in _HUMP.split(token):
        pieces.append((piece, at))
        at += len(piece)
    return pieces


def _opens_next(words: list[Word], text: str, opens: bool) -> bool:
    sign = words[-1].text
    if sign in "!?:;\n*":
        return True
    if sign == ".":
        return _ends_sentence(words, len(words) - 1, text) or opens
    if sign == '"':
        return opens or len(words) == 1 or text[words[-1].start - 1 : words[-1].start].isspace()
    return opens if not sign[0].isdigit() else False


def _ends_sentence(words: list[Word] | tuple[Word, ...], i: int, text: str) -> bool:
    """A full stop that is not part of "J. Smith", "Mr." or "8.45am"."""
    after = text[words[i].end : words[i].end + 1]
    if after and not after.isspace() and after not in "\"')*":
        return False
    if i == 0 or words[i - 1].end != words[i].start:
        return True
    last = words[i - 1]
    if last.text.isdigit() and len(last.text) <= 2 and _NUMBERED.search(text):
        return False  # "1. Hope 2. Noor"
    if not last.is_word:
        return True
    return not ((len(last.text) == 1 and last.capital and last.text != "I") or last.low in _ABBREVIATIONS)


def _letters(text: str) -> Letters:
    plain: list[str] = []
    before = bytearray()
    places: list[int] = []
    stand_in = bytearray()
    last = -1  # place of the last element
    size = len(text)
    for i, char in enumerate(text):
        letter = char.isalpha()
        if not letter and not (char in _STAND_INS and _among_letters(text, i, size)):
            continue
        before.append(_boundary(text, last, i, letter, bool(stand_in[-1]) if stand_in else False))
        plain.append(char.lower())
        places.append(i)
        stand_in.append(0 if letter else 1)
        last = i
    before.append(HARD)
    row = "".join(plain)
    return Letters(row, row.translate(_SHAPES), bytes(before), tuple(places), bytes(stand_in))


def _among_letters(text: str, i: int, size: int) -> bool:
    """Whether a digit or a sign stands for a letter: it is among letters, or spelt out letter by letter with them."""
    left, right = text[max(0, i - 1) : i], text[i + 1 : i + 2]
    if text[i] in _SIGNS:
        begun = left.isalnum() or text[max(0, i - 4) : i].rstrip("@$!|")[-1:].isalpha()
        return begun and (
            right.isalnum() or right in _ENDING_SIGNS or (text[i] in _ENDING_SIGNS and not left.isdigit())
        )
    if not (left.isalnum() or right.isalnum()):
        begins = _SPELT_START.match(text, i) or (text[i] == "0" and right == "'" and text[i + 2 : i + 3].isalpha())
        return bool(begins or _SPELT.match(text, max(0, i - 2)) or _SPELT_END.search(text, max(0, i - 5), i + 1))
    a = b = i
    while a > 0 and i - a < 3 and text[a - 1].isdigit():
        a -= 1
    while b + 1 < size and b - i < 3 and text[b + 1].isdigit():
        b += 1
    return (a > 0 and text[a - 1].isalpha()) or (b + 1 < size and text[b + 1].isalpha())


def _boundary(text: str, last: int, i: int, letter: bool, last_stand_in: bool) -> int:
    if last < 0:
        return HARD
    gap = text[last + 1 : i]
    if gap:
        return SOFT if gap == "'" else HARD
    if not letter or last_stand_in:
        return SOFT
    hump = text[last].islower() and text[i].isupper()
    hump = hump or (text[last].isupper() and text[i].isupper() and text[i + 1 : i + 2].islower())
    return SOFT if hump else 0
