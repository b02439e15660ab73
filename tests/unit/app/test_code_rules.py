"""A QR code or barcode in a picture blocks by what it says, or because nobody could read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from app.policy import decide
from app.reasons import Code, Reason, Remedy
from app.seen import DraftSeen
from captions.findings import FieldName, Kind, TextField, TextFinding
from consent.facts import NamingRule
from tests.factories import a_consent, a_draft, a_person, a_picture, the_facts
from vision.findings import Barcode, Box

HERE = Box(5, 6, 30, 31)
THERE = Box(32, 6, 60, 31)


def with_codes(*texts: str | None, findings: Iterable[TextFinding] = ()) -> DraftSeen:
    seen = a_picture()
    codes = tuple(Barcode(box, "QR Code", text) for box, text in zip((HERE, THERE), texts, strict=False))
    seen = replace(seen, findings=replace(seen.findings, barcodes=codes))
    fields = [
        TextField(FieldName.BARCODE, text, 1, part, symbology="QR Code")
        for part, text in enumerate(texts)
        if text is not None
    ]
    return a_draft(seen, fields=fields, found=findings)


def reasons(found: DraftSeen) -> tuple[Reason, ...]:
    return decide(found, the_facts()).reasons


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        pytest.param(Kind.LINK, Code.LINK_NEEDS_CARE, id="a link"),
        pytest.param(Kind.PUPIL_NAME, Code.NAME_IN_PICTURE, id="a pupil"),
        pytest.param(Kind.PERSON_NAME, Code.NAME_IN_PICTURE, id="somebody"),
        pytest.param(Kind.CODE, Code.DETAIL_IN_PICTURE, id="what nobody understands"),
        pytest.param(Kind.PHONE, Code.DETAIL_IN_PICTURE, id="a telephone number"),
        pytest.param(Kind.LANGUAGE, Code.LANGUAGE, id="rude words"),
    ],
)
def test_what_a_code_says_blocks_at_the_place_of_the_code(kind: Kind, code: Code) -> None:
    (reason,) = reasons(with_codes("fine", "club.example", findings=[TextFinding(1, kind, 0, 12, 0.9, "A why.")]))
    assert (reason.code, reason.because) == (code, "A why.")
    assert reason.remedies == (Remedy.COVER, Remedy.LEAVE_OUT)
    assert (reason.where.field, reason.where.picture, reason.where.box) == ("barcode", 1, THERE)
    assert (reason.where.start, reason.where.end) == (0, 12)


def test_a_code_that_could_not_be_read_blocks() -> None:
    (reason,) = reasons(with_codes("fine", None))
    assert reason.code is Code.DETAIL_IN_PICTURE
    assert reason.because.startswith("There is a code here that could not be read.")
    assert reason.remedies == (Remedy.COVER, Remedy.LEAVE_OUT)
    assert reason.where.box == THERE


def test_codes_of_which_there_is_nothing_to_say_pass() -> None:
    assert decide(with_codes("fine", "5012345678900"), the_facts()).publish


def test_a_name_in_a_code_stands_only_with_a_consent_to_be_named() -> None:
    name = TextFinding(0, Kind.PUPIL_NAME, 0, 3, 0.9, "A name.", ("ben",))
    ben = a_person("ben", a_consent(named_ok=True))
    assert not decide(with_codes("Ben", findings=[name]), the_facts(ben)).publish
    assert decide(with_codes("Ben", findings=[name]), the_facts(ben, naming=NamingRule.WITH_CONSENT)).publish


def test_of_a_doubtful_name_in_a_code_nobody_is_asked() -> None:
    (reason,) = reasons(
        with_codes("Rose", findings=[TextFinding(0, Kind.PUPIL_NAME, 0, 4, 0.5, "Perhaps.", ("rose",), doubtful=True)])
    )
    assert Remedy.ANSWER not in reason.remedies
