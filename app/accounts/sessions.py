"""Sessions of signed-in browsers: rows, found by the hash of what the cookie holds."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.accounts.tables import Account, WebSession
from app.accounts.terms import Terms
from app.actors import Actor, ActorKind, roles_from
from consent.models import now

SECURE_COOKIE = "__Host-gatepost"
PLAIN_COOKIE = "gatepost-session"  # over plain http, which reaches this machine alone
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last use is kept: not every request writes
WAIT_FOR_CODE = timedelta(minutes=10)
KEPT = timedelta(days=2)  # a row after its start: longer than any session may last by the settings
MOST_AT_ONCE = 20  # sessions of one account; one more ends the one that was used longest ago
TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who has given their password and still has to give the second factor."""

    session_id: str
    account: Account


def cookie_name(scheme: str) -> str:
    return SECURE_COOKIE if scheme == "https" else PLAIN_COOKIE


def start(
    session: Session,
    account: Account,
    at: datetime | None = None,
    *,
    waits_for_code: bool = False,
    browser: str = "",
    started_at: datetime | None = None,
    had_factor: bool = False,
) -> str:
    """A new session of the account; returns what the cookie is to hold, which is kept nowhere.

    `started_at` is set where a session goes on under a new id: its end in any case does not move.
    """
    token, moment = secrets.token_urlsafe(32), at or now()
    _make_room(session, account, moment)
    session.add(
        WebSession(
            id=hashed(token),
            account_id=account.id,
            started_at=started_at or moment,
            seen_at=moment,
            confirmed_at=moment,
            waits_for_code=waits_for_code,
            browser=browser,
            had_factor=had_factor,
        )
    )
    return token


def _make_room(session: Session, account: Account, at: datetime) -> None:
    mine = select(WebSession).where(WebSession.account_id == account.id, col(WebSession.ended_at).is_(None))
    for row in session.exec(mine.order_by(col(WebSession.seen_at).desc()).offset(MOST_AT_ONCE - 1)).all():
        row.ended_at = at


def resolve(session: Session, token: str, at: datetime | None = None, terms: Terms = TERMS) -> Actor | None:
    """Who is signed in with this cookie; None where the session is unknown, over, or waits for its second factor."""
    moment, row = at or now(), session.get(WebSession, hashed(token))
    if row is None or row.waits_for_code or not is_alive(row, moment, terms):
        return None
    account = session.get_one(Account, row.account_id)
    if account.suspended_at is not None:
        return None
    return Actor(
        ActorKind.ACCOUNT,
        account.school_id,
        account.id,
        account.name,
        roles=roles_from(account.roles),
        session_id=row.id,
        confirmed_at=row.confirmed_at,
        must_set_up=needs_second_factor(account, terms) and account.totp_secret is None and not row.had_factor,
    )


def waiting(session: Session, token: str, at: datetime | None = None) -> Waiting | None:
    """Who has given their password with this cookie and is to give the second factor; None otherwise."""
    moment, row = at or now(), session.get(WebSession, hashed(token))
    if row is None or not row.waits_for_code or row.ended_at is not None:
        return None
    if not timedelta() <= moment - row.started_at <= WAIT_FOR_CODE:
        return None
    account = session.get_one(Account, row.account_id)
    return None if account.suspended_at is not None else Waiting(row.id, account)


def is_alive(row: WebSession, at: datetime, terms: Terms = TERMS) -> bool:
    """Whether the session goes on. A clock that was set back ends it: doubt signs out."""
    if row.ended_at is not None or at < row.started_at - SEEN_EVERY:
        return False
    return at - row.seen_at <= terms.idle and at - row.started_at <= terms.absolute


def needs_second_factor(account: Account, terms: Terms) -> bool:
    return not roles_from(account.roles).isdisjoint(terms.second_factor)


def renewed(session: Session, session_id: str, at: datetime | None = None) -> str:
    """The same session under a new id, its password just given again; returns what the cookie is to hold."""
    row, moment = session.get_one(WebSession, session_id), at or now()
    account = session.get_one(Account, row.account_id)
    row.ended_at = moment
    return start(session, account, moment, browser=row.browser, started_at=row.started_at, had_factor=row.had_factor)


def stale(session: Session, session_id: str, at: datetime | None = None) -> bool:
    """Whether the last use of the session is to be written anew."""
    row = session.get(WebSession, session_id)
    return row is not None and (at or now()) - row.seen_at > SEEN_EVERY


def touch(session: Session, session_id: str, at: datetime | None = None) -> None:
    """Keep the moment of the last use."""
    row = session.get(WebSession, session_id)
    if row is not None:
        row.seen_at = at or now()


def end(session: Session, session_id: str, at: datetime | None = None) -> None:
    row = session.get(WebSession, session_id)
    if row is not None and row.ended_at is None:
        row.ended_at = at or now()


def end_all(session: Session, account_id: str, at: datetime | None = None, *, but: str | None = None) -> None:
    """End every session of the account, save `but`."""
    mine = update(WebSession).where(col(WebSession.account_id) == account_id, col(WebSession.ended_at).is_(None))
    if but is not None:
        mine = mine.where(col(WebSession.id) != but)
    session.flush()
    session.connection().execute(mine.values(ended_at=at or now()))
    session.expire_all()


def sweep(session: Session, at: datetime) -> None:
    """Remove what is long over: nobody needs to know for ever when and where somebody was signed in."""
    session.connection().execute(delete(WebSession).where(col(WebSession.started_at) < at - KEPT))


def alive(session: Session, account_id: str, at: datetime | None = None, terms: Terms = TERMS) -> Sequence[WebSession]:
    """The account's sessions that go on, the last used first."""
    moment = at or now()
    mine = select(WebSession).where(WebSession.account_id == account_id, col(WebSession.ended_at).is_(None))
    rows = session.exec(mine.order_by(col(WebSession.seen_at).desc())).all()
    return [row for row in rows if not row.waits_for_code and is_alive(row, moment, terms)]


def csrf_token(token: str) -> str:
    """What a form of this session must hold: it follows from the cookie, and the cookie does not follow from it."""
    return hashlib.sha256(b"gatepost csrf\0" + token.encode()).hexdigest()


def csrf_matches(token: str, given: str) -> bool:
    return hmac.compare_digest(csrf_token(token).encode(), given.encode())


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# In this order: each of these also names the ones that stand behind it.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "a Chromebook"),
    ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str) -> str:
    """What a person knows their browser by, such as "Firefox on Windows": words of our own, none that it sent."""
    name = next((words for part, words in BROWSERS if part in user_agent), "")
    system = next((words for part, words in SYSTEMS if part in user_agent), "")
    return f"{name} on {system}" if name and system else name or system or "A browser"
