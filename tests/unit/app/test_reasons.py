"""Reasons as they are stored, and as they are shown to those who may not read the register."""

from __future__ import annotations

import pytest

from app.policy import FACE_REMEDIES, OPEN_REMEDIES
from app.reasons import FACE_CODES, Code, Reason, Remedy, Where, reason_from_json, reason_to_json, veiled
from vision.findings import Box

WHERE = Where(picture=1, face=2, box=Box(1, 2, 3, 4))


def test_every_reason_about_a_face_reads_the_same_to_those_who_may_not_read_the_register() -> None:
    seen = {
        veiled(Reason(code, WHERE, f"Because of {code}.", remedies), "School website")
        for code in FACE_CODES
        for remedies in (FACE_REMEDIES, OPEN_REMEDIES)
    }
    (reason,) = seen
    assert reason.code is Code.FACE_NOT_CLEARED
    assert reason.because == ("Face 2 is not cleared for School website. Cover it, say who it is, or ask the office.")


@pytest.mark.parametrize("code", sorted(set(Code) - FACE_CODES))
def test_other_reasons_are_shown_as_they_are(code: Code) -> None:
    reason = Reason(code, Where(field="caption", start=1, end=4), "Because.", (Remedy.REWORD,), "a pupil")
    assert veiled(reason, "School website") == reason


@pytest.mark.parametrize("code", Code)
def test_a_reason_comes_back_from_the_store_as_it_was(code: Code) -> None:
    for reason in (
        Reason(code, WHERE, "Because.", OPEN_REMEDIES),
        Reason(code, Where(field="caption", start=0, end=3), "Because.", (), ""),
    ):
        assert reason_from_json(reason_to_json(reason)) == reason
