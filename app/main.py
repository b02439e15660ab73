"""The web application: parts put together once, routes mounted."""

from __future__ import annotations

import ipaddress
import logging
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from sqlmodel import select

from app import errors, gate, spooling
from app.api import audit as audit_api
from app.api import drafts as drafts_api
from app.api import health, revisions
from app.audit import pages as audit_pages
from app.blobs import PictureStore
from app.config import Settings
from app.db import migrate, open_engine, reading, writing
from app.deps import Service
from app.guard import Guard
from app.keys import pages as keys_pages
from app.models import Draft
from app.pages import account, signing_in, staff
from app.pages import routes as pages
from app.person_files import PersonFiles
from consent.register import create_school, the_school

log = logging.getLogger("gatepost")
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1", "testserver"})
STATIC = Path(__file__).parent / "pages" / "static"


class NotLoopback(ValueError):
    """Gatepost was asked to listen where others could reach it."""


def loopback_only(host: str) -> None:
    """Refuse any address but this machine's own: there are no accounts yet, so whoever reaches the site may use it."""
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise NotLoopback(
            f"Gatepost has no accounts yet, so anybody who can reach it could read the register. It therefore listens "
            f"on this machine only (127.0.0.1), not on '{host}'."
        )


def open_service(settings: Settings) -> Service:
    """The service's parts, with the database brought up to date and what crashes left behind swept away."""
    loopback_only(settings.host)
    if migrate(settings):
        log.info("a key was made: %s. Keep a copy, apart from every copy of the data folder", settings.key_path)
    engine = open_engine(settings)
    with writing(engine) as session:
        school = the_school(session) or create_school(session)
        school_id = school.id
    store = PictureStore(settings.pictures, engine)
    with reading(engine) as session:
        store.sweep(session.exec(select(Draft.id)).all())
    with writing(engine) as session:
        PersonFiles(settings.people).sweep(session)
    return Service(settings, engine, store, school_id)


def create_app(settings: Settings) -> FastAPI:
    app = FastAPI(
        title="Gatepost",
        version="1",
        summary="The check between a school's draft post and the public",
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = open_service(settings)
    errors.install(app)
    spooling.install()
    app.include_router(drafts_api.router)
    app.include_router(revisions.router)
    app.include_router(audit_api.router)
    app.include_router(health.router)
    for each in (pages.router, signing_in.router, account.router, staff.router, keys_pages.router, audit_pages.router):
        app.include_router(each, include_in_schema=False)
    gate.check_routes(app.routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Guard, hosts=LOOPBACK_NAMES, max_request_bytes=settings.max_request_bytes)
    return app
