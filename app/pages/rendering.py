"""Turning view models into HTML: one Jinja environment, everything escaped, nothing undefined."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import logs
from app.access import ACCESS
from app.actors import Actor, ActorKind
from app.errors import ServiceError
from app.pages.words import sentence, shown

TEMPLATES = Path(__file__).parent / "templates"

MENU = (
    ("/", "New draft"),
    ("/register", "Register"),
    ("/alerts", "Alerts"),
    ("/people", "People"),
    ("/audit", "Audit trail"),
    ("/keys", "Keys"),
    ("/help", "Help"),
)

environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=shown,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.filters["sentence"] = sentence


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """One page; `context` is what the template is given besides the path it stands at, who asks, and the form token."""
    actor = getattr(request.state, "actor", None)
    own = {
        "path": request.url.path,
        "actor": actor,
        "csrf": getattr(request.state, "csrf", ""),
        "menu": menu(actor, getattr(request.state, "alerts", 0)),
        "providers": request.app.state.providers.names,
    }
    body = environment.get_template(template).render(**own, **context)
    return HTMLResponse(body, status_code=status, headers=dict(headers or {}))


def menu(actor: Actor | None, alerts: int = 0) -> tuple[tuple[str, str], ...]:
    """The pages that whoever asks may open, as address and words, in the order of the menu; `alerts`: not yet seen."""
    if actor is None or actor.kind is not ActorKind.ACCOUNT:
        return ()
    told = {"/alerts": f" ({alerts})" if alerts else ""}
    return tuple((path, words + told.get(path, "")) for path, words in MENU if ACCESS["GET", path].allows(actor))


def error_page(request: Request, error: ServiceError) -> Response:
    """What is wrong and what to do, as a page; needs no database."""
    return page(
        request,
        "error.html",
        status=error.status_code,
        headers=error.headers,
        title=error.title,
        detail=error.detail,
        missing=error.status_code == 404,
        request_id=logs.request_id(),
    )
