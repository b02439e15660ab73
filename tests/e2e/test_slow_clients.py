"""Clients that are slow, silent, endless or too many are cut off, on real sockets; health answers all the while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Settings
from app.guard import HEADERS
from app.limits import Limits
from tests.e2e.conftest import Site
from tests.e2e.serving import Wire, header_of, listening, status_of

SOON = 6.0  # seconds in which each of them is gone, with the times below
GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path / "data", header_seconds=1.0, stall_seconds=1.0, connections=30, connections_per_address=20
    )


@pytest.fixture
def port(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    quick = replace(Limits.of(site.settings), grace_seconds=1.5, linger_seconds=1.0)
    monkeypatch.setattr(Limits, "of", lambda _: quick)
    with listening(site) as at:
        yield at


def drip(wire: Wire, data: bytes, pause: float, rounds: int) -> None:
    for _ in range(rounds):
        if not wire.send(data):
            return
        time.sleep(pause)


def dripped(data: bytes, pause: float = 0.2) -> Callable[[Wire], None]:
    return lambda wire: threading.Thread(target=drip, args=(wire, data, pause, 100), daemon=True).start()


def nothing(_: Wire) -> None:
    pass


@pytest.mark.parametrize(
    ("first", "then", "status"),
    [
        pytest.param(b"", nothing, 0, id="says-nothing"),
        pytest.param(b"GET / HT", nothing, 408, id="stops-in-its-first-line"),
        pytest.param(GET, dripped(b"X-A: b\r\n"), 408, id="headers-drip"),
        pytest.param(GET, dripped(b"X"), 408, id="one-header-drips"),
        pytest.param(POST + b"Content-Length: 900\r\n\r\n", nothing, 408, id="no-body-comes"),
        pytest.param(POST + b"Content-Length: 900000\r\n\r\n", dripped(b"a"), 408, id="body-drips"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n", dripped(b"1\r\na\r\n"), 408, id="chunks-drip"),
        pytest.param(GET + b"\r\n", nothing, 200, id="says-nothing-after-an-answer"),
        pytest.param(GET + b"\r\nGET", nothing, 200, id="stops-in-its-second-request"),
        pytest.param(GET + b"X-A: " + b"a" * 60_000, nothing, 431, id="one-huge-header"),
        pytest.param(GET + b"X-A: " + b"a" * 60_000 + b"\r\n\r\n", nothing, 431, id="a-huge-header-at-once"),
        pytest.param(GET + b"X-A: b\r\n" * 9_000 + b"\r\n", nothing, 431, id="thousands-of-headers"),
        pytest.param(POST + b"Content-Length: 99999999999\r\n\r\n", dripped(b"a" * 500), 413, id="says-it-is-huge"),
        pytest.param(POST + b"Content-Length: 1000001\r\n\r\n", nothing, 413, id="more-than-its-route-takes"),
        pytest.param(POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", nothing, 400, id="another-coding"),
        pytest.param(POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\na", nothing, 400, id="two-lengths"),
        pytest.param(b"\x16\x03\x01\x00\xa5 not http\r\n\r\n", nothing, 400, id="no-http"),
    ],
)
def test_a_bad_client_is_told_why_and_gone(port: int, first: bytes, then: Callable[[Wire], None], status: int) -> None:
    began = time.monotonic()
    with Wire(port) as wire:
        wire.send(first)
        then(wire)
        answer = wire.until_closed()
    took = time.monotonic() - began
    assert status_of(answer) == status
    assert took < (8 if status == 200 else SOON)
    if status:
        assert all(header_of(answer, name) == value for name, value in HEADERS.items())
        assert header_of(answer, "server") is None
        assert header_of(answer, "x-request-id")


def test_a_body_without_end_is_not_kept_and_not_taken_for_long(port: int) -> None:
    began = time.monotonic()
    with Wire(port) as wire:
        wire.send(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        while time.monotonic() - began < SOON and wire.send(b"10000\r\n" + b"a" * 65536 + b"\r\n"):
            pass
        answer = wire.until_closed()
    assert time.monotonic() - began < SOON
    assert status_of(answer) in (
        0,
        400,
        413,
    )  # no form is so long; cut off while it still sent, it may not have read why


def test_a_body_that_comes_steadily_is_not_cut_off(site: Site, port: int) -> None:
    key = site.key()
    with Wire(port) as wire:
        body = b"--x\r\nContent-Disposition: form-data; name=channel\r\n\r\nSchool website\r\n--x--\r\n"
        padding = b"\r\n" * 12_000
        wire.send(
            b"POST /api/v1/drafts HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
            + key.encode()
            + b"\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=x\r\n"
            + f"Content-Length: {len(padding) + len(body)}\r\n\r\n".encode()
        )
        drip(wire, padding[:2_000], 0.25, 12)
        wire.send(body)
        assert status_of(wire.until_closed()) not in (0, 408)


def test_an_answer_that_is_not_read_is_given_up(port: int) -> None:
    """The style sheet, asked for again and again and never read, fills the buffers on both sides."""
    ask = b"GET /static/style.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with Wire(port, buffer=4096) as wire:
        wire.send(ask * 2_000)
        time.sleep(SOON)
        assert len(wire.until_closed()) < 2_000 * 4_000


def test_too_many_from_one_address_are_turned_away_and_come_back_later(port: int) -> None:
    with ExitStack() as held:
        for _ in range(20):
            held.enter_context(Wire(port)).send(b"G")
        time.sleep(0.2)
        with Wire(port) as one_more:
            answer = one_more.until_closed()
        assert (status_of(answer), header_of(answer, "retry-after")) == (503, "60")
    time.sleep(0.5)
    with Wire(port) as again:
        again.send(GET + b"Connection: close\r\n\r\n")
        assert status_of(again.until_closed()) == 200


def test_health_answers_in_under_a_second_meanwhile(port: int) -> None:
    with ExitStack() as held:
        for at in range(15):
            wire = held.enter_context(Wire(port))
            wire.send([b"", GET, POST + b"Content-Length: 900000\r\n\r\n"][at % 3])
            dripped(b"a", 0.05)(wire)
        for _ in range(10):
            began = time.monotonic()
            with Wire(port) as asking:
                asking.send(GET + b"Connection: close\r\n\r\n")
                assert status_of(asking.until_closed()) == 200
            assert time.monotonic() - began < 1
            time.sleep(0.1)


def test_a_request_with_two_ends_has_the_one_of_its_chunks(port: int) -> None:
    """RFC 9112, 6.3: what a length claims beside chunks hides no second request."""
    with Wire(port) as wire:
        hidden = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        wire.send(
            POST + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (5 + len(hidden)) + hidden
        )
        answer = wire.until_closed()
    assert answer.count(b"HTTP/1.1 ") == 2  # the second is a request of its own, and is answered as one
