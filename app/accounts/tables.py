"""Tables of the people who use Gatepost: accounts, invitations, sessions, and counters of what was tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from consent.models import UtcDateTime, new_id, now
from consent.vault.columns import SealedText
from consent.vault.envelope import OwnerKind
from consent.vault.rows import sealed


def _moment() -> Column[datetime]:
    return Column(UtcDateTime, nullable=False)


@sealed(OwnerKind.SCHOOL, "school_id")
class Account(SQLModel, table=True):
    """Somebody who signs in. Without `password_hash` they sign in with a provider, as `issuer` and `subject`."""

    __table_args__ = (UniqueConstraint("email"), UniqueConstraint("issuer", "subject"))

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    email: str  # case-folded: what is typed to sign in
    name: str
    roles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    password_hash: str | None = None
    issuer: str | None = None
    subject: str | None = None
    totp_secret: str | None = Field(default=None, sa_column=Column(SealedText))
    totp_step: int | None = None  # the last time step whose code was taken: none is taken twice
    made_at: datetime = Field(default_factory=now, sa_column=_moment())
    suspended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class RecoveryCode(SQLModel, table=True):
    """One of an account's codes for when its second factor is lost; each is taken once."""

    __tablename__ = "recovery_code"

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    code_sha256: str
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class Invitation(SQLModel, table=True):
    """A link that makes an account, or, with `account_id`, that gives an existing one a new password."""

    id: str = Field(default_factory=new_id, primary_key=True)
    school_id: str = Field(foreign_key="school.id", index=True)
    account_id: str | None = Field(default=None, foreign_key="account.id")
    token_sha256: str = Field(unique=True)
    email: str = ""  # empty: whoever holds the link says it (the first administrator)
    name: str = ""
    roles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    made_by: str  # an Actor.ref
    made_at: datetime = Field(default_factory=now, sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class WebSession(SQLModel, table=True):
    """One signed-in browser. `id` is the SHA-256 of what the cookie holds."""

    __tablename__ = "web_session"

    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    started_at: datetime = Field(default_factory=now, sa_column=_moment())
    seen_at: datetime = Field(default_factory=now, sa_column=_moment())
    confirmed_at: datetime = Field(default_factory=now, sa_column=_moment())  # when the password was last given
    waits_for_code: bool = False  # the second factor is still to be given: nothing else is allowed
    had_factor: bool = False  # a provider took a second factor, and is relied on for that
    browser: str = ""  # for the person's own list: "Firefox on Windows"
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class PendingSignIn(SQLModel, table=True):
    """A sign-in that was sent to a provider and has not come back. `id` is the SHA-256 of its state."""

    __tablename__ = "pending_sign_in"

    id: str = Field(primary_key=True)
    cookie_sha256: str  # the browser that began it
    provider: str
    nonce: str
    verifier: str  # of PKCE
    purpose: str  # sign-in, invitation, link, confirm
    account_id: str | None = Field(default=None, foreign_key="account.id")
    invitation_id: str | None = Field(default=None, foreign_key="invitation.id")
    next_path: str = "/"
    expires_at: datetime = Field(sa_column=_moment())


class Attempt(SQLModel, table=True):
    """How often something was tried within one window of time: sign-ins, codes, drafts of a key."""

    bucket: str = Field(primary_key=True)  # what is counted and of whom, as a SHA-256 where it is personal
    window: int = Field(primary_key=True)  # seconds since 1970 at which the window began
    count: int = 0
