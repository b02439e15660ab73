"""Who may what: one table, route by route. A route that is not in it cannot be served.

The table is rendered into README (`python -m app.access`), and a test walks every route with every role and scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.actors import Actor, KeyScope, Role

SMALL_BODY = 1_000_000  # bytes of a request that carries no picture
FORM_BODY = 8_000_000  # of a result page's form: captions, alt texts, a tick for each face

TEACHER, OFFICE, LEAD, ADMINISTRATOR = Role.TEACHER, Role.OFFICE, Role.LEAD, Role.ADMINISTRATOR
EVERYBODY = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use one route: everybody (`public`), accounts with one of the `roles`, or keys with the `scope`.

    `own` says which objects: with it, an account sees those that it made alone (the lead sees all, and is audited).
    `confirm` asks for the password again if it was not given within the last minutes. `body` is the most bytes a
    request may have; None: as many as the settings allow for pictures. `setup`: also for those who must first set up
    their second factor.
    """

    roles: frozenset[Role] = frozenset()
    scope: KeyScope | None = None
    public: bool = False
    own: bool = False
    confirm: bool = False
    setup: bool = False
    body: int | None = SMALL_BODY

    def allows(self, actor: Actor | None) -> bool:
        if self.public:
            return True
        if actor is None:
            return False
        return actor.has_role(*self.roles) if self.scope is None else self.scope in actor.scopes


PUBLIC = Rule(public=True)


def _page(
    *roles: Role, own: bool = False, confirm: bool = False, setup: bool = False, body: int | None = SMALL_BODY
) -> Rule:
    return Rule(roles=frozenset(roles) or EVERYBODY, own=own, confirm=confirm, setup=setup, body=body)


def _api(scope: KeyScope, body: int | None = SMALL_BODY) -> Rule:
    return Rule(scope=scope, own=True, body=body)


ACCESS: Mapping[tuple[str, str], Rule] = MappingProxyType(
    {
        # -- for machines --------------------------------------------------------------------------------------------
        ("GET", "/healthz"): PUBLIC,
        ("GET", "/readyz"): PUBLIC,
        ("GET", "/openapi.json"): PUBLIC,
        ("POST", "/api/v1/drafts"): _api(KeyScope.DRAFTS_WRITE, body=None),
        ("GET", "/api/v1/drafts/{draft_id}"): _api(KeyScope.DRAFTS_READ),
        ("GET", "/api/v1/drafts/{draft_id}/pictures/{number}"): _api(KeyScope.DRAFTS_READ),
        ("POST", "/api/v1/drafts/{draft_id}/revisions"): _api(KeyScope.DRAFTS_WRITE, body=FORM_BODY),
        # -- signing in ----------------------------------------------------------------------------------------------
        ("GET", "/sign-in"): PUBLIC,
        ("POST", "/sign-in"): PUBLIC,
        ("GET", "/sign-in/code"): PUBLIC,
        ("POST", "/sign-in/code"): PUBLIC,
        ("GET", "/sign-in/with/{provider}"): PUBLIC,
        ("GET", "/sign-in/back/{provider}"): PUBLIC,
        ("GET", "/welcome/{token}"): PUBLIC,
        ("POST", "/welcome/{token}"): PUBLIC,
        ("GET", "/welcome/{token}/with/{provider}"): PUBLIC,
        ("POST", "/sign-out"): _page(setup=True),
        ("GET", "/confirm"): _page(setup=True),
        ("POST", "/confirm"): _page(setup=True),
        ("GET", "/confirm/with/{provider}"): _page(setup=True),
        ("GET", "/account"): _page(),
        ("POST", "/account/password"): _page(),
        ("POST", "/account/sessions"): _page(confirm=True),
        ("POST", "/account/link/{provider}"): _page(confirm=True),
        ("POST", "/account/unlink"): _page(confirm=True),
        ("GET", "/account/second-factor"): _page(confirm=True, setup=True),
        ("POST", "/account/second-factor"): _page(confirm=True, setup=True),
        ("POST", "/account/recovery-codes"): _page(confirm=True),
        ("GET", "/people"): _page(ADMINISTRATOR, confirm=True),
        ("POST", "/people"): _page(ADMINISTRATOR, confirm=True),
        ("POST", "/people/{account_id}"): _page(ADMINISTRATOR, confirm=True),
        ("POST", "/people/invitations/{invitation_id}"): _page(ADMINISTRATOR, confirm=True),
        # -- drafts --------------------------------------------------------------------------------------------------
        ("GET", "/"): _page(),
        ("GET", "/help"): _page(),
        ("POST", "/drafts"): _page(body=None),
        ("GET", "/drafts/{draft_id}"): _page(own=True),
        ("GET", "/drafts/{draft_id}/progress"): _page(own=True),
        ("POST", "/drafts/{draft_id}/revisions"): _page(own=True, body=FORM_BODY),
        ("GET", "/drafts/{draft_id}/pictures/{number}/preview"): _page(own=True),
        ("GET", "/drafts/{draft_id}/pictures/{number}/file"): _page(own=True),
        # -- the register --------------------------------------------------------------------------------------------
        ("GET", "/register"): _page(OFFICE, LEAD),
        ("POST", "/register/export"): _page(OFFICE, LEAD, confirm=True),
        ("GET", "/register/{person_id}"): _page(OFFICE, LEAD),
        ("POST", "/register/{person_id}/erase-face"): _page(OFFICE, LEAD, confirm=True),
        # -- keys and alerts -----------------------------------------------------------------------------------------
        ("GET", "/keys"): _page(ADMINISTRATOR),
        ("GET", "/keys/new"): _page(ADMINISTRATOR, confirm=True),
        ("POST", "/keys"): _page(ADMINISTRATOR, confirm=True),
        ("GET", "/keys/{key_id}/rotate"): _page(ADMINISTRATOR, confirm=True),
        ("POST", "/keys/{key_id}/rotate"): _page(ADMINISTRATOR, confirm=True),
        ("POST", "/keys/{key_id}/revoke"): _page(ADMINISTRATOR),
        ("GET", "/alerts"): _page(LEAD),
        ("POST", "/alerts/{alert_id}/seen"): _page(LEAD),
        # -- the audit trail -----------------------------------------------------------------------------------------
        ("GET", "/audit"): _page(LEAD, ADMINISTRATOR),
        ("POST", "/audit/verify"): _page(LEAD, ADMINISTRATOR),
        ("POST", "/audit/checkpoint"): _page(LEAD, ADMINISTRATOR),
        ("GET", "/audit/export"): _page(LEAD, ADMINISTRATOR, confirm=True),
        ("POST", "/audit/export"): _page(LEAD, ADMINISTRATOR, confirm=True),
        ("GET", "/api/v1/audit"): _api(KeyScope.AUDIT_READ),
        ("GET", "/api/v1/audit/checkpoint"): _api(KeyScope.AUDIT_READ),
    }
)


def as_markdown() -> str:
    """The table as README shows it: a line for each route, a column for each role, and the scope of keys."""
    lines = [
        "| Route | " + " | ".join(role.value for role in Role) + " | key's scope |",
        "|---|" + "---|" * (len(Role) + 1),
    ]
    for (method, path), rule in ACCESS.items():
        lines.append(f"| `{method} {path}` | " + " | ".join(_cells(rule)) + " |")
    return "\n".join(lines)


def _cells(rule: Rule) -> list[str]:
    if rule.public:
        return ["everybody"] * (len(Role) + 1)
    yes = ("own" if rule.own else "yes") + (", password" if rule.confirm else "")
    cells = [("yes" if rule.own and role is LEAD else yes) if role in rule.roles else "" for role in Role]
    return [*cells, f"`{rule.scope}`" if rule.scope else ""]


if __name__ == "__main__":
    print(as_markdown())  # noqa: T201
