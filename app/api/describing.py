"""The description at /openapi.json: to what FastAPI knows of each endpoint, what the gate before it may answer."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.access import ACCESS, Rule
from app.actors import KeyScope
from app.errors import PROBLEM
from app.keys.views import SCOPES

SCHEME = "key"
PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}
AGAIN = {"Retry-After": {"description": "seconds after which to try again", "schema": {"type": "string"}}}
CHALLENGE = {"WWW-Authenticate": {"description": "RFC 6750", "schema": {"type": "string"}}}
OF_EVERY = {"403": "The host or the origin is a foreign one", "413": "The request is too large"}
OF_KEYS = {
    "400": "The key stands in the address, or the request cannot be read",
    "401": "There is no key, or it is not in force",
    "403": "The key lacks the scope, or the host or the origin is a foreign one",
    "422": "Something in the request makes no sense",
    "503": "Busy: try again",
}
OF_WRITING = {"429": "A quota is used up", "507": "There is no room"}


def install(app: FastAPI) -> None:
    """Have the application describe itself with keys, scopes and every refusal."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            plain = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            app.openapi_schema = with_refusals(plain)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way


def with_refusals(description: dict[str, Any]) -> dict[str, Any]:
    components = description.setdefault("components", {})
    components["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key, in this header alone. Scopes: "
            + "; ".join(f"`{scope}`: {words[0].lower()}{words[1:]}" for scope, words in SCOPES.items()),
        }
    }
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            _refusals_of(operation, ACCESS[method.upper(), path])
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    return description


def _refusals_of(operation: dict[str, Any], rule: Rule) -> None:
    told, responses = dict(OF_EVERY), operation["responses"]
    if rule.scope is not None:
        operation["security"] = [{SCHEME: [rule.scope.value]}]
        operation["x-scope"] = rule.scope.value
        told |= OF_KEYS
        if rule.scope in (KeyScope.DRAFTS_WRITE, KeyScope.REGISTER_WRITE, KeyScope.PUBLICATIONS_WRITE):
            told |= OF_WRITING
    for status, words in told.items():
        known = responses.setdefault(status, {})
        known["description"] = words if status in OF_KEYS else known.get("description", words)
        known["content"] = {PROBLEM: {"schema": PROBLEM_SCHEMA}}
    for status, response in responses.items():
        if status in ("401", "403") and rule.scope is not None:
            response["headers"] = CHALLENGE
        if status in ("429", "503") and rule.scope is not None:
            response["headers"] = AGAIN
