"""The chain: the exact bytes of an entry, and its hash over them and the hash before it. No database in here.

An entry's hash is SHA-256 over `gatepost audit entry v1`, a zero byte, and then eight parts, each as its length in
bytes (four bytes, big-endian) and the part itself in UTF-8:

1. the school's id, 2. the sequence in decimal digits, 3. the moment in UTC as `2026-11-23T14:03:00.000000Z`, 4. the
tag, 5. the actor, 6. the subject, 7. the details as JSON with its keys sorted, no spaces, every character beyond ASCII
escaped, 8. the hash before it as 64 hexadecimal digits, which are zeros for the first entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

DOMAIN = b"gatepost audit entry v1\0"
START = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry without its place in the chain."""

    school_id: str
    tag: str
    actor: str
    subject: str
    details: Mapping[str, Any]
    happened_at: datetime


def entry_hash(entry: Entry, sequence: int, previous: str) -> str:
    parts = (
        entry.school_id,
        str(sequence),
        moment_text(entry.happened_at),
        entry.tag,
        entry.actor,
        entry.subject,
        json.dumps(entry.details, sort_keys=True, separators=(",", ":"), ensure_ascii=True),
        previous,
    )
    return hashlib.sha256(DOMAIN + with_lengths(parts)).hexdigest()


def with_lengths(parts: tuple[str, ...]) -> bytes:
    """The parts one after another, each with its length before it: no two lists of parts give the same bytes."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
