"""Which settings name a provider, and which would open the door too wide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.accounts.oidc_providers import BadProvider, configured
from app.config import Settings

TENANT = "0F5E7A3C-1111-4222-8333-0123456789AB"
GOOGLE = {"oidc_google_client_id": "id", "oidc_google_client_secret": "hush", "oidc_google_domain": "Wren.sch.uk"}
MICROSOFT = {
    "oidc_microsoft_client_id": "id",
    "oidc_microsoft_client_secret": "hush",
    "oidc_microsoft_tenant": TENANT,
}
OTHER = {"oidc_issuer": "https://id.wren.example", "oidc_client_id": "id", "oidc_client_secret": "hush"}


def providers(**given: Any) -> dict[str, Any]:
    return dict(configured(Settings(data=Path("/nowhere"), **given)))


def test_without_settings_there_is_none() -> None:
    assert providers() == {}


def test_each_is_pinned_to_the_school() -> None:
    found = providers(**GOOGLE, **MICROSOFT, **OTHER)
    assert list(found) == ["google", "microsoft", "school"]
    assert found["google"].issuer == "https://accounts.google.com"
    assert (found["google"].pinned, found["google"].domain) == ({"hd": "wren.sch.uk"}, "wren.sch.uk")
    assert found["microsoft"].issuer == f"https://login.microsoftonline.com/{TENANT.lower()}/v2.0"
    assert found["microsoft"].pinned == {"tid": TENANT.lower()}
    assert not found["microsoft"].trusts_email


@pytest.mark.parametrize(
    ("given", "named"),
    [
        pytest.param({**GOOGLE, "oidc_google_domain": None}, "GOOGLE_DOMAIN", id="no-domain"),
        pytest.param({**GOOGLE, "oidc_google_client_secret": ""}, "GOOGLE_CLIENT_SECRET", id="no-secret"),
        pytest.param({**GOOGLE, "oidc_google_domain": "uk"}, "GOOGLE_DOMAIN", id="top-level"),
        pytest.param({**GOOGLE, "oidc_google_domain": "*"}, "GOOGLE_DOMAIN", id="everybody"),
        pytest.param({**GOOGLE, "oidc_google_domain": "@wren.sch.uk"}, "GOOGLE_DOMAIN", id="with-at"),
        pytest.param({**MICROSOFT, "oidc_microsoft_tenant": "common"}, "MICROSOFT_TENANT", id="common"),
        pytest.param({**MICROSOFT, "oidc_microsoft_tenant": "Organizations"}, "MICROSOFT_TENANT", id="organizations"),
        pytest.param({**MICROSOFT, "oidc_microsoft_tenant": "consumers"}, "MICROSOFT_TENANT", id="consumers"),
        pytest.param({**MICROSOFT, "oidc_microsoft_tenant": "wren.sch.uk"}, "MICROSOFT_TENANT", id="a-domain"),
        pytest.param(
            {**MICROSOFT, "oidc_microsoft_tenant": "9188040d-6c67-4c5b-b112-36a304b66dad"},
            "MICROSOFT_TENANT",
            id="private-accounts",
        ),
        pytest.param({**OTHER, "oidc_issuer": "http://id.wren.example"}, "OIDC_ISSUER", id="plain-http"),
        pytest.param({**OTHER, "oidc_issuer": "https://accounts.google.com"}, "OIDC_ISSUER", id="google-unpinned"),
        pytest.param(
            {**OTHER, "oidc_issuer": "https://login.microsoftonline.com/common/v2.0"},
            "OIDC_ISSUER",
            id="entra-unpinned",
        ),
        pytest.param({"oidc_client_id": "id"}, "OIDC_ISSUER", id="half"),
    ],
)
def test_settings_that_are_incomplete_or_too_wide_are_refused_by_name(given: dict[str, Any], named: str) -> None:
    with pytest.raises(BadProvider, match=f"GATEPOST_OIDC_{named.removeprefix('OIDC_')}"):
        providers(**given)


def test_a_secret_is_never_shown() -> None:
    found = providers(**GOOGLE)
    settings = Settings(data=Path("/nowhere"), **GOOGLE)  # type: ignore[arg-type]
    assert "hush" not in f"{found!r}{found['google']}{settings!r}{settings}"
