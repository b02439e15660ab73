"""What a person said about words that may name a pupil, as it is kept with the draft."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from app.settling import SAME_PLACE, overlap
from captions.findings import Kind, TextField, TextFinding
from vision.findings import Box

NAMES = frozenset({Kind.PUPIL_NAME, Kind.PERSON_NAME})
# A full stop behind a title or an initial ends no sentence: with it, "Dr" could be taken away from what was answered.
# Possessive, and begun only where a run begins, so that a long run of marks takes no longer than any other text.
_ENDS = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bRev)(?<!\bProf)(?<!\b[A-Z])(?<![.!?…])"
    r"[.!?…]++[\"'”’)\]]*+(?=\s)|[\r\n]++"
)
_GAP = re.compile(r"\s*")


class WordAnswerKind(StrEnum):
    NOT_A_NAME = "not-a-name"  # only the word
    ADULT = "adult"  # an adult who agreed to be named, or a public figure


@dataclass(frozen=True, slots=True)
class Spot:
    """Words in their sentence, all as written: what an answer is about, and where it holds.

    `field` is a captions.findings.FieldName, `at` the place of the words within their sentence, in characters. `box` is
    where the line stands, for words read in a picture (left, top, right, bottom in pixels).
    """

    field: str
    picture: int | None
    words: str
    sentence: str
    at: int
    box: tuple[int, int, int, int] | None = None

    def covers(self, other: Spot) -> bool:
        """Whether what is said of this spot holds of the other: the same words of the same sentence in one place.

        A line may be read again a little beside its old place. Answers from before places were kept hold in all.
        """
        if replace(self, box=None) != replace(other, box=None):
            return False
        if self.box is None or other.box is None:
            return True
        return overlap(Box(*self.box), Box(*other.box)) >= SAME_PLACE


@dataclass(frozen=True, slots=True)
class WordAnswer:
    """One answer about one spot; `by` is who gave it."""

    spot: Spot
    kind: WordAnswerKind
    by: str

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.spot.field,
            "picture": self.spot.picture,
            "words": self.spot.words,
            "sentence": self.spot.sentence,
            "at": self.spot.at,
            "box": self.spot.box,
            "kind": self.kind.value,
            "by": self.by,
        }


def word_answers_of(stored: Iterable[Mapping[str, Any]]) -> tuple[WordAnswer, ...]:
    """The answers as `WordAnswer.as_json` wrote them."""
    return tuple(
        WordAnswer(
            Spot(row["field"], row["picture"], row["words"], row["sentence"], row["at"], _place(row.get("box"))),
            WordAnswerKind(row["kind"]),
            row["by"],
        )
        for row in stored
    )


def _place(box: Sequence[int] | None) -> tuple[int, int, int, int] | None:
    if box is None:
        return None
    left, top, right, bottom = box
    return (left, top, right, bottom)


def asks(finding: TextFinding) -> bool:
    """Whether a person may settle the finding: a name that may be a word, or somebody else."""
    return finding.doubtful and finding.kind in NAMES


def answered(finding: TextFinding, field: TextField, answers: Sequence[WordAnswer]) -> WordAnswer | None:
    """What was last said about a doubtful finding; None where nobody did, and for a sure one whatever was said."""
    if not asks(finding):
        return None
    spot = spot_of(field.name.value, field.picture, field.text, finding.start, finding.end, field.box)
    return next((answer for answer in reversed(answers) if answer.spot.covers(spot)), None)


def spot_of(
    field: str,
    picture: int | None,
    text: str,
    start: int,
    end: int,
    box: tuple[int, int, int, int] | None = None,
) -> Spot:
    """The words at characters `start` to `end` (exclusive), with all of each sentence that they touch."""
    begins, ends = _sentences(text)
    after = bisect_right(begins, start)
    first = begins[after - 1] if after else start
    before = bisect_left(ends, end)
    last = ends[before] if before < len(ends) else len(text)
    return Spot(field, picture, text[start:end], text[first:last], start - first, box)


def still_stands(spot: Spot, text: str) -> bool:
    """Whether the sentence stands in the text, whole and as it was answered."""
    begins, ends = map(frozenset, _sentences(text))
    at = text.find(spot.sentence)
    while at >= 0:
        if at in begins and at + len(spot.sentence) in ends:
            return True
        at = text.find(spot.sentence, at + 1)
    return False


@lru_cache(maxsize=8)
def _sentences(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where sentences begin, behind white space, and where they end, before it; both in order."""
    marks = [match.end() for match in _ENDS.finditer(text)]
    begins = [_GAP.match(text, each).end() for each in (0, *marks)]  # type: ignore[union-attr]  # it always matches
    ends = [len(text[:each].rstrip()) for each in (*marks, len(text))]
    return tuple(begins), tuple(ends)
