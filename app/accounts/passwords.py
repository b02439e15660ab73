"""Passwords: what makes one good enough, and argon2id.

The rules are those of NIST SP 800-63B and ASVS 5.0 (6.2): long, not common, nothing about letters and digits, never
expiring. The cost of a guess is above OWASP's least (19 MiB, two passes) so that it may stand for some years.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.errors import TryLater

SHORTEST, LONGEST = 12, 128  # characters
ITS_OWN = 8  # characters that must be left when the names of person and school are taken out
WORD = 3  # letters from which a word counts as one
WEIGHED = 72  # characters that the estimate looks at: its time grows with the square
GOOD_ENOUGH = 3  # of 0 to 4: more than 10^8 guesses for somebody who knows the lists and the person
AT_ONCE = 4  # hashes at a time, each of 32 MiB: a flood of sign-ins may not take the machine's memory

PATIENCE_SECONDS = 3.0  # to wait for a turn

_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_turns = threading.BoundedSemaphore(AT_ONCE)


def problem_with(password: str, about: Iterable[str] = ()) -> str:
    """What is wrong with a new password and what to do; "" where nothing is. `about`: the person's and school's words.

    The common passwords are zxcvbn's 30,000, which are in its package: nobody is asked.
    """
    text = _folded(password)
    if len(text) < SHORTEST:
        return f"Make it at least {SHORTEST} characters. Four words that have nothing to do with each other are good."
    if len(text) > LONGEST:
        return f"Make it at most {LONGEST} characters."
    if text.casefold() in _common():
        return "This is one of the passwords that are tried first. Choose another."
    words = [part for each in about for part in (each, *each.replace("@", " ").replace(".", " ").split()) if part]
    if (
        len(_without(text.casefold(), words)) < ITS_OWN
        or zxcvbn(text[:WEIGHED], user_inputs=words)["score"] < GOOD_ENOUGH
    ):
        return (
            "This would be guessed too soon: it is made of common words, names, dates or a pattern. Add another word, "
            "or three words more that nobody would put together."
        )
    return ""


def _without(text: str, words: Iterable[str]) -> str:
    """What is left of the text when the words that belong to the person and the school are taken out."""
    for word in sorted({each.casefold() for each in words if len(each) >= WORD}, key=len, reverse=True):
        text = text.replace(word, "")
    return "".join(text.split())


@cache
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])


def hashed(password: str) -> str:
    """The password as it is kept: argon2id with its parameters and a salt."""
    with _turn():
        return _hasher.hash(_folded(password))


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one of the places where a hash is made; TryLater where none gets free: nobody waits for ever."""
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise TryLater("Too many people are signing in at once. Try again in a few seconds.")
    try:
        yield
    finally:
        _turns.release()


@cache
def _nobodys() -> str:
    return hashed("nobody has this password")


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. Without one (no account, or one without a password) it takes as long to say no."""
    try:
        with _turn():
            return _hasher.verify(stored or _nobodys(), _folded(password)) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether it was hashed at a lower cost than today's."""
    return _hasher.check_needs_rehash(stored)


def _folded(password: str) -> str:
    """One form for what different keyboards send for the same letters (NFKC)."""
    return unicodedata.normalize("NFKC", password)
