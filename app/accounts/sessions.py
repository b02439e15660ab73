"""Sessions of signed-in browsers: rows, found by the hash of what the cookie holds."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.tables import Account, WebSession
from app.actors import Actor, ActorKind, roles_from
from consent.models import now

SECURE_COOKIE = "__Host-gatepost"
PLAIN_COOKIE = "gatepost-session"  # over plain http, which reaches this machine alone
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last use is kept: not every request writes


def cookie_name(scheme: str) -> str:
    return SECURE_COOKIE if scheme == "https" else PLAIN_COOKIE


def start(session: Session, account: Account, at: datetime | None = None, *, waits_for_code: bool = False) -> str:
    """A new session of the account; returns what the cookie is to hold, which is kept nowhere."""
    token, moment = secrets.token_urlsafe(32), at or now()
    session.add(
        WebSession(
            id=_hashed(token),
            account_id=account.id,
            started_at=moment,
            seen_at=moment,
            confirmed_at=moment,
            waits_for_code=waits_for_code,
        )
    )
    return token


def resolve(session: Session, token: str, at: datetime | None = None) -> Actor | None:
    """Who is signed in with this cookie; None where the session is unknown, over, or waits for its second factor."""
    moment, row = at or now(), session.get(WebSession, _hashed(token))
    if row is None or row.ended_at is not None or row.waits_for_code:
        return None
    if moment - row.seen_at > IDLE or moment - row.started_at > ABSOLUTE:
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
    )


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


def csrf_token(token: str) -> str:
    """What a form of this session must hold: it follows from the cookie, and the cookie does not follow from it."""
    return hashlib.sha256(b"gatepost csrf\0" + token.encode()).hexdigest()


def csrf_matches(token: str, given: str) -> bool:
    return hmac.compare_digest(csrf_token(token).encode(), given.encode())


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
