"""People on no register: a mark of the tagger is a question where it is a private person, and let through elsewhere."""

from __future__ import annotations

import pytest

from captions.findings import FieldName, Kind, TextField, TextFinding
from captions.inspection import inspect
from captions.testing import FakePersonTagger
from tests.unit.captions.school import REGISTER, SCHOOL


def people(text: str, *marks: str, field: FieldName = FieldName.CAPTION) -> list[str]:
    return [text[each.start : each.end] for each in asked(text, *marks, field=field)]


def asked(text: str, *marks: str, field: FieldName = FieldName.CAPTION) -> list[TextFinding]:
    found = inspect([TextField(field, text)], REGISTER, SCHOOL, FakePersonTagger(marks)).findings
    return [each for each in found if each.kind is Kind.PERSON_NAME]


@pytest.mark.parametrize(
    ("text", "mark", "name"),
    [
        pytest.param("A big thank you to Doreen Applegate for the cakes", "Doreen Applegate", None, id="thanked"),
        pytest.param("If you can sew, drop Maureen a line", "Maureen", None, id="one name, spoken of as reachable"),
        pytest.param("His big brother Ibrahim cheered", "Ibrahim", None, id="a brother"),
        pytest.param("We raced Leo Marchment and won", "Leo Marchment", None, id="two names without any cue"),
        pytest.param("Our thanks to Mr Graham Whitlow", "Mr Graham Whitlow", "Graham Whitlow", id="Mr with first name"),
        pytest.param("Thanks to Bev's cakes we raised £40", "Bev's", "Bev", id="what is hers"),
        pytest.param("Visitor: Keith Allard\nReg: none", "Keith Allard", None, id="on a line of its own"),
        pytest.param("Thank you to poet Ann Other's mum Jo Bell", "Jo Bell", None, id="a mum beside a poet"),
    ],
)
def test_private_person_is_asked_about(text: str, mark: str, name: str | None) -> None:
    (finding,) = asked(text, mark)
    assert text[finding.start : finding.end] == (name or mark)
    assert finding.doubtful
    assert finding.why.endswith("?")
    assert finding.recogniser in ("tagger", "relatives")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        pytest.param("Rev Harris came into worship", "Rev Harris", id="title in the mark"),
        pytest.param("Thank you to Mrs Ingle for the cakes", "Ingle", id="title before the mark"),
        pytest.param("Sir Walter Raleigh's cloak", "Sir Walter Raleigh", id="a title of history"),
        pytest.param("Robins beat Owls at dodgeball", "Owls", id="a class"),
        pytest.param("We wrote poems like Ted Hewes", "Ted Hewes", id="a poet"),
        pytest.param("We are studying the explorer Ann Bancroft", "Ann Bancroft", id="an explorer"),
        pytest.param("Eid Mubarak to all", "Eid Mubarak", id="a greeting"),
        pytest.param("Hope it is sunny!", "sunny", id="a word in lower case"),
        pytest.param("Mrs Ashworth read to us", "Ashworth", id="staff"),
        pytest.param("Matilda read by the class", "Matilda", id="a pupil's name, judged already"),
    ],
)
def test_what_is_known_or_public_is_let_through(text: str, mark: str) -> None:
    assert people(text, mark) == []


@pytest.mark.parametrize(
    ("text", "mark", "score", "asked_about"),
    [
        pytest.param("A plate of Baklava was shared", "Baklava", 0.95, False, id="one word, and nothing introduces it"),
        pytest.param("We danced with Maureen", "Maureen", 0.99, True, id="one word, and the tagger is surer"),
        pytest.param("A woman called Halina came", "Halina", 0.55, True, id="one word that is introduced"),
        pytest.param("We beat Jo Marchment", "Jo Marchment", 0.75, False, id="two words, and the tagger is in doubt"),
        pytest.param("Her mum Jo Marchment", "Jo Marchment", 0.55, True, id="two words, and a mum"),
    ],
)
def test_how_sure_the_tagger_must_be_hangs_on_the_words_around(
    text: str, mark: str, score: float, asked_about: bool
) -> None:
    tagger = FakePersonTagger((mark,), score=score)
    found = inspect([TextField(FieldName.CAPTION, text)], REGISTER, SCHOOL, tagger).findings
    assert any(each.kind is Kind.PERSON_NAME for each in found) is asked_about


def test_names_in_a_file_name_are_read_as_words() -> None:
    text = "party_invite_tallulah-marchbank_2.jpg"
    assert people(text, "tallulah marchbank", field=FieldName.FILENAME) == ["tallulah-marchbank"]


def test_lines_of_a_picture_are_names_apart() -> None:
    text = "my grandad Wilf Boylan\nHelen Stone"
    assert people(text, "Wilf Boylan\nHelen Stone", field=FieldName.OCR) == ["Wilf Boylan", "Helen Stone"]


def test_disguised_name_is_read_as_it_looks() -> None:
    text = "Thank you to D\u200boreen Аpplegate"
    assert people(text, "Doreen Applegate") == ["D\u200boreen Аpplegate"]


def test_pupils_surname_in_another_persons_name_is_that_person() -> None:
    text = "Thank you to her mum, Gemma Rigby, for driving"
    assert people(text, "Gemma Rigby") == ["Gemma Rigby"]
