"""The hash of an entry, and the tree over all of them: pure.

An entry's hash is SHA-256 over `gatepost audit entry 1`, a line feed, the 32 bytes of the hash before, and the entry as
JSON in UTF-8: an array of school, sequence, moment (UTC, ISO 8601 with microseconds), tag, actor, subject, details;
keys sorted, no spaces, nothing escaped that need not be. So an entry can be computed anew by anybody with any tool.

The tree is the Merkle tree of RFC 6962, 2.1, its leaves the bytes of these hashes: whoever holds the root of the first
n entries can tell later that they are still the same, even if the whole chain was computed anew behind their back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64  # stands before the first entry
ENTRY = b"gatepost audit entry 1\n"
LEAF, NODE = b"\x00", b"\x01"


def entry_hash(
    previous: str,
    school_id: str,
    sequence: int,
    happened_at: datetime,
    tag: str,
    actor: str,
    subject: str,
    details: Mapping[str, Any],
) -> str:
    """The hash of one entry, as hexadecimal digits."""
    moment = happened_at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [school_id, sequence, moment, tag, actor, subject, details]
    return hashlib.sha256(ENTRY + bytes.fromhex(previous) + canonical(said)).hexdigest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Tree:
    """The Merkle tree over what is added, in order; its root is at hand at every size, in memory of its logarithm."""

    def __init__(self, leaves: Iterable[str] = ()) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []  # the full subtrees from the left: how many leaves, and the hash
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: str) -> None:
        """Add an entry's hash."""
        count, node = 1, hashlib.sha256(LEAF + bytes.fromhex(leaf)).digest()
        while self._peaks and self._peaks[-1][0] == count:
            _, left = self._peaks.pop()
            count, node = 2 * count, hashlib.sha256(NODE + left + node).digest()
        self._peaks.append((count, node))
        self.size += 1

    def root(self) -> str:
        """The root over all leaves so far, as hexadecimal digits; of none the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256().hexdigest()
        node = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            node = hashlib.sha256(NODE + left + node).digest()
        return node.hex()
