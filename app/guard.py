"""What every request passes first: its host, its origin, its size; and what every answer carries."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs
from app.errors import ForeignOrigin, HeadersTooLarge, NotEncrypted, RequestTooLarge, ServiceError, fault, render
from app.logs import Event
from app.proxies import LOOPBACK_NAMES, PROXY_SAID, Outside, given_request_id

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), "
        "payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=()"
    ),
    "Cache-Control": "no-store",
}
HSTS = "max-age=31536000"  # this host alone: the school's others are not ours to speak for
CACHED = "no-cache"  # kept, and asked about each time: scripts and styles hold nothing about anybody
REQUEST_ID = "X-Request-Id"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_HEADERS = 32_768  # bytes of names and values together
QUIET_ROUTES = frozenset({"/healthz", "/readyz", logs.STATIC_ROUTE})  # asked all the time; logged when they fail

BodyLimit = Callable[[str, str], int | None]  # the most bytes for a method and a path; None: as many as settings allow


class Guard:
    """Refuse foreign hosts (DNS rebinding), foreign origins (cross-site requests) and oversized bodies, all unread.

    The size is also counted while the body arrives, whatever its Content-Length claims. What nothing else caught ends
    here, so that its answer, too, has every header, and nothing writes its message into a log.
    """

    def __init__(self, app: ASGIApp, outside: Outside, max_request_bytes: int, limit: BodyLimit) -> None:
        self._app = app
        self._outside = outside
        self._most = max_request_bytes
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = given_request_id(scope) or secrets.token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(scope, request_id, send)
        with logs.of_request(request_id):
            await self._answered(scope, receive, answer)
            answer.log()

    async def _answered(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        most = min(self._most, self._limit(scope["method"], scope["path"]) or self._most)
        refusal = self._refusal(scope, most)
        if refusal is not None:
            await render(Request(scope), refusal)(scope, receive, answer.send)
            return
        try:
            await self._app(scope, _counted(receive, most), answer.send)
        except ClientDisconnect:
            answer.status = answer.status or 499
        except Exception as error:  # noqa: BLE001  told and logged without its message, never swallowed
            if answer.status:  # it broke off in the middle of an answer: the connection must end
                logs.event(Event.FAULT, logging.ERROR, failed=error)
                raise BrokenOff from None
            await fault(Request(scope), error)(scope, receive, answer.send)

    def _refusal(self, scope: Scope, most: int) -> ServiceError | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        name = _host_name(host)
        if name not in self._outside.names:
            return ForeignOrigin("This service does not answer for the host that was asked for.")
        from_elsewhere = name not in LOOPBACK_NAMES or scope.get(PROXY_SAID)
        if self._outside.origin and from_elsewhere and scope["scheme"] != "https":
            return NotEncrypted(f"This connection is not encrypted. Open {self._outside.origin} instead.")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
            return HeadersTooLarge("The request's headers are too large. Delete this site's cookies, and try again.")
        if scope["method"] not in SAFE_METHODS and not _from_our_pages(headers, scope["scheme"], host):
            return ForeignOrigin("Forms are taken from Gatepost's own pages only. Open the page again and retry.")
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or len(length) > 15 or int(length) > most:
            return _too_large(most)
        return None


class BrokenOff(Exception):
    """An answer could not be finished; what went wrong has been logged."""


class _Answer:
    """Sends an answer with every header that it must have, and remembers what to log."""

    def __init__(self, scope: Scope, request_id: str, send: Send) -> None:
        self._scope = scope
        self._id = request_id
        self._send = send
        self._began = time.monotonic()
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._complete(message)
        await self._send(message)

    def _complete(self, message: MutableMapping[str, Any]) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers[name] = value
        headers[REQUEST_ID] = self._id
        if _is_static(self._scope) and self.status in (200, 304):
            headers["Cache-Control"] = CACHED
        if self._scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = HSTS
        if "server" in headers:
            del headers["server"]

    def log(self) -> None:
        route, method = _route(self._scope), self._scope["method"]
        state = self._scope["state"]
        actor = state.get("actor")  # where somebody's right was looked at
        quiet = route in QUIET_ROUTES and self.status < 400
        logs.event(
            Event.REQUEST,
            logging.DEBUG if quiet else logging.INFO,
            method=method if method in logs.METHODS else "other",
            route=route,
            status=self.status,
            ms=round((time.monotonic() - self._began) * 1000),
            actor=actor.ref if actor is not None else None,
            problem=state.get("problem"),
        )


def _is_static(scope: Scope) -> bool:
    return str(scope["path"]).startswith(f"{logs.STATIC_ROUTE}/")


def _route(scope: Scope) -> str:
    """The template of the route, never the path: that may hold anything."""
    if _is_static(scope):
        return logs.STATIC_ROUTE
    path = getattr(scope.get("route"), "path", None)
    return path if path in logs.ROUTES else logs.NO_ROUTE


def _from_our_pages(headers: Headers, scheme: str, host: str) -> bool:
    """Whether a browser says that our own page sent this, or no browser did.

    Sec-Fetch-Site cannot be set by scripts, so where it is sent it decides; Origin is "null" under our referrer policy.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or origin == f"{scheme}://{host}"


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _too_large(most: int) -> RequestTooLarge:
    return RequestTooLarge(f"The request is larger than {most / 1e6:.0f} MB. Send fewer or smaller pictures at a time.")


def _counted(receive: Receive, most: int) -> Receive:
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most:
            raise _too_large(most)
        return message

    return counted
