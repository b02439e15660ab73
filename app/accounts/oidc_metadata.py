"""What a provider says about itself: its addresses and its keys, kept for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from app.accounts.oidc_http import BadAnswer, get_object, require_safe
from app.accounts.oidc_providers import Provider

KEPT_SECONDS = 3600.0  # the discovery document and the keys
REFETCH_SECONDS = 60.0  # the keys are asked for no more often, whatever key a token names
LEAST_RSA_BITS = 2048
ALGORITHMS = ("RS256", "ES256")

PublicKey = RSAKey | ECKey
Fetch = Callable[[str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Metadata:
    """The addresses of one provider, and what it promises of its answers."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    names_itself: bool  # its answers carry `iss` (RFC 9207)
    token_auth: str  # how it wants the client's secret


@dataclass(frozen=True, slots=True)
class _Keys:
    by_id: dict[str | None, list[PublicKey]]
    fetched: float


class Directory:
    """Discovery documents and keys of the providers; for threads to share."""

    def __init__(self, fetch: Fetch = get_object, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._metadata: dict[str, tuple[Metadata, float]] = {}
        self._keys: dict[str, _Keys] = {}
        self._asked: dict[str, float] = {}  # when the keys were last asked for, answered or not

    def metadata(self, provider: Provider) -> Metadata:
        """The provider's addresses; BadAnswer where its document is not its own or names an unsafe address."""
        with self._lock:
            kept = self._metadata.get(provider.issuer)
            if kept is None or self._clock() - kept[1] > KEPT_SECONDS:
                document = self._fetch(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
                kept = (_read_metadata(provider, document), self._clock())
                self._metadata[provider.issuer] = kept
            return kept[0]

    def key(self, provider: Provider, key_id: str | None, algorithm: str) -> PublicKey | None:
        """The key with this id for this algorithm; an unknown one is asked for, at most once a minute."""
        address = self.metadata(provider).jwks_uri
        with self._lock:
            kept = self._keys.get(provider.issuer)
            if kept is None or self._clock() - kept.fetched > KEPT_SECONDS:
                return _pick(self._fetch_keys(provider, address), key_id, algorithm)
            found = _pick(kept, key_id, algorithm)
            if found is None and self._clock() - self._asked[provider.issuer] >= REFETCH_SECONDS:
                found = _pick(self._fetch_keys(provider, address), key_id, algorithm)
            return found

    def _fetch_keys(self, provider: Provider, address: str) -> _Keys:
        self._asked[provider.issuer] = self._clock()
        fresh = _Keys(_read_keys(self._fetch(address)), self._clock())
        self._keys[provider.issuer] = fresh
        return fresh


def _read_metadata(provider: Provider, document: dict[str, Any]) -> Metadata:
    if document.get("issuer") != provider.issuer:
        raise BadAnswer(f"the document of {provider.name} is of another issuer")
    addresses = [document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    strings = [address for address in addresses if isinstance(address, str)]
    if len(strings) != len(addresses):
        raise BadAnswer(f"the document of {provider.name} lacks an address")
    for address in strings:
        require_safe(address)
    ways = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    way = "client_secret_post" if isinstance(ways, list) and "client_secret_post" in ways else "client_secret_basic"
    names_itself = document.get("authorization_response_iss_parameter_supported") is True
    return Metadata(strings[0], strings[1], strings[2], names_itself, way)


def _read_keys(document: dict[str, Any]) -> dict[str | None, list[PublicKey]]:
    """The public signing keys that may check a token: RSA and P-256; others, and shared secrets above all, are left."""
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise BadAnswer("the provider's list of keys is none")
    found: dict[str | None, list[PublicKey]] = {}
    for entry in listed:
        key = _public_key(entry) if isinstance(entry, dict) else None
        if key is not None:
            key_id = entry.get("kid")
            found.setdefault(key_id if isinstance(key_id, str) else None, []).append(key)
    return found


def _public_key(entry: dict[str, Any]) -> PublicKey | None:
    if entry.get("use", "sig") != "sig" or "d" in entry:
        return None
    try:
        if entry.get("kty") == "RSA" and entry.get("alg", "RS256") == "RS256":
            rsa = RSAKey.import_key(entry)
            return rsa if rsa.raw_value.key_size >= LEAST_RSA_BITS else None
        if entry.get("kty") == "EC" and entry.get("crv") == "P-256" and entry.get("alg", "ES256") == "ES256":
            return ECKey.import_key(entry)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return None


def _pick(keys: _Keys, key_id: str | None, algorithm: str) -> PublicKey | None:
    """The one key that fits; a token that names none is checked only where there is nothing to choose."""
    kind = RSAKey if algorithm == "RS256" else ECKey
    if key_id is None:
        listed = [key for each in keys.by_id.values() for key in each]
        return listed[0] if len(listed) == 1 and isinstance(listed[0], kind) else None
    fitting = [key for key in keys.by_id.get(key_id, []) if isinstance(key, kind)]
    return fitting[0] if len(fitting) == 1 else None
