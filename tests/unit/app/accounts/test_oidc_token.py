"""Every check of an ID token, on tokens that are signed here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.accounts.oidc_metadata import PublicKey
from app.accounts.oidc_providers import Provider
from app.accounts.oidc_token import LEEWAY, Asked, BadToken, Flaw, Identity, identify

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BEGUN = NOW - timedelta(minutes=2)
AT = int(NOW.timestamp())
RSA, EC = RSAKey.generate_key(2048), ECKey.generate_key("P-256")
OTHER = RSAKey.generate_key(2048)
SCHOOL = Provider("school", "School", "https://id.wren.example", "gatepost", "secret")
GOOGLE = Provider(
    "google", "Google", "https://accounts.google.com", "gatepost", "secret", pinned={"hd": "wren.sch.uk"},
    domain="wren.sch.uk",
)  # fmt: skip
TENANT = "0f5e7a3c-1111-4222-8333-0123456789ab"
MICROSOFT = Provider(
    "microsoft", "Microsoft", f"https://login.microsoftonline.com/{TENANT}/v2.0", "gatepost", "secret",
    pinned={"tid": TENANT}, trusts_email=False,
)  # fmt: skip
ACCESS_TOKEN = "the access token"


def find_key(key_id: str | None, algorithm: str) -> PublicKey | None:
    if key_id != "known":
        return None
    return RSA if algorithm == "RS256" else EC


def half_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def claims_of(provider: Provider, **changes: Any) -> dict[str, Any]:
    """The claims of a good token; a change to ... takes a claim out."""
    good = {
        "iss": provider.issuer,
        "sub": "248289761001",
        "aud": provider.client_id,
        "iat": AT - 5,
        "exp": AT + 300,
        "nonce": "the nonce",
        "at_hash": half_hash(ACCESS_TOKEN),
        "email": "Ann@wren.sch.uk",
        "email_verified": True,
        "name": "Ann Field",
        **provider.pinned,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not ...}


def look(
    claims: dict[str, Any],
    provider: Provider = SCHOOL,
    *,
    key: Any = RSA,
    fresh: bool = False,
    access_token: str = ACCESS_TOKEN,
    **header: Any,
) -> Identity:
    algorithm = header.setdefault("alg", {"RSA": "RS256", "EC": "ES256", "oct": "HS256"}[key.key_type])
    raw = jwt.encode({"kid": "known", **header}, claims, key, algorithms=[algorithm])
    return identify(raw, access_token, provider, Asked("the nonce", BEGUN, NOW, fresh), find_key)


def flaw_of(*args: Any, **more: Any) -> Flaw:
    with pytest.raises(BadToken) as caught:
        look(*args, **more)
    return caught.value.flaw


@pytest.mark.parametrize("key", [RSA, EC], ids=["RS256", "ES256"])
def test_a_good_token_says_who_it_is(key: Any) -> None:
    found = look(claims_of(SCHOOL, auth_time=AT - 60, amr=["pwd", "mfa"]), key=key)
    assert found == Identity(
        "https://id.wren.example",
        "248289761001",
        "ann@wren.sch.uk",
        "Ann Field",
        ("pwd", "mfa"),
        NOW - timedelta(seconds=60),
        "school",
    )
    assert found.had_second_factor


@pytest.mark.parametrize("provider", [SCHOOL, GOOGLE, MICROSOFT], ids=lambda each: each.key)
def test_each_provider_has_its_good_token(provider: Provider) -> None:
    assert look(claims_of(provider), provider).subject == "248289761001"


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        pytest.param({"iss": "https://id.wren.example/"}, Flaw.ISSUER, id="issuer-with-a-slash"),
        pytest.param({"iss": "https://ID.wren.example"}, Flaw.ISSUER, id="issuer-in-capitals"),
        pytest.param({"iss": ["https://id.wren.example"]}, Flaw.ISSUER, id="issuers"),
        pytest.param({"iss": ...}, Flaw.ISSUER, id="no-issuer"),
        pytest.param({"aud": "other"}, Flaw.AUDIENCE, id="audience"),
        pytest.param({"aud": []}, Flaw.AUDIENCE, id="no-audience"),
        pytest.param({"aud": ["gatepost", "other"]}, Flaw.AUDIENCE, id="two-audiences"),
        pytest.param({"aud": ["gatepost", "other"], "azp": "gatepost"}, Flaw.AUDIENCE, id="two-audiences-for-us"),
        pytest.param({"azp": "other"}, Flaw.AUDIENCE, id="authorized-party"),
        pytest.param({"exp": AT - LEEWAY - 1}, Flaw.EXPIRED, id="expired"),
        pytest.param({"exp": ...}, Flaw.TIMES, id="no-end"),
        pytest.param({"exp": "tomorrow"}, Flaw.TIMES, id="end-in-words"),
        pytest.param({"exp": 1e400}, Flaw.TIMES, id="endless"),
        pytest.param({"iat": ...}, Flaw.TIMES, id="no-beginning"),
        pytest.param({"iat": True}, Flaw.TIMES, id="beginning-true"),
        pytest.param({"iat": AT + LEEWAY + 1}, Flaw.TIMES, id="from-the-future"),
        pytest.param({"iat": AT - 120 - LEEWAY - 1}, Flaw.TIMES, id="from-before-we-asked"),
        pytest.param({"nbf": AT + LEEWAY + 1}, Flaw.TIMES, id="not-yet"),
        pytest.param({"nonce": "another"}, Flaw.NONCE, id="nonce"),
        pytest.param({"nonce": ["the nonce"]}, Flaw.NONCE, id="nonces"),
        pytest.param({"nonce": ...}, Flaw.NONCE, id="no-nonce"),
        pytest.param({"sub": ...}, Flaw.SUBJECT, id="no-subject"),
        pytest.param({"sub": ""}, Flaw.SUBJECT, id="empty-subject"),
        pytest.param({"sub": 7}, Flaw.SUBJECT, id="subject-a-number"),
        pytest.param({"sub": "s" * 256}, Flaw.SUBJECT, id="long-subject"),
        pytest.param({"at_hash": half_hash("another")}, Flaw.ACCESS_TOKEN, id="hash-of-another-token"),
        pytest.param({"at_hash": 7}, Flaw.ACCESS_TOKEN, id="hash-a-number"),
        pytest.param({"auth_time": AT + LEEWAY + 1}, Flaw.TIMES, id="signed-in-in-the-future"),
        pytest.param({"auth_time": "now"}, Flaw.TIMES, id="signed-in-in-words"),
    ],
)
def test_a_claim_that_is_not_right_signs_nobody_in(changes: dict[str, Any], flaw: Flaw) -> None:
    assert flaw_of(claims_of(SCHOOL, **changes)) is flaw


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exp": AT - LEEWAY + 1}, id="just-expired"),
        pytest.param({"iat": AT + LEEWAY}, id="a-fast-clock"),
        pytest.param({"aud": ["gatepost"], "azp": "gatepost"}, id="one-audience-as-a-list"),
        pytest.param({"at_hash": ...}, id="no-hash"),
        pytest.param({"name": 7}, id="a-name-that-is-none"),
        pytest.param({"name": ...}, id="no-name"),
    ],
)
def test_clocks_may_differ_a_little_and_some_claims_may_be_left_out(changes: dict[str, Any]) -> None:
    assert look(claims_of(SCHOOL, **changes)).subject == "248289761001"


@pytest.mark.parametrize(
    ("key", "header", "flaw"),
    [
        pytest.param(OTHER, {}, Flaw.SIGNATURE, id="another-key"),
        pytest.param(OctKey.import_key("secret" * 8), {}, Flaw.ALGORITHM, id="the-client-secret"),
        pytest.param(RSA, {"alg": "RS512"}, Flaw.ALGORITHM, id="an-algorithm-not-on-the-list"),
        pytest.param(RSA, {"alg": "PS256"}, Flaw.ALGORITHM, id="another-padding"),
        pytest.param(RSA, {"kid": "unknown"}, Flaw.KEY, id="unknown-key"),
        pytest.param(RSA, {"typ": "at+jwt"}, Flaw.FORM, id="an-access-token"),
        pytest.param(RSA, {"typ": "logout+jwt"}, Flaw.FORM, id="a-logout-token"),
    ],
)
def test_a_signature_that_is_not_the_providers_signs_nobody_in(key: Any, header: dict[str, str], flaw: Flaw) -> None:
    assert flaw_of(claims_of(SCHOOL), key=key, **header) is flaw


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["none", "None", "", None, ["RS256"], "HS256"])
def test_a_token_without_a_signature_signs_nobody_in(algorithm: Any) -> None:
    raw = f"{encoded({'alg': algorithm, 'kid': 'known'})}.{encoded(claims_of(SCHOOL))}."
    with pytest.raises(BadToken):
        identify(raw, ACCESS_TOKEN, SCHOOL, Asked("the nonce", BEGUN, NOW), find_key)


def test_a_token_signed_with_the_public_key_as_a_secret_signs_nobody_in() -> None:
    """The old confusion of algorithms: HS256 with what everybody knows."""
    signed = f"{encoded({'alg': 'HS256', 'kid': 'known'})}.{encoded(claims_of(SCHOOL))}"
    mac = hmac.digest(RSA.as_pem(private=False), signed.encode(), "sha256")
    raw = f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    with pytest.raises(BadToken) as caught:
        identify(raw, ACCESS_TOKEN, SCHOOL, Asked("the nonce", BEGUN, NOW), find_key)
    assert caught.value.flaw is Flaw.ALGORITHM


def test_changed_claims_break_the_signature() -> None:
    header, _, signature = jwt.encode({"alg": "RS256", "kid": "known"}, claims_of(SCHOOL), RSA).split(".")
    raw = f"{header}.{encoded(claims_of(SCHOOL, sub='another'))}.{signature}"
    with pytest.raises(BadToken) as caught:
        identify(raw, ACCESS_TOKEN, SCHOOL, Asked("the nonce", BEGUN, NOW), find_key)
    assert caught.value.flaw is Flaw.SIGNATURE


@given(
    st.one_of(
        st.none(), st.integers(), st.binary(), st.text(), st.text("abcAB.-_=", max_size=60), st.just("e" * 20_001)
    )
)
def test_whatever_is_no_token_signs_nobody_in(raw: object) -> None:
    with pytest.raises(BadToken):
        identify(raw, ACCESS_TOKEN, SCHOOL, Asked("the nonce", BEGUN, NOW), find_key)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(name=st.sampled_from([*claims_of(GOOGLE), "auth_time", "amr", "azp", "nbf"]), value=JSON)
def test_a_claim_of_any_kind_is_refused_or_taken_and_never_a_fault(name: str, value: Any) -> None:
    try:
        found = look(claims_of(GOOGLE, **{name: value}), GOOGLE)
    except BadToken:
        return
    assert found.issuer == GOOGLE.issuer
    assert found.email.endswith("@wren.sch.uk")


@pytest.mark.parametrize(
    ("provider", "changes", "flaw"),
    [
        pytest.param(GOOGLE, {"hd": ...}, Flaw.PINNED, id="private-google-account"),
        pytest.param(GOOGLE, {"hd": "other.example"}, Flaw.PINNED, id="another-domain"),
        pytest.param(GOOGLE, {"hd": "sub.wren.sch.uk"}, Flaw.PINNED, id="a-domain-below"),
        pytest.param(GOOGLE, {"hd": ["wren.sch.uk"]}, Flaw.PINNED, id="a-list"),
        pytest.param(GOOGLE, {"email": "ann@evil.example"}, Flaw.EMAIL, id="address-elsewhere"),
        pytest.param(GOOGLE, {"email": "ann@evil.example@wren.sch.uk"}, Flaw.EMAIL, id="address-twice"),
        pytest.param(GOOGLE, {"email": "ann@notwren.sch.uk"}, Flaw.EMAIL, id="longer-domain"),
        pytest.param(GOOGLE, {"email_verified": False}, Flaw.EMAIL, id="unverified"),
        pytest.param(GOOGLE, {"email_verified": "true"}, Flaw.EMAIL, id="verified-in-words"),
        pytest.param(GOOGLE, {"email_verified": ...}, Flaw.EMAIL, id="verification-not-said"),
        pytest.param(GOOGLE, {"email": ...}, Flaw.EMAIL, id="no-address"),
        pytest.param(MICROSOFT, {"tid": ...}, Flaw.PINNED, id="no-tenant"),
        pytest.param(MICROSOFT, {"tid": TENANT.replace("0", "1")}, Flaw.PINNED, id="another-tenant"),
    ],
)
def test_only_the_schools_own_people_are_let_in(provider: Provider, changes: dict[str, Any], flaw: Flaw) -> None:
    assert flaw_of(claims_of(provider, **changes), provider) is flaw


def test_an_address_that_microsoft_sends_is_not_relied_on() -> None:
    """Whoever runs a tenant may write any address into it."""
    claims = claims_of(MICROSOFT, email="head@wren.sch.uk", preferred_username="head@wren.sch.uk", email_verified=True)
    assert look(claims, MICROSOFT).email == ""


@pytest.mark.parametrize(
    ("auth_time", "is_taken"),
    [
        pytest.param(AT, True, id="now"),
        pytest.param(AT - 119, True, id="since-we-asked"),
        pytest.param(AT - 120 - LEEWAY - 1, False, id="before-we-asked"),
        pytest.param(..., False, id="not-said"),
        pytest.param(True, False, id="true"),
    ],
)
def test_a_confirmation_needs_a_sign_in_since_we_asked(auth_time: Any, is_taken: bool) -> None:
    claims = claims_of(SCHOOL, auth_time=auth_time)
    if is_taken:
        assert look(claims, fresh=True).auth_time is not None
    else:
        with pytest.raises(BadToken):
            look(claims, fresh=True)
