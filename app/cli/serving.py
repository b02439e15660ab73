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
from app.accounts.oidc_providers import BadProvider, configured
from app.config import Settings
from app.db import migrate, open_engine
from app.looking import open_looker
from app.main import NotLoopback, loopback_only
from app.worker import Worker, stop_when_stdin_closes


def serve_command(
    demo: Annotated[bool, typer.Option("--demo", help="serve an invented school from a temporary folder")] = False,
    host: Annotated[str | None, typer.Option(help="where to listen; loopback only until there are accounts")] = None,
    port: Annotated[int | None, typer.Option(help="the port to listen on")] = None,
) -> None:
    """Serve the site and the API, with a worker beside it."""
    from app.serving import serve  # the web framework takes a second to import

    logs.set_up()
    settings = Settings()
    chosen = {"host": host, "port": port}
    settings = settings.model_copy(update={name: value for name, value in chosen.items() if value is not None})
    try:
        loopback_only(settings.host)
        configured(settings)
    except (NotLoopback, BadProvider) as error:
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
    typer.echo(f"Gatepost listens on http://{settings.host}:{settings.port}")
    typer.echo("On this machine only, because there are no accounts yet. Stop it with Ctrl-C.")


def work_command(
    until_stdin_closes: Annotated[
        bool, typer.Option("--until-stdin-closes", help="stop when the process that started this one is gone")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="log what went wrong only")] = False,
) -> None:
    """Run a worker: take queued drafts and decide them, one at a time."""
    logs.set_up(quiet)
    settings = Settings()
    migrate(settings)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if until_stdin_closes:
        stop_when_stdin_closes(stop)
    Worker(settings, open_engine(settings), partial(open_looker, settings), stop).run()
