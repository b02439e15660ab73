"""An entry's hash, byte for byte as it is written down, and over every part of the entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.chain import START, Entry, entry_hash, with_lengths

ENTRY = Entry(
    school_id="s1",
    tag="draft:decided",
    actor="account:a1",
    subject="d1",
    details={"outcome": "block", "attempts": 1},
    happened_at=datetime(2026, 11, 23, 14, 3, tzinfo=UTC),
)


def test_the_bytes_are_those_that_are_documented() -> None:
    written = (
        b"gatepost audit entry v1\x00"
        b"\x00\x00\x00\x02s1"
        b"\x00\x00\x00\x017"
        b"\x00\x00\x00\x1b2026-11-23T14:03:00.000000Z"
        b"\x00\x00\x00\x0ddraft:decided"
        b"\x00\x00\x00\x0aaccount:a1"
        b"\x00\x00\x00\x02d1"
        b'\x00\x00\x00\x20{"attempts":1,"outcome":"block"}'
        b"\x00\x00\x00\x40" + b"0" * 64
    )
    assert entry_hash(ENTRY, 7, START) == sha256(written).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"school_id": "s2"}, id="school"),
        pytest.param({"tag": "draft:failed"}, id="tag"),
        pytest.param({"actor": "account:a2"}, id="actor"),
        pytest.param({"subject": "d2"}, id="subject"),
        pytest.param({"details": {"outcome": "publish", "attempts": 1}}, id="details"),
        pytest.param({"details": {"outcome": "block", "attempts": True}}, id="true-for-one"),
        pytest.param({"happened_at": ENTRY.happened_at + timedelta(microseconds=1)}, id="moment"),
    ],
)
def test_every_part_counts(change: dict[str, Any]) -> None:
    assert entry_hash(replace(ENTRY, **change), 7, START) != entry_hash(ENTRY, 7, START)


def test_so_do_the_place_and_the_hash_before() -> None:
    own = entry_hash(ENTRY, 7, START)
    assert entry_hash(ENTRY, 8, START) != own
    assert entry_hash(ENTRY, 7, "1" * 64) != own


def test_the_same_moment_in_another_zone_and_the_same_details_in_another_order_are_the_same() -> None:
    there = ENTRY.happened_at.astimezone(timezone(timedelta(hours=5)))
    other = replace(ENTRY, happened_at=there, details={"attempts": 1, "outcome": "block"})
    assert entry_hash(other, 7, START) == entry_hash(ENTRY, 7, START)


@given(st.lists(st.text(max_size=3), max_size=4), st.lists(st.text(max_size=3), max_size=4))
def test_no_two_lists_of_parts_read_the_same(one: list[str], other: list[str]) -> None:
    assert (with_lengths(tuple(one)) == with_lengths(tuple(other))) == (one == other)
