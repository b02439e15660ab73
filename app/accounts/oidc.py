"""Signing in with a provider: sent there with a state, a nonce and a verifier, and back with a code that is used once.

Authorization code flow with PKCE (RFC 7636, S256), as RFC 9700 wants it. What was sent stands in a row for ten
minutes, found by the hash of its state and bound to the browser by a cookie. Taking the row removes it: an answer
counts once.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from sqlalchemy import Engine
from sqlmodel import col, delete, select

from app import logs
from app.accounts.oidc_http import BadAnswer, UnsafeAddress, bounded
from app.accounts.oidc_metadata import Directory, Metadata
from app.accounts.oidc_providers import Provider, configured
from app.accounts.oidc_token import Asked, BadToken, Flaw, Identity, identify
from app.accounts.tables import PendingSignIn
from app.config import Settings
from app.db import writing
from app.errors import NotFound, ServiceError
from app.logs import OAUTH_ERRORS, Event
from consent.models import now

SCOPE = "openid email profile"
PENDING_FOR = timedelta(minutes=10)
SECURE_COOKIE = "__Host-gatepost-provider"
PLAIN_COOKIE = "gatepost-provider"  # over plain http, which reaches this machine alone
PENDING_AT_MOST = 5_000  # begun and not finished; beyond, the oldest go
ERROR_CODE = re.compile(r"[a-z_]{1,40}")


class Purpose(StrEnum):
    """Why somebody is sent to a provider."""

    SIGN_IN = "sign-in"
    INVITATION = "invitation"  # to make an account
    LINK = "link"  # a signed-in person adds the provider to their account
    CONFIRM = "confirm"  # a signed-in person shows again that it is them


class SignInLost(ServiceError):
    status_code = 400
    type = "sign-in-lost"
    title = "This sign-in cannot be finished"


class SignInCancelled(ServiceError):
    status_code = 403
    type = "sign-in-cancelled"
    title = "You are not signed in"


class ProviderRefused(ServiceError):
    status_code = 403
    type = "provider-refused"
    title = "You are not signed in"


class ProviderSilent(ServiceError):
    status_code = 503
    type = "provider-silent"
    title = "The sign-in service does not answer"
    headers = {"Retry-After": "60"}  # noqa: RUF012


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that came back: what it was for, for whom, and where to go afterwards."""

    provider: str
    purpose: Purpose
    next: str
    account_id: str | None
    invitation_id: str | None
    begun: datetime


@dataclass(frozen=True, slots=True)
class _Taken:
    pending: Pending
    nonce: str
    verifier: str


class Providers:
    """The providers of a service, and the road there and back."""

    def __init__(self, engine: Engine, providers: Mapping[str, Provider], directory: Directory | None = None) -> None:
        self._engine = engine
        self._providers = dict(providers)
        self._directory = directory or Directory()

    @classmethod
    def of(cls, settings: Settings, engine: Engine) -> Providers:
        """Those that the settings name; BadProvider where these are incomplete or too wide."""
        return cls(engine, configured(settings))

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Key and name of each, for the buttons."""
        return tuple((each.key, each.name) for each in self._providers.values())

    def get(self, key: str) -> Provider:
        """The provider; NotFound where the school does not use it."""
        try:
            return self._providers[key]
        except KeyError:
            raise NotFound("Gatepost is not set up for signing in there.") from None

    def by_issuer(self, issuer: str | None) -> Provider | None:
        return next((each for each in self._providers.values() if each.issuer == issuer), None)

    def begin(
        self,
        key: str,
        purpose: Purpose,
        redirect_uri: str,
        next_path: str = "/",
        *,
        account_id: str | None = None,
        invitation_id: str | None = None,
        at: datetime | None = None,
    ) -> tuple[str, str]:
        """The provider's address to send the browser to, and what the cookie that binds the browser is to hold.

        NotFound for an unknown provider, ProviderSilent where it cannot be asked for its addresses.
        """
        provider, moment = self.get(key), at or now()
        metadata = self._metadata(provider)
        state, cookie, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        row = PendingSignIn(
            id=_hashed(state),
            cookie_sha256=_hashed(cookie),
            provider=key,
            nonce=nonce,
            verifier=verifier,
            purpose=purpose.value,
            account_id=account_id,
            invitation_id=invitation_id,
            next_path=next_path,
            expires_at=moment + PENDING_FOR,
        )
        with writing(self._engine) as session:
            session.exec(delete(PendingSignIn).where(col(PendingSignIn.expires_at) < moment))
            newest_first = select(PendingSignIn).order_by(col(PendingSignIn.expires_at).desc())
            for old in session.exec(newest_first.offset(PENDING_AT_MOST - 1)).all():
                session.delete(old)
            session.add(row)
        extra = dict(provider.hints)
        if purpose is Purpose.CONFIRM:
            extra |= {"prompt": "login", "max_age": "0"}
        with _client(provider, metadata, redirect_uri) as client:
            url, _ = client.create_authorization_url(
                metadata.authorization_endpoint, state=state, code_verifier=verifier, nonce=nonce, **extra
            )
        return str(url), cookie

    def finish(
        self, key: str, answer: Mapping[str, str], cookie: str | None, redirect_uri: str, at: datetime | None = None
    ) -> tuple[Identity, Pending]:
        """Who came back, and what for; `answer` is the query with which the provider sent the browser here.

        SignInLost, SignInCancelled, ProviderRefused or ProviderSilent say in plain words why nobody is signed in.
        """
        provider, moment = self.get(key), at or now()
        taken = self._take(key, answer.get("state", ""), cookie or "", moment)
        metadata = self._metadata(provider)
        if answer.get("iss", provider.issuer if not metadata.names_itself else None) != provider.issuer:
            raise _refused(provider, Flaw.ISSUER)
        if "error" in answer:
            raise _told(provider, answer["error"])
        if not answer.get("code"):
            raise _refused(provider, Flaw.FORM)
        token = self._redeem(provider, metadata, answer["code"], taken.verifier, redirect_uri)
        fresh = taken.pending.purpose is Purpose.CONFIRM
        asked = Asked(taken.nonce, taken.pending.begun, max(moment, taken.pending.begun), fresh)
        try:
            identity = identify(
                token.get("id_token"),
                str(token.get("access_token", "")),
                provider,
                asked,
                lambda key_id, algorithm: self._directory.key(provider, key_id, algorithm),
            )
        except BadToken as error:
            raise _refused(provider, error.flaw) from error
        except (BadAnswer, UnsafeAddress, requests.RequestException) as error:
            raise _silent(provider, error) from error
        return identity, taken.pending

    def _take(self, key: str, state: str, cookie: str, moment: datetime) -> _Taken:
        """The row of this sign-in, which is gone afterwards, whatever comes of it; SignInLost where there is none."""
        with writing(self._engine) as session:
            row = session.get(PendingSignIn, _hashed(state)) if state else None
            if row is not None:
                session.delete(row)
        if (
            row is None
            or not hmac.compare_digest(row.cookie_sha256, _hashed(cookie))
            or row.provider != key
            or row.expires_at < moment
        ):
            raise SignInLost(
                "This sign-in was begun in another browser, took longer than 10 minutes, or was finished before. "
                "Begin again."
            )
        begun = row.expires_at - PENDING_FOR
        purpose = Purpose(row.purpose)
        pending = Pending(key, purpose, row.next_path, row.account_id, row.invitation_id, begun)
        return _Taken(pending, row.nonce, row.verifier)

    def _metadata(self, provider: Provider) -> Metadata:
        try:
            return self._directory.metadata(provider)
        except (BadAnswer, UnsafeAddress, requests.RequestException) as error:
            raise _silent(provider, error) from error

    def _redeem(
        self, provider: Provider, metadata: Metadata, code: str, verifier: str, redirect_uri: str
    ) -> Mapping[str, object]:
        """What the provider gives for the code."""
        try:
            with _client(provider, metadata, redirect_uri) as client:
                token = client.fetch_token(
                    metadata.token_endpoint, grant_type="authorization_code", code=code, code_verifier=verifier
                )
        except AuthlibBaseError as error:
            raise _told(provider, error.error or "") from error
        except (BadAnswer, UnsafeAddress, requests.RequestException, ValueError) as error:
            raise _silent(provider, error) from error
        if not isinstance(token, Mapping):
            raise _refused(provider, Flaw.FORM)
        return token


def cookie_name(scheme: str) -> str:
    return SECURE_COOKIE if scheme == "https" else PLAIN_COOKIE


def _client(provider: Provider, metadata: Metadata, redirect_uri: str) -> OAuth2Session:
    client = OAuth2Session(
        provider.client_id,
        provider.client_secret,
        token_endpoint_auth_method=metadata.token_auth,
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )
    bounded(client)
    return client


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _told(provider: Provider, code: str) -> ServiceError:
    """What an error that the provider sends means to the person; its own words are not repeated."""
    known = code if ERROR_CODE.fullmatch(code) else "no known error"
    answer = code if code in OAUTH_ERRORS else "other"
    logs.event(Event.PROVIDER_SAID_NO, logging.WARNING, provider=provider.key, answer=answer)
    if known == "access_denied":
        return SignInCancelled(f"The sign-in with {provider.name} was stopped there. Begin again if you want to.")
    if known in {"temporarily_unavailable", "server_error"}:
        return ProviderSilent(f"{provider.name} cannot sign anybody in now. Try again in a minute.")
    return ProviderRefused(
        f"{provider.name} did not sign you in ({known}). Try again; if it happens again, tell IT these words."
    )


def _refused(provider: Provider, flaw: Flaw) -> ProviderRefused:
    logs.event(Event.PROVIDER_REFUSED, logging.WARNING, provider=provider.key, flaw=flaw.name)
    if flaw in (Flaw.PINNED, Flaw.EMAIL):
        return ProviderRefused(
            f"This {provider.name} account is not one of the school's. Sign in there with your school account."
        )
    if flaw is Flaw.STALE:
        return ProviderRefused(
            f"{provider.name} did not say that you signed in again just now, so this stays closed. "
            "Try again; if it stays so, ask the administrator of Gatepost for a password of your own."
        )
    return ProviderRefused(
        f"The answer of {provider.name} cannot be relied on ({flaw}), so nobody is signed in. Try again; if it "
        "happens again, tell IT these words."
    )


def _silent(provider: Provider, error: Exception) -> ProviderSilent:
    logs.event(Event.PROVIDER_SILENT, logging.WARNING, provider=provider.key, failed=error)
    return ProviderSilent(
        f"{provider.name} does not answer as it should. Try again in a minute; if it stays so, tell IT."
    )
