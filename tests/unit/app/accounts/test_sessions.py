"""Sessions: found by a hash, over in time, renewed under another id."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.accounts import sessions
from app.accounts.tables import Account, WebSession
from app.accounts.terms import Terms
from app.actors import Role
from tests.accounts import made_account
from tests.unit.app.accounts.conftest import AT

HOUR = timedelta(hours=1)


@pytest.fixture
def account(session: Session, school: str) -> Account:
    return made_account(session, school, Role.TEACHER)


def row_of(session: Session, token: str) -> WebSession:
    return session.get_one(WebSession, sessions.hashed(token))


def test_what_the_cookie_holds_is_kept_nowhere(session: Session, account: Account) -> None:
    token = sessions.start(session, account, AT)
    assert len(token) >= 43
    kept = row_of(session, token).model_dump_json()
    assert token not in kept
    assert sessions.csrf_token(token) not in kept


@pytest.mark.parametrize(
    ("later", "seen", "alive"),
    [
        pytest.param(timedelta(), timedelta(), True, id="at-once"),
        pytest.param(30 * HOUR / 60, timedelta(), True, id="idle-for-half-an-hour"),
        pytest.param(31 * HOUR / 60, timedelta(), False, id="idle-for-longer"),
        pytest.param(12 * HOUR, 12 * HOUR, True, id="in-use-for-twelve-hours"),
        pytest.param(12 * HOUR + timedelta(seconds=1), 12 * HOUR, False, id="in-use-for-longer"),
        pytest.param(-2 * HOUR, timedelta(), False, id="the-clock-was-set-back"),
    ],
)
def test_a_session_ends_by_itself(
    session: Session, account: Account, later: timedelta, seen: timedelta, alive: bool
) -> None:
    token = sessions.start(session, account, AT)
    session.flush()
    row_of(session, token).seen_at = AT + seen
    assert (sessions.resolve(session, token, AT + later) is not None) == alive


def test_one_session_too_many_ends_the_one_used_longest_ago_and_nobody_elses(
    session: Session, school: str, account: Account
) -> None:
    other = sessions.start(session, made_account(session, school, Role.TEACHER), AT - HOUR / 4)
    second = timedelta(seconds=1)
    tokens = [sessions.start(session, account, AT + at * second) for at in range(sessions.MOST_AT_ONCE)]
    row_of(session, tokens[0]).seen_at = AT + HOUR / 60
    latest = sessions.start(session, account, AT + HOUR / 60)
    open_ones = [sessions.resolve(session, token, AT + HOUR / 60) is not None for token in [*tokens, latest, other]]
    assert open_ones == [True, False, *[True] * sessions.MOST_AT_ONCE]


def test_a_session_that_waits_for_a_code_opens_nothing_and_not_for_long(session: Session, account: Account) -> None:
    token = sessions.start(session, account, AT, waits_for_code=True)
    session.flush()
    assert sessions.resolve(session, token, AT) is None
    assert sessions.waiting(session, token, AT + timedelta(minutes=10)) is not None
    assert sessions.waiting(session, token, AT + timedelta(minutes=11)) is None


def test_a_session_that_is_open_waits_for_no_code(session: Session, account: Account) -> None:
    token = sessions.start(session, account, AT)
    session.flush()
    assert sessions.waiting(session, token, AT) is None


def test_a_renewed_session_has_another_id_and_the_same_end(session: Session, account: Account) -> None:
    first = sessions.start(session, account, AT, browser="Firefox on Windows")
    session.flush()
    second = sessions.renewed(session, row_of(session, first).id, AT + HOUR / 3)
    session.flush()
    assert sessions.resolve(session, first, AT + HOUR / 3) is None
    actor = sessions.resolve(session, second, AT + HOUR / 3)
    assert actor is not None
    assert actor.confirmed_at == AT + HOUR / 3
    assert row_of(session, second).started_at == AT
    assert row_of(session, second).browser == "Firefox on Windows"


def test_all_but_this_one_end_at_once(session: Session, account: Account) -> None:
    tokens = [sessions.start(session, account, AT) for _ in range(3)]
    session.flush()
    sessions.end_all(session, account.id, AT, but=sessions.hashed(tokens[1]))
    assert [sessions.resolve(session, token, AT) is not None for token in tokens] == [False, True, False]
    assert len(sessions.alive(session, account.id, AT)) == 1


@pytest.mark.parametrize("roles", [[Role.OFFICE], [Role.LEAD], [Role.ADMINISTRATOR], [Role.TEACHER, Role.OFFICE]])
def test_who_needs_a_second_factor_must_set_it_up_first(session: Session, school: str, roles: list[Role]) -> None:
    account = made_account(session, school, *roles)
    account.totp_secret = None
    token = sessions.start(session, account, AT)
    session.flush()
    actor, free = (sessions.resolve(session, token, AT, terms) for terms in (Terms(), Terms(second_factor=frozenset())))
    assert actor is not None
    assert free is not None
    assert (actor.must_set_up, free.must_set_up) == (True, False)


def test_the_token_of_a_form_fits_its_own_session_alone() -> None:
    assert sessions.csrf_matches("a", sessions.csrf_token("a"))
    for given in ("", "a", sessions.csrf_token("b"), "é", sessions.csrf_token("a")[:-1]):
        assert not sessions.csrf_matches("a", given)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/131.0 Safari/537.36", "Chrome on Android"),
        ("<script>alert(1)</script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_words_of_our_own(agent: str, words: str) -> None:
    assert sessions.browser_words(agent) == words


def test_what_is_long_over_is_removed_and_nothing_that_may_go_on(session: Session, account: Account) -> None:
    old = sessions.start(session, account, AT - timedelta(days=3))
    longest = sessions.start(session, account, AT - timedelta(hours=24))
    session.flush()
    sessions.sweep(session, AT)
    session.expire_all()
    assert session.get(WebSession, sessions.hashed(old)) is None
    assert session.get(WebSession, sessions.hashed(longest)) is not None
