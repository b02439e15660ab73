"""Signing in at a real provider in a real browser: its policies on cookies, forms and redirects let it through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.accounts.oidc import Providers
from app.accounts.tables import Account
from app.actors import Role
from app.db import reading, writing
from tests.accounts import made_account, sign_in
from tests.browser.chromium import Chromium
from tests.e2e.conftest import Site
from tests.oidc.real import RealProvider, running

READY = "document.readyState === 'complete'"


@pytest.fixture
def provider(site: Site) -> Iterator[RealProvider]:
    with running() as real:
        mine = real.provider(client_id=f"{real.client}-any-port")
        site.app.state.providers = Providers(site.service.engine, {"school": mine})
        yield real


@pytest.fixture
def nobody(url: str) -> Iterator[Chromium]:
    """A browser in which nobody is signed in."""
    with Chromium() as chromium:
        chromium.look(390)
        yield chromium


def press(chromium: Chromium, selector: str) -> None:
    chromium.evaluate(f"document.querySelector({selector!r}).click()")


def through_the_provider(chromium: Chromium, url: str, path: str) -> None:
    """Fill the provider's forms, until the browser is at this path of ours."""
    chromium.wait("document.querySelector('[name=login]') !== null")
    chromium.evaluate("document.querySelector('[name=login]').value = 'ann'")
    chromium.evaluate("document.querySelector('[name=password]').value = 'any'")
    press(chromium, "[type=submit]")
    chromium.wait(f"document.querySelector('[name=prompt][value=consent]') !== null || location.origin === {url!r}")
    if chromium.evaluate(f"location.origin !== {url!r}"):
        press(chromium, "[type=submit]")
    chromium.wait(f"{READY} && location.href === {url + path!r}")


def test_somebody_signs_in(site: Site, url: str, provider: RealProvider, nobody: Chromium) -> None:
    with writing(site.service.engine) as session:
        account = made_account(session, site.service.school_id, Role.TEACHER, name="Ann Field")
        account.totp_secret, account.issuer, account.subject = None, provider.issuer, "ann"
    nobody.open(url + "/help")
    press(nobody, "a[href^='/sign-in/with/school']")
    through_the_provider(nobody, url, "/help")
    assert nobody.evaluate("document.querySelector('.me a').textContent") == "Ann Field"
    assert nobody.evaluate("document.cookie") == "", "no script reads a cookie"
    assert [each for each in nobody.complaints if url in each] == []


def test_somebody_signed_in_adds_the_provider(site: Site, url: str, provider: RealProvider, nobody: Chromium) -> None:
    who = sign_in(site.service, Role.TEACHER)
    nobody.sign_in(url, who.token)
    nobody.open(url + "/account")
    press(nobody, "form[action='/account/link/school'] button")
    nobody.wait("document.querySelector('h1').textContent.startsWith('On to')")
    press(nobody, "main .button")
    through_the_provider(nobody, url, "/account")
    with reading(site.service.engine) as session:
        assert session.get_one(Account, who.account.id).subject == "ann"
