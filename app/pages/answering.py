"""What a teacher said about faces on a result page, read from the form's fields."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.answers import AnswerKind
from app.drafts import DraftView
from app.errors import BadForm
from app.pages.naming import Choice, person_called
from app.revising import Answering
from vision.findings import Box

ANSWERED = re.compile(r"(answer|who)_(\d{1,4})_(\d{1,4})", re.ASCII)
EDGES = ("missed_left", "missed_top", "missed_width", "missed_height")  # in percent of the picture
MISSED = ("missed_picture", *EDGES, "missed_is", "missed_who")  # one of each for every face that can be marked
KINDS = {kind.value: kind for kind in AnswerKind}
OPEN_AGAIN = "Open the draft again and retry."


@dataclass(slots=True)
class AnswerFields:
    """The form's fields about faces: what is chosen and typed for each, and the marks of those that were missed."""

    chosen: dict[tuple[int, int], str] = field(default_factory=dict)
    named: dict[tuple[int, int], str] = field(default_factory=dict)
    missed: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in MISSED})

    def take(self, name: str, value: str) -> bool:
        """Whether the field is one about faces; it is kept then."""
        if name in self.missed:
            self.missed[name].append(value.strip())
            return True
        found = ANSWERED.fullmatch(name)
        if found is None:
            return False
        about = int(found[2]), int(found[3])
        if found[1] == "answer":
            self.chosen[about] = value
        else:
            self.named[about] = value.strip()
        return True

    def answerings(self, view: DraftView, known: Sequence[Choice]) -> tuple[Answering, ...]:
        """All that was said; BadForm where it makes no sense. A name that was typed needs no further choice."""
        faces = [self._about(*about, known) for about in dict.fromkeys([*self.chosen, *self.named])]
        counts = {len(values) for values in self.missed.values()}
        if len(counts) != 1:
            raise BadForm(f"The marks of missed faces are incomplete. {OPEN_AGAIN}")
        rows = [dict(zip(MISSED, row, strict=True)) for row in zip(*self.missed.values(), strict=True)]
        marks = [_mark(row, view, known) for row in rows if any(row[edge] for edge in EDGES)]
        return tuple(each for each in [*faces, *marks] if each is not None)

    def _about(self, picture: int, face: int, known: Sequence[Choice]) -> Answering | None:
        chosen, name = self.chosen.get((picture, face), ""), self.named.get((picture, face), "")
        where = f"face {face} in picture {picture}"
        kind, person_id = _who(chosen, name, where, known)
        return None if kind is None else Answering(picture, kind, face=face, person_id=person_id)


def _who(chosen: str, name: str, where: str, known: Sequence[Choice]) -> tuple[AnswerKind | None, str | None]:
    if not chosen and not name:
        return None, None
    if chosen and chosen not in KINDS:
        raise BadForm(f"'{chosen[:40]}' is nothing that can be said about {where}. {OPEN_AGAIN}")
    kind = KINDS[chosen or AnswerKind.PERSON]
    if kind is AnswerKind.MISSED and name:
        kind = AnswerKind.PERSON
    if kind is AnswerKind.PERSON:
        if not name:
            raise BadForm(f"Say who {where} is: type a name, and choose it from the list.")
        return kind, person_called(name, known, where)
    if name:
        raise BadForm(f"For {where} there is a name and something else. Keep one of them.")
    return kind, None


def _mark(row: dict[str, str], view: DraftView, known: Sequence[Choice]) -> Answering:
    number = int(row["missed_picture"]) if re.fullmatch(r"[0-9]{1,4}", row["missed_picture"]) else 0
    picture = next((each for each in view.pictures if each.number == number), None)
    if picture is None:
        raise BadForm(f"A missed face was marked in a picture that the draft does not have. {OPEN_AGAIN}")
    left, top, width, height = (_percent(row[edge], number) for edge in EDGES)
    found = picture.findings or {}
    across, down = (found.get("width") or 0) / 100, (found.get("height") or 0) / 100
    corners = [math.floor(left * across), math.floor(top * down)]
    corners += [math.ceil((left + width) * across - 0.001), math.ceil((top + height) * down - 0.001)]
    try:
        box = Box(*corners)
    except ValueError:
        raise BadForm(f"The place marked in picture {number} is empty. Give it a width and a height.") from None
    kind, person_id = _who(
        row["missed_is"] or AnswerKind.MISSED, row["missed_who"], f"the face marked in picture {number}", known
    )
    return Answering(number, kind or AnswerKind.MISSED, box=box, person_id=person_id)


def _percent(text: str, picture: int) -> float:
    if not re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{1,6})?", text):
        raise BadForm(
            f"The place marked in picture {picture} is incomplete: each of its four numbers is from 0 to 100 percent."
        )
    return float(text.replace(",", "."))
