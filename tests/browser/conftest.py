"""A site on a port of this machine, and a browser to look at it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from app.config import Settings
from app.db import writing
from tests.browser.chromium import Chromium
from tests.e2e.conftest import Site, fill_register


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(Settings(data=tmp_path / "data"))
    with writing(made.service.engine) as session:
        fill_register(session)
    return made


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    """The site on a port of this machine, without a worker."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(site.app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def browser(site: Site, url: str) -> Iterator[Chromium]:
    """Signed in with every role."""
    with Chromium() as chromium:
        chromium.sign_in(url, site.me.token)
        chromium.look(390)
        yield chromium
