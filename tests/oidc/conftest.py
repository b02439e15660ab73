"""The real provider for a whole run, and a browser that walks through its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests
from sqlalchemy import Engine

from app.accounts.oidc import Providers, Purpose
from app.accounts.oidc_metadata import Directory
from app.accounts.oidc_providers import Provider
from app.accounts.oidc_token import Identity
from app.config import Settings
from app.db import migrate, open_engine
from tests.oidc.real import RealProvider, running

BACK = "http://127.0.0.1/sign-in/back/school"
FORM = re.compile(r'<form[^>]* action="([^"]+)"')


class Browser:
    """Follows addresses as a browser would, fills the provider's forms, and stops where it is sent back to Gatepost."""

    def __init__(self, who: str = "ann") -> None:
        self.who = who
        self.session = requests.Session()
        self.forms: list[str] = []  # the prompts that were answered

    def walk(self, url: str, stop: bool = False) -> str:
        """The address at Gatepost that the provider sends the browser back to. `stop`: press "cancel" there."""
        answer = self.session.get(url, allow_redirects=False, timeout=10)
        for _ in range(12):
            if answer.is_redirect:
                url = urljoin(url, answer.headers["Location"])
                if urlsplit(url).path.startswith("/sign-in/back/"):
                    return url
                answer = self.session.get(url, allow_redirects=False, timeout=10)
                continue
            assert answer.status_code == 200, answer.text
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            action = FORM.search(answer.text)
            assert prompt, answer.text
            assert action, answer.text
            if stop:
                url = urljoin(url, unescape(action[1]) + "/abort")
                answer = self.session.get(url, allow_redirects=False, timeout=10)
                continue
            self.forms.append(prompt[1])
            fields = {"prompt": prompt[1], "login": self.who, "password": "any"}
            url = urljoin(url, unescape(action[1]))
            answer = self.session.post(url, data=fields, allow_redirects=False, timeout=10)
        raise AssertionError(f"no way back from {url}")

    def close(self) -> None:
        self.session.close()


class Flow:
    """Both ends: Gatepost's flow on a database of its own, and the provider."""

    def __init__(self, real: RealProvider, engine: Engine, *providers: Provider) -> None:
        self.real = real
        self.engine = engine
        self.directory = Directory()
        self.providers = Providers(engine, {each.key: each for each in providers}, self.directory)

    def begin(self, purpose: Purpose = Purpose.SIGN_IN, key: str = "school", **more: Any) -> tuple[str, str]:
        return self.providers.begin(key, purpose, BACK.replace("school", key), **more)

    def finish(self, back: str, cookie: str | None, key: str = "school") -> Identity:
        answer = dict(parse_qsl(urlsplit(back).query))
        return self.providers.finish(key, answer, cookie, BACK.replace("school", key))[0]

    def sign_in(self, browser: Browser, purpose: Purpose = Purpose.SIGN_IN, key: str = "school") -> Identity:
        url, cookie = self.begin(purpose, key)
        return self.finish(browser.walk(url), cookie, key)


@pytest.fixture(scope="session")
def running_provider() -> Iterator[RealProvider]:
    with running() as provider:
        yield provider


@pytest.fixture
def real(running_provider: RealProvider) -> Iterator[RealProvider]:
    running_provider.misbehave()
    yield running_provider
    running_provider.misbehave()


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    settings = Settings(data=tmp_path)
    migrate(settings)
    engine = open_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def flow(real: RealProvider, engine: Engine) -> Flow:
    return Flow(real, engine, real.provider())
