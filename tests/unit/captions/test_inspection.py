"""The one entry: fields together, limits, the tagger, and answers in bounded time."""

from __future__ import annotations

import time

import pytest

from captions import inspection
from captions.findings import FieldName, Kind, TextField
from captions.inspection import MAX_FIELD, inspect, looked_for, not_looked_for
from captions.testing import FakePersonTagger
from tests.unit.captions.school import PUPILS, REGISTER, SCHOOL, findings

CAPTION, OCR, FILE = FieldName.CAPTION, FieldName.OCR, FieldName.FILENAME


def names_in(*fields: TextField) -> list[tuple[int, str, tuple[str, ...]]]:
    found = inspect(fields, REGISTER, SCHOOL).findings
    return [
        (f.field_index, fields[f.field_index].text[f.start : f.end], f.pupils)
        for f in found
        if f.kind is Kind.PUPIL_NAME
    ]


def test_name_over_two_lines_of_a_picture_is_found_in_both() -> None:
    lines = [TextField(OCR, "OLIVIA", 1, 0), TextField(OCR, "SMITH", 1, 1)]
    assert names_in(*lines) == [(0, "OLIVIA", ("olivia",)), (1, "SMITH", ("olivia",))]


def test_lines_of_two_pictures_are_not_read_together() -> None:
    lines = [TextField(OCR, "Poppy seeds", 1, 0), TextField(OCR, "Field", 2, 0)]
    assert names_in(*lines) == []


def test_given_name_in_the_caption_and_surname_in_the_file_name() -> None:
    fields = [TextField(CAPTION, "Poppy won a prize"), TextField(FILE, "IMG_field_03.jpg", 1)]
    assert names_in(*fields) == [(0, "Poppy", ("poppy",)), (1, "field", ("poppy",))]


def test_surname_in_the_caption_and_word_name_in_the_file_name() -> None:
    fields = [TextField(CAPTION, "A day out for our Abernethy girl"), TextField(FILE, "rose_in_the_hall.jpg", 1)]
    assert (1, "rose", ("rose",)) in names_in(*fields)


def test_word_in_another_field_stays_a_word() -> None:
    fields = [TextField(CAPTION, "Olivia won"), TextField(FieldName.ALT, "A rose bush in the field")]
    assert names_in(*fields) == [(0, "Olivia", ("olivia",))]


def test_metadata_and_alt_are_read() -> None:
    fields = [TextField(FieldName.METADATA, "Olivia Smith", 1, 0), TextField(FieldName.ALT, "Kai smiling", 1)]
    assert [pupils for _, _, pupils in names_in(*fields)] == [("olivia",), ("kai",)]


def test_register_may_be_a_plain_sequence() -> None:
    assert inspect([TextField(CAPTION, "Olivia Smith")], PUPILS, SCHOOL).findings


def test_empty_draft_is_clear() -> None:
    assert inspect([], REGISTER, SCHOOL) == inspect([TextField(CAPTION, "")], REGISTER, SCHOOL)
    assert inspect([], REGISTER, SCHOOL).findings == ()


def test_too_long_a_field_is_a_problem_and_its_beginning_is_read() -> None:
    result = inspect([TextField(CAPTION, "Olivia Smith " + "a " * MAX_FIELD)], REGISTER, SCHOOL)
    assert [problem.field_index for problem in result.problems] == [0]
    assert result.findings[0].pupils == ("olivia",)


def test_field_of_exactly_the_limit_is_no_problem() -> None:
    assert inspect([TextField(CAPTION, "a" * MAX_FIELD)], REGISTER, SCHOOL).problems == ()


def test_fields_beyond_the_limit_of_a_draft_are_problems(monkeypatch) -> None:
    monkeypatch.setattr(inspection, "MAX_FIELD", 100)
    monkeypatch.setattr(inspection, "MAX_DRAFT", 200)
    fields = [TextField(CAPTION, "." * 100), TextField(CAPTION, "." * 100), TextField(FILE, "olivia.jpg", 1)]
    result = inspect(fields, REGISTER, SCHOOL)
    assert [problem.field_index for problem in result.problems] == [2]
    assert "not read" in result.problems[0].because


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Olivia " * 150_000, id="1 MB of names"),
        pytest.param(" ".join(f"#tag{i}olivia" for i in range(10_000)), id="10,000 hashtags"),
        pytest.param("#" + "ab" * 500_000, id="one endless hashtag"),
        pytest.param("a b c d " * 100_000, id="single letters"),
        pytest.param("\u202e\u2066" * 500_000, id="bidi controls that never close"),
        pytest.param("\x00\ud800" * 100_000, id="NULs and lone surrogates"),
        pytest.param("&amp;" * 200_000, id="entities"),
        pytest.param("%41" * 300_000, id="percent-encoding"),
        pytest.param("0 " * 500_000, id="digits"),
        pytest.param("a.b@" * 200_000, id="half e-mail addresses"),
        pytest.param("1 A " * 200_000, id="half addresses"),
        pytest.param("http://" * 100_000, id="half links"),
        pytest.param("O." * 300_000, id="initials"),
    ],
)
def test_hostile_text_gets_an_answer_in_bounded_time(text: str) -> None:
    started = time.process_time()
    result = inspect([TextField(CAPTION, text)], REGISTER, SCHOOL)
    assert time.process_time() - started < 8
    assert result.problems  # only its beginning was read: not clear


def test_tagger_finds_people_outside_the_register() -> None:
    text = "Zebedee Quimper met Mrs Ashworth and Olivia, then Florence Nightingale"
    tagger = FakePersonTagger(("Zebedee Quimper", "Ashworth", "Olivia", "Florence Nightingale"))
    found = inspect([TextField(CAPTION, text)], REGISTER, SCHOOL, tagger).findings
    assert [(f.kind.value, text[f.start : f.end]) for f in found] == [
        ("person_name", "Zebedee Quimper"),
        ("pupil_name", "Olivia"),
    ]


def test_tagger_that_fails_leaves_a_problem_not_a_pass() -> None:
    result = inspect([TextField(CAPTION, "anything")], REGISTER, SCHOOL, FakePersonTagger((), fails_on="any"))
    assert result.findings == ()
    assert "could not be looked for" in result.problems[0].because


def test_what_is_not_looked_for_is_said() -> None:
    assert not_looked_for(None)
    assert not_looked_for(FakePersonTagger(())) == ()
    assert len(looked_for(FakePersonTagger(()))) == len(looked_for(None)) + 1


@pytest.mark.parametrize(
    ("text", "recogniser"),
    [
        ("Well done Olivia Smith!", "register"),
        ("Ring 07700 900341", "phones"),
        ("See https://bit.ly/x", "links"),
    ],
)
def test_finding_says_what_found_it(text: str, recogniser: str) -> None:
    (finding,) = findings(text)
    assert finding.recogniser == recogniser
