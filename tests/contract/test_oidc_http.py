"""Asking a web server that means no good: every answer stays within bounds, and nobody is sent elsewhere."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from app.accounts import oidc_http
from app.accounts.oidc_http import BadAnswer, UnsafeAddress, get_object, require_safe


class Handler(BaseHTTPRequestHandler):
    seen: list[tuple[str, str | None]] = []  # noqa: RUF012  emptied by the fixture

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers.get("Authorization")))
        getattr(self, "answer_" + self.path.strip("/"))()

    def _send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def answer_good(self) -> None:
        self._send(b'{"issuer": "x"}')

    def answer_list(self) -> None:
        self._send(b"[1]")

    def answer_words(self) -> None:
        self._send(b"<html>Sign in to the Wi-Fi</html>")

    def answer_missing(self) -> None:
        self._send(b"{}", 404)

    def answer_elsewhere(self) -> None:
        self._send(b"", 302, Location="/good")

    def answer_large(self) -> None:
        self._send(b" " * (oidc_http.MOST_BYTES + 1) + b"{}")

    def answer_endless(self) -> None:
        """Without a length, for as long as somebody listens."""
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(10_000):
                self.wfile.write(b" " * 10_000)
        except OSError:
            return

    def answer_bomb(self) -> None:
        self._send(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")

    def answer_drip(self) -> None:
        """A byte now and then, each well within the time that a socket waits."""
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Handler.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_an_object_is_read(server: str) -> None:
    assert get_object(f"{server}/good") == {"issuer": "x"}


@pytest.mark.parametrize("path", ["list", "words", "missing", "elsewhere", "large", "endless", "bomb", "drip"])
def test_anything_else_is_no_answer(path: str, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc_http, "MOST_SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(BadAnswer):
        get_object(f"{server}/{path}")
    assert [seen for seen, _ in Handler.seen] == [f"/{path}"]
    assert time.monotonic() - began < 4


def test_a_server_that_is_gone_is_told_as_such() -> None:
    with pytest.raises(requests.RequestException):
        get_object("http://127.0.0.1:9/")


def test_no_password_of_the_machine_is_sent(
    server: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login it password hush\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    get_object(f"{server}/good")
    assert Handler.seen == [("/good", None)]


@pytest.mark.parametrize(
    "url", ["https://id.wren.example/x?y=z", "http://127.0.0.1:8080/", "http://[::1]/", "http://localhost/"]
)
def test_an_address_with_tls_or_of_this_machine_is_asked(url: str) -> None:
    require_safe(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://id.wren.example/",
        "http://127.0.0.1.evil.example/",
        "http://10.0.0.1/",
        "ftp://id.wren.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:hush@id.wren.example/",
        "https://id.wren.example/#part",
        "https://id.wren.example:port/",
        "",
    ],
)
def test_any_other_address_is_not(url: str) -> None:
    with pytest.raises(UnsafeAddress):
        require_safe(url)
    with pytest.raises((UnsafeAddress, requests.RequestException)):
        get_object(url)
