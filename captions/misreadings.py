"""How far letters read in a picture are from a name: letters that look alike cost less than others.

The pairs are those that readers of pictures and tired eyes confuse in print, in school hands and out of focus: round
letters, strokes, bows and stems, and pairs of strokes for one letter.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import OSA

LIKE = 0.4  # for a letter that looks like the other; 1 for any other change
_THIN = 0.7  # for a stroke that is lost or added
_GROUPS = (
    "oaceduq0",
    "il1jtfr",
    "nmuhwv",
    "hbkn",
    "bdp",
    "gqy9",
    "vyw",
    "sz5",
    "tf7",
    "ec3",
    "a4",
    "b8",
    "z2",
    "kx",
    "rn",
    "sa",
    "g6",
    "b6",
)
_PAIRS = frozenset(pair for group in _GROUPS for a, b in combinations(group, 2) for pair in ((a, b), (b, a)))
_JOINED = {"rn": "m", "ni": "m", "in": "m", "nn": "m", "vv": "w", "cl": "d", "ii": "u", "li": "h", "ri": "n", "lo": "b"}
_BESIDE = 0.3  # of a letter for each letter of a name, beside the pupil's other name
_MOST_CHANGED = 0.4  # of its letters
_STROKES = frozenset("ilt1jr")


def _blur_table() -> dict[int, str]:
    """One letter for each group of letters that are easily taken for each other."""
    groups = {"o": "oaceq0d", "l": "il1jtfr7|!", "n": "nmuhwvkyx4", "b": "b8p6", "s": "sz523", "g": "g9"}
    return {ord(letter): first for first, letters in groups.items() for letter in letters}


_TABLE = _blur_table()


def blur(letters: str) -> str:
    """A key that letters and their usual misreadings share."""
    for pair, single in (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u")):
        letters = letters.replace(pair, single)
    return letters.translate(_TABLE)


@lru_cache(maxsize=65536)
def apart(written: str, name: str) -> float:
    """The cost of turning what is written into the name: the least sum over letters changed, lost, added or swapped."""
    rows = [[0.0] * (len(name) + 1) for _ in range(len(written) + 1)]
    for j in range(1, len(name) + 1):
        rows[0][j] = rows[0][j - 1] + _single(name[j - 1])
    for i in range(1, len(written) + 1):
        rows[i][0] = rows[i - 1][0] + _single(written[i - 1])
        for j in range(1, len(name) + 1):
            rows[i][j] = _least(rows, written, name, i, j)
    return round(rows[-1][-1], 2)


def _least(rows: list[list[float]], written: str, name: str, i: int, j: int) -> float:
    a, b = written[i - 1], name[j - 1]
    least = min(
        rows[i - 1][j - 1] + _change(a, b),
        rows[i - 1][j] + (LIKE if i > 1 and written[i - 2] == a == b else _single(a)),
        rows[i][j - 1] + (LIKE if j > 1 and name[j - 2] == b == a else _single(b)),
    )
    if i > 1 and _JOINED.get(written[i - 2 : i]) == b:
        least = min(least, rows[i - 2][j - 1] + LIKE)
    if j > 1 and _JOINED.get(name[j - 2 : j]) == a:
        least = min(least, rows[i - 1][j - 2] + LIKE)
    if i > 1 and j > 1 and written[i - 2] == b and a == name[j - 2]:
        least = min(least, rows[i - 2][j - 2] + 1)
    return least


def _change(a: str, b: str) -> float:
    if a == b:
        return 0.0
    return LIKE if (a, b) in _PAIRS else 1.0


def _single(letter: str) -> float:
    return _THIN if letter in _STROKES else 1.0


def most(name: str) -> float:
    """How far a word may be from a name to be looked at: what speaks for it must then stand around it."""
    size = len(name)
    return 0.5 if size < 4 else 1.0 if size < 6 else 1.5 if size < 8 else 2.1


def most_alone(name: str) -> float:
    """How far a word that stands by itself may be from a name to be asked about."""
    size = len(name)
    return 0.0 if size < 4 else 0.4 if size < 5 else 0.8 if size < 6 else 1.0 if size < 8 else 1.4


def most_together(letters: int) -> float:
    """How far a given name and a family name together may be from a pupil's."""
    return 0.0 if letters < 8 else 0.19 * letters


def is_near(written: str, name: str) -> bool:
    """Whether a word beside a pupil's other name is this name, misread: most of its letters are as they should be."""
    changes = max(1, int(_MOST_CHANGED * len(name)))
    if OSA.distance(written, name, score_cutoff=changes) > changes:
        return False
    return apart(written, name) <= max(most(name), _BESIDE * len(name) if len(name) > 5 else 0)
