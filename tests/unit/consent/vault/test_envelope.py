"""What is sealed opens in its own place, under its own key, unchanged; and in no other way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.vault.envelope import (
    HEADER,
    KEY_BYTES,
    OVERHEAD,
    KeyEncryptionKey,
    Owner,
    OwnerKind,
    Place,
    key_id_of,
    new_data_key,
    opened,
    seal,
    unwrap,
    wrap,
)
from consent.vault.errors import SealBroken
from consent.vault.keyring import new_key

OWNER = Owner(OwnerKind.DRAFT, "school", "draft-1")
PLACE = Place("draft.caption", "draft-1")
KEY = new_data_key(OWNER)


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens(plain):
    sealed = seal(KEY, PLACE, plain)
    assert opened(KEY, PLACE, sealed) == plain
    assert len(sealed) == len(plain) + OVERHEAD
    assert key_id_of(sealed) == KEY.id
    assert len(plain) < 8 or plain not in sealed[HEADER:]


def test_no_two_seals_are_alike():
    assert len({seal(KEY, PLACE, b"same") for _ in range(100)}) == 100


@given(st.integers(0, (OVERHEAD + 12) * 8 - 1))
def test_a_flipped_bit_anywhere_is_noticed(bit):
    sealed = bytearray(seal(KEY, PLACE, b"twelve bytes"))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        opened(KEY, PLACE, bytes(sealed))


@given(st.integers(0, OVERHEAD + 11))
def test_a_cut_value_is_noticed(length):
    with pytest.raises(SealBroken):
        opened(KEY, PLACE, seal(KEY, PLACE, b"twelve bytes")[:length])


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (new_data_key(OWNER), PLACE),
        (replace(KEY, secret=bytes(KEY_BYTES)), PLACE),
        (replace(KEY, id="0" * 32), PLACE),
        (replace(KEY, owner=replace(OWNER, school_id="other")), PLACE),
        (replace(KEY, owner=replace(OWNER, owner_id="draft-2")), PLACE),
        (replace(KEY, owner=replace(OWNER, kind=OwnerKind.SCHOOL)), PLACE),
        (KEY, Place("draft.hashtags", "draft-1")),
        (KEY, Place("draft.caption", "draft-2")),
        (KEY, Place("draft.captiondraft-", "1")),
    ],
    ids=["key", "secret", "key id", "school", "owner", "kind", "column", "row", "parts run together"],
)
def test_another_place_or_key_opens_nothing(key, place):
    with pytest.raises(SealBroken):
        opened(key, place, seal(KEY, PLACE, b"caption"))


def test_a_wrapped_key_opens_for_its_owner_under_its_key_alone():
    kek = new_key()
    wrapped = wrap(kek, KEY)
    assert KEY.secret not in wrapped
    assert unwrap(kek, KEY.id, OWNER, wrapped) == KEY
    for other, key_id, owner, text in (
        (new_key(), KEY.id, OWNER, wrapped),
        (kek, "0" * 32, OWNER, wrapped),
        (kek, KEY.id, replace(OWNER, school_id="other"), wrapped),
        (kek, KEY.id, OWNER, wrapped[:-1]),
        (kek, KEY.id, OWNER, b""),
    ):
        with pytest.raises(SealBroken):
            unwrap(other, key_id, owner, text)


def test_keys_do_not_show_when_they_are_printed():
    kek = KeyEncryptionKey(b"k" * KEY_BYTES)
    assert "kkk" not in repr(kek)
    assert repr(KEY.secret) not in repr(KEY)
    assert kek.id == KeyEncryptionKey(b"k" * KEY_BYTES).id
    assert len(kek.id) == 16
