"""The pages for coming in and going out: sign-in, the second factor, the link of an invitation, the password again."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app import audit
from app.accounts import invitations, passwords, sessions, signing_in
from app.accounts.signing_in import LetIn, SignInRefused, TooManyTries, Visitor
from app.accounts.tables import Account, Invitation
from app.accounts.terms import Terms
from app.db import reading, writing
from app.deps import ActorDep, Service, ServiceDep
from app.errors import BadForm, NotFound, ServiceError, note
from app.gate import GuardedRoute
from app.models import AuditTag
from app.pages.rendering import page
from app.pages.words import ROLE_WORDS
from consent.register import Register

router = APIRouter(route_class=GuardedRoute)

SIGN_IN_TEXT = 2_000  # characters of a field, beyond which it is cut: nothing longer can be right


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:
    if request.state.actor is not None:
        return RedirectResponse(own_path(next), status_code=303)
    return page(request, "sign_in.html", next=own_path(next), email="", problem="")


@router.post("/sign-in")
async def sign_in(request: Request, service: ServiceDep) -> Response:
    fields = await texts(request)
    email, where = fields.get("email", ""), own_path(fields.get("next", "/"))
    visitor = visitor_of(request)
    try:
        found = await run_in_threadpool(
            signing_in.with_password, service.engine, email, fields.get("password", ""), visitor
        )
    except (SignInRefused, TooManyTries) as error:
        note(request, error)
        shown = {"next": where, "email": email, "problem": error.detail}
        return page(request, "sign_in.html", status=error.status_code, headers=error.headers, **shown)
    await run_in_threadpool(_end_earlier, service, cookie_of(request))
    return come_in(request, service, found, where)


def _end_earlier(service: Service, token: str) -> None:
    """The session that this browser had before ends, whoever's it was: nobody uses its cookie any more."""
    if token:
        with writing(service.engine) as session:
            sessions.end(session, sessions.hashed(token))


def come_in(request: Request, service: Service, found: LetIn, where: str) -> Response:
    """On to where they wanted to go, by way of the second factor where there is one; with the cookie."""
    to = f"/sign-in/code?next={quote(where, safe='')}" if found.waits_for_code else where
    answer = RedirectResponse(to, status_code=303)
    set_cookie(answer, request, found.token, service.settings.terms)
    return answer


@router.get("/sign-in/code")
def code_page(request: Request, service: ServiceDep, next: str = "/") -> Response:
    with reading(service.engine) as session:
        waiting = sessions.waiting(session, cookie_of(request))
    if waiting is None:
        return RedirectResponse("/sign-in", status_code=303)
    return page(request, "code.html", next=own_path(next), problem="")


@router.post("/sign-in/code")
async def code(request: Request, service: ServiceDep) -> Response:
    fields = await texts(request)
    where, visitor = own_path(fields.get("next", "/")), visitor_of(request)
    try:
        token = await run_in_threadpool(
            signing_in.with_code, service.engine, cookie_of(request), fields.get("code", ""), visitor
        )
    except (SignInRefused, TooManyTries) as error:
        note(request, error)
        return page(
            request,
            "code.html",
            status=error.status_code,
            headers=error.headers,
            next=where,
            problem=error.detail,
        )
    return come_in(request, service, LetIn(token, waits_for_code=False), where)


@router.post("/sign-out")
def sign_out(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    with writing(service.engine) as session:
        sessions.end(session, actor.session_id or "")
        audit.record(session, actor.school_id, AuditTag.SIGNED_OUT, actor.id, actor=actor.ref)
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    answer.delete_cookie(sessions.cookie_name(request.url.scheme), secure=is_secure(request), httponly=True)
    return answer


# -- the link of an invitation -------------------------------------------------------------------------------------


@router.get("/welcome/{token}")
def welcome_page(token: str, request: Request, service: ServiceDep) -> Response:
    with reading(service.engine) as session:
        invitation = invitations.find(session, token)
        return _welcome(request, service, invitation)


@router.post("/welcome/{token}")
async def welcome(token: str, request: Request, service: ServiceDep) -> Response:
    fields = await texts(request)
    return await run_in_threadpool(_accept, request, service, token, fields)


def _accept(request: Request, service: Service, token: str, fields: dict[str, str]) -> Response:
    with reading(service.engine) as session:
        invitation = invitations.find(session, token)
    email, name = invitation.email or fields.get("email", ""), invitation.name or fields.get("name", "")
    password = fields.get("password", "")
    problem = passwords.problem_with(password, [email, name, "gatepost", *_words_of(service, invitation.school_id)])
    if not problem and password != fields.get("again", password):
        problem = "The two passwords are not the same. Type both again."
    try:
        if problem:
            raise BadForm(problem)
        stored = passwords.hashed(password)
        with writing(service.engine) as session:
            invitation = invitations.find(session, token)
            is_new = invitation.account_id is None
            account = invitations.accept(session, invitation, email, name)
            found = _first_sign_in(session, account, stored, visitor_of(request))
            audit.record(
                session, account.school_id, AuditTag.INVITATION_ACCEPTED, account.id, actor=signing_in.ref(account)
            )
    except NotFound:
        raise
    except ServiceError as error:
        return _welcome(request, service, invitation, error.detail, email, name, error.status_code)
    _end_earlier(service, cookie_of(request))
    return come_in(request, service, found, "/" if is_new else "/account")


def _first_sign_in(session: Session, account: Account, stored: str, visitor: Visitor) -> LetIn:
    """Give the account its password; every other session of it ends."""
    sessions.end_all(session, account.id)
    account = session.merge(account)
    account.password_hash = stored
    audit.record(session, account.school_id, AuditTag.PASSWORD_CHANGED, account.id, actor=signing_in.ref(account))
    return signing_in.let_in(session, account, visitor)


def _welcome(
    request: Request,
    service: Service,
    invitation: Invitation,
    problem: str = "",
    email: str = "",
    name: str = "",
    status: int = 200,
) -> Response:
    with reading(service.engine) as session:
        school = Register(session, invitation.school_id).profile().name
    return page(
        request,
        "welcome.html",
        status=status,
        school=school,
        known=invitation.account_id is not None,
        asks_email=not invitation.email,
        asks_name=not invitation.name,
        email=invitation.email or email,
        name=invitation.name or name,
        roles=[ROLE_WORDS[role] for role in invitation.roles],
        problem=problem,
        shortest=passwords.SHORTEST,
    )


def _words_of(service: Service, school_id: str) -> list[str]:
    with reading(service.engine) as session:
        profile = Register(session, school_id).profile()
    return [profile.name, profile.domain]


# -- the password again --------------------------------------------------------------------------------------------


@router.get("/confirm")
def confirm_page(request: Request, service: ServiceDep, actor: ActorDep, next: str = "/") -> Response:
    return _confirm(request, service, actor.id, own_path(next))


@router.post("/confirm")
async def confirm(request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    fields = await texts(request)
    where, terms = own_path(fields.get("next", "/")), service.settings.terms
    given = fields.get("password") or fields.get("code", "")

    def confirmed() -> str:
        return signing_in.confirm(service.engine, actor, given, terms=terms)

    try:
        token = await run_in_threadpool(confirmed)
    except (SignInRefused, TooManyTries) as error:
        note(request, error)
        return await run_in_threadpool(_confirm, request, service, actor.id, where, error)
    return come_in(request, service, LetIn(token, waits_for_code=False), where)


def _confirm(
    request: Request, service: Service, account_id: str, where: str, error: ServiceError | None = None
) -> Response:
    with reading(service.engine) as session:
        account = session.get_one(Account, account_id)
        by_code = account.password_hash is None
    linked = request.app.state.providers.by_issuer(account.issuer)
    status, headers = (error.status_code, error.headers) if error else (200, {})
    shown = {"next": where, "by_code": by_code, "email": account.email, "problem": error.detail if error else ""}
    shown |= {"takes_code": account.totp_secret is not None, "provider": (linked.key, linked.name) if linked else None}
    return page(request, "confirm.html", status=status, headers=headers, **shown)


# -- shared --------------------------------------------------------------------------------------------------------


def own_path(wanted: str) -> str:
    """The path to go on to, if it is one of this site's own; "/" else. No other site is ever gone on to."""
    text = unquote(wanted)
    plain = text.isprintable() and text.isascii() and text.startswith("/") and "\\" not in text
    if not plain or text.startswith("//") or len(text) > SIGN_IN_TEXT:
        return "/"
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or parts.path.startswith("//"):
        return "/"
    return "/" if parts.path.startswith(("/sign-in", "/sign-out", "/confirm", "/welcome")) else wanted


async def texts(request: Request) -> dict[str, str]:
    """The form's fields; of several with one name the last."""
    form = await request.form(max_files=0, max_fields=100, max_part_size=100_000)
    return {name: value[:SIGN_IN_TEXT] for name, value in form.multi_items() if isinstance(value, str)}


def visitor_of(request: Request) -> Visitor:
    address = request.client.host if request.client else ""
    return Visitor(address, sessions.browser_words(request.headers.get("user-agent", "")))


def is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def cookie_of(request: Request) -> str:
    return request.cookies.get(sessions.cookie_name(request.url.scheme), "")


def set_cookie(answer: Response, request: Request, token: str, terms: Terms) -> None:
    """The session's cookie: for this site alone, for no script, and over https for nothing but https."""
    answer.set_cookie(
        sessions.cookie_name(request.url.scheme),
        token,
        max_age=int(terms.absolute.total_seconds()),
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )
