"""Who acts: a signed-in person, an API key, the command line, or Gatepost itself. Plain data, no database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person does at the school; somebody may have several."""

    TEACHER = "teacher"
    OFFICE = "office"
    LEAD = "lead"  # the designated safeguarding lead
    ADMINISTRATOR = "administrator"


class KeyScope(StrEnum):
    """What an API key may do."""

    DRAFTS_WRITE = "drafts:write"
    DRAFTS_READ = "drafts:read"
    REGISTER_READ = "register:read"
    REGISTER_WRITE = "register:write"
    PUBLICATIONS_WRITE = "publications:write"
    AUDIT_READ = "audit:read"


class ActorKind(StrEnum):
    ACCOUNT = "account"
    KEY = "key"
    CLI = "cli"  # somebody with access to the machine itself
    SYSTEM = "system"  # the worker, or Gatepost by itself


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and what they may do; `id` is the account's or the key's, "" for CLI and SYSTEM.

    `name` is for pages and answers; it never goes into the audit trail, where `ref` stands. `session_id` is the id of
    the web session, and `confirmed_at` when its password was last given; both None but for accounts. `must_set_up`:
    this account needs a second factor and has none yet, so that it may do nothing else.
    """

    kind: ActorKind
    school_id: str
    id: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[KeyScope] = frozenset()
    session_id: str | None = None
    confirmed_at: datetime | None = None
    must_set_up: bool = False

    @property
    def ref(self) -> str:
        """`account:ID`, `key:ID`, `cli` or `system`: what the audit trail and a draft's row name."""
        return f"{self.kind}:{self.id}" if self.id else self.kind.value

    def has_role(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def reads_register(self) -> bool:
        """Whether answers may say why a face is not cleared, and whose it is."""
        return KeyScope.REGISTER_READ in self.scopes or self.has_role(Role.OFFICE, Role.LEAD)


def system(school_id: str) -> Actor:
    return Actor(ActorKind.SYSTEM, school_id)


def command_line(school_id: str) -> Actor:
    return Actor(ActorKind.CLI, school_id)


def roles_from(stored: Collection[str]) -> frozenset[Role]:
    """The roles of a stored list; ValueError where one is unknown."""
    return frozenset(Role(each) for each in stored)
