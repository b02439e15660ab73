"""The Merkle tree of RFC 6962, section 2.1: one number for the first n entries. No database in here.

A leaf's hash is SHA-256 over a zero byte and the leaf, a node's over a one byte and its two children, so that neither
passes for the other; the left subtree of n leaves holds the largest power of two below n.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf: it keeps the roots of its whole subtrees, at most one of each height."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[bytes] = []  # largest first, as the bits of `size`

    def add(self, leaf: bytes) -> None:
        grown = leaf_hash(leaf)
        bits = self.size
        while bits & 1:
            grown = node_hash(self._whole.pop(), grown)
            bits >>= 1
        self._whole.append(grown)
        self.size += 1

    def root(self) -> bytes:
        """The root over every leaf so far, in at most log2(size) steps."""
        if not self._whole:
            return EMPTY
        *before, root = self._whole
        for whole in reversed(before):
            root = node_hash(whole, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()
