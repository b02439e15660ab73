"""How much one request may send, and how slowly: what the guard and the server's protocol are held to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from app.access import ACCESS, SMALL_BODY
from app.config import Settings

GRACE_SECONDS = 20.0  # after which a body's speed is looked at: an upload may begin with a pause
SLOWEST = 1_000  # bytes a second on average: a telephone at the edge of its network sends ten times as much
HEAD_BYTES = 32_768  # of a request's first lines, before they are complete
LINGER_SECONDS = 5.0  # for reading the answer to a request that was not taken in whole


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and numbers that one connection is held to."""

    header_seconds: float = 10.0
    stall_seconds: float = 30.0
    connections: int = 400
    connections_per_address: int = 60
    grace_seconds: float = GRACE_SECONDS
    slowest: int = SLOWEST
    linger_seconds: float = LINGER_SECONDS

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        return cls(
            settings.header_seconds,
            settings.stall_seconds,
            settings.connections,
            settings.connections_per_address,
        )


def body_limit(method: str, path: str) -> int | None:
    """The most bytes of a body for this address, by the table of who may what; None: as many as the settings allow."""
    for wanted, pattern, most in _limits():
        if wanted == method and pattern.fullmatch(path):
            return most
    return SMALL_BODY


@cache
def _limits() -> tuple[tuple[str, re.Pattern[str], int | None], ...]:
    return tuple(
        (method, re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]+\}", path)))), rule.body)
        for (method, path), rule in ACCESS.items()
    )
