"""Whether an ID token is from the provider, for us, for this very sign-in, and of the school's own people.

The rules are those of OpenID Connect Core 1.0, 3.1.3.7, read strictly: what is optional
there and known here is checked.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)

from app.accounts.oidc_metadata import ALGORITHMS, PublicKey
from app.accounts.oidc_providers import Provider

LEEWAY = 30  # seconds that the provider's clock and ours may differ
MOST_CHARACTERS = 20_000
MOST_SUBJECT = 255  # characters, OpenID Connect Core 2
TYPES = (None, "JWT", "jwt")  # an access token has another, and must not pass for an ID token


class Flaw(StrEnum):
    """What is wrong with an answer; goes into logs, holds nothing of a person."""

    FORM = "form"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    TIMES = "times"
    NONCE = "nonce"
    SUBJECT = "subject"
    ACCESS_TOKEN = "access-token"  # noqa: S105  at_hash
    CLAIM = "claim"
    PINNED = "pinned"
    EMAIL = "email"
    STALE = "stale"


class BadToken(Exception):
    """The ID token fails a check; nobody is signed in by it."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Asked:
    """What this sign-in asked for. `begun` and `now` are moments; `fresh`: the person had to sign in anew."""

    nonce: str
    begun: datetime
    now: datetime
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in, as the provider vouches. `email` is verified; empty where its word on that is not relied on."""

    issuer: str
    subject: str
    email: str
    name: str
    amr: tuple[str, ...]
    auth_time: datetime | None
    provider: str

    @property
    def had_second_factor(self) -> bool:
        return "mfa" in self.amr


FindKey = Callable[[str | None, str], PublicKey | None]
_FLAW_OF_CLAIM = {
    "iss": Flaw.ISSUER,
    "aud": Flaw.AUDIENCE,
    "azp": Flaw.AUDIENCE,
    "exp": Flaw.TIMES,
    "iat": Flaw.TIMES,
    "nbf": Flaw.TIMES,
    "auth_time": Flaw.TIMES,
    "nonce": Flaw.NONCE,
    "sub": Flaw.SUBJECT,
    "at_hash": Flaw.ACCESS_TOKEN,
}


def identify(raw: object, access_token: str, provider: Provider, asked: Asked, find_key: FindKey) -> Identity:
    """Who the ID token is about; BadToken where a check fails, and what `find_key` raises."""
    header, claims = _opened(raw, find_key)
    _check_standard(header, claims, access_token, provider, asked)
    _check_strictly(claims, provider, asked)
    return _identity(claims, provider, asked)


def _opened(raw: object, find_key: FindKey) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token with a true signature by one of the provider's keys."""
    if not isinstance(raw, str) or not 0 < len(raw) <= MOST_CHARACTERS:
        raise BadToken(Flaw.FORM)

    def key_for(token: Any) -> PublicKey:
        header = token.headers()
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise BadToken(Flaw.ALGORITHM)
        if header.get("typ") not in TYPES or not isinstance(key_id, str | None):
            raise BadToken(Flaw.FORM)
        key = find_key(key_id, algorithm)
        if key is None:
            raise BadToken(Flaw.KEY)
        return key

    try:
        token = jwt.decode(raw, key_for, algorithms=list(ALGORITHMS))
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        flaws: dict[type[Exception], Flaw] = {
            BadSignatureError: Flaw.SIGNATURE,
            UnsupportedAlgorithmError: Flaw.ALGORITHM,
        }
        raise BadToken(flaws.get(type(error), Flaw.FORM)) from error
    return token.header, token.claims


def _check_standard(
    header: dict[str, Any], claims: dict[str, Any], access_token: str, provider: Provider, asked: Asked
) -> None:
    """Authlib's checks: issuer, audience, times, nonce, azp, and the hash of the access token."""
    options: dict[str, Any] = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "nonce": {"essential": True, "value": asked.nonce},
    }
    params = {"client_id": provider.client_id, "nonce": asked.nonce, "access_token": access_token}
    try:
        CodeIDToken(claims, header, options, params).validate(int(asked.now.timestamp()), LEEWAY)
    except ExpiredTokenError as error:
        raise BadToken(Flaw.EXPIRED) from error
    except (InvalidClaimError, MissingClaimError) as error:
        raise BadToken(_FLAW_OF_CLAIM.get(error.claim.split(",")[0], Flaw.CLAIM)) from error
    except (JoseError, ValueError, TypeError, OverflowError, AttributeError) as error:
        raise BadToken(Flaw.CLAIM) from error


def _check_strictly(claims: dict[str, Any], provider: Provider, asked: Asked) -> None:
    """What the standard leaves open: one audience, issued for this sign-in, of the school, and signed in afresh."""
    if claims["iss"] != provider.issuer:
        raise BadToken(Flaw.ISSUER)
    if claims["aud"] not in (provider.client_id, [provider.client_id]):
        raise BadToken(Flaw.AUDIENCE)
    if not isinstance(claims["nonce"], str) or not hmac.compare_digest(claims["nonce"].encode(), asked.nonce.encode()):
        raise BadToken(Flaw.NONCE)
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= MOST_SUBJECT:
        raise BadToken(Flaw.SUBJECT)
    earliest = asked.begun.timestamp() - LEEWAY
    if _moment(claims["iat"]).timestamp() < earliest:
        raise BadToken(Flaw.TIMES)
    if any(claims.get(name) != value for name, value in provider.pinned.items()):
        raise BadToken(Flaw.PINNED)
    if provider.domain is not None and _verified_email(claims).rpartition("@")[2] != provider.domain:
        raise BadToken(Flaw.EMAIL)
    if asked.fresh and ("auth_time" not in claims or _moment(claims["auth_time"]).timestamp() < earliest):
        raise BadToken(Flaw.STALE)


def _identity(claims: dict[str, Any], provider: Provider, asked: Asked) -> Identity:
    name, amr = claims.get("name"), claims.get("amr")
    moment = _moment(claims["auth_time"]) if "auth_time" in claims else None
    if moment is not None and moment.timestamp() > asked.now.timestamp() + LEEWAY:
        raise BadToken(Flaw.TIMES)
    return Identity(
        issuer=provider.issuer,
        subject=claims["sub"],
        email=_verified_email(claims) if provider.trusts_email else "",
        name=name[:200] if isinstance(name, str) else "",
        amr=tuple(each for each in amr if isinstance(each, str)) if isinstance(amr, list) else (),
        auth_time=moment,
        provider=provider.key,
    )


def _verified_email(claims: dict[str, Any]) -> str:
    """The address, case-folded, if the provider says that it has verified it; else nothing."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str) or len(email) > 254:
        return ""
    return email.casefold() if email.count("@") == 1 else ""


def _moment(value: object) -> datetime:
    """A NumericDate as a moment; BadToken where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadToken(Flaw.TIMES)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise BadToken(Flaw.TIMES) from error
