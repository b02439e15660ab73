"""Accounts for tests: made without a password, and signed in without the page that asks for one."""

from __future__ import annotations

from dataclasses import dataclass

import pyotp
from sqlmodel import Session

from app.accounts import sessions
from app.accounts.tables import Account
from app.actors import Actor, Role
from app.db import writing
from app.deps import Service
from consent.models import new_id

SECRET = pyotp.random_base32()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody signed in: what the cookie holds, and who that is."""

    account: Account
    token: str
    actor: Actor

    @property
    def csrf(self) -> str:
        return sessions.csrf_token(self.token)


def made_account(session: Session, school_id: str, *roles: Role, name: str = "R. Patel") -> Account:
    """An account that can sign in by its session alone: it has a second factor, and no password."""
    email = f"{new_id()[:8]}@wren.sch.uk"
    account = Account(school_id=school_id, email=email, name=name, roles=sorted(roles), totp_secret=SECRET)
    session.add(account)
    session.flush()
    return account


def sign_in(service: Service, *roles: Role, name: str = "R. Patel", school_id: str | None = None) -> SignedIn:
    """A new account with these roles, and a session of it."""
    with writing(service.engine) as session:
        account = made_account(session, school_id or service.school_id, *roles, name=name)
        token = sessions.start(session, account)
        session.flush()
        actor = sessions.resolve(session, token)
    assert actor is not None
    return SignedIn(account, token, actor)
