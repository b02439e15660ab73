"""The people who use Gatepost, for the administrator: invite, give roles, suspend, help somebody back in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app import audit
from app.accounts import invitations, people, sessions
from app.accounts.tables import Account, Invitation
from app.actors import Actor, Role
from app.db import reading, writing
from app.deps import ActorDep, Service, ServiceDep
from app.errors import BadForm, NotFound
from app.gate import GuardedRoute
from app.models import AuditTag
from app.pages.rendering import page
from app.pages.signing_in import SIGN_IN_TEXT
from app.pages.words import ROLE_WORDS, moment_words
from consent.facts import today

router = APIRouter(route_class=GuardedRoute)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form about one account says; `do` names the change, and most changes need no more."""

    do: str
    name: str
    email: str
    roles: list[str]


@router.get("/people")
def people_page(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    return _people(request, service, actor)


def _people(
    request: Request,
    service: Service,
    actor: Actor,
    problem: str = "",
    link: str = "",
    link_for: str = "",
    typed: Mapping[str, object] | None = None,
) -> Response:
    with reading(service.engine) as session:
        accounts = [_account_view(session, service, each, actor) for each in people.everybody(session, actor.school_id)]
        invited = [
            {
                "id": each.id,
                "who": each.name or each.email or "Whoever has the link",
                "email": each.email,
                "roles": [ROLE_WORDS[role] for role in each.roles],
                "until": moment_words(each.expires_at, today()),
                "known": each.account_id is not None,
            }
            for each in invitations.open_ones(session, actor.school_id)
        ]
    return page(
        request,
        "people.html",
        status=422 if problem else 200,
        accounts=accounts,
        invited=invited,
        roles=[(role.value, ROLE_WORDS[role]) for role in Role],
        problem=problem,
        link=link,
        link_for=link_for,
        typed=typed or {"name": "", "email": "", "roles": []},
    )


def _account_view(session: Session, service: Service, account: Account, actor: Actor) -> dict[str, object]:
    alive = sessions.alive(session, account.id, terms=service.settings.terms)
    return {
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "me": account.id == actor.id,
        "roles": account.roles,
        "role_words": [ROLE_WORDS[role] for role in account.roles],
        "suspended": moment_words(account.suspended_at, today()) if account.suspended_at else "",
        "has_factor": account.totp_secret is not None,
        "needs_factor": sessions.needs_second_factor(account, service.settings.terms),
        "sessions": len(alive),
        "seen": moment_words(alive[0].seen_at, today()) if alive else "",
    }


@router.post("/people")
async def invite(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    """A link for somebody new, shown once on the page that answers."""
    form = await request.form(max_files=0, max_fields=100, max_part_size=100_000)
    name, email = (str(form.get(field, ""))[:SIGN_IN_TEXT] for field in ("name", "email"))
    wanted = [str(each) for each in form.getlist("roles")]
    return await run_in_threadpool(_invite, request, service, actor, name, email, wanted)


def _invite(request: Request, service: Service, actor: Actor, name: str, email: str, wanted: list[str]) -> Response:
    typed = {"name": name, "email": email, "roles": wanted}
    try:
        if not email.strip() or not name.strip():
            raise BadForm("Give the name and the e-mail address of whom you invite.")
        with writing(service.engine) as session:
            invitation, token = invitations.invite(
                session, actor.school_id, actor.ref, _roles(wanted), email=email, name=name
            )
            _invited(session, actor, invitation)
    except BadForm as error:
        return _people(request, service, actor, error.detail, typed=typed)
    return _people(request, service, actor, link=_link(request, token), link_for=invitation.name)


def _invited(session: Session, actor: Actor, invitation: Invitation) -> None:
    audit.record(
        session, actor.school_id, AuditTag.INVITED, invitation.id, actor=actor.ref, roles=list(invitation.roles)
    )


def _roles(wanted: list[str]) -> list[Role]:
    try:
        return [Role(each) for each in wanted]
    except ValueError:
        raise BadForm("One of the roles is unknown. Open the page again and retry.") from None


def _link(request: Request, token: str) -> str:
    return str(request.base_url.replace(path=f"/welcome/{token}"))


@router.post("/people/invitations/{invitation_id}")
def withdraw_invitation(invitation_id: str, service: ServiceDep, actor: ActorDep) -> Response:
    with writing(service.engine) as session:
        open_ones = {each.id: each for each in invitations.open_ones(session, actor.school_id)}
        if invitation_id not in open_ones:
            raise NotFound("There is no such invitation, or it has been used or withdrawn.")
        invitations.withdraw(open_ones[invitation_id])
        audit.record(session, actor.school_id, AuditTag.INVITATION_WITHDRAWN, invitation_id, actor=actor.ref)
    return RedirectResponse("/people", status_code=303)


@router.post("/people/{account_id}")
async def change_account(account_id: str, request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    """One change of one account; `do` names it."""
    form = await request.form(max_files=0, max_fields=100, max_part_size=100_000)
    name, email = (str(form.get(field, ""))[:SIGN_IN_TEXT] for field in ("name", "email"))
    sent = Sent(str(form.get("do", "")), name, email, [str(each) for each in form.getlist("roles")])
    return await run_in_threadpool(_change, request, service, actor, account_id, sent)


def _change(request: Request, service: Service, actor: Actor, account_id: str, sent: Sent) -> Response:
    try:
        with writing(service.engine) as session:
            account = people.account_of(session, actor.school_id, account_id)
            if sent.do == "link":
                return _new_link(request, session, service, actor, account)
            change = CHANGES.get(sent.do)
            if change is None:
                raise BadForm("This is nothing that can be done with an account. Open the page again and retry.")
            change(session, actor, account, sent)
    except BadForm as error:
        return _people(request, service, actor, error.detail)
    return RedirectResponse("/people", status_code=303)


def _new_link(request: Request, session: Session, service: Service, actor: Actor, account: Account) -> Response:
    invitation, token = invitations.invite_again(session, account, actor.ref)
    _invited(session, actor, invitation)
    session.commit()
    return _people(request, service, actor, link=_link(request, token), link_for=account.name)


def _change_roles(session: Session, actor: Actor, account: Account, sent: Sent) -> None:
    before = list(account.roles)
    people.set_roles(session, account, _roles(sent.roles))
    said = {"before": before, "after": list(account.roles)}
    audit.record(session, actor.school_id, AuditTag.ROLES_CHANGED, account.id, actor=actor.ref, **said)


def _change_details(session: Session, actor: Actor, account: Account, sent: Sent) -> None:
    people.set_details(session, account, sent.name, sent.email)
    audit.record(session, actor.school_id, AuditTag.ACCOUNT_DETAILS_CHANGED, account.id, actor=actor.ref)


def _suspend(session: Session, actor: Actor, account: Account, _: Sent) -> None:
    people.suspend(session, account)
    audit.record(session, actor.school_id, AuditTag.ACCOUNT_SUSPENDED, account.id, actor=actor.ref)


def _resume(session: Session, actor: Actor, account: Account, _: Sent) -> None:
    people.resume(account)
    audit.record(session, actor.school_id, AuditTag.ACCOUNT_RESUMED, account.id, actor=actor.ref)


def _reset_factor(session: Session, actor: Actor, account: Account, _: Sent) -> None:
    people.reset_second_factor(session, account)
    audit.record(session, actor.school_id, AuditTag.SECOND_FACTOR_RESET, account.id, actor=actor.ref)


def _end_sessions(session: Session, actor: Actor, account: Account, _: Sent) -> None:
    sessions.end_all(session, account.id)
    audit.record(session, actor.school_id, AuditTag.SESSIONS_ENDED, account.id, actor=actor.ref)


CHANGES: Mapping[str, Callable[[Session, Actor, Account, Sent], None]] = {
    "roles": _change_roles,
    "details": _change_details,
    "suspend": _suspend,
    "resume": _resume,
    "second-factor": _reset_factor,
    "sessions": _end_sessions,
}
