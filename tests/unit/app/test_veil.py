"""What those see of a decision who may not read the register."""

from __future__ import annotations

import pytest

from app.policy import FACE_REMEDIES, OPEN_REMEDIES
from app.reasons import FACE_CODES, Code, Reason, Remedy, Where
from app.veil import codes_for, reasons_for, veiled, versions_for
from tests.unit.app.pages_factories import a_face_reason, a_view, a_words_reason
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


def test_nothing_of_the_true_reason_is_left_in_it() -> None:
    telling = Reason(Code.NEVER_PUBLISH, WHERE, "Never.", FACE_REMEDIES, "a pupil", ("because of Ben",))
    assert veiled(telling, "Website") == veiled(Reason(Code.NO_CONSENT, WHERE, "None.", OPEN_REMEDIES), "Website")


def test_reasons_keep_their_number_and_order_so_that_they_can_be_counted_by_either_reader() -> None:
    view = a_view(reasons=[a_words_reason(0, 3), a_face_reason(1, 1), a_face_reason(1, 2, Code.NEVER_PUBLISH)])
    true, shown = (reasons_for(view, reads_register=reads) for reads in (True, False))
    assert [each.where for each in true] == [each.where for each in shown]
    assert {each.code for each in shown} == {Code.PUPIL_NAMED, Code.FACE_NOT_CLEARED}
    assert true[2].code is Code.NEVER_PUBLISH


def test_how_many_photos_the_nearest_person_has_is_not_told() -> None:
    versions = {"encoder": "e1", "threshold": "3-references"}
    assert versions_for(versions, reads_register=False) == {"encoder": "e1"}
    assert versions_for(versions, reads_register=True) == versions


def test_a_list_of_codes_is_veiled_too() -> None:
    codes = ["consent-refused", "face-not-identified", "pupil-named"]
    assert codes_for(codes, reads_register=False) == ["face-not-cleared", "pupil-named"]
    assert codes_for(codes, reads_register=True) == codes
