"""The pages for signing in with a provider: the way there, the way back, and the account's link to it.

The way there is a link, not a form: the pages' own policy lets no form lead to another site.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import attempts, invitations, oidc, oidc_arriving, signing_in
from app.accounts.oidc import Providers, Purpose
from app.accounts.oidc_arriving import Arriving
from app.accounts.tables import Account
from app.db import reading, writing
from app.deps import ActorDep, Service, ServiceDep
from app.errors import BadForm, ServiceError, note
from app.gate import GuardedRoute
from app.pages.rendering import page
from app.pages.signing_in import come_in, is_secure, own_path, visitor_of
from consent.models import now

router = APIRouter(route_class=GuardedRoute)

MOST_BEGUN = 300  # within 15 minutes from one network address: a school's staff may come from one
ANSWER = ("state", "code", "iss", "error")  # what is read of a provider's answer
MOST_LETTERS = 4_000


@router.get("/sign-in/with/{provider}")
def begin(provider: str, request: Request, service: ServiceDep, next: str = "/") -> Response:
    where = own_path(next)
    if request.state.actor is not None:
        return RedirectResponse(where, status_code=303)
    if _from_elsewhere(request):
        return RedirectResponse(f"/sign-in?next={quote(where, safe='')}", status_code=303)
    try:
        return _there(request, service, provider, Purpose.SIGN_IN, where)
    except ServiceError as error:
        return _not_signed_in(request, error, where)


@router.get("/welcome/{token}/with/{provider}")
def begin_welcome(token: str, provider: str, request: Request, service: ServiceDep) -> Response:
    if _from_elsewhere(request):
        return RedirectResponse(f"/welcome/{quote(token, safe='')}", status_code=303)
    with reading(service.engine) as session:
        invitation = invitations.find(session, token)
    return _there(request, service, provider, Purpose.INVITATION, "/", invitation_id=invitation.id)


@router.get("/confirm/with/{provider}")
def begin_confirm(provider: str, request: Request, service: ServiceDep, actor: ActorDep, next: str = "/") -> Response:
    where = own_path(next)
    if _from_elsewhere(request):
        return RedirectResponse(f"/confirm?next={quote(where, safe='')}", status_code=303)
    return _there(request, service, provider, Purpose.CONFIRM, where, account_id=actor.id)


@router.post("/account/link/{provider}")
def begin_link(provider: str, request: Request, service: ServiceDep, actor: ActorDep) -> Response:
    """A page with the way there: a form must not lead to another site by itself."""
    url, cookie = _begun(request, service, provider, Purpose.LINK, "/account", account_id=actor.id)
    answer = page(request, "leaving.html", url=url, name=providers_of(request).get(provider).name)
    _set_cookie(answer, request, cookie)
    return answer


@router.post("/account/unlink")
def unlink(service: ServiceDep, actor: ActorDep) -> Response:
    with writing(service.engine) as session:
        oidc_arriving.unlink(session, session.get_one(Account, actor.id), actor)
    return RedirectResponse("/account", status_code=303)


@router.get("/sign-in/back/{provider}")
def back(provider: str, request: Request, service: ServiceDep) -> Response:
    """Where the provider sends people; what came of it, and on."""
    try:
        return _back(provider, request, service)
    except ServiceError as error:
        return _not_signed_in(request, error)


def _back(provider: str, request: Request, service: Service) -> Response:
    given = request.query_params
    if any(len(given.getlist(name)) > 1 for name in ANSWER):
        raise BadForm("The provider's answer says something twice. Begin again at the sign-in page.")
    answer = {name: given[name] for name in ANSWER if name in given and len(given[name]) <= MOST_LETTERS}
    cookie = request.cookies.get(oidc.cookie_name(request.url.scheme))
    providers = providers_of(request)
    identity, pending = providers.finish(provider, answer, cookie, _redirect_uri(request, provider))
    actor = request.state.actor
    who = Arriving(identity, providers.get(provider), pending, visitor_of(request), actor)
    settings = service.settings
    found = oidc_arriving.arrive(
        service.engine, who, service.school_id, settings.terms, trusts_mfa=settings.oidc_provider_mfa
    )
    onward = come_in(request, service, found, own_path(pending.next))
    onward.delete_cookie(oidc.cookie_name(request.url.scheme), secure=is_secure(request), httponly=True)
    return onward


def providers_of(request: Request) -> Providers:
    found = request.app.state.providers
    assert isinstance(found, Providers)  # noqa: S101  set by create_app
    return found


def _not_signed_in(request: Request, error: ServiceError, where: str = "/") -> Response:
    """Why not, above the other ways to sign in; whoever is signed in already gets the error alone."""
    if request.state.actor is not None or error.status_code == 404:
        raise error
    note(request, error)
    shown = {"next": where, "email": "", "problem": error.detail}
    return page(request, "sign_in.html", status=error.status_code, headers=error.headers, **shown)


def _there(
    request: Request,
    service: Service,
    key: str,
    purpose: Purpose,
    where: str,
    *,
    account_id: str | None = None,
    invitation_id: str | None = None,
) -> Response:
    url, cookie = _begun(request, service, key, purpose, where, account_id=account_id, invitation_id=invitation_id)
    answer = RedirectResponse(url, status_code=303)
    _set_cookie(answer, request, cookie)
    return answer


def _begun(
    request: Request,
    service: Service,
    key: str,
    purpose: Purpose,
    where: str,
    *,
    account_id: str | None = None,
    invitation_id: str | None = None,
) -> tuple[str, str]:
    """The provider's address and the cookie; TooManyTries from a network address that begins without end."""
    providers, moment = providers_of(request), now()
    providers.get(key)
    bucket = attempts.bucket("provider-from", visitor_of(request).address)
    with writing(service.engine) as session:
        signing_in.not_too_many(session, bucket, moment, MOST_BEGUN)
        attempts.count(session, bucket, moment, signing_in.WINDOW)
    return providers.begin(
        key, purpose, _redirect_uri(request, key), where, account_id=account_id, invitation_id=invitation_id
    )


def _redirect_uri(request: Request, key: str) -> str:
    """Our own address for the way back; the host is one that the guard has let pass."""
    return f"{request.url.scheme}://{request.url.netloc}/sign-in/back/{key}"


def _from_elsewhere(request: Request) -> bool:
    """Whether another site's page sent the browser here: people begin on our own."""
    return request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")


def _set_cookie(answer: Response, request: Request, value: str) -> None:
    answer.set_cookie(
        oidc.cookie_name(request.url.scheme),
        value,
        max_age=int(oidc.PENDING_FOR.total_seconds()),
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )
