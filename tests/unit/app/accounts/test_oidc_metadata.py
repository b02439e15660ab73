"""What a provider says about itself, and how often it is asked."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.accounts.oidc_http import BadAnswer, UnsafeAddress
from app.accounts.oidc_metadata import KEPT_SECONDS, REFETCH_SECONDS, Directory
from app.accounts.oidc_providers import Provider

ISSUER = "https://id.wren.example"
SCHOOL = Provider("school", "School", ISSUER, "gatepost", "secret")
RSA, EC = RSAKey.generate_key(2048), ECKey.generate_key("P-256")
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}


def public(key: Any, **fields: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), **fields}


def short_key() -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return public(RSAKey.generate_key(1024), kid="x")


SHORT = short_key()


class Scripted:
    """A provider's web server with a clock."""

    def __init__(self, *keys: dict[str, Any], **changes: Any) -> None:
        self.keys: Any = list(keys)
        self.document = {name: value for name, value in {**DOCUMENT, **changes}.items() if value is not ...}
        self.asked: list[str] = []
        self.time = 0.0
        self.directory = Directory(self.fetch, lambda: self.time)

    def fetch(self, url: str) -> dict[str, Any]:
        self.asked.append(url.removeprefix(ISSUER))
        return {"keys": self.keys} if url.endswith("/keys") else self.document

    def finds(self, key_id: str | None, algorithm: str = "RS256") -> bool:
        return self.directory.key(SCHOOL, key_id, algorithm) is not None


def test_the_document_is_asked_for_at_its_place_and_kept_for_an_hour() -> None:
    server = Scripted()
    server.directory.metadata(SCHOOL)
    server.time = KEPT_SECONDS
    server.directory.metadata(SCHOOL)
    assert server.asked == ["/.well-known/openid-configuration"]
    server.time += 1
    server.directory.metadata(SCHOOL)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"issuer": f"{ISSUER}/"}, BadAnswer, id="slash"),
        pytest.param({"issuer": "https://evil.example"}, BadAnswer, id="another-issuer"),
        pytest.param({"issuer": ...}, BadAnswer, id="no-issuer"),
        pytest.param({"token_endpoint": ...}, BadAnswer, id="no-token-address"),
        pytest.param({"jwks_uri": 7}, BadAnswer, id="a-number"),
        pytest.param({"jwks_uri": "http://id.wren.example/keys"}, UnsafeAddress, id="plain-http"),
        pytest.param({"token_endpoint": "file:///etc/passwd"}, UnsafeAddress, id="a-file"),
        pytest.param({"authorization_endpoint": "javascript:alert(1)"}, UnsafeAddress, id="a-script"),
        pytest.param({"token_endpoint": "https://a:b@id.wren.example/"}, UnsafeAddress, id="credentials"),
        pytest.param({"token_endpoint": "https://[/"}, UnsafeAddress, id="no-address"),
    ],
)
def test_a_document_that_is_not_right_is_not_kept(changes: dict[str, Any], error: type[Exception]) -> None:
    server = Scripted(**changes)
    with pytest.raises(error):
        server.directory.metadata(SCHOOL)
    server.document = dict(DOCUMENT)
    assert server.directory.metadata(SCHOOL).token_endpoint == f"{ISSUER}/token"


@pytest.mark.parametrize(
    ("announced", "way"),
    [
        (["client_secret_basic", "client_secret_post"], "client_secret_post"),
        (["client_secret_basic"], "client_secret_basic"),
        (..., "client_secret_basic"),
    ],
)
def test_the_secret_is_sent_in_a_way_that_the_provider_takes(announced: Any, way: str) -> None:
    server = Scripted(token_endpoint_auth_methods_supported=announced)
    assert server.directory.metadata(SCHOOL).token_auth == way


@pytest.mark.parametrize(
    "unfit",
    [
        pytest.param(public(RSA, kid="x", use="enc"), id="for-encryption"),
        pytest.param(public(RSA, kid="x", alg="RS512"), id="for-another-algorithm"),
        pytest.param(SHORT, id="short"),
        pytest.param(public(ECKey.generate_key("P-384"), kid="x"), id="another-curve"),
        pytest.param({**OctKey.generate_key(256).as_dict(), "kid": "x"}, id="a-shared-secret"),
        pytest.param({**RSA.as_dict(private=True), "kid": "x"}, id="a-private-key"),
        pytest.param({"kty": "RSA", "kid": "x"}, id="empty"),
        pytest.param({"kty": "RSA", "kid": "x", "n": 7, "e": "AQAB"}, id="a-number"),
        pytest.param({"kty": "future", "kid": "x"}, id="unknown-kind"),
        pytest.param("x", id="no-key"),
    ],
)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_key_that_does_not_fit_is_left_and_the_others_serve(unfit: Any) -> None:
    server = Scripted(unfit, public(RSA, kid="good"))
    assert server.finds("good")
    assert not server.finds("x")
    assert not server.finds("x", "ES256")


def test_a_key_serves_its_own_algorithm_alone() -> None:
    server = Scripted(public(RSA, kid="rsa"), public(EC, kid="ec"))
    found = [(kid, alg) for kid in ("rsa", "ec") for alg in ("RS256", "ES256") if server.finds(kid, alg)]
    assert found == [("rsa", "RS256"), ("ec", "ES256")]


def test_a_token_that_names_no_key_is_checked_where_there_is_one_key_only() -> None:
    assert Scripted(public(RSA, kid="only")).finds(None)
    assert not Scripted(public(RSA, kid="one"), public(EC, kid="two")).finds(None)


def test_two_keys_of_one_name_serve_nothing() -> None:
    assert not Scripted(public(RSA, kid="same"), public(RSAKey.generate_key(2048), kid="same")).finds("same")


def test_an_unknown_key_is_asked_for_once_a_minute() -> None:
    server = Scripted(public(RSA, kid="old"))
    assert server.finds("old")
    server.keys.append(public(EC, kid="new"))
    server.time = REFETCH_SECONDS - 1
    assert not server.finds("new", "ES256")
    assert server.asked.count("/keys") == 1
    server.time = REFETCH_SECONDS
    assert server.finds("new", "ES256")
    assert not server.finds("never")
    assert server.asked.count("/keys") == 2


def test_a_provider_that_fails_is_not_asked_more_often_either() -> None:
    server = Scripted(public(RSA, kid="old"))
    assert server.finds("old")
    server.keys, server.time = "none", REFETCH_SECONDS
    with pytest.raises(BadAnswer):
        server.finds("new")
    assert not server.finds("new")
    assert server.finds("old")
    assert server.asked.count("/keys") == 2


def test_a_key_that_was_withdrawn_is_gone_after_an_hour() -> None:
    server = Scripted(public(RSA, kid="old"))
    assert server.finds("old")
    server.keys, server.time = [], KEPT_SECONDS + 1
    assert not server.finds("old")
