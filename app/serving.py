"""Running the service: the web server, and beside it a worker process that is started again when it dies."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from app import logs
from app.audit.keeping import kept
from app.config import Settings
from app.deps import Service
from app.limits import HEAD_BYTES, Limits
from app.logs import Event
from app.main import create_app
from app.patience import patient
from app.proxies import outside, tls_context

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 60.0  # a worker that lived so long is restarted at once
GRACE_SECONDS = 20.0


class WorkerProcess:
    """`gatepost work` as a child that ends when we do, however we end: it watches its standard input."""

    def __init__(self, settings: Settings, quiet: bool = False) -> None:
        self._settings = settings
        self._command = [sys.executable, "-m", "app", "work", "--until-stdin-closes", *(["--quiet"] if quiet else [])]
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_alive, daemon=True)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let the worker finish the picture in hand and give its job back; after a while, end it."""
        self._stop.set()
        self._thread.join(GRACE_SECONDS + 5)

    def _keep_alive(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            started = time.monotonic()
            self._process = process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                env=environment(self._settings),
            )
            while process.poll() is None and not self._stop.wait(0.1):
                pass
            if self._stop.is_set():
                _end(process)
                return
            steady = time.monotonic() - started > STEADY_SECONDS
            pause = FIRST_PAUSE if steady else min(pause * 2, LONGEST_PAUSE)
            logs.event(Event.WORKER_ENDED, logging.WARNING, code=process.returncode, seconds=pause)
            self._stop.wait(pause)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def environment(settings: Settings) -> dict[str, str]:
    """The environment under which a child reads the same settings, save how people sign in."""
    said = {f"GATEPOST_{name.upper()}": value for name, value in settings.model_dump().items()}
    inherited = {name: value for name, value in os.environ.items() if name not in said}
    own = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in said.items()
        if value is not None and not name.startswith("GATEPOST_OIDC_")
    }
    return {**inherited, **own}


def server_config(settings: Settings, app: FastAPI) -> uvicorn.Config:
    """uvicorn's settings: patience with limits, TLS where it is ours to end, nothing said about itself.

    Headers of proxies are the business of `Forwarded`; uvicorn would believe every process of this machine.
    """
    reached = outside(settings)
    tls = reached.tls
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=patient(Limits.of(settings), reached.is_proxy),
        ws="none",
        h11_max_incomplete_event_size=HEAD_BYTES,
        proxy_headers=False,
        server_header=False,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=round(GRACE_SECONDS),
        ssl_context_factory=(lambda *_: tls_context(*tls)) if tls else None,
    )


@contextmanager
def running(settings: Settings, worker: bool = True) -> Iterator[tuple[str, WorkerProcess]]:
    """The whole service on a port of this machine, for the demo and for tests; gives its URL and its worker."""
    with socket.create_server((settings.host, settings.port)) as listening:
        host, port = listening.getsockname()[:2]
        app = create_app(settings)
        service: Service = app.state.service
        server = uvicorn.Server(server_config(settings, app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        beside = WorkerProcess(settings, quiet=True)
        thread.start()
        if worker:
            beside.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            with kept(service.engine, settings.checkpoints):
                yield f"http://{host}:{port}", beside
        finally:
            if worker:
                beside.stop()
            server.should_exit = True
            thread.join(GRACE_SECONDS)


def serve(settings: Settings) -> None:
    """Serve until interrupted."""
    beside = WorkerProcess(settings)
    app = create_app(settings)
    service: Service = app.state.service
    config = server_config(settings, app)
    beside.start()
    try:
        with kept(service.engine, settings.checkpoints):
            uvicorn.Server(config).run()
    finally:
        beside.stop()
