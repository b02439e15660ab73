"""HTTP connections that are cut off when they are too slow, too many, or say nothing: uvicorn alone waits for ever.

uvicorn 0.54 has a limit for the time between two requests only, and forgets it with the first byte of the next one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from app import logs
from app.errors import PROBLEM
from app.guard import HEADERS, HSTS, REQUEST_ID
from app.limits import HEAD_BYTES, Limits
from app.logs import Event

TOO_SLOW = "The request arrived too slowly and was stopped. Nothing was kept: send it again over a better connection."
TOO_MANY = "There are too many connections. Wait a minute, then try again."
NOT_HTTP = "This is no request that Gatepost can read."
TOO_LONG = "The request's address or headers are too large. Delete this site's cookies, and try again."


def patient(limits: Limits, is_proxy: Callable[[str], bool]) -> type[asyncio.Protocol]:
    """The protocol for `uvicorn.Config(http=...)`; connections of proxies are not counted by their address."""
    counted: Counter[str] = Counter()

    class Patient(PatientProtocol):
        def __init__(
            self,
            config: Config,
            server_state: ServerState,
            app_state: dict[str, Any],
            _loop: asyncio.AbstractEventLoop | None = None,
        ) -> None:
            super().__init__(config, server_state, app_state, _loop)
            self.limits, self.is_proxy, self.counted = limits, is_proxy, counted

    return Patient


class PatientProtocol(H11Protocol):
    """Looks at its connection every quarter of the shortest time that it may take."""

    limits: Limits
    is_proxy: Callable[[str], bool]
    counted: Counter[str]  # connections by address, of this server

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._since = self._last = time.monotonic()  # when the part at hand began; when its last byte came
        self._arrived = 0  # bytes of that part
        self._unsent = 0  # bytes that waited for the client at the last look
        self._unsent_since = self._since
        self._part = ""
        self._in_head = True
        self._is_counted: str | None = None
        self._timer = self.loop.call_later(self._pause(), self._look)
        address = self.client[0] if self.client else ""
        if len(self.connections) > self.limits.connections:
            self._turn_away("connections")
        elif address and not self.is_proxy(address):
            self._is_counted = address
            self.counted[address] += 1
            if self.counted[address] > self.limits.connections_per_address:
                self._turn_away("address")

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        if self._is_counted is not None:
            self.counted[self._is_counted] -= 1
            if not self.counted[self._is_counted]:
                del self.counted[self._is_counted]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._last = time.monotonic()
        self._arrived += len(data)
        self._in_head = self._waits_for() == "headers"
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's name
        """What cannot be read is answered in our own form. The parser's words are not: they may quote the request."""
        if self._in_head and self._arrived > HEAD_BYTES:
            self._answer(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, TOO_LONG)
        else:
            self._answer(HTTPStatus.BAD_REQUEST, NOT_HTTP)
        self.transport.close()

    # -- looking -----------------------------------------------------------------------------------------------------

    def _pause(self) -> float:
        return min(self.limits.header_seconds, self.limits.stall_seconds, self.limits.linger_seconds) / 4

    def _waits_for(self) -> str:
        """What the client still has to send or take: headers, body, the rest of a body after its answer, or nothing."""
        if self.conn.their_state is h11.IDLE:
            return "headers"
        if self.conn.their_state is h11.SEND_BODY:
            done = self.cycle is not None and self.cycle.response_complete
            return "rest" if done else "body"
        return "nothing"

    def _look(self) -> None:
        now = time.monotonic()
        self._timer = self.loop.call_later(self._pause(), self._look)
        part = self._waits_for()
        if part != self._part or (part == "body" and self.flow.read_paused):  # we are the slow ones
            if part != self._part:
                self._part, self._since, self._arrived = part, now, 0
            else:
                self._since += now - self._last
            self._last = now
        if self._is_not_read(now):
            self._end("answer")
        elif self.transport.is_closing():
            return
        elif part == "headers" and now - self._since > self.limits.header_seconds:
            self._too_slow("headers" if self.conn.trailing_data[0] else "idle")
        elif part == "body" and self._is_slow(now):
            self._too_slow("body")
        elif part == "rest" and now - self._since > self.limits.linger_seconds:
            self._end("body")

    def _is_slow(self, now: float) -> bool:
        if now - self._last > self.limits.stall_seconds:
            return True
        took = now - self._since
        return took > self.limits.grace_seconds and self._arrived < took * self.limits.slowest

    def _is_not_read(self, now: float) -> bool:
        """Whether what was written waits for so long without enough of it being taken."""
        unsent = self.transport.get_write_buffer_size()
        enough = self._unsent - unsent >= self.limits.slowest * self.limits.stall_seconds
        if not unsent or enough or not self._unsent or unsent > self._unsent:
            self._unsent, self._unsent_since = unsent, now
        return bool(unsent) and now - self._unsent_since > self.limits.stall_seconds

    # -- ending ------------------------------------------------------------------------------------------------------

    def _too_slow(self, why: str) -> None:
        started = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if why == "idle" or started:
            self._end(why)
            return
        logs.event(Event.CUT_OFF, logging.WARNING, why=why)
        self._answer(HTTPStatus.REQUEST_TIMEOUT, TOO_SLOW)
        self._give_up()
        self.transport.close()

    def _end(self, why: str) -> None:
        if why != "idle":
            logs.event(Event.CUT_OFF, logging.WARNING, why=why)
        self._give_up()
        self.transport.abort()

    def _give_up(self) -> None:
        """Tell the application that nobody is there any more."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def _turn_away(self, why: str) -> None:
        logs.event(Event.CUT_OFF, logging.WARNING, why=why)
        self._answer(HTTPStatus.SERVICE_UNAVAILABLE, TOO_MANY)
        self.transport.close()

    def _answer(self, status: HTTPStatus, detail: str) -> None:
        """Answer past the application: what it would add to an answer is added here."""
        request_id = secrets.token_hex(16)
        told = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
        body = json.dumps({**told, "request_id": request_id}).encode()
        headers = {**HEADERS, REQUEST_ID: request_id, "Content-Type": PROBLEM, "Content-Length": str(len(body))}
        if self.scheme == "https":
            headers["Strict-Transport-Security"] = HSTS
        headers |= {"Connection": "close"} | ({"Retry-After": "60"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {})
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        self.transport.write("\r\n".join([*lines, "", ""]).encode() + body)
