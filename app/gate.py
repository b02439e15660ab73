"""The gate before every route: who asks, whether they may, and whether their own page sent the form.

Pages take a session's cookie and nothing else; the API takes a key in its header and nothing else. So a browser never
carries a right to the API, and a key never opens a page.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from app.access import ACCESS, Rule
from app.accounts import sessions
from app.actors import Actor
from app.db import reading, writing
from app.deps import Service
from app.errors import BadForm, NotAllowed, NotSignedIn
from app.keys import alerts, bearer
from app.keys.errors import ScopeMissing
from consent.models import now

API = "/api/"
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
CONFIRMED_FOR = timedelta(minutes=5)  # how long a password that was given again is taken as given
MOST_FIELDS = 10_000  # of a result page's form: a tick for each face of a large draft
MOST_TEXT_BYTES = 4_000_000  # a text field may be this long before it is refused; `max_text` answers below that
FILES_BEYOND = 200  # a draft of so many pictures too many still gets its plain answer
READS = frozenset({"GET", "HEAD"})

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class NoRule(RuntimeError):
    """A route is in no row of the table of who may what, so the service does not start."""


class GuardedRoute(APIRoute):
    """A route that is looked up in the table of who may what before anything of its request is read."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            turned_away = await admit(request, self.path)
            return turned_away or await handle(request)

        return guarded


def check_routes(routes: Sequence[BaseRoute]) -> None:
    """NoRule where a route has no rule, does not pass the gate, or where a rule has no route."""
    served = set()
    for route in iter_route_contexts(routes):
        path, own = route.path or "", route.original_route
        if not (isinstance(own, GuardedRoute) and own.path == path) and path != "/openapi.json":
            raise NoRule(f"The route {path or own} does not pass the gate.")
        served |= {(method, path) for method in route.methods or () if method != "HEAD"}
    if unruled := served ^ set(ACCESS):
        raise NoRule(f"These stand in one of table and routes only: {sorted(unruled)}.")


async def admit(request: Request, path: str) -> Response | None:
    """Let the request through, or say where to go instead; raises NotSignedIn, NotAllowed or BadForm.

    Whoever asks is in `request.state.actor` from here on, and the form's token in `request.state.csrf`.
    """
    rule = ACCESS[request.method, path]
    service: Service = request.app.state.service
    of_api = path.startswith(API)
    token = None if of_api else request.cookies.get(sessions.cookie_name(request.url.scheme))
    who = bearer.actor_of if of_api and not rule.public else _signed_in
    actor = await run_in_threadpool(who, service, request)
    request.state.actor = actor
    request.state.csrf = sessions.csrf_token(token) if token and actor else ""
    if rule.public:
        return None
    if actor is None:
        return _sign_in_first(request)
    if actor.must_set_up and not rule.setup:
        return RedirectResponse("/account/second-factor", status_code=303)
    if not rule.allows(actor):
        raise NotAllowed(_not_allowed(rule)) if rule.scope is None else ScopeMissing(rule.scope)
    if token is not None and request.method not in READS:
        await _check_csrf(request, service, token)
    if rule.confirm and (actor.confirmed_at is None or now() - actor.confirmed_at > CONFIRMED_FOR):
        return _confirm_first(request)
    return None


def _signed_in(service: Service, request: Request) -> Actor | None:
    token = request.cookies.get(sessions.cookie_name(request.url.scheme))
    with reading(service.engine) as session:
        actor = sessions.resolve(session, token, terms=service.settings.terms) if token else None
        if actor is not None and ACCESS["GET", "/alerts"].allows(actor):
            request.state.alerts = alerts.unseen(session, actor.school_id)
        stale = actor is not None and sessions.stale(session, actor.session_id or "")
    if actor is not None and stale:
        with writing(service.engine) as session:
            sessions.touch(session, actor.session_id or "")
    return actor


def _sign_in_first(request: Request) -> Response:
    if request.method in READS and "text/html" in request.headers.get("accept", ""):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(asked, safe='')}", status_code=303)
    raise NotSignedIn("You are not signed in, or were away for too long. Sign in, and do it again: nothing was kept.")


def _not_allowed(rule: Rule) -> str:
    whose = " or ".join(sorted(role.value for role in rule.roles))
    return f"This page is for: {whose}. Ask the administrator of Gatepost if you need it."


async def _check_csrf(request: Request, service: Service, token: str) -> None:
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        form = await request.form(
            max_files=service.settings.max_pictures + FILES_BEYOND,
            max_fields=MOST_FIELDS,
            max_part_size=MOST_TEXT_BYTES,
        )
        given = str(form.get(CSRF_FIELD, ""))
    if not sessions.csrf_matches(token, given):
        raise BadForm("This form is from an earlier sign-in. Open the page again, and send it once more.")


def _confirm_first(request: Request) -> Response:
    """Ask for the password again. What a form held is not kept: pages ask before they show such a form."""
    if "text/html" not in request.headers.get("accept", ""):
        raise NotAllowed("Give your password again at /confirm, then repeat this.")
    back = request.url.path if request.method in READS else "/" + request.url.path.split("/")[1]
    return RedirectResponse(f"/confirm?next={quote(back, safe='')}", status_code=303)
