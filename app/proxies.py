"""Where Gatepost may listen, by which names it answers, and whom it believes about the other end of a connection."""

from __future__ import annotations

import ipaddress
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.config import Settings

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1", "testserver"})
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2: forward secrecy and authenticated alone; 1.3 has no others
PROXY_SAID = "gatepost.proxy"  # in a request's scope: a proxy that is believed handed it on
REQUEST_ID = re.compile("[0-9a-f]{16,32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # no word fits, so no name does
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NotServed(ValueError):
    """Gatepost was asked to listen in a way that would not be safe, or with settings that do not fit together."""


@dataclass(frozen=True, slots=True)
class Outside:
    """How Gatepost is reached: `host` and `origin` of its public address, and the proxies that may speak for others."""

    host: str | None
    origin: str | None
    proxies: tuple[Network, ...]
    tls: tuple[Path, Path] | None

    @property
    def names(self) -> frozenset[str]:
        return LOOPBACK_NAMES | ({self.host} if self.host else frozenset())

    def is_proxy(self, address: str) -> bool:
        try:
            at = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(at in network for network in self.proxies)


def outside(settings: Settings) -> Outside:
    """Read and check the settings; NotServed, with a sentence that says what to do, where they do not fit together."""
    origin, host = _public(settings.public_url)
    proxies = tuple(_network(each.strip()) for each in settings.trusted_proxies.split(",") if each.strip())
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        raise NotServed("Give both tls_certificate and tls_key, or neither.")
    tls = (settings.tls_certificate, settings.tls_key) if settings.tls_certificate and settings.tls_key else None
    made = Outside(host, origin, proxies, tls)
    if not is_loopback(settings.host):
        _check_beyond_loopback(settings.host, made)
    if tls:
        tls_context(*tls)
    return made


def _check_beyond_loopback(address: str, made: Outside) -> None:
    if made.host is None:
        raise NotServed(
            f"To listen on '{address}', where others can reach it, Gatepost must know its name: set "
            "GATEPOST_PUBLIC_URL (for example https://gatepost.school.example). Or listen on 127.0.0.1."
        )
    if made.tls is None and not made.proxies:
        raise NotServed(
            f"Gatepost listens on '{address}' behind TLS only: set GATEPOST_TLS_CERTIFICATE and GATEPOST_TLS_KEY, or "
            "GATEPOST_TRUSTED_PROXIES with the address of the reverse proxy that ends TLS. Or listen on 127.0.0.1."
        )


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _public(url: str | None) -> tuple[str | None, str | None]:
    if not url:
        return None, None
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
        raise NotServed("public_url is https:// and a host name, and nothing else: https://gatepost.school.example")
    return f"https://{parts.netloc}", parts.hostname


def _network(each: str) -> Network:
    try:
        network = ipaddress.ip_network(each)
    except ValueError:
        raise NotServed(f"trusted_proxies: '{each}' is no address and no network (10.0.0.5 or 10.0.0.0/28).") from None
    if network.prefixlen == 0:
        raise NotServed(f"trusted_proxies: '{each}' is everybody. Name the address of the proxy.")
    return network


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 and newer with this certificate; NotServed where the two files cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    for file, name in ((certificate, "tls_certificate"), (key, "tls_key")):
        try:
            file.read_bytes()
        except OSError as error:
            raise NotServed(f"{name}: {file} cannot be read ({error.strerror}).") from None
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except (ssl.SSLError, ValueError) as error:
        why = "the key does not belong to it" if "MISMATCH" in str(error) else "one is no PEM file, or has a passphrase"
        raise NotServed(f"tls_certificate {certificate} and tls_key {key} cannot be used: {why}.") from None
    return context


def _no_password() -> str:
    raise ValueError("a key with a passphrase cannot be opened unattended")


class Forwarded:
    """Believe X-Forwarded-For and -Proto where a proxy sent them that the settings name, and from nobody else.

    From such a proxy a request must have come by https: what it took in without is turned away by the guard.
    """

    def __init__(self, app: ASGIApp, outside: Outside) -> None:
        self._app = app
        self._outside = outside
        names = [str(network) for network in outside.proxies]
        self._believing = ProxyHeadersMiddleware(app, trusted_hosts=names)  # type: ignore[arg-type]  # uvicorn's own ASGI types

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if scope["type"] == "http" and client and self._outside.is_proxy(client[0]):
            scope[PROXY_SAID] = True
            await self._believing(scope, receive, send)  # type: ignore[arg-type]
            return
        await self._app(scope, receive, send)


def given_request_id(scope: Scope) -> str | None:
    """The id that a believed proxy gave the request, where it is nothing but an id."""
    given = Headers(scope=scope).get("x-request-id", "").lower() if scope.get(PROXY_SAID) else ""
    return given if REQUEST_ID.fullmatch(given) else None
