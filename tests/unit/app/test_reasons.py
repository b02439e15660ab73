"""Reasons as they are stored."""

from __future__ import annotations

import pytest

from app.policy import OPEN_REMEDIES
from app.reasons import Code, Reason, Where, reason_from_json, reason_to_json
from vision.findings import Box

WHERE = Where(picture=1, face=2, box=Box(1, 2, 3, 4))


@pytest.mark.parametrize("code", Code)
def test_a_reason_comes_back_from_the_store_as_it_was(code: Code) -> None:
    for reason in (
        Reason(code, WHERE, "Because.", OPEN_REMEDIES),
        Reason(code, Where(field="caption", start=0, end=3), "Because.", (), ""),
    ):
        assert reason_from_json(reason_to_json(reason)) == reason
