"""One-time links: they make an account, or give one whose password is lost a new one. Only their hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.accounts.people import (
    NAME_LENGTH,
    EmailTaken,
    by_email,
    checked_email,
    checked_name,
    has_administrator,
)
from app.accounts.sessions import hashed
from app.accounts.tables import Account, Invitation
from app.actors import Role
from app.errors import BadForm, NotFound
from consent.models import now

LIFE = timedelta(days=7)
FIRST_LIFE = timedelta(hours=24)
SYSTEM = "system"  # who made the first administrator's link: an Actor.ref
GONE = "This link has been used, withdrawn, or is too old. Ask the administrator of Gatepost for a new one."


def invite(
    session: Session,
    school_id: str,
    made_by: str,
    roles: Collection[Role],
    *,
    email: str = "",
    name: str = "",
    life: timedelta = LIFE,
    at: datetime | None = None,
) -> tuple[Invitation, str]:
    """A link for a new account; returns it and its token, which is shown once. EmailTaken, BadForm."""
    if not roles:
        raise BadForm("Choose at least one role.")
    address = checked_email(email) if email else ""
    if address and by_email(session, address) is not None:
        raise EmailTaken(address)
    return _made(session, school_id, made_by, roles, address, " ".join(name.split())[:NAME_LENGTH], life, at)


def invite_again(
    session: Session, account: Account, made_by: str, at: datetime | None = None
) -> tuple[Invitation, str]:
    """A link by which somebody who has an account chooses a new password; an earlier one ends. BadForm if suspended."""
    if account.suspended_at is not None:
        raise BadForm("This account is suspended, so no link would open it. Let the person in again first.")
    for earlier in open_ones(session, account.school_id, at):
        if earlier.account_id == account.id:
            earlier.withdrawn_at = at or now()
    roles = [Role(each) for each in account.roles]
    invitation, token = _made(
        session, account.school_id, made_by, roles, account.email, account.name, timedelta(days=1), at
    )
    invitation.account_id = account.id
    return invitation, token


def first_administrator(session: Session, school_id: str, at: datetime | None = None) -> str | None:
    """The token of a link for the first administrator; None where there is one. An earlier link ends."""
    moment = at or now()
    if has_administrator(session, school_id):
        return None
    for earlier in open_ones(session, school_id, moment):
        if earlier.made_by == SYSTEM:
            earlier.withdrawn_at = moment
    return invite(session, school_id, SYSTEM, [Role.ADMINISTRATOR], life=FIRST_LIFE, at=moment)[1]


def _made(
    session: Session,
    school_id: str,
    made_by: str,
    roles: Collection[Role],
    email: str,
    name: str,
    life: timedelta,
    at: datetime | None,
) -> tuple[Invitation, str]:
    token, moment = secrets.token_urlsafe(32), at or now()
    invitation = Invitation(
        school_id=school_id,
        token_sha256=hashed(token),
        email=email,
        name=name,
        roles=sorted(role.value for role in roles),
        made_by=made_by,
        made_at=moment,
        expires_at=moment + life,
    )
    session.add(invitation)
    session.flush()
    return invitation, token


def find(session: Session, token: str, at: datetime | None = None) -> Invitation:
    """The invitation of this link, while it holds; NotFound else."""
    row = session.exec(select(Invitation).where(Invitation.token_sha256 == hashed(token))).first()
    if row is None or not holds(session, row, at):
        raise NotFound(GONE)
    return row


def holds(session: Session, row: Invitation, at: datetime | None = None) -> bool:
    """Whether the link can still be used; the one for the first administrator cannot when there is one."""
    if row.used_at or row.withdrawn_at or row.expires_at <= (at or now()):
        return False
    return row.made_by != SYSTEM or not has_administrator(session, row.school_id)


def open_ones(session: Session, school_id: str, at: datetime | None = None) -> Sequence[Invitation]:
    """The links that can still be used, the newest first."""
    still = select(Invitation).where(
        Invitation.school_id == school_id,
        col(Invitation.used_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
        col(Invitation.expires_at) > (at or now()),
    )
    return session.exec(still.order_by(col(Invitation.made_at).desc())).all()


def withdraw(invitation: Invitation, at: datetime | None = None) -> None:
    """The link opens nothing from now on."""
    invitation.withdrawn_at = at or now()


def accept(session: Session, invitation: Invitation, email: str, name: str, at: datetime | None = None) -> Account:
    """The account of the invitation, new or known; the link is used up. It still has no way to sign in.

    `email` and `name` are asked for where the invitation does not say them. Raises EmailTaken, BadForm.
    """
    invitation.used_at = at or now()
    if invitation.account_id is not None:
        return session.get_one(Account, invitation.account_id)
    address = invitation.email or checked_email(email)
    called = checked_name(invitation.name or name)
    if by_email(session, address) is not None:
        raise EmailTaken(address)
    account = Account(school_id=invitation.school_id, email=address, name=called, roles=invitation.roles)
    session.add(account)
    session.flush()
    invitation.account_id = account.id
    return account
