"""What an import says of every line of its file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from consent.models import Person
from consent.rows import ParsedRow


class LineStatus(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"  # the answer is left out, which means no consent
    ERROR = "error"  # nothing of the file is applied


@dataclass(frozen=True, slots=True)
class ImportLine:
    line: int
    status: LineStatus
    who: str
    what: str
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "status": self.status.value,
            "who": self.who,
            "what": self.what,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What the file would do, or did. `untouched`: people of the register of whom the file says nothing; they stay."""

    lines: tuple[ImportLine, ...]
    encoding: str
    untouched: int
    applied: bool = False

    @property
    def ok(self) -> bool:
        return not any(line.status is LineStatus.ERROR for line in self.lines)

    @property
    def changes_something(self) -> bool:
        return any(line.status in {LineStatus.NEW, LineStatus.CHANGED} for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(line.status for line in self.lines)
        return {status.value: found[status] for status in LineStatus}

    def as_json(self) -> dict[str, Any]:
        return {
            "applied": self.applied,
            "ok": self.ok,
            "encoding": self.encoding,
            "counts": self.counts,
            "untouched": self.untouched,
            "lines": [line.as_json() for line in self.lines],
        }


@dataclass(slots=True)
class DraftLine:
    """A row on its way to becoming a line of the report."""

    row: ParsedRow
    person: Person | None = None
    created: bool = False
    changed: bool = False
    what: str = ""
    errors: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def finished(self) -> ImportLine:
        status = LineStatus.UNCHANGED
        if self.errors:
            status = LineStatus.ERROR
        elif self.doubts:
            status = LineStatus.DOUBTFUL
        elif self.created:
            status = LineStatus.NEW
        elif self.changed:
            status = LineStatus.CHANGED
        who = self.row.person.name if self.row.person else ""
        return ImportLine(self.row.line, status, who, self.what, (*self.errors, *self.doubts, *self.notes))
