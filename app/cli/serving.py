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
from app.config import Settings
from app.db import migrate, open_engine
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
    logs.set_up(form=settings.log_format)
    chosen = {"host": host, "port": port}
    settings = settings.model_copy(update={name: value for name, value in chosen.items() if value is not None})
    try:
        outside(settings)
    except NotServed as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if not demo:
        _announce(settings)
        serve(settings)
        return
    from app.demo import prepare

    with tempfile.TemporaryDirectory(prefix="gatepost-demo-") as folder:
        settings = settings.model_copy(update={"data": Path(folder) / "data"})
        prepare(settings)
        _announce(settings)
        serve(settings)


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
    migrate(settings)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if until_stdin_closes:
        stop_when_stdin_closes(stop)
    Worker(settings, open_engine(settings), partial(open_looker, settings), stop).run()
