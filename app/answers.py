"""What a person said about the faces of a picture, as it is kept with the picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from vision.findings import Box

BY_LENGTH = 100  # characters of the name of who answers


class AnswerKind(StrEnum):
    PERSON = "person"  # it is this person of the register
    VISITOR = "visitor"  # an adult visitor who agreed to be shown
    NOT_A_FACE = "not-a-face"
    MISSED = "missed"  # a face that was not found; nobody has said yet whose


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer about one place in one picture; `by` is who gave it, `person_id` is set for PERSON alone.

    `box` in pixels of the upright picture. `drawn`: the person drew the box round a face that was missed.
    """

    box: Box
    kind: AnswerKind
    by: str
    person_id: str | None = None
    drawn: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "box": self.box.as_list(),
            "kind": self.kind.value,
            "by": self.by,
            "person_id": self.person_id,
            "drawn": self.drawn,
        }


def answers_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Answer, ...]:
    """The answers as `Answer.as_json` wrote them."""
    return tuple(
        Answer(Box(*row["box"]), AnswerKind(row["kind"]), row["by"], row["person_id"], row["drawn"]) for row in stored
    )
