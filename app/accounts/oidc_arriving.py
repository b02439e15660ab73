"""What somebody may do whom a provider vouches for: sign in, accept an invitation, link an account, confirm.

An account belongs to an issuer and a subject, never to an e-mail address: those are given to somebody else one day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from app import audit
from app.accounts import invitations, sessions, signing_in
from app.accounts.oidc import Pending, Purpose
from app.accounts.oidc_providers import Provider
from app.accounts.oidc_token import Identity
from app.accounts.people import folded_email
from app.accounts.signing_in import LetIn, Visitor
from app.accounts.tables import Account, Invitation, WebSession
from app.accounts.terms import Terms
from app.actors import Actor
from app.db import writing
from app.errors import BadForm, NotFound, ServiceError
from app.models import AuditTag
from consent.models import now


class NoAccount(ServiceError):
    status_code = 403
    type = "no-account"
    title = "You are not signed in"


class NotYours(ServiceError):
    """The person who came back is not the one for whom this was begun."""

    status_code = 403
    type = "another-person"
    title = "This was not done"


class LinkedAlready(ServiceError):
    status_code = 409
    type = "linked-already"
    title = "This was not done"


@dataclass(frozen=True, slots=True)
class Arriving:
    """Somebody who came back from a provider. `actor` is who was signed in in this browser before, if anybody."""

    identity: Identity
    provider: Provider
    pending: Pending
    visitor: Visitor
    actor: Actor | None = None


def arrive(
    engine: Engine, who: Arriving, school_id: str, terms: Terms, *, trusts_mfa: bool, at: datetime | None = None
) -> LetIn:
    """What the cookie is to hold from now on; `school_id` is whose audit trail names a stranger's try.

    Raises NoAccount, NotYours, LinkedAlready, and what `invitations` raises.
    """
    moment = at or now()
    had_factor = trusts_mfa and who.identity.had_second_factor
    with writing(engine) as session:
        if who.pending.purpose is Purpose.SIGN_IN:
            account = _account_to_sign_in(session, who, school_id)
            return _in(session, account, who, moment, had_factor)
        if who.pending.purpose is Purpose.INVITATION:
            return _in(session, _accepted(session, who, moment), who, moment, had_factor)
        account, row = _own(session, who, moment, terms)
        if who.pending.purpose is Purpose.LINK:
            _link(session, account, who)
        else:
            _confirm(session, account, who)
        return LetIn(sessions.renewed(session, row.id, moment), waits_for_code=False)


def account_of(session: Session, identity: Identity) -> Account | None:
    """The account that this identity signs in to."""
    mine = select(Account).where(Account.issuer == identity.issuer, Account.subject == identity.subject)
    return session.exec(mine).first()


def unlink(session: Session, account: Account, actor: Actor) -> None:
    """Sign in with the password alone from now on; everywhere else the account is signed out. BadForm without one."""
    if account.password_hash is None:
        raise BadForm("This account has no password, so nobody could sign in to it any more. It stays as it is.")
    account.issuer = account.subject = None
    audit.record(session, account.school_id, AuditTag.PROVIDER_UNLINKED, account.id, actor=actor.ref)
    sessions.end_all(session, account.id, but=actor.session_id)


def _account_to_sign_in(session: Session, who: Arriving, school_id: str) -> Account:
    account = account_of(session, who.identity)
    if account is not None and account.suspended_at is None:
        return account
    step = "no-account" if account is None else "suspended"
    subject, school = (who.provider.key, school_id) if account is None else (account.id, account.school_id)
    audit.record(session, school, AuditTag.SIGN_IN_REFUSED, subject, step=step, provider=who.provider.key)
    session.commit()
    raise NoAccount(
        f"No account of Gatepost that is in use belongs to your {who.provider.name} account. Gatepost makes none by "
        "itself: ask the administrator of Gatepost at your school for a link, or sign in with your password."
    )


def _in(session: Session, account: Account, who: Arriving, at: datetime, had_factor: bool) -> LetIn:
    if who.actor is not None and who.actor.session_id:
        sessions.end(session, who.actor.session_id, at)
    return signing_in.let_in(session, account, who.visitor, at, had_factor=had_factor, step="provider")


# -- the first time ------------------------------------------------------------------------------------------------


def _accepted(session: Session, who: Arriving, at: datetime) -> Account:
    """The account of the invitation, which this identity signs in to from now on."""
    row = session.get(Invitation, who.pending.invitation_id) if who.pending.invitation_id else None
    if row is None or not invitations.holds(session, row, at):
        raise NotFound(invitations.GONE)
    if row.account_id is not None:
        raise BadForm(
            f"This link gives a new password. Choose one, then add {who.provider.name} on the page of your account."
        )
    email = _address_for(row, who)
    _not_linked_elsewhere(session, who, None)
    account = invitations.accept(session, row, email, who.identity.name, at)
    account.issuer, account.subject = who.identity.issuer, who.identity.subject
    session.add(account)
    for tag in (AuditTag.INVITATION_ACCEPTED, AuditTag.PROVIDER_LINKED):
        audit.record(session, account.school_id, tag, account.id, actor=signing_in.ref(account))
    return account


def _address_for(row: Invitation, who: Arriving) -> str:
    """The new account's e-mail address: the invitation's, which the provider must vouch for where it can."""
    verified, name = who.identity.email, who.provider.name
    if who.provider.trusts_email:
        if not verified:
            raise NotYours(f"{name} has not verified your e-mail address, so this link cannot be used with it.")
        if row.email and folded_email(row.email) != verified:
            raise NotYours(
                f"This link is for {row.email}, and you signed in to {name} with another address. Sign in there with "
                "that address, or choose a password on the page of the link."
            )
        return verified
    if not row.email:
        raise BadForm(
            f"This link names no e-mail address, and {name}'s word on that is not enough. Choose a password on the "
            f"page of the link, then add {name} on the page of your account."
        )
    return row.email


# -- for somebody signed in ----------------------------------------------------------------------------------------


def _own(session: Session, who: Arriving, at: datetime, terms: Terms) -> tuple[Account, WebSession]:
    """Account and session of the person who began this, signed in still in this very browser."""
    actor = who.actor
    row = session.get(WebSession, actor.session_id) if actor is not None and actor.session_id else None
    if actor is None or row is None or actor.id != who.pending.account_id or not sessions.is_alive(row, at, terms):
        raise NotYours("You were signed out meanwhile, or somebody else signed in here. Sign in, and do it again.")
    return session.get_one(Account, actor.id), row


def _link(session: Session, account: Account, who: Arriving) -> None:
    _not_linked_elsewhere(session, who, account.id)
    account.issuer, account.subject = who.identity.issuer, who.identity.subject
    session.add(account)
    audit.record(session, account.school_id, AuditTag.PROVIDER_LINKED, account.id, actor=signing_in.ref(account))


def _confirm(session: Session, account: Account, who: Arriving) -> None:
    by = signing_in.ref(account)
    if (account.issuer, account.subject) != (who.identity.issuer, who.identity.subject):
        audit.record(session, account.school_id, AuditTag.SIGN_IN_REFUSED, account.id, actor=by, step="confirm")
        session.commit()
        raise NotYours(f"This is another {who.provider.name} account than the one you sign in with. Try again with it.")
    audit.record(session, account.school_id, AuditTag.CONFIRMED, account.id, actor=by, provider=who.provider.key)


def _not_linked_elsewhere(session: Session, who: Arriving, account_id: str | None) -> None:
    linked = account_of(session, who.identity)
    if linked is not None and linked.id != account_id:
        raise LinkedAlready(
            f"Your {who.provider.name} account belongs to another account of Gatepost. Sign in with it, or ask the "
            "administrator."
        )
