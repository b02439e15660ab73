"""A server or a worker as a process of its own, with scripted pictures: `... processes work|serve DATA [PORT]`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from app import logs
from app.checking import Looker
from app.config import Settings
from app.db import open_engine
from app.main import create_app
from app.serving import server_config
from app.worker import Worker, stop_when_stdin_closes
from tests.e2e.conftest import ScriptedInspector


@contextmanager
def looker() -> Iterator[Looker]:
    yield Looker(ScriptedInspector())


def main(role: str, data: str, port: str = "0") -> None:
    settings = Settings(data=Path(data), lease_seconds=1.0, port=int(port))
    logs.set_up(form=settings.log_format)
    if role == "serve":
        uvicorn.Server(server_config(settings, create_app(settings))).run()
        return
    stop = threading.Event()
    stop_when_stdin_closes(stop)
    Worker(settings, open_engine(settings), looker, stop).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
