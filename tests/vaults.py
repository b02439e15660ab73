"""A vault for tests that use a database of their own, with a key that nobody else has."""

from __future__ import annotations

from typing import Any

from consent.vault.keyring import GivenKeys, new_key
from consent.vault.vault import Vault


def a_vault() -> Vault:
    return Vault(GivenKeys([new_key()], "the test's key"))


def with_vault() -> dict[str, Any]:
    """What `create_engine` is given as `execution_options`."""
    return {"vault": a_vault()}
