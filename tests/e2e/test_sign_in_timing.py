"""How long a refusal takes does not tell whether somebody has an account."""

from __future__ import annotations

import time
from statistics import median

import pytest

from app.accounts import passwords
from app.accounts.signing_in import SignInRefused, Visitor, with_password
from app.actors import Role
from tests.e2e.conftest import Site
from tests.e2e.test_signing_in import has_account

ROUNDS = 7
KNOWN, UNKNOWN = "a.reed@wren.sch.uk", "nobody@wren.sch.uk"


def seconds(site: Site, email: str, at: int) -> float:
    started = time.thread_time()
    with pytest.raises(SignInRefused):
        with_password(site.service.engine, email, "not the password", Visitor(f"192.0.2.{at}"))
    return time.thread_time() - started


def medians(site: Site) -> tuple[float, float]:
    """Of a known and of an unknown address, taken in turns; the hash of nobody's password is made beforehand."""
    passwords.matches(None, "")
    taken = [(seconds(site, KNOWN, at), seconds(site, UNKNOWN, at)) for at in range(ROUNDS)]
    return median(known for known, _ in taken), median(unknown for _, unknown in taken)


def test_an_unknown_address_takes_as_long_as_a_wrong_password(site: Site) -> None:
    has_account(site, Role.TEACHER)
    known, unknown = medians(site)
    assert 0.5 < unknown / known < 2


def test_a_shortcut_for_unknown_addresses_would_be_noticed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    has_account(site, Role.TEACHER)
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda stored, given: bool(stored) and real(stored, given))
    known, unknown = medians(site)
    assert unknown / known < 0.5
