"""Asking a provider: over TLS, within bounds of time and size, and only the address that was meant."""

from __future__ import annotations

import ipaddress
import time
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

MOST_BYTES = 500_000  # of one answer; the largest known, Microsoft's keys, has some 20,000
MOST_SECONDS = 10.0  # from the request to the last byte of the answer's body
SOCKET_SECONDS = 5.0  # to connect, and between two pieces
PIECE = 65_536


class UnsafeAddress(ValueError):
    """An address that is neither https nor this machine itself."""


class BadAnswer(Exception):
    """A provider's answer that is too large, too slow, sends us elsewhere, or is not the document asked for."""


def require_safe(url: str) -> None:
    """UnsafeAddress unless the address is https without credentials, or http on this very machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise UnsafeAddress(f"'{url[:200]}' is no address") from error
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise UnsafeAddress(f"'{url[:200]}' is no plain address of a server")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise UnsafeAddress(f"'{url[:200]}' is not https")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class BoundedAdapter(HTTPAdapter):
    """Reads every answer within bounds, and refuses to be sent to another address."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002  always, to read within bounds
        timeout: Any = None,  # noqa: ARG002
        verify: Any = True,
        cert: Any = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        require_safe(request.url or "")
        request.headers["Accept-Encoding"] = "identity"
        until = time.monotonic() + MOST_SECONDS
        response = super().send(request, True, SOCKET_SECONDS, verify, cert, proxies)
        try:
            if 300 <= response.status_code < 400:
                raise BadAnswer(f"{response.status_code}: the answer points to another address")
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise BadAnswer("the answer is compressed, though that was not asked for")
            body = _read(response.raw, until)
        finally:
            response.close()
        response.raw = BytesIO(body)
        return response


def _read(raw: Any, until: float) -> bytes:
    """Everything that a connection still holds; a piece at a time, so that one byte a second does not last for ever."""
    body = bytearray()
    while piece := raw.read1(PIECE, decode_content=False):
        body += piece
        if len(body) > MOST_BYTES:
            raise BadAnswer(f"the answer has more than {MOST_BYTES} bytes")
        if time.monotonic() > until:
            raise BadAnswer(f"the answer takes longer than {MOST_SECONDS:.0f} seconds")
    return bytes(body)


def bounded(session: requests.Session) -> None:
    """Have a session ask through the bounds, whatever the address."""
    for prefix in ("https://", "http://"):
        session.mount(prefix, BoundedAdapter())


def get_object(url: str) -> dict[str, Any]:
    """A JSON object from an address; BadAnswer, UnsafeAddress, or what requests raises."""
    with requests.Session() as session:
        bounded(session)
        response = session.get(url, headers={"Accept": "application/json"}, auth=_no_credentials)
    if response.status_code != 200:
        raise BadAnswer(f"{response.status_code} from {urlsplit(url).hostname}")
    try:
        found = response.json()
    except ValueError as error:
        raise BadAnswer(f"no JSON from {urlsplit(url).hostname}") from error
    if not isinstance(found, dict):
        raise BadAnswer(f"no JSON object from {urlsplit(url).hostname}")
    return found


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from sending what a .netrc holds for the host."""
    return request
