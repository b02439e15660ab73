"""What happens to an account while somebody signs in: the later change wins, and no limit is outrun."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.accounts import attempts, invitations, passwords, people, sessions, signing_in
from app.accounts.signing_in import (
    MOST_CODES,
    MOST_OF_ACCOUNT,
    LetIn,
    SignInRefused,
    TooManyTries,
    Visitor,
    with_password,
)
from app.accounts.tables import Account
from app.actors import Actor, Role
from app.db import reading, writing
from app.errors import NotFound
from consent.models import now
from tests.accounts import sign_in
from tests.e2e.conftest import Site
from tests.e2e.test_signing_in import PASSWORD, code, has_account

EMAIL = "a.reed@wren.sch.uk"
VISITOR = Visitor("192.0.2.1")


def suspended(account: Account) -> None:
    account.suspended_at = now()


def given_another_password(account: Account) -> None:
    account.password_hash = "another"


@pytest.mark.parametrize("change", [suspended, given_another_password], ids=lambda change: change.__name__)
def test_an_account_changed_while_its_password_is_weighed_lets_nobody_in(site: Site, monkeypatch, change) -> None:
    account_id = has_account(site, Role.TEACHER).id
    weigh = passwords.matches

    def slowly(stored: str | None, password: str) -> bool:
        with writing(site.service.engine) as session:
            change(session.get_one(Account, account_id))
        return weigh(stored, password)

    monkeypatch.setattr(passwords, "matches", slowly)
    with pytest.raises(SignInRefused):
        with_password(site.service.engine, EMAIL, PASSWORD, VISITOR)
    with reading(site.service.engine) as session:
        account = session.get_one(Account, account_id)
        assert sessions.alive(session, account_id) == []
    assert (account.suspended_at is not None) == (change is suspended), "what was changed stays changed"
    assert (account.password_hash == "another") == (change is given_another_password)


def test_roles_changed_while_a_password_is_weighed_stay_changed(site: Site, monkeypatch) -> None:
    account_id = has_account(site, Role.TEACHER, Role.OFFICE).id
    weigh = passwords.matches

    def slowly(stored: str | None, password: str) -> bool:
        with writing(site.service.engine) as session:
            people.set_roles(session, session.get_one(Account, account_id), [Role.TEACHER])
        return weigh(stored, password)

    monkeypatch.setattr(passwords, "matches", slowly)
    with_password(site.service.engine, EMAIL, PASSWORD, VISITOR)
    with reading(site.service.engine) as session:
        assert session.get_one(Account, account_id).roles == ["teacher"]


@pytest.mark.parametrize("email", [EMAIL, "nobody@wren.sch.uk"], ids=["known", "unknown"])
def test_guesses_sent_at_once_do_not_outrun_the_limit(site: Site, monkeypatch, email: str) -> None:
    """All of them read the counter before any has counted."""
    has_account(site, Role.TEACHER)
    guesses = MOST_OF_ACCOUNT + 6
    together = Barrier(guesses)

    def wrong(_stored: str | None, _password: str) -> bool:
        together.wait(30)
        return False

    monkeypatch.setattr(passwords, "matches", wrong)

    def guess(_: int) -> type[Exception]:
        with pytest.raises((SignInRefused, TooManyTries)) as refused:
            with_password(site.service.engine, email, "not the password", VISITOR)
        return refused.type

    with ThreadPoolExecutor(guesses) as pool:
        answers = list(pool.map(guess, range(guesses)))
    assert answers.count(SignInRefused) == MOST_OF_ACCOUNT
    assert answers.count(TooManyTries) == guesses - MOST_OF_ACCOUNT


def test_a_right_guess_beyond_the_limit_is_refused_even_if_it_set_out_before(site: Site, monkeypatch) -> None:
    has_account(site, Role.TEACHER)
    mine = attempts.bucket("sign-in", EMAIL)
    weigh = passwords.matches

    def slowly(stored: str | None, password: str) -> bool:
        with writing(site.service.engine) as session:
            attempts.count(session, mine, now(), signing_in.WINDOW, by=MOST_OF_ACCOUNT)
        return weigh(stored, password)

    monkeypatch.setattr(passwords, "matches", slowly)
    with pytest.raises(TooManyTries):
        with_password(site.service.engine, EMAIL, PASSWORD, VISITOR)


def test_signing_in_works_when_nothing_changes(site: Site) -> None:
    has_account(site, Role.TEACHER)
    assert isinstance(with_password(site.service.engine, EMAIL, PASSWORD, VISITOR), LetIn)


def test_the_machines_first_link_ends_when_somebody_is_administrator_by_another(site: Site) -> None:
    with writing(site.service.engine) as session:
        for account in people.everybody(session, site.service.school_id):
            account.suspended_at = now()
        first = invitations.first_administrator(session, site.service.school_id)
        _, other = invitations.invite(session, site.service.school_id, "cli", [Role.ADMINISTRATOR])
        invitations.accept(session, invitations.find(session, other), "head@wren.sch.uk", "J. Whitfield")
    assert first is not None
    with reading(site.service.engine) as session, pytest.raises(NotFound):
        invitations.find(session, first)


def test_suspending_ends_the_links_for_a_new_password_too(site: Site) -> None:
    account_id = has_account(site, Role.TEACHER).id
    with writing(site.service.engine) as session:
        account = session.get_one(Account, account_id)
        _, token = invitations.invite_again(session, account, "cli")
        session.flush()
        people.suspend(session, account)
        session.flush()
        with pytest.raises(NotFound):
            invitations.find(session, token)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("192.0.2.1", "192.0.2.2", False, id="v4"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True, id="v6-one-subnet"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:3::1", False, id="v6-two-subnets"),
        pytest.param("::ffff:192.0.2.1", "192.0.2.1", True, id="v4-in-v6"),
        pytest.param("testclient", "testclient", True, id="no-address"),
        pytest.param("fe80::1%eth0", "fe80::2%eth0", True, id="v6-zone"),
    ],
)
def test_addresses_of_one_connection_are_counted_together(one: str, other: str, same: bool) -> None:
    assert (signing_in.network_of(one) == signing_in.network_of(other)) == same


def signed_in_without_password(site: Site) -> Actor:
    """Somebody whose account has an app and no password: the provider's people, who confirm with a code."""
    return sign_in(site.service, Role.ADMINISTRATOR).actor


def test_five_wrong_codes_are_enough_to_confirm_too(site: Site) -> None:
    actor, terms = signed_in_without_password(site), site.service.settings.terms
    for _ in range(MOST_CODES):
        with pytest.raises(SignInRefused):
            signing_in.confirm(site.service.engine, actor, "000000", terms=terms)
    with pytest.raises(TooManyTries):
        signing_in.confirm(site.service.engine, actor, code(), terms=terms)


def test_a_password_that_was_changed_meanwhile_confirms_nothing(site: Site, monkeypatch) -> None:
    account_id = has_account(site, Role.TEACHER).id
    with writing(site.service.engine) as session:
        token = sessions.start(session, session.get_one(Account, account_id))
        session.flush()
        actor = sessions.resolve(session, token)
    assert actor is not None
    weigh = passwords.matches

    def slowly(stored: str | None, password: str) -> bool:
        with writing(site.service.engine) as session:
            session.get_one(Account, account_id).password_hash = "another"
        return weigh(stored, password)

    monkeypatch.setattr(passwords, "matches", slowly)
    with pytest.raises(SignInRefused):
        signing_in.confirm(site.service.engine, actor, PASSWORD, terms=site.service.settings.terms)
