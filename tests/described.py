"""The API tried with what its own description allows, and with what it does not, with each kind of key."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlmodel import select

from app.access import ACCESS
from app.actors import KeyScope
from app.db import writing
from app.keys.tables import ApiKey
from consent.models import now
from tests.e2e.conftest import Site

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DRAFTS = (b"picture of ben", b"picture of face, amara says Ben Marsh", b"broken", b"picture of shadow unread gps")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of key: its header, and the scopes that it opens; None where it is not in force."""

    name: str
    headers: dict[str, str]
    scopes: frozenset[KeyScope] | None


@dataclass(slots=True)
class Tally:
    """How many cases were tried, by kind of key, by endpoint and by status."""

    kinds: Counter[str] = field(default_factory=Counter)
    endpoints: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def cases(self) -> int:
        return self.kinds.total()

    def __str__(self) -> str:
        lines = [f"{self.cases} cases"]
        for counter in (self.kinds, self.endpoints, self.statuses):
            lines.append("  " + ", ".join(f"{name}: {number}" for name, number in sorted(counter.items())))
        return "\n".join(lines)


def kinds_of_key(site: Site) -> list[Kind]:
    """Each scope alone, all of them, none; one that has expired, one that was revoked, and no key."""
    made = {scope.value: frozenset({scope}) for scope in KeyScope} | {"all": frozenset(KeyScope), "none": frozenset()}
    kinds = [Kind(name, _bearer(site.key(*scopes)), scopes) for name, scopes in made.items()]
    for name in ("expired", "revoked"):
        text = site.key(*KeyScope)
        with writing(site.service.engine) as session:
            row = session.exec(select(ApiKey).where(ApiKey.prefix == text[3:11])).one()
            if name == "expired":
                row.expires_at = now() - timedelta(seconds=1)
            else:
                row.revoked_at = now()
        kinds.append(Kind(name, _bearer(text), None))
    return [*kinds, Kind("no-key", {}, None)]


def _bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


@contextmanager
def working(site: Site) -> Iterator[None]:
    """A worker beside the tests, so that what is handed in is decided."""
    worker, stop = site.worker(), threading.Event()
    worker._stop = stop
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def known_drafts(site: Site) -> list[str]:
    """Drafts of every kind: cleared, blocked, unreadable, waiting."""
    ids = [site.decided(content, caption="Rose ran, says Ben Marsh")["id"] for content in DRAFTS]
    return [*ids, site.send(b"picture of ben")["id"]]


def try_everything(site: Site, examples: int, drafts: list[str], *, seed: int = 0) -> Tally:
    """Every endpoint with every kind of key; raises what a check finds first."""
    tally = Tally()
    description = copy.deepcopy(site.app.openapi())
    for operations in description["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)  # keys are brought by this test, and left out by none of the cases
    schema = schemathesis.openapi.from_dict(description)
    schema.app = site.app
    for kind in kinds_of_key(site):
        for result in schema.get_all_operations():
            operation = result.ok()  # type: ignore[union-attr]  # the description is whole
            rule = ACCESS[operation.method.upper(), operation.path]
            opens = rule.public or (kind.scopes is not None and rule.scope in kind.scopes)
            many = examples if opens and not rule.public else max(examples // 6, 1)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                strategy = operation.as_strategy(generation_mode=mode)
                with suppress(Unsatisfiable):  # the endpoint takes nothing that could be wrong
                    _try(strategy, kind, opens, rule.public, many, drafts, tally, seed)
    return tally


def _try(
    strategy: Any, kind: Kind, opens: bool, public: bool, examples: int, drafts: list[str], tally: Tally, seed: int
) -> None:
    known = st.one_of(st.none(), *[st.sampled_from(drafts)] * 4)

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=not seed,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy, draft=known, simpler=st.booleans())
    def tried(case: Case[Any], draft: str | None, simpler: bool) -> None:
        if draft is not None and "draft_id" in (case.path_parameters or {}):
            case.path_parameters["draft_id"] = draft
        if simpler and isinstance(case.body, dict):  # else hardly any draft would be whole enough to be kept
            case.body = _simpler(case.body)
        response = case.call(headers=dict(kind.headers))
        status = response.status_code
        tally.kinds[kind.name] += 1
        tally.endpoints[f"{case.method} {case.path}"] += 1
        tally.statuses[status] += 1
        case.validate_response(response, checks=CHECKS)
        if public:
            return
        if kind.scopes is None:
            assert status == 401, (case.as_curl_command(), status)
        elif not opens:
            assert status == 403, (case.as_curl_command(), status)
        else:
            assert status not in (401, 403), (case.as_curl_command(), status)

    (hypothesis.seed(seed)(tried) if seed else tried)()


def _simpler(body: dict[str, Any]) -> dict[str, Any]:
    """The words of it alone, with an account that there is."""
    kept = {name: value for name, value in body.items() if name in ("hashtags", "alt_texts", "pictures")}
    if "pictures" not in body:
        kept.pop("alt_texts", None)
    return kept | {"caption": "A fine day", "channel": "School website"}
