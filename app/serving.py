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
from pydantic import SecretStr

from app.audit.keeping import kept
from app.config import Settings
from app.deps import Service
from app.main import create_app

log = logging.getLogger("gatepost")
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
            log.warning("the worker ended with %s; another starts in %.1f s", process.returncode, pause)
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
    """The environment under which a child reads the same settings."""
    said = {f"GATEPOST_{name.upper()}": value for name, value in settings.model_dump().items()}
    inherited = {name: value for name, value in os.environ.items() if name not in said}
    own = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in said.items()
        if value is not None
    }
    return {**inherited, **own}


@contextmanager
def running(settings: Settings, worker: bool = True) -> Iterator[tuple[str, WorkerProcess]]:
    """The whole service on a port of this machine, for the demo and for tests; gives its URL and its worker."""
    with socket.create_server((settings.host, settings.port)) as listening:
        host, port = listening.getsockname()[:2]
        app = create_app(settings)
        service: Service = app.state.service
        config = uvicorn.Config(app, log_config=None, access_log=False)
        server = uvicorn.Server(config)
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
    config = uvicorn.Config(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)
    beside.start()
    try:
        with kept(service.engine, settings.checkpoints):
            uvicorn.Server(config).run()
    finally:
        beside.stop()
