"""What every request passes first: its host, its origin, its size; and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import ForeignOrigin, RequestTooLarge, ServiceError, render

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
    "Permissions-Policy": "geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Refuse foreign hosts (DNS rebinding), foreign origins (cross-site requests) and oversized bodies, all unread.

    The size is also counted while the body arrives, whatever its Content-Length claims.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], max_request_bytes: int) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._most = max_request_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            answer = render(Request(scope), refusal)
            await answer(scope, receive, _with_headers(send))
            return
        await self._app(scope, _counted(receive, self._most), _with_headers(send))

    def _refusal(self, scope: Scope) -> ServiceError | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _host_name(host) not in self._hosts:
            return ForeignOrigin(f"This service does not answer for the host '{host[:100]}'.")
        if scope["method"] not in SAFE_METHODS and not _from_our_pages(headers, host):
            return ForeignOrigin("Forms are taken from Gatepost's own pages only. Open the page again and retry.")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._most:
            return _too_large(self._most)
        return None


def _from_our_pages(headers: Headers, host: str) -> bool:
    """Whether a browser says that our own page sent this, or no browser did.

    Sec-Fetch-Site cannot be set by scripts, so where it is sent it decides; Origin is "null" under our referrer policy.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


def _host_name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""


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


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
