"""The description at /openapi.json says what integrators rely on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.access import ACCESS
from app.config import Settings
from app.main import create_app

RELIED_ON = {
    ("post", "/api/v1/drafts"): {"200", "202", "413", "422"},
    ("get", "/api/v1/drafts/{draft_id}"): {"200", "404"},
    ("post", "/api/v1/drafts/{draft_id}/revisions"): {"200", "202", "404", "422"},
    ("get", "/api/v1/drafts/{draft_id}/pictures/{number}"): {"200", "404", "409"},
    ("get", "/api/v1/audit"): {"200", "422"},
    ("get", "/api/v1/audit/checkpoint"): {"200", "404"},
    ("get", "/healthz"): {"200"},
    ("get", "/readyz"): {"200", "503"},
}


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return create_app(Settings(data=Path(tmp_path_factory.mktemp("data")))).openapi()


def test_every_endpoint_is_described_with_its_answers(description: dict[str, Any]) -> None:
    described = {
        (method, path): set(operation["responses"])
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    }
    assert set(described) == set(RELIED_ON)
    for endpoint, answers in RELIED_ON.items():
        assert answers <= described[endpoint], endpoint


def test_a_draft_is_sent_as_a_form_with_these_fields(description: dict[str, Any]) -> None:
    body = description["paths"]["/api/v1/drafts"]["post"]["requestBody"]["content"]["multipart/form-data"]
    wanted = {"pictures", "alt_texts", "caption", "hashtags", "channel", "taken_of"}
    assert set(body["schema"]["properties"]) == wanted


def test_problems_are_described_as_problem_details(description: dict[str, Any]) -> None:
    for operations in description["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if status in ("404", "409", "413", "507"):
                    assert "application/problem+json" in answer["content"], (operation["operationId"], status)


def test_a_decision_has_the_agreed_shape(description: dict[str, Any]) -> None:
    shapes = description["components"]["schemas"]
    assert {"id", "status", "decision", "pictures"} <= set(shapes["DraftPublic"]["properties"])
    assert {"outcome", "reasons", "rewritten"} <= set(shapes["DecisionPublic"]["properties"])
    assert {"caption", "hashtags", "alt_texts"} == set(shapes["RewrittenPublic"]["properties"])
    assert {"code", "where", "because", "remedies", "replacement", "evidence"} == set(
        shapes["ReasonPublic"]["properties"]
    )
    where = {"field", "picture", "face", "box", "start", "end", "line", "reading"}
    assert where == set(shapes["WherePublic"]["properties"])


def test_words_are_answered_by_the_number_of_their_reason(description: dict[str, Any]) -> None:
    shapes = description["components"]["schemas"]
    assert {"answers", "word_answers", "answered_by"} <= set(shapes["RevisionIn"]["properties"])
    assert set(shapes["WordAnswerIn"]["properties"]) == {"reason", "is"}
    assert shapes["WordAnswerKind"]["enum"] == ["not-a-name", "adult"]
    assert {"field", "picture", "words", "sentence", "is", "by"} == set(shapes["WordAnswerPublic"]["properties"])
    assert "word_answers" in shapes["DraftPublic"]["properties"]


def test_every_operation_says_which_scope_opens_it_and_how_it_refuses(description: dict[str, Any]) -> None:
    scheme = description["components"]["securitySchemes"]["key"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            rule = ACCESS[method.upper(), path]
            if rule.public:
                assert "security" not in operation
                continue
            assert operation["security"] == [{"key": [rule.scope]}]
            assert {"400", "401", "403", "413", "422", "503"} <= set(operation["responses"])
            assert ("429" in operation["responses"]) == ("write" in str(rule.scope))
            assert "WWW-Authenticate" in operation["responses"]["401"]["headers"]
    assert "HTTPValidationError" not in description["components"]["schemas"]
