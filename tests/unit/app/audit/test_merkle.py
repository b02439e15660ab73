"""The tree of RFC 6962: against trees put together by hand, and against its recursive definition."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.merkle import Tree, root_of

A, B, C, D, E = (letter.encode() for letter in "abcde")


def leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def defined(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaf(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node(defined(leaves[:k]), defined(leaves[k:]))


@pytest.mark.parametrize(
    ("leaves", "root"),
    [
        pytest.param([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", id="none"),
        # the first test vector of Certificate Transparency's reference code: one empty leaf
        pytest.param([b""], "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", id="one-empty"),
        # its second and third: an empty leaf, 00, and 10
        pytest.param([b"", b"\x00"], "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", id="two"),
        pytest.param(
            [b"", b"\x00", b"\x10"], "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", id="three"
        ),
    ],
)
def test_known_roots(leaves: list[bytes], root: str) -> None:
    assert root_of(leaves).hex() == root


def test_five_leaves_stand_as_four_and_one() -> None:
    four = node(node(leaf(A), leaf(B)), node(leaf(C), leaf(D)))
    assert root_of([A, B, C, D, E]) == node(four, leaf(E))


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_a_growing_tree_has_the_defined_root_at_every_size(leaves: list[bytes]) -> None:
    tree = Tree()
    for size, each in enumerate(leaves, start=1):
        tree.add(each)
        assert tree.root() == defined(leaves[:size])
        assert tree.size == size


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=20), st.data())
def test_another_leaf_gives_another_root(leaves: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves[:at], leaves[at] + b"x", *leaves[at + 1 :]]
    assert root_of(changed) != root_of(leaves)
