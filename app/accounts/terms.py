"""How long a session lasts and who needs a second factor, as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.actors import Role


@dataclass(frozen=True, slots=True)
class Terms:
    """The least that OWASP ASVS asks for is the default: see the settings."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    second_factor: frozenset[Role] = frozenset({Role.OFFICE, Role.LEAD, Role.ADMINISTRATOR})
