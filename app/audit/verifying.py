"""Whether the trail is as it was written: the chain entry by entry, every checkpoint, and the decisions beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, String, select, text, type_coerce
from sqlmodel import Session

from app.audit import triggers
from app.audit.chain import START, Entry, entry_hash
from app.audit.checkpoints import Checkpoint, all_of
from app.audit.deciding import checkpoints_that_differ, decisions_that_differ
from app.audit.merkle import Tree
from app.audit.recording import TABLE
from app.audit.signers import Signer, signer_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One sign of tampering; `entry` is the first entry that is not as it was, None where it is about none."""

    words: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one school's trail. `unchecked` says what could not be checked: without it nothing is fine."""

    school_id: str
    entries: int
    checkpoints: int
    outside: int
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """0 fine, 1 tampering, 2 could not be checked."""
        return 1 if self.findings else 2 if self.unchecked else 0


@dataclass(slots=True)
class _Walk:
    """How far the chain holds, and the roots at the sizes that checkpoints ask for."""

    entries: int = 0  # that are there, good or bad
    good: int = 0  # the first so many follow one another
    finding: Finding | None = None
    roots: dict[int, str] = field(default_factory=dict)


def verify(
    session: Session, school_id: str, outside: Sequence[Checkpoint] = (), public_key: str | None = None
) -> Report:
    """Check a school's trail against itself, its checkpoints, and those kept outside.

    `public_key` is the signing key as somebody kept it outside; without it the school's own, from the vault, is taken.
    """
    connection = session.connection()
    own, unreadable = _own(session, school_id)
    signer = signer_of(session, school_id, public_key)
    asked = {each.size for each in (*own, *outside)}
    walk = _walk(connection, school_id, asked)
    findings = [walk.finding] if walk.finding else []
    findings += unreadable
    findings += _checkpoints(walk, own, outside, signer)
    findings += [Finding(words, entry) for words, entry in checkpoints_that_differ(connection, school_id, own)]
    findings += [Finding(words, entry) for words, entry in decisions_that_differ(connection, school_id)]
    findings += _guards(connection)
    if signer.problem:
        findings.append(Finding(signer.problem))
    unchecked = (signer.unchecked,) if signer.unchecked and (own or outside) else ()
    return Report(school_id, walk.entries, len(own), len(outside), tuple(findings), unchecked, _notes(own, outside))


def _own(session: Session, school_id: str) -> tuple[list[Checkpoint], list[Finding]]:
    try:
        return all_of(session, school_id), []
    except (ValueError, TypeError, AttributeError):
        return [], [Finding("A checkpoint in the database was changed: it cannot be read any more.")]


def _notes(own: Sequence[Checkpoint], outside: Sequence[Checkpoint]) -> tuple[str, ...]:
    if not own and not outside:
        return ("There is no checkpoint yet: a chain that was computed anew would not be noticed.",)
    if not outside:
        return (
            "No checkpoint from outside was given: that an older copy of the whole database was put in its place would "
            "not be noticed.",
        )
    return ()


def _walk(connection: Connection, school_id: str, asked: set[int]) -> _Walk:
    walk, tree, last = _Walk(), Tree(), START
    if 0 in asked:
        walk.roots[0] = tree.root().hex()
    columns = TABLE.c
    wanted = select(
        columns.sequence,
        columns.tag,
        columns.actor,
        columns.subject,
        type_coerce(columns.details, String).label("details"),
        type_coerce(columns.happened_at, String).label("happened_at"),
        columns.previous,
        columns.hash,
    ).where(columns.school_id == school_id)
    for row in connection.execute(wanted.order_by(columns.sequence, columns.number)):
        walk.entries += 1
        if walk.finding is not None:
            continue
        walk.finding = _finding(row, school_id, walk.good, last)
        if walk.finding is None:
            last = row.hash
            walk.good += 1
            tree.add(bytes.fromhex(row.hash))
            if walk.good in asked:
                walk.roots[walk.good] = tree.root().hex()
    return walk


def _finding(row: Any, school_id: str, good: int, last: str) -> Finding | None:
    """What is wrong with an entry that is to follow the first `good`."""
    expected = good + 1
    if not isinstance(row.sequence, int) or row.sequence < expected:
        return Finding(f"There is more than one entry {row.sequence}: one was put in.", good)
    if row.sequence > expected:
        what = "Entry 1 is missing" if expected == 1 else f"Entry {expected} is missing"
        return Finding(f"{what}: the next that is there is entry {row.sequence}.", expected)
    try:
        entry = Entry(school_id, row.tag, row.actor, row.subject, _details(row.details), _moment(row.happened_at))
        computed = entry_hash(entry, expected, row.previous)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return Finding(f"Entry {expected} was changed: it cannot be read any more.", expected)
    if computed != row.hash:
        return Finding(
            f"Entry {expected} was changed, or stood elsewhere: what it says does not fit its hash.", expected
        )
    if row.previous != last:
        return Finding(
            f"Entry {expected} does not follow the one before it: entries were exchanged, taken out or put in here.",
            expected,
        )
    return None


def _details(stored: Any) -> Any:
    """The details; ValueError where a key is there twice: readers would differ in which of the two counts."""
    return json.loads(stored, object_pairs_hook=_once) if isinstance(stored, str) else stored


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("A key is there twice.")
    return found


def _moment(stored: Any) -> datetime:
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _checkpoints(
    walk: _Walk, own: Sequence[Checkpoint], outside: Sequence[Checkpoint], signer: Signer
) -> list[Finding]:
    """Each checkpoint's signature, and its root against the entries as they are; the smallest first."""
    findings, proven, differs = [], 0, False
    placed = [(each, "in the database") for each in own] + [(each, "kept outside") for each in outside]
    for checkpoint, where in sorted(placed, key=lambda each: each[0].size):
        what = f"The checkpoint {where} of {checkpoint.made_at} over {checkpoint.size} entries"
        if not checkpoint.is_signed:
            findings.append(Finding(f"{what} was changed: its signature does not fit."))
        elif signer.public_key is not None and checkpoint.public_key != signer.public_key:
            findings.append(Finding(f"{what} is signed with another key than this school's."))
        elif checkpoint.size > walk.entries:
            first = walk.entries + 1
            cut = "the end was cut off, or an older database was put in the place of this one"
            findings.append(Finding(f"{what} proves that entry {first} and what followed are gone: {cut}.", first))
        elif checkpoint.size <= walk.good and walk.roots[checkpoint.size] == checkpoint.root:
            proven = checkpoint.size
        elif checkpoint.size <= walk.good and not differs:
            differs = True
            where_from = f"Something between entry {proven + 1} and entry {checkpoint.size} was changed"
            findings.append(
                Finding(f"{what} was made over other entries. {where_from}, and the chain computed anew.", proven + 1)
            )
    return findings


def _guards(connection: Connection) -> list[Finding]:
    """Every trigger, word for word: one of the same name that refuses nothing is as good as none."""
    if connection.dialect.name != "sqlite":
        return []
    there = set(connection.execute(text("select sql from sqlite_master where type = 'trigger'")).scalars())
    gone = sorted(statement.split()[2] for statement in triggers.guards("sqlite") if statement not in there)
    if gone:
        return [Finding(f"What makes the database refuse changes of the trail was taken away: {', '.join(gone)}.")]
    return []
