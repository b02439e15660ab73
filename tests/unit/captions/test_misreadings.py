"""Names misread in a picture: what rests on letters that look alike is a question, and no word of a sign is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.findings import FieldName, TextField
from captions.misreadings import apart, is_near
from tests.unit.captions.picture import findings_in

PUPIL = "pupil_name"
WORDS = st.text("abcdeilmnorstuvw", max_size=9)


def asked_of(text: str, field: FieldName = FieldName.OCR) -> list[tuple[str, str, bool]]:
    """Words found as a pupil's name, the likeliest pupil, and whether it is a question."""
    fields = [TextField(field, text, 1, 0)]
    return [(text[f.start : f.end], f.pupils[0], f.doubtful) for f in findings_in(fields) if f.kind == PUPIL]


@pytest.mark.parametrize(
    ("text", "pupil"),
    [
        pytest.param("Ollvla Smlth", "olivia", id="strokes"),
        pytest.param("Clivia Snith", "olivia", id="round first letter"),
        pytest.param("lzzy Rossl", "izzy", id="short form"),
        pytest.param("Harry Partcr", "harry", id="an exact first name"),
        pytest.param("Florenoe Pernbertcn", "florence", id="letters joined"),
        pytest.param("Siobhan Kavanaqh", "siobhan", id="surname"),
        pytest.param("Kaj Campbell", "kai", id="short first name"),
        pytest.param("Flor ence Pembertcn", "florence", id="a blank added"),
        pytest.param("SMLTH, OLLVIA", "olivia", id="surname first, shouted"),
    ],
)
def test_misread_full_name_is_that_pupil(text: str, pupil: str) -> None:
    assert [(who, len(words) > 8) for words, who, _ in asked_of(text)] == [(pupil, True)]


def test_name_is_sure_where_half_of_it_is_exact() -> None:
    assert asked_of("Niamh 0'Hcra") == [("Niamh 0'Hcra", "niamh", False)]


@pytest.mark.parametrize(
    ("written", "name", "near"),
    [("ralinson", "robinson", True), ("bewvett", "bennett", True), ("inayat", "freyja", False), ("oak", "eva", False)],
)
def test_word_beside_a_surname_is_the_name_only_where_most_letters_are(written: str, name: str, near: bool) -> None:
    assert is_near(written, name) is near


@pytest.mark.parametrize("text", ["Ollvja Smltn", "Florenoe Pemdertcn"])
def test_name_of_which_nothing_is_exact_is_a_question(text: str) -> None:
    assert [doubtful for _, _, doubtful in asked_of(text)] == [True]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Clivia", ("Clivia", "olivia"), id="label"),
        pytest.param("Matfida", ("Matfida", "matilda"), id="strokes"),
        pytest.param("Flarence", ("Flarence", "florence"), id="round letter"),
        pytest.param("Well done\nF1orcnce", ("F1orcnce", "florence"), id="with a digit"),
    ],
)
def test_lone_misread_name_is_a_question(text: str, found: tuple[str, str]) -> None:
    assert asked_of(text) == [(*found, True)]


def test_weaker_slip_counts_in_a_list_of_names() -> None:
    assert asked_of("Hbarry") == []
    assert ("Hbarry", "harry", True) in asked_of("Line leaders\nNiamh\nOlivia\nHbarry")


@pytest.mark.parametrize("name", ["Grace", "Poppy", "Ruby"])
def test_name_that_is_a_word_is_asked_where_nothing_else_stands(name: str) -> None:
    assert [words for words, _, doubtful in asked_of(name) if doubtful] == [name]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("This is awarded to\nfor excellent work in Maths", id="certificate"),
        pytest.param("Golden time\nStar of the week\nReading corner", id="whiteboard"),
        pytest.param("Fire exit\nKeep clear", id="signs"),
        pytest.param("Our garden in the autumn term", id="heading"),
        pytest.param("Please wash your hands", id="notice"),
        pytest.param("ııl ○ Ilil 0O lIl .:", id="noise"),
        pytest.param("we went by coach to see Clavio the clown", id="slip in a sentence"),
        pytest.param("Poppy Day", id="word beside its company"),
        pytest.param("Henrietta", id="another name"),
        pytest.param("Ello", id="another vowel at the end"),
    ],
)
def test_words_of_pictures_are_not_asked_about(text: str) -> None:
    assert asked_of(text) == []


def test_typed_text_is_not_read_as_a_picture() -> None:
    assert asked_of("Clavia Snrth and the band", FieldName.CAPTION) == []


@given(WORDS, WORDS)
def test_distance_is_the_same_both_ways(one: str, other: str) -> None:
    assert apart(one, other) == apart(other, one)
    assert (apart(one, other) == 0) is (one == other)


@pytest.mark.parametrize(
    ("written", "name", "alike"),
    [("harnish", "hamish", True), ("8en", "ben", True), ("0livia", "olivia", True), ("kavanach", "kavanagh", False)],
)
def test_letters_that_look_alike_cost_less_than_one(written: str, name: str, alike: bool) -> None:
    assert (apart(written, name) < 1) is alike
