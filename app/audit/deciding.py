"""Decisions and checkpoints beside the trail: each has its entry, each such entry what it tells of, and both agree.

A decision may be gone where its draft was erased.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, String, select, type_coerce

from app.audit.checkpoints import Checkpoint
from app.audit.recording import TABLE
from app.audit.tags import AuditTag
from app.models import DecisionRecord, Draft

DECISION: Any = DecisionRecord.__table__  # type: ignore[attr-defined]  # SQLModel adds it
DRAFT: Any = Draft.__table__  # type: ignore[attr-defined]
SAME = ("outcome", "policy_version", "register_version")


def decisions_that_differ(connection: Connection, school_id: str) -> Iterator[tuple[str, int | None]]:
    """What does not fit, in words, with the entry that shows it."""
    decided: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for subject, sequence, details in _entries(connection, school_id, AuditTag.DRAFT_DECIDED):
        decided[subject].append((sequence, details))
    erased = {subject for subject, _, _ in _entries(connection, school_id, AuditTag.DRAFT_ERASED)}
    columns = [DECISION.c[name] for name in ("draft_id", *SAME)]
    mine = select(*columns).join(DRAFT, DRAFT.c.id == DECISION.c.draft_id).where(DRAFT.c.school_id == school_id)
    rows = {row.draft_id: row for row in connection.execute(mine)}
    for draft_id, row in rows.items():
        entries = decided.get(draft_id, [])
        if not entries:
            yield f"The decision on draft {draft_id} has no entry in the trail.", None
        elif len(entries) > 1:
            yield f"Draft {draft_id} was decided more than once.", entries[1][0]
        elif wrong := _differing(row, entries[0][1]):
            yield f"The decision on draft {draft_id} is not what the entry says: {', '.join(wrong)}.", entries[0][0]
    for draft_id, entries in decided.items():
        if draft_id not in rows and draft_id not in erased:
            yield f"The decision on draft {draft_id} is gone, and no entry says that it was erased.", entries[0][0]


def checkpoints_that_differ(
    connection: Connection, school_id: str, own: Sequence[Checkpoint]
) -> Iterator[tuple[str, int | None]]:
    """Each checkpoint has its entry, written with it, and each such entry its checkpoint: else one was taken out."""
    there, told = {each.size: each.root for each in own}, set()
    for _, sequence, details in _entries(connection, school_id, AuditTag.CHECKPOINT_MADE):
        size = details.get("size") if isinstance(details, dict) else None
        told.add(size)
        if size not in there:
            yield f"The checkpoint of which entry {sequence} tells is gone from the database.", sequence
        elif there[size] != details.get("root"):
            yield f"The checkpoint over {size} entries is not the one of which entry {sequence} tells.", sequence
    for size in sorted(there.keys() - told):
        yield f"No entry tells of the checkpoint over {size} entries that is in the database.", None


def _differing(row: Any, details: Any) -> list[str]:
    if not isinstance(details, dict):
        return list(SAME)
    return [name for name in SAME if details.get(name) != getattr(row, name)]


def _entries(connection: Connection, school_id: str, tag: AuditTag) -> Iterator[tuple[str, int, Any]]:
    wanted = select(TABLE.c.subject, TABLE.c.sequence, type_coerce(TABLE.c.details, String).label("details"))
    mine = wanted.where(TABLE.c.school_id == school_id, TABLE.c.tag == tag.value).order_by(TABLE.c.sequence)
    for row in connection.execute(mine):
        yield row.subject, row.sequence, _read(row.details)


def _read(stored: Any) -> Any:
    try:
        return json.loads(stored) if isinstance(stored, str) else stored
    except ValueError:
        return None  # the chain says that it was changed
