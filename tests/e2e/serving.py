"""A site on a real port of this machine, served as `gatepost serve` serves it, and raw connections to it."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from app.serving import server_config
from tests.e2e.conftest import Site


@contextmanager
def listening(site: Site) -> Iterator[int]:
    """The port at which the site is served, without a worker."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(server_config(site.settings, site.app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield int(listener.getsockname()[1])
        server.should_exit = True
        thread.join(20)


class Wire:
    """One raw connection."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None, name: str = "localhost", buffer: int = 0) -> None:
        self._socket = socket.socket()
        if buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self._socket.settimeout(20)
        self._socket.connect(("127.0.0.1", port))
        if tls:
            self._socket = tls.wrap_socket(self._socket, server_hostname=name)

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> bool:
        """Whether the other end still took it."""
        try:
            self._socket.sendall(data)
        except OSError:
            return False
        return True

    def until_closed(self) -> bytes:
        """Everything that comes until the other end closes; TimeoutError where it does not."""
        got = b""
        while True:
            try:
                part = self._socket.recv(65536)
            except (ConnectionResetError, ssl.SSLError):
                return got
            if not part:
                return got
            got += part


def status_of(answer: bytes) -> int:
    """The status of a raw answer; 0 where there was none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def header_of(answer: bytes, name: str) -> str | None:
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    found = [
        line.partition(":")[2].strip() for line in head.splitlines() if line.lower().startswith(f"{name.lower()}:")
    ]
    return found[0] if found else None


def written(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
