"""The people of one school who use Gatepost: found, listed, given roles, suspended."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts import second_factor, sessions
from app.accounts.tables import Account, Invitation
from app.actors import Role
from app.errors import BadForm, NotFound
from consent.models import now

NAME_LENGTH, EMAIL_LENGTH = 100, 200


class EmailTaken(BadForm):
    """Somebody has an account with this e-mail address."""

    def __init__(self, email: str) -> None:
        super().__init__(f"There is an account with {email} already. Use another address, or that account.")


class LastAdministrator(BadForm):
    """Nobody could give rights any more."""

    def __init__(self) -> None:
        super().__init__(
            "This is the only administrator, so the role stays and the account too. Make somebody else administrator "
            "first."
        )


def folded_email(text: str) -> str:
    """An address as it is kept and compared."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def by_email(session: Session, email: str) -> Account | None:
    return session.exec(select(Account).where(Account.email == folded_email(email))).first()


def checked_email(text: str) -> str:
    """The address as it is kept; BadForm where it cannot be one."""
    address = folded_email(text)
    local, at, domain = address.rpartition("@")
    shaped = local and at and "." in domain.strip(".") and domain == domain.strip(".")
    if not shaped or len(address) > EMAIL_LENGTH or any(each.isspace() or not each.isprintable() for each in address):
        raise BadForm("This is no e-mail address. Write it as in r.patel@school.example.")
    return address


def checked_name(text: str) -> str:
    """A person's name as it is kept; BadForm where there is none, or too much of it."""
    name = " ".join(text.split())
    if not name or len(name) > NAME_LENGTH:
        raise BadForm(f"Give the name as the school writes it, in at most {NAME_LENGTH} characters.")
    return name


def everybody(session: Session, school_id: str) -> Sequence[Account]:
    """All accounts of the school by name, suspended ones too."""
    mine = select(Account).where(Account.school_id == school_id)
    return session.exec(mine.order_by(col(Account.name), col(Account.email))).all()


def account_of(session: Session, school_id: str, account_id: str) -> Account:
    """The account; NotFound also where it is another school's."""
    account = session.get(Account, account_id)
    if account is None or account.school_id != school_id:
        raise NotFound("There is no such account.")
    return account


def set_details(session: Session, account: Account, name: str, email: str, at: datetime | None = None) -> None:
    """Give the account another name or e-mail address; with another address its sessions end. EmailTaken, BadForm."""
    called, address = checked_name(name), checked_email(email)
    if address != account.email:
        if by_email(session, address) is not None:
            raise EmailTaken(address)
        account.email = address
        sessions.end_all(session, account.id, at)
    account.name = called


def set_roles(session: Session, account: Account, roles: Collection[Role], at: datetime | None = None) -> None:
    """Give the account these roles instead of its own; its sessions end. LastAdministrator, BadForm."""
    if not roles:
        raise BadForm("Choose at least one role, or suspend the account.")
    if Role.ADMINISTRATOR not in roles:
        _not_the_last(session, account)
    account.roles = sorted(role.value for role in roles)
    sessions.end_all(session, account.id, at)


def suspend(session: Session, account: Account, at: datetime | None = None) -> None:
    """Nobody signs in with this account any more; its sessions and links end; its drafts stay. LastAdministrator."""
    _not_the_last(session, account)
    account.suspended_at = at or now()
    sessions.end_all(session, account.id, at)
    links = update(Invitation).where(col(Invitation.account_id) == account.id, col(Invitation.used_at).is_(None))
    unused = links.where(col(Invitation.withdrawn_at).is_(None)).values(withdrawn_at=account.suspended_at)
    session.connection().execute(unused)
    session.expire_all()


def resume(account: Account) -> None:
    account.suspended_at = None


def reset_second_factor(session: Session, account: Account, at: datetime | None = None) -> None:
    """Forget the second factor, so that a new one is set up at the next sign-in; sessions end."""
    second_factor.remove(session, account)
    sessions.end_all(session, account.id, at)


def has_administrator(session: Session, school_id: str, *, beside: str = "") -> bool:
    """Whether somebody gives rights, `beside` (an account's id) not counted."""
    return any(
        each.id != beside and each.suspended_at is None and Role.ADMINISTRATOR in each.roles
        for each in everybody(session, school_id)
    )


def _not_the_last(session: Session, account: Account) -> None:
    counts = Role.ADMINISTRATOR in account.roles and account.suspended_at is None
    if counts and not has_administrator(session, account.school_id, beside=account.id):
        raise LastAdministrator
