"""`gatepost serve` and `gatepost work`."""

from __future__ import annotations

import signal
import tempfile
import threading
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app import logs
from app.accounts import invitations
from app.accounts.oidc_providers import BadProvider, configured
from app.cli.opening import open_data
from app.config import Settings
from app.db import open_engine, writing
from app.looking import open_looker
from app.proxies import NotServed, is_loopback, outside
from app.worker import Worker, stop_when_stdin_closes


def serve_command(
    demo: Annotated[bool, typer.Option("--demo", help="serve an invented school from a temporary folder")] = False,
    host: Annotated[str | None, typer.Option(help="where to listen; beyond this machine behind TLS only")] = None,
    port: Annotated[int | None, typer.Option(help="the port to listen on")] = None,
) -> None:
    """Serve the site and the API, with a worker beside it."""
    from app.serving import serve  # the web framework takes a second to import

    settings = Settings()
    chosen = {"host": host, "port": port}
    settings = settings.model_copy(update={name: value for name, value in chosen.items() if value is not None})
    try:
        outside(settings)
        configured(settings)
    except (NotServed, BadProvider) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    logs.set_up(form=settings.log_format)
    signal.signal(signal.SIGTERM, _leave)
    if not demo:
        link = first_link(settings)
        _announce(settings)
        if link:
            typer.echo(f"There is no administrator yet. Open this link once, within a day, to become it:\n  {link}")
        serve(settings)
        return
    from app.demo import demo_accounts, prepare

    with tempfile.TemporaryDirectory(prefix="gatepost-demo-") as folder:
        settings = settings.model_copy(update={"data": Path(folder) / "data", "key_file": None, "second_factor": ""})
        key = prepare(settings)
        accounts = demo_accounts(settings)
        _announce(settings)
        typer.echo("Sign in as one of these; all of it is invented and gone when this ends:")
        for role, email, password in accounts:
            typer.echo(f"  {role:<14} {email:<36} {password}")
        typer.echo(f"An API key with every scope:\n  {key}")
        serve(settings)


def _leave(*_: object) -> None:
    """End as Ctrl-C does, so that the worker is told to stop and the demo's folder goes."""
    raise SystemExit(0)


def first_link(settings: Settings) -> str | None:
    """A one-time link for the first administrator; None where there is one."""
    from app.main import open_service

    service = open_service(settings)
    with writing(service.engine) as session:
        token = invitations.first_administrator(session, service.school_id)
    service.engine.dispose()
    return f"{address_of(settings)}/welcome/{token}" if token else None


def address_of(settings: Settings) -> str:
    """Where people find the service."""
    scheme = "https" if settings.tls_certificate else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return (settings.public_url or f"{scheme}://{host}:{settings.port}").rstrip("/")


def _announce(settings: Settings) -> None:
    scheme = "https" if settings.tls_certificate else "http"
    typer.echo(f"Gatepost listens on {scheme}://{settings.host}:{settings.port}")
    where = "On this machine only." if is_loopback(settings.host) else f"Its address is {settings.public_url}."
    typer.echo(f"{where} Stop it with Ctrl-C.")


def work_command(
    until_stdin_closes: Annotated[
        bool, typer.Option("--until-stdin-closes", help="stop when the process that started this one is gone")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="log what went wrong only")] = False,
) -> None:
    """Run a worker: take queued drafts and decide them, one at a time."""
    settings = Settings()
    logs.set_up(quiet, settings.log_format)
    open_data(settings)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if until_stdin_closes:
        stop_when_stdin_closes(stop)
    Worker(settings, open_engine(settings), partial(open_looker, settings), stop).run()
