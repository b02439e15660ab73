"""A person's own account: password, second factor, recovery codes, where they are signed in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from app import audit
from app.accounts import passwords, second_factor, sessions, signing_in
from app.accounts.signing_in import SignInRefused, TooManyTries
from app.accounts.tables import Account
from app.actors import Actor
from app.db import reading, writing
from app.deps import ActorDep, Service, ServiceDep
from app.errors import BadForm, ServiceError
from app.gate import GuardedRoute
from app.models import AuditTag
from app.pages.rendering import page
from app.pages.signing_in import set_cookie, texts
from app.pages.words import ROLE_WORDS, moment_words
from consent.facts import today
from consent.models import now
from consent.register import Register

router = APIRouter(route_class=GuardedRoute)


@router.get("/account")
def account_page(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    return _account(request, service, actor)


def _account(
    request: Request, service: Service, actor: Actor, error: ServiceError | None = None, done: str = ""
) -> Response:
    with reading(service.engine) as session:
        account = session.get_one(Account, actor.id)
        alive = [
            {
                "browser": row.browser,
                "here": row.id == actor.session_id,
                "since": moment_words(row.started_at, today()),
                "seen": moment_words(row.seen_at, today()),
            }
            for row in sessions.alive(session, actor.id, terms=service.settings.terms)
        ]
        shown = {
            "email": account.email,
            "roles": [ROLE_WORDS[role] for role in account.roles],
            "has_password": account.password_hash is not None,
            "has_factor": account.totp_secret is not None,
            "linked": _linked(request, account),
            "needs_factor": sessions.needs_second_factor(account, service.settings.terms),
            "codes_left": second_factor.recovery_codes_left(session, account),
            "sessions": alive,
        }
    status, headers = (error.status_code, error.headers) if error else (200, {})
    problem = error.detail if error else ""
    shown |= {"problem": problem, "done": done, "shortest": passwords.SHORTEST}
    return page(request, "account.html", status=status, headers=headers, **shown)


def _linked(request: Request, account: Account) -> str | None:
    """The provider that the person signs in with, as they know it."""
    if account.issuer is None:
        return None
    provider = request.app.state.providers.by_issuer(account.issuer)
    return provider.name if provider else "a provider that the school does not use any more"


@router.post("/account/password")
async def change_password(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    fields = await texts(request)
    try:
        token = await run_in_threadpool(_change_password, service, actor, fields)
    except (SignInRefused, TooManyTries, BadForm) as error:
        return await run_in_threadpool(_account, request, service, actor, error)
    answer = RedirectResponse("/account", status_code=303)
    set_cookie(answer, request, token, service.settings.terms)
    return answer


def _change_password(service: Service, actor: Actor, fields: dict[str, str]) -> str:
    """The new password, if the present one is right; every other session ends, and this one gets a new id."""
    new = fields.get("password", "")
    with reading(service.engine) as session:
        account = session.get_one(Account, actor.id)
        profile = Register(session, actor.school_id).profile()
    if account.password_hash is None:
        raise BadForm("You sign in with your school's account, so there is no password here to change.")
    problem = passwords.problem_with(new, [account.email, account.name, "gatepost", profile.name, profile.domain])
    if new != fields.get("again", new):
        problem = problem or "The two new passwords are not the same. Type both again."
    if problem:
        raise BadForm(problem)
    token = signing_in.confirm(service.engine, actor, fields.get("current", ""), terms=service.settings.terms)
    stored = passwords.hashed(new)
    with writing(service.engine) as session:
        account = session.get_one(Account, actor.id)
        account.password_hash = stored
        sessions.end_all(session, actor.id, but=sessions.hashed(token))
        audit.record(session, actor.school_id, AuditTag.PASSWORD_CHANGED, actor.id, actor=actor.ref)
    return token


@router.post("/account/sessions")
def end_other_sessions(service: ServiceDep, actor: ActorDep) -> Response:
    with writing(service.engine) as session:
        sessions.end_all(session, actor.id, but=actor.session_id)
        audit.record(session, actor.school_id, AuditTag.SESSIONS_ENDED, actor.id, actor=actor.ref)
    return RedirectResponse("/account", status_code=303)


# -- the second factor ---------------------------------------------------------------------------------------------


@router.get("/account/second-factor")
def second_factor_page(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    return _second_factor(request, service, actor, second_factor.new_secret())


@router.post("/account/second-factor")
async def set_second_factor(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    fields = await texts(request)
    return await run_in_threadpool(_set_second_factor, request, service, actor, fields)


def _set_second_factor(request: Request, service: Service, actor: Actor, fields: dict[str, str]) -> Response:
    secret = "".join(each for each in fields.get("secret", "").upper() if each in second_factor.BASE32)
    if len(secret) != second_factor.SECRET_LENGTH:
        secret = second_factor.new_secret()
        return _second_factor(request, service, actor, secret, "The page was incomplete. Here is a new square code.")
    step = second_factor.step_of(secret, fields.get("code", ""), now())
    if step is None:
        problem = "This code does not fit. Check that the phone's clock is right, and type the code that it shows now."
        return _second_factor(request, service, actor, secret, problem)
    with writing(service.engine) as session:
        account = session.get_one(Account, actor.id)
        second_factor.set_secret(account, secret, step)
        codes = second_factor.new_recovery_codes(session, account)
        sessions.end_all(session, actor.id, but=actor.session_id)
        token = sessions.renewed(session, actor.session_id or "")
        audit.record(session, actor.school_id, AuditTag.SECOND_FACTOR_SET, actor.id, actor=actor.ref)
    return _codes(request, service, codes, token)


def _second_factor(request: Request, service: Service, actor: Actor, secret: str, problem: str = "") -> Response:
    with reading(service.engine) as session:
        account = session.get_one(Account, actor.id)
    square = second_factor.square_code(second_factor.address_of(secret, account.email))
    return page(
        request,
        "second_factor.html",
        status=422 if problem else 200,
        secret=secret,
        spaced=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        square=square,
        first=account.totp_secret is None,
        must=actor.must_set_up,
        problem=problem,
    )


@router.post("/account/recovery-codes")
def new_recovery_codes(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    with writing(service.engine) as session:
        account = session.get_one(Account, actor.id)
        if account.totp_secret is None:
            raise BadForm("Set up the second factor first: recovery codes stand in for it.")
        codes = second_factor.new_recovery_codes(session, account)
        audit.record(session, actor.school_id, AuditTag.RECOVERY_CODES_MADE, actor.id, actor=actor.ref)
    return _codes(request, service, codes)


def _codes(request: Request, service: Service, codes: tuple[str, ...], token: str | None = None) -> Response:
    """The codes, shown this once; with a new cookie where the session got a new id."""
    if token is not None:
        request.state.csrf = sessions.csrf_token(token)
    answer = page(request, "recovery_codes.html", codes=codes)
    if token is not None:
        set_cookie(answer, request, token, service.settings.terms)
    return answer
