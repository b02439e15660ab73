"""What a form held when it was refused, so that the page can show it again and nothing is typed twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.pages.answering import EDGES, MISSED
from app.pages.words import Verbatim


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields as they were sent; none where the page is shown for the first time."""

    fields: tuple[tuple[str, str], ...] = ()
    error: str = ""
    _ticked: frozenset[tuple[str, str]] = field(init=False)
    _typed: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ticked", frozenset(self.fields))
        object.__setattr__(self, "_typed", dict(reversed(self.fields)))

    def has(self, name: str, value: object) -> bool:
        """Whether this box was ticked, or this choice made."""
        return (name, str(value)) in self._ticked

    def text(self, name: str, default: str = "") -> Verbatim:
        """What was typed in this field, and what it holds otherwise."""
        return Verbatim(self._typed.get(name, default))

    def marks(self, picture: int) -> Sequence[dict[str, Verbatim]]:
        """The missed faces that were marked in a picture, and always one to fill in."""
        columns = [[value for field_name, value in self.fields if field_name == name] for name in MISSED]
        rows = [dict(zip(MISSED, map(Verbatim, row), strict=True)) for row in zip(*columns, strict=False)]
        mine = [row for row in rows if row["missed_picture"] == str(picture) and any(row[edge] for edge in EDGES)]
        blank = dict.fromkeys(MISSED, Verbatim(""))
        return mine or [blank]
