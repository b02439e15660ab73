"""Signing in: the password, then the second factor; counted and slowed down for whoever guesses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import Engine
from sqlmodel import Session

from app import audit
from app.accounts import attempts, passwords, second_factor, sessions
from app.accounts.people import by_email, folded_email
from app.accounts.tables import Account, WebSession
from app.accounts.terms import Terms
from app.actors import Actor, ActorKind
from app.db import reading, writing
from app.errors import ServiceError
from app.models import AuditTag
from consent.models import now

WINDOW = 15 * 60  # seconds within which failures are counted
MOST_OF_ACCOUNT = 10  # failures with one e-mail address; ASVS 6.3.1 wants a guess slowed down, not the person shut out
MOST_OF_ADDRESS = 100  # failures from one network address: a school's staff may come from one
MOST_CODES = 5
IPV6_NETWORK = 64  # bits that one connection is given: it may change the rest with every request
REFUSED = "The e-mail address or the password is not right."
CODE_REFUSED = "This code is not right, or was used before. Wait for the next one, and type that."


class SignInRefused(ServiceError):
    status_code = 401
    type = "sign-in-refused"
    title = "You are not signed in"


class TooManyTries(ServiceError):
    status_code = 429
    type = "too-many-tries"
    title = "Too many tries"

    def __init__(self, seconds: int) -> None:
        minutes = max(1, round(seconds / 60))
        super().__init__(
            f"There were too many tries. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again. If you "
            "have forgotten your password, the administrator can give you a new link."
        )
        self.headers = {"Retry-After": str(seconds)}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks to be let in: the network address, for counting, and the browser in words, for the person's own list."""

    address: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class LetIn:
    """What the cookie is to hold; with `waits_for_code` the second factor is still to be given."""

    token: str
    waits_for_code: bool


def with_password(engine: Engine, email: str, password: str, visitor: Visitor, at: datetime | None = None) -> LetIn:
    """Sign in with e-mail and password. SignInRefused says the same whatever was wrong; TooManyTries."""
    moment = at or now()
    mine = attempts.bucket("sign-in", folded_email(email))
    theirs = attempts.bucket("sign-in-from", network_of(visitor.address))
    limits = (mine, MOST_OF_ACCOUNT), (theirs, MOST_OF_ADDRESS)
    with reading(engine) as session:
        for name, most in limits:
            not_too_many(session, name, moment, most)
        account = by_email(session, email)
    stored = account.password_hash if account else None
    right = passwords.matches(stored, password)
    with writing(engine) as session:
        # Weighing takes long, and nothing is locked meanwhile: others may have guessed, and the account have changed.
        for name, most in limits:
            not_too_many(session, name, moment, most)
        account = by_email(session, email)
        if account is None or not right or account.password_hash != stored or account.suspended_at is not None:
            attempts.count(session, mine, moment, WINDOW)
            attempts.count(session, theirs, moment, WINDOW)
            if account is not None:
                _refused(session, account, mine, moment)
            session.commit()
            raise SignInRefused(REFUSED)
        if passwords.is_outdated(account.password_hash or ""):
            account.password_hash = passwords.hashed(password)
        return let_in(session, account, visitor, moment)


def let_in(
    session: Session,
    account: Account,
    visitor: Visitor,
    at: datetime | None = None,
    *,
    had_factor: bool = False,
    step: str = "password",
) -> LetIn:
    """A session for somebody who proved who they are; it waits for the second factor where the account has one.

    `had_factor`: a provider that is relied on for it has taken one. `step`: how they proved it, for the audit trail.
    """
    waits = account.totp_secret is not None and not had_factor
    token = sessions.start(session, account, at, waits_for_code=waits, browser=visitor.browser, had_factor=had_factor)
    attempts.sweep(session, at or now())
    sessions.sweep(session, at or now())
    if not waits:
        attempts.forget(session, attempts.bucket("sign-in", account.email))
        audit.record(session, account.school_id, AuditTag.SIGNED_IN, account.id, actor=ref(account), step=step)
    return LetIn(token, waits)


def with_code(engine: Engine, token: str, code: str, visitor: Visitor, at: datetime | None = None) -> str:
    """Give the second factor; returns what the cookie is to hold from now on. SignInRefused, TooManyTries."""
    moment = at or now()
    with writing(engine) as session:
        waiting = sessions.waiting(session, token, moment)
        if waiting is None:
            raise SignInRefused("This took too long. Begin again with your password.")
        account, mine = waiting.account, attempts.bucket("code", waiting.account.id)
        not_too_many(session, mine, moment, MOST_CODES)
        if not second_factor.takes(session, account, code, moment):
            attempts.count(session, mine, moment, WINDOW)
            _refused(session, account, mine, moment, MOST_CODES, "code")
            session.commit()
            raise SignInRefused(CODE_REFUSED)
        sessions.end(session, waiting.session_id, moment)
        attempts.forget(session, attempts.bucket("sign-in", account.email))
        attempts.forget(session, mine)
        audit.record(session, account.school_id, AuditTag.SIGNED_IN, account.id, actor=ref(account), step="code")
        return sessions.start(session, account, moment, browser=visitor.browser)


def confirm(engine: Engine, actor: Actor, given: str, at: datetime | None = None, *, terms: Terms) -> str:
    """Take the password once more, or a code where the account has no password; the session gets a new id.

    Raises SignInRefused and TooManyTries.
    """
    moment = at or now()
    with reading(engine) as session:
        account = session.get_one(Account, actor.id)
        by_code = account.password_hash is None
        mine = attempts.bucket("code" if by_code else "confirm", account.id)  # guesses at /sign-in shut nobody out here
        most = MOST_CODES if by_code else MOST_OF_ACCOUNT
        not_too_many(session, mine, moment, most)
    stored = account.password_hash
    right = stored is not None and passwords.matches(stored, given)
    with writing(engine) as session:
        not_too_many(session, mine, moment, most)
        row = session.get_one(WebSession, actor.session_id)
        account = session.get_one(Account, actor.id)
        if by_code:
            right = second_factor.takes(session, account, given, moment)
        if not right or account.password_hash != stored or not sessions.is_alive(row, moment, terms):
            attempts.count(session, mine, moment, WINDOW)
            _refused(session, account, mine, moment, most, "code" if by_code else "password")
            session.commit()
            raise SignInRefused(CODE_REFUSED if by_code else "The password is not right.")
        attempts.forget(session, mine)
        audit.record(session, account.school_id, AuditTag.CONFIRMED, account.id, actor=actor.ref)
        return sessions.renewed(session, row.id, moment)


def ref(account: Account) -> str:
    return Actor(ActorKind.ACCOUNT, account.school_id, account.id).ref


def network_of(address: str) -> str:
    """What is counted together as one network address: for IPv6 the network that one connection has to itself."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Network((parsed, IPV6_NETWORK), strict=False))


def not_too_many(session: Session, name: str, at: datetime, most: int) -> None:
    seconds = attempts.seconds_until_fewer(session, name, at, WINDOW, most)
    if seconds:
        raise TooManyTries(min(seconds, WINDOW))


def _refused(
    session: Session,
    account: Account,
    mine: str,
    at: datetime,
    most: int = MOST_OF_ACCOUNT,
    step: str = "password",
) -> None:
    audit.record(session, account.school_id, AuditTag.SIGN_IN_REFUSED, account.id, step=step)
    if attempts.counted(session, mine, at, WINDOW) >= most:
        audit.record(session, account.school_id, AuditTag.ACCOUNT_LOCKED, account.id)
