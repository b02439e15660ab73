"""The pages of API keys, for the administrator, and of alerts, for the safeguarding lead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session, select

from app.accounts.tables import Account
from app.actors import ActorKind, KeyScope
from app.db import reading, writing
from app.deps import ActorDep, ServiceDep
from app.errors import BadForm
from app.gate import GuardedRoute
from app.keys import alerts, keys
from app.keys.quotas import quotas
from app.keys.tables import ApiKey
from app.keys.views import alert_view, key_line, new_key_view, waiting_words
from app.pages.rendering import page
from consent.facts import LONDON, today
from consent.models import now

router = APIRouter(route_class=GuardedRoute)


@router.get("/keys")
def list_keys(request: Request, service: ServiceDep) -> Response:
    with reading(service.engine) as session:
        lines = [key_line(key, now(), today()) for key in keys.listing(session, service.school_id)]
    return page(request, "keys.html", keys=lines)


@router.get("/keys/new")
def new_key(request: Request) -> Response:
    return page(request, "key_new.html", new=new_key_view(today()))


@router.post("/keys")
def make_key(
    request: Request,
    service: ServiceDep,
    actor: ActorDep,
    name: Annotated[str, Form()] = "",
    scopes: Annotated[tuple[str, ...], Form()] = (),
    until: Annotated[str, Form()] = "",
) -> Response:
    """Make a key and show it, once; what is wrong with the form is said on it."""
    try:
        with writing(service.engine) as session:
            made = keys.make(session, actor, name, scopes_of(scopes), expires_at=end_of(until))
    except BadForm as error:
        form_again = new_key_view(today(), name, scopes, until, error.detail)
        return page(request, "key_new.html", status=error.status_code, new=form_again)
    return page(request, "key_made.html", made=key_line(made.key, now(), today()), text=made.text, old="")


@router.get("/keys/{key_id}/rotate")
def ask_rotate(key_id: str, request: Request, service: ServiceDep) -> Response:
    with reading(service.engine) as session:
        line = key_line(keys.find(session, service.school_id, key_id), now(), today())
    return page(request, "key_rotate.html", key=line, days=keys.OVERLAP_DAYS, most=keys.LONGEST_OVERLAP_DAYS)


@router.post("/keys/{key_id}/rotate")
def rotate(
    key_id: str,
    request: Request,
    service: ServiceDep,
    actor: ActorDep,
    days: Annotated[str, Form()] = str(keys.OVERLAP_DAYS),
) -> Response:
    """Exchange a key, and show its successor, once."""
    if not (days.isascii() and days.isdigit() and len(days) < 4):
        raise BadForm("Say in whole days how long the old key goes on.")
    with writing(service.engine) as session:
        made = keys.rotate(session, actor, key_id, overlap_days=int(days))
        old = key_line(keys.find(session, service.school_id, key_id), now(), today())
    return page(request, "key_made.html", made=key_line(made.key, now(), today()), text=made.text, old=old.state)


@router.post("/keys/{key_id}/revoke")
def revoke(key_id: str, service: ServiceDep, actor: ActorDep) -> Response:
    with writing(service.engine) as session:
        keys.revoke(session, actor, key_id)
    return RedirectResponse("/keys", status_code=303)


@router.get("/alerts")
def list_alerts(request: Request, service: ServiceDep) -> Response:
    with reading(service.engine) as session:
        names = names_of(session, service.school_id)
        limits = quotas(service.settings)
        shown = [alert_view(each, names, limits, today()) for each in alerts.listing(session, service.school_id)]
    return page(request, "alerts.html", alerts=shown, waiting=waiting_words(shown))


@router.post("/alerts/{alert_id}/seen")
def see_alert(alert_id: str, service: ServiceDep, actor: ActorDep) -> Response:
    with writing(service.engine) as session:
        alerts.see(session, actor, alert_id)
    return RedirectResponse("/alerts", status_code=303)


def scopes_of(values: Sequence[str]) -> list[KeyScope]:
    """The scopes by name; BadForm where one is unknown."""
    try:
        return [KeyScope(value) for value in values]
    except ValueError:
        known = ", ".join(KeyScope)
        raise BadForm(f"One of the things that the key may do is not known. There are: {known}.") from None


def end_of(day: str) -> datetime | None:
    """The end of an ISO day in London; None where none is given."""
    if not day:
        return None
    try:
        wanted = date.fromisoformat(day)
        return datetime.combine(wanted + timedelta(days=1), time(), LONDON).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadForm(f"'{day[:20]}' is no day. Write it as 2027-07-31.") from None


def names_of(session: Session, school_id: str) -> dict[str, str]:
    """The names of the school's people and keys, by Actor.ref."""
    people = session.exec(select(Account).where(Account.school_id == school_id))
    made = session.exec(select(ApiKey).where(ApiKey.school_id == school_id))
    named = {f"{ActorKind.ACCOUNT}:{person.id}": person.name for person in people}
    return named | {f"{ActorKind.KEY}:{key.id}": f"the key {key.name}" for key in made} | {"cli": "the command line"}
