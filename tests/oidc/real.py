"""A real OpenID provider (npm's oidc-provider) as a process on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests

from app.accounts.oidc_providers import Provider

HERE = Path(__file__).parent
NEEDED = "TESTS_NEED_PROVIDER"  # CI sets it: there a missing provider is a failure


@dataclass(frozen=True, slots=True)
class RealProvider:
    """The running provider: where it is, what the client is called, and how to make it misbehave."""

    issuer: str
    client: str
    secret: str

    def misbehave(self, **how: Any) -> dict[str, int]:
        """Have its next answers be so; nothing: as they should be. Returns what was asked of it since the last time."""
        answer = requests.post(f"{self.issuer}/misbehave", json=how, timeout=10)
        asked: dict[str, int] = answer.json()
        return asked

    def provider(self, key: str = "school", **other: Any) -> Provider:
        plain = Provider(key, "The school's sign-in", self.issuer, self.client, self.secret)
        return replace(plain, **other)


@contextmanager
def running() -> Iterator[RealProvider]:
    """The provider on a free port; the test is skipped where it is not installed, and fails where it should be."""
    missing = _unavailable()
    if missing and os.environ.get(NEEDED):
        pytest.fail(f"these tests must run here: {missing}")
    if missing:
        pytest.skip(missing)
    pipe = subprocess.PIPE
    with subprocess.Popen(["node", "provider.mjs"], cwd=HERE, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            yield RealProvider(**json.loads(process.stdout.readline()))
        finally:
            process.terminate()


def _unavailable() -> str | None:
    if shutil.which("node") is None:
        return "needs node: install nodejs and npm, then `make oidc-provider`"
    if not (HERE / "node_modules" / "oidc-provider").is_dir():
        return "needs npm's oidc-provider: `make oidc-provider`"
    return None
