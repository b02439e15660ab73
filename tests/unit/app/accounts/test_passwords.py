"""Passwords: long, not common, hashed with argon2id."""

from __future__ import annotations

import pytest

from app.accounts import passwords
from app.accounts.passwords import hashed, is_outdated, matches, problem_with
from app.errors import TryLater

ABOUT = ["r.patel@wrenhollow.sch.uk", "Rani Patel", "Wrenhollow Primary School"]


@pytest.mark.parametrize(
    ("password", "says"),
    [
        pytest.param("short-one", "at least 12", id="short"),
        pytest.param("ab" * 65, "at most 128", id="long"),
        pytest.param("password1234", "tried first|guessed too soon", id="common-word-and-digits"),
        pytest.param("PASSWORDPASSWORD", "tried first|guessed too soon", id="a-common-word-twice"),
        pytest.param("1234567890123", "tried first|guessed too soon", id="digits-in-a-row"),
        pytest.param("qwertyuiop12", "tried first|guessed too soon", id="a-row-of-keys"),
        pytest.param("aaaaaaaaaaaaaaaa", "guessed too soon", id="one-letter"),
        pytest.param("wrenhollow2026", "guessed too soon", id="the-school-and-a-year"),
        pytest.param("RaniPatel1987", "guessed too soon", id="the-own-name-and-a-year"),
        pytest.param("p@ssw0rd!2026", "guessed too soon", id="letters-replaced"),
    ],
)
def test_what_is_guessed_soon_is_not_taken(password: str, says: str) -> None:
    problem = problem_with(password, ABOUT)
    assert any(part in problem for part in says.split("|"))


@pytest.mark.parametrize(
    "password",
    [
        "kettle moss harbour nine",
        "tractor-violet-anvil-Tuesday",
        "żółw kąpie się w herbacie",
        "Xq7#vLp2!mRt",
        "🦔🌂🎺🧊🍞🪁🦉🧵🛶🌵🎻🪴 owl",
    ],
)
def test_what_is_long_and_its_own_is_taken_whatever_letters_it_has(password: str) -> None:
    assert problem_with(password, ABOUT) == ""


def test_a_password_is_kept_as_argon2id_and_never_twice_alike() -> None:
    stored = hashed("kettle moss harbour nine")
    assert stored.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert stored != hashed("kettle moss harbour nine")
    assert matches(stored, "kettle moss harbour nine")
    assert not matches(stored, "kettle moss harbour ten")
    assert not is_outdated(stored)


def test_keyboards_that_send_other_bytes_for_the_same_letters_are_taken() -> None:
    assert matches(hashed("cafe\u0301 au lait at noon"), "caf\u00e9 au lait at noon")


@pytest.mark.parametrize("stored", [None, "", "no hash", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_nothing_matches_where_there_is_no_password(stored: str | None) -> None:
    assert not matches(stored, "")
    assert not matches(stored, "nobody has this password")


def test_a_hash_of_lower_cost_is_made_anew() -> None:
    assert is_outdated("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43)


def test_a_flood_of_sign_ins_is_told_to_come_back_and_holds_up_nobody_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    for _ in range(passwords.AT_ONCE):
        assert passwords._turns.acquire(timeout=1)
    try:
        with pytest.raises(TryLater, match="at once"):
            matches(None, "kettle moss harbour nine")
    finally:
        for _ in range(passwords.AT_ONCE):
            passwords._turns.release()
    assert not matches(None, "kettle moss harbour nine")
