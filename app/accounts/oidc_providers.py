"""The providers this school signs in with, each pinned to the school: a domain at Google, a tenant at Microsoft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from app.accounts.oidc_http import UnsafeAddress, require_safe
from app.config import Settings

GOOGLE = "https://accounts.google.com"
MICROSOFT = "https://login.microsoftonline.com/{tenant}/v2.0"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PERSONAL_ACCOUNTS = "9188040d-6c67-4c5b-b112-36a304b66dad"  # the tenant of every private Microsoft account
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class BadProvider(ValueError):
    """A provider's settings are incomplete, or would let in people from outside the school."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. `key` stands in addresses, `name` is what people read.

    `pinned` are the claims that must have exactly these values. With `domain` a verified e-mail address of that domain
    is needed. `trusts_email` says whether a verified address may be matched with an invitation's: Microsoft's may not,
    since whoever runs any tenant may write any address there.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    pinned: Mapping[str, str] = field(default_factory=dict)
    domain: str | None = None
    trusts_email: bool = True
    hints: Mapping[str, str] = field(default_factory=dict)  # spare people a choice; nothing relies on them


def configured(settings: Settings) -> dict[str, Provider]:
    """The providers that the settings name, by key; BadProvider says which setting to mend."""
    found = (_google(settings), _microsoft(settings), _other(settings))
    return {provider.key: provider for provider in found if provider is not None}


def _google(settings: Settings) -> Provider | None:
    given = _all_or_none(settings, "oidc_google_client_id", "oidc_google_client_secret", "oidc_google_domain")
    if given is None:
        return None
    client_id, secret, domain = given
    domain = domain.casefold()
    if not DOMAIN.fullmatch(domain):
        raise BadProvider("GATEPOST_OIDC_GOOGLE_DOMAIN must be the school's Google Workspace domain: wren.sch.uk")
    return Provider(
        "google",
        "Google",
        GOOGLE,
        client_id,
        secret,
        pinned={"hd": domain},
        domain=domain,
        hints={"hd": domain},
    )


def _microsoft(settings: Settings) -> Provider | None:
    given = _all_or_none(settings, "oidc_microsoft_client_id", "oidc_microsoft_client_secret", "oidc_microsoft_tenant")
    if given is None:
        return None
    client_id, secret, tenant = given
    tenant = tenant.casefold()
    if not GUID.fullmatch(tenant) or tenant == PERSONAL_ACCOUNTS:
        raise BadProvider(
            "GATEPOST_OIDC_MICROSOFT_TENANT must be the school's own Directory (tenant) ID, 8-4-4-4-12 letters and "
            "digits: 'common', 'organizations' and 'consumers' would let in people from everywhere."
        )
    issuer = MICROSOFT.format(tenant=tenant)
    pinned = {"tid": tenant}
    return Provider("microsoft", "Microsoft", issuer, client_id, secret, pinned=pinned, trusts_email=False)


def _other(settings: Settings) -> Provider | None:
    given = _all_or_none(settings, "oidc_issuer", "oidc_client_id", "oidc_client_secret")
    if given is None:
        return None
    issuer, client_id, secret = given
    try:
        require_safe(issuer)
    except UnsafeAddress as error:
        raise BadProvider(f"GATEPOST_OIDC_ISSUER must be an https address: {error}") from error
    if issuer.startswith((GOOGLE, "https://login.microsoftonline.com/")):
        raise BadProvider(
            "GATEPOST_OIDC_ISSUER is for other providers: Google and Microsoft have settings of their own, which pin "
            "the school's domain or tenant."
        )
    return Provider("school", settings.oidc_name, issuer, client_id, secret)


def _all_or_none(settings: Settings, *names: str) -> tuple[str, ...] | None:
    """The values of the settings; None where none is set, BadProvider where some are."""
    values = [_plain(getattr(settings, name)) for name in names]
    missing = [f"GATEPOST_{name.upper()}" for name, value in zip(names, values, strict=True) if not value]
    if len(missing) == len(names):
        return None
    if missing:
        raise BadProvider(f"Signing in with a provider needs this, too: {', '.join(missing)}")
    return tuple(values)


def _plain(value: SecretStr | str | None) -> str:
    return (value.get_secret_value() if isinstance(value, SecretStr) else value or "").strip()
