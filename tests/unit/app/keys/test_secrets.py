"""The look of API keys: told from other text, and kept as digests alone."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.keys.secrets import (
    ALPHABET,
    CHECK_LENGTH,
    KEY,
    SECRET_LENGTH,
    digest_of,
    fits,
    holds_key,
    new_secret,
    prefix_of,
)

MADE = new_secret()


def test_a_key_has_256_bits_that_nobody_knows() -> None:
    assert 62**SECRET_LENGTH >= 2**256 > 62 ** (SECRET_LENGTH - 1)
    assert math.log2(len(ALPHABET)) * SECRET_LENGTH >= 256
    many = [new_secret() for _ in range(200)]
    assert len({each.text for each in many}) == len({each.prefix for each in many}) == 200
    secrets = [KEY.fullmatch(each.text)[2] for each in many]  # type: ignore[index]  # of the right form
    assert set("".join(secrets)) == set(ALPHABET)


def test_what_is_stored_finds_the_key_and_does_not_give_it_away() -> None:
    assert prefix_of(MADE.text) == MADE.prefix
    assert fits(MADE.text, MADE.digest)
    assert MADE.digest == digest_of(MADE.text)
    assert len(MADE.digest) == 64
    assert MADE.text[12:] not in MADE.digest


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("gp_", id="begun"),
        pytest.param(MADE.text[:-1], id="cut"),
        pytest.param(MADE.text + "0", id="longer"),
        pytest.param(MADE.text.upper(), id="other-case"),
        pytest.param(" " + MADE.text, id="spaced"),
        pytest.param(MADE.text + "\n", id="line-behind"),
        pytest.param(MADE.text.replace("gp_", "gq_"), id="another-mark"),
        pytest.param(MADE.text[:-CHECK_LENGTH] + "000000", id="wrong-check"),
        pytest.param(MADE.text[:-1] + "é", id="not-ascii"),
        pytest.param("gp_" + "٣" * 8 + MADE.text[11:], id="digits-of-another-script"),
    ],
)
def test_what_is_no_key_is_told_without_asking_the_database(text: str) -> None:
    assert prefix_of(text) is None


@given(st.integers(min_value=3, max_value=len(MADE.text) - 1), st.sampled_from(ALPHABET))
def test_a_key_mistyped_in_one_place_is_no_key(at: int, letter: str) -> None:
    mistyped = MADE.text[:at] + letter + MADE.text[at + 1 :]
    assert (prefix_of(mistyped) is not None) == (mistyped == MADE.text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_key_is_found_anywhere_in_a_text(before: str, behind: str) -> None:
    assert holds_key(f"{before}{MADE.text}{behind}")


@given(st.text())
def test_other_text_is_not_taken_for_a_key(text: str) -> None:
    assert prefix_of(text) is None
