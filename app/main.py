"""The web application: parts put together once, routes mounted."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from sqlmodel import select

from app import errors, gate, logs, spooling
from app.accounts.oidc import Providers
from app.api import audit as audit_api
from app.api import describing, health, revisions
from app.api import drafts as drafts_api
from app.audit import pages as audit_pages
from app.blobs import PictureStore
from app.config import Settings
from app.db import migrate, open_engine, reading, writing
from app.deps import Service
from app.guard import Guard
from app.keys import pages as keys_pages
from app.limits import body_limit
from app.logs import Event
from app.models import Draft
from app.pages import account, records, sign_in_with, signing_in, staff
from app.pages import routes as pages
from app.person_files import PersonFiles
from app.proxies import Forwarded, outside
from consent.register import create_school, the_school

STATIC = Path(__file__).parent / "pages" / "static"


def open_service(settings: Settings) -> Service:
    """The service's parts, with the database brought up to date and what crashes left behind swept away."""
    if migrate(settings):
        logs.event(Event.KEY_MADE)
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
    """The application, behind its guard; NotServed where it may not listen as the settings say."""
    reached = outside(settings)
    app = FastAPI(
        title="Gatepost",
        version="1",
        summary="The check between a school's draft post and the public",
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = open_service(settings)
    app.state.providers = Providers.of(settings, app.state.service.engine)
    errors.install(app)
    spooling.install()
    app.include_router(drafts_api.router)
    app.include_router(revisions.router)
    app.include_router(audit_api.router)
    app.include_router(health.router)
    account_pages = (signing_in.router, sign_in_with.router, account.router, staff.router)
    for each in (pages.router, records.router, *account_pages, keys_pages.router, audit_pages.router):
        app.include_router(each, include_in_schema=False)
    describing.install(app)
    gate.check_routes(app.routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Guard, outside=reached, max_request_bytes=settings.max_request_bytes, limit=body_limit)
    app.add_middleware(Forwarded, outside=reached)
    return app
