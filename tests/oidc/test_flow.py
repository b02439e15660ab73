"""Signing in at a real provider, through its own forms, and every way in which it can misbehave."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.accounts import oidc, oidc_http
from app.accounts.oidc import ProviderRefused, ProviderSilent, Purpose, SignInCancelled, SignInLost
from app.accounts.oidc_token import Flaw
from app.accounts.tables import PendingSignIn
from app.db import reading
from app.errors import NotFound, ServiceError
from consent.models import now
from tests.oidc.conftest import BACK, Browser, Flow
from tests.oidc.real import RealProvider

HOUR = 3600


def refused(flow: Flow, browser: Browser) -> ProviderRefused:
    url, cookie = flow.begin()
    back = browser.walk(url)
    with pytest.raises(ProviderRefused) as caught:
        flow.finish(back, cookie)
    return caught.value


@pytest.mark.parametrize("suffix", ["", "-es256"])
def test_somebody_signs_in_through_login_and_consent(
    suffix: str, real: RealProvider, engine: Engine, browser: Browser
) -> None:
    flow = Flow(real, engine, real.provider(client_id=real.client + suffix))
    identity = flow.sign_in(browser)
    assert browser.forms == ["login", "consent"]
    assert (identity.issuer, identity.subject) == (real.issuer, "ann")
    assert (identity.email, identity.name) == ("ann@wren.sch.uk", "Ann Field")
    assert not identity.had_second_factor


def test_nothing_of_a_finished_sign_in_is_kept(flow: Flow, browser: Browser) -> None:
    flow.sign_in(browser)
    with reading(flow.engine) as session:
        assert session.exec(select(PendingSignIn)).all() == []


def test_the_way_there_carries_a_challenge_and_no_secret(flow: Flow) -> None:
    url, cookie = flow.begin(next_path="/drafts/7")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    with reading(flow.engine) as session:
        row = session.exec(select(PendingSignIn)).one()
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert asked["nonce"] == row.nonce
    assert asked["scope"] == "openid email profile"
    assert asked["redirect_uri"] == BACK
    assert row.verifier not in url
    assert flow.real.secret not in url
    assert asked["state"] not in (row.id, row.cookie_sha256)
    assert cookie not in (row.cookie_sha256, url)
    assert row.next_path == "/drafts/7"


def test_each_way_there_has_secrets_of_its_own(flow: Flow) -> None:
    ways = [parse_qs(urlsplit(flow.begin()[0]).query) for _ in range(5)]
    for name in ("state", "nonce", "code_challenge"):
        assert len({way[name][0] for way in ways}) == 5


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        pytest.param({"claims": {"iss": "https://elsewhere.example"}}, Flaw.ISSUER, id="issuer"),
        pytest.param({"claims": {"iss": None}}, Flaw.ISSUER, id="no-issuer"),
        pytest.param({"claims": {"aud": "another"}}, Flaw.AUDIENCE, id="audience"),
        pytest.param({"claims": {"aud": ["gatepost", "another"], "azp": "gatepost"}}, Flaw.AUDIENCE, id="audiences"),
        pytest.param({"claims": {"azp": "another"}}, Flaw.AUDIENCE, id="authorized-party"),
        pytest.param({"claims": {"exp": int(time.time()) - HOUR}}, Flaw.EXPIRED, id="expired"),
        pytest.param({"claims": {"iat": int(time.time()) - HOUR}}, Flaw.TIMES, id="older-than-the-question"),
        pytest.param({"claims": {"iat": int(time.time()) + HOUR}}, Flaw.TIMES, id="from-the-future"),
        pytest.param({"claims": {"nonce": "another"}}, Flaw.NONCE, id="nonce"),
        pytest.param({"claims": {"nonce": None}}, Flaw.NONCE, id="no-nonce"),
        pytest.param({"claims": {"sub": None}}, Flaw.SUBJECT, id="no-subject"),
        pytest.param({"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}, Flaw.ACCESS_TOKEN, id="hash-of-access-token"),
        pytest.param({"token": {"access_token": "another"}}, Flaw.ACCESS_TOKEN, id="swapped-access-token"),
        pytest.param({"header": {"alg": "none"}}, Flaw.ALGORITHM, id="no-signature"),
        pytest.param({"key": "secret"}, Flaw.ALGORITHM, id="signed-with-the-client-secret"),
        pytest.param({"key": "other"}, Flaw.SIGNATURE, id="swapped-key"),
        pytest.param({"header": {"kid": "unknown"}}, Flaw.KEY, id="unknown-key"),
        pytest.param({"header": {"typ": "at+jwt"}}, Flaw.FORM, id="an-access-token"),
        pytest.param({"token": {"id_token": None}}, Flaw.FORM, id="no-token"),
        pytest.param({"token": {"id_token": "a.b.c"}}, Flaw.FORM, id="no-json"),
        pytest.param({"token": {"id_token": 7}}, Flaw.FORM, id="a-number"),
    ],
)
def test_an_answer_with_a_flaw_signs_nobody_in(
    changes: dict[str, Any], flaw: Flaw, flow: Flow, browser: Browser
) -> None:
    flow.real.misbehave(**changes)
    assert f"({flaw})" in refused(flow, browser).detail


def test_after_a_flaw_the_next_sign_in_works(flow: Flow, browser: Browser) -> None:
    flow.real.misbehave(key="other")
    refused(flow, browser)
    flow.real.misbehave()
    assert flow.sign_in(browser).subject == "ann"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"redirect": "http://127.0.0.1:9/"}, ProviderSilent, id="sent-elsewhere"),
        pytest.param({"padding": oidc_http.MOST_BYTES}, ProviderSilent, id="endless"),
        pytest.param({"status": 503}, ProviderSilent, id="down"),
        pytest.param({"status": 400, "token": {"error": "invalid_client"}}, ProviderRefused, id="wrong-secret"),
        pytest.param({"status": 400, "token": {"error": "server_error"}}, ProviderSilent, id="its-own-fault"),
    ],
)
def test_an_answer_that_is_none_signs_nobody_in(
    changes: dict[str, Any], error: type[ServiceError], flow: Flow, browser: Browser
) -> None:
    flow.real.misbehave(**changes)
    url, cookie = flow.begin()
    back = browser.walk(url)
    with pytest.raises(error):
        flow.finish(back, cookie)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"issuer": "https://elsewhere.example"}, id="issuer"),
        pytest.param({"token_endpoint": "http://elsewhere.example/token"}, id="plain-http"),
        pytest.param({"authorization_endpoint": "javascript:alert(1)"}, id="no-server"),
        pytest.param({"jwks_uri": None}, id="no-keys"),
    ],
)
def test_a_document_that_is_not_the_providers_is_not_followed(changes: dict[str, Any], flow: Flow) -> None:
    flow.real.misbehave(discovery=changes)
    with pytest.raises(ProviderSilent):
        flow.begin()


def test_a_code_and_a_state_work_once(flow: Flow, browser: Browser) -> None:
    url, cookie = flow.begin()
    back = browser.walk(url)
    flow.finish(back, cookie)
    with pytest.raises(SignInLost):
        flow.finish(back, cookie)


def test_a_code_that_was_taken_before_signs_nobody_in(flow: Flow, browser: Browser) -> None:
    """Somebody brings a used code under a state of their own."""
    used = parse_qs(urlsplit(_finished(flow, browser)).query)["code"][0]
    url, cookie = flow.begin()
    state = parse_qs(urlsplit(url).query)["state"][0]
    answer = urlencode({"code": used, "state": state, "iss": flow.real.issuer})
    with pytest.raises(ProviderRefused, match="invalid_grant"):
        flow.finish(f"{BACK}?{answer}", cookie)


def test_a_code_of_another_browsers_sign_in_is_of_no_use(flow: Flow, browser: Browser) -> None:
    """PKCE: an unused code that was caught does not fit the verifier of another sign-in."""
    caught = parse_qs(urlsplit(browser.walk(flow.begin()[0])).query)["code"][0]
    url, cookie = flow.begin()
    state = parse_qs(urlsplit(url).query)["state"][0]
    answer = urlencode({"code": caught, "state": state, "iss": flow.real.issuer})
    with pytest.raises(ProviderRefused, match="invalid_grant"):
        flow.finish(f"{BACK}?{answer}", cookie)


def _finished(flow: Flow, browser: Browser) -> str:
    url, cookie = flow.begin()
    back = browser.walk(url)
    flow.finish(back, cookie)
    return back


@pytest.mark.parametrize("cookie", [None, "", "another"])
def test_the_browser_that_began_it_must_finish_it(cookie: str | None, flow: Flow, browser: Browser) -> None:
    url, right = flow.begin()
    back = browser.walk(url)
    with pytest.raises(SignInLost):
        flow.finish(back, cookie)
    with pytest.raises(SignInLost):  # the try took the state
        flow.finish(back, right)


def test_after_ten_minutes_it_is_too_late(flow: Flow, browser: Browser) -> None:
    url, cookie = flow.begin(at=now() - oidc.PENDING_FOR - timedelta(seconds=1))
    back = browser.walk(url)
    with pytest.raises(SignInLost, match="10 minutes"):
        flow.finish(back, cookie)


@pytest.mark.parametrize("iss", [None, "https://elsewhere.example"])
def test_the_answer_names_the_provider_that_was_asked(iss: str | None, flow: Flow, browser: Browser) -> None:
    url, cookie = flow.begin()
    answer = {name: values[0] for name, values in parse_qs(urlsplit(browser.walk(url)).query).items()}
    assert answer.pop("iss") == flow.real.issuer
    changed = urlencode(answer | ({"iss": iss} if iss else {}))
    with pytest.raises(ProviderRefused, match="issuer"):
        flow.finish(f"{BACK}?{changed}", cookie)


def test_an_answer_for_one_provider_is_not_taken_at_another(
    real: RealProvider, engine: Engine, browser: Browser
) -> None:
    flow = Flow(real, engine, real.provider(), real.provider("google"))
    url, cookie = flow.begin()
    back = browser.walk(url)
    with pytest.raises(SignInLost):
        flow.finish(back, cookie, "google")


def test_whoever_stops_at_the_provider_is_told_so(flow: Flow, browser: Browser) -> None:
    url, cookie = flow.begin()
    back = browser.walk(url, stop=True)
    with pytest.raises(SignInCancelled):
        flow.finish(back, cookie)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param({"error": "login_required"}, "login_required", id="error"),
        pytest.param({"error": "<b>Send your password</b>"}, "no known error", id="not-a-code"),
        pytest.param({}, "form", id="nothing"),
    ],
)
def test_an_error_of_the_provider_is_told_in_our_words(answer: dict[str, str], words: str, flow: Flow) -> None:
    url, cookie = flow.begin()
    state = parse_qs(urlsplit(url).query)["state"][0]
    back = f"{BACK}?{urlencode(answer | {'state': state, 'iss': flow.real.issuer})}"
    with pytest.raises(ProviderRefused) as caught:
        flow.finish(back, cookie)
    assert words in caught.value.detail
    assert "<b>" not in caught.value.detail


def test_keys_that_were_changed_are_found(flow: Flow, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token may name a key that is new since the keys were last asked for; a minute later it is known."""
    flow.sign_in(browser)
    flow.real.misbehave(key="next")
    assert "(key)" in refused(flow, browser).detail
    monkeypatch.setattr(flow.directory, "_clock", lambda: time.monotonic() + 61)
    assert flow.sign_in(browser).subject == "ann"


def test_an_unknown_key_makes_nobody_ask_more_than_once_a_minute(flow: Flow, browser: Browser) -> None:
    flow.sign_in(browser)
    flow.real.misbehave(header={"kid": "unknown"})
    for _ in range(3):
        refused(flow, browser)
    asked = flow.real.misbehave()
    assert asked["/token"] == 3
    assert "/jwks" not in asked
    assert "/.well-known/openid-configuration" not in asked


@pytest.mark.parametrize(
    ("who", "key", "changes", "flaw"),
    [
        pytest.param("ann", "google", {}, None, id="of-the-school"),
        pytest.param("eve", "google", {}, "not one of the school's", id="another-domain"),
        pytest.param("ann", "google", {"claims": {"hd": None}}, "not one of the school's", id="private-account"),
        pytest.param("ann", "google", {"claims": {"hd": ["wren.sch.uk"]}}, "not one of the school's", id="a-list"),
        pytest.param(
            "ann", "google", {"claims": {"email_verified": False}}, "not one of the school's", id="unverified"
        ),
        pytest.param("ann", "google", {"claims": {"email_verified": "true"}}, "not one of the school's", id="a-word"),
        pytest.param("ann", "google", {"claims": {"email": "a@x.example"}}, "not one of the school's", id="alias"),
        pytest.param("ann", "microsoft", {}, None, id="of-the-tenant"),
        pytest.param("eve", "microsoft", {}, "not one of the school's", id="another-tenant"),
        pytest.param("ann", "microsoft", {"claims": {"tid": None}}, "not one of the school's", id="no-tenant"),
    ],
)
def test_only_people_of_the_school_are_let_in(
    who: str, key: str, changes: dict[str, Any], flaw: str | None, real: RealProvider, engine: Engine
) -> None:
    google = real.provider("google", pinned={"hd": "wren.sch.uk"}, domain="wren.sch.uk")
    microsoft = real.provider("microsoft", pinned={"tid": "tenant"}, trusts_email=False)
    flow, browser = Flow(real, engine, google, microsoft), Browser(who)
    real.misbehave(**changes)
    url, cookie = flow.begin(key=key)
    back = browser.walk(url)
    if flaw is None:
        assert flow.finish(back, cookie, key).email == ("ann@wren.sch.uk" if key == "google" else "")
    else:
        with pytest.raises(ProviderRefused, match=flaw):
            flow.finish(back, cookie, key)
    browser.close()


def test_an_address_that_the_provider_did_not_verify_is_not_taken_over(flow: Flow, browser: Browser) -> None:
    flow.real.misbehave(claims={"email_verified": False})
    assert flow.sign_in(browser).email == ""


def test_to_confirm_somebody_must_sign_in_again(flow: Flow, browser: Browser) -> None:
    flow.sign_in(browser)
    flow.sign_in(browser)
    assert browser.forms == ["login", "consent"]  # the provider's own session does for a second sign-in
    before = datetime.now(UTC) - timedelta(seconds=2)
    identity = flow.sign_in(browser, Purpose.CONFIRM)
    assert browser.forms == ["login", "consent", "login"]
    assert identity.auth_time is not None
    assert identity.auth_time >= before


@pytest.mark.parametrize("auth_time", [None, int(time.time()) - HOUR])
def test_a_provider_that_does_not_say_that_it_asked_again_confirms_nothing(
    auth_time: int | None, flow: Flow, browser: Browser
) -> None:
    flow.real.misbehave(claims={"auth_time": auth_time})
    url, cookie = flow.begin(Purpose.CONFIRM)
    back = browser.walk(url)
    with pytest.raises(ProviderRefused, match="signed in again"):
        flow.finish(back, cookie)


def test_a_second_factor_at_the_provider_is_known(flow: Flow, browser: Browser) -> None:
    flow.real.misbehave(claims={"amr": ["pwd", "mfa"]})
    assert flow.sign_in(browser).had_second_factor


def test_a_provider_that_is_not_set_up_is_unknown(flow: Flow) -> None:
    with pytest.raises(NotFound):
        flow.begin(key="microsoft")
