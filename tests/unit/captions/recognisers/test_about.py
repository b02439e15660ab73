"""Who is near a place, and which spans are taken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from captions.findings import FieldName, Kind, SchoolProfile
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers import ages, classes
from captions.recognisers.about import About, Spaced, Taken, spans_of

SCHOOL = SchoolProfile(name="Wren Primary")


def test_pronoun_reaches_back_two_sentences() -> None:
    text = "Ade won. Hooray. He has asthma. He has a cat."
    reading = Reading.of(FieldName.CAPTION, text)
    about = About(SCHOOL, ((0, 3),))
    assert about.person_near(reading, text.index("asthma"))
    assert not about.person_near(reading, text.index("cat"))


def test_people_who_are_no_pupils_have_ages_but_no_class() -> None:
    text = "Ádé is seven today and in Year 2"
    reading = Reading.of(FieldName.CAPTION, text)
    others = spans_of(reading, [Found(Kind.PERSON_NAME, 0, 3, 0.9, "")])
    about = About(SCHOOL, (), frozenset(), others)
    assert [text[found.start : found.end] for found in ages.find(reading, about)] == ["seven"]
    assert list(classes.find(reading, about)) == []


def test_file_names_are_read_word_by_word_with_their_offsets() -> None:
    reading = Reading.of(FieldName.FILENAME, "kaiAge7_photo.jpg")
    view = Spaced.of(reading)
    at = view.text.index("Age 7")
    assert reading.folded.text[slice(*view.span(at, at + 5))] == "Age7"


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=20))
def test_no_two_spans_taken_overlap(pieces: list[tuple[int, int]]) -> None:
    taken = Taken()
    kept: list[tuple[int, int]] = []
    for start, length in pieces:
        span = (start, start + length)
        free = all(b <= span[0] or span[1] <= a for a, b in kept)
        assert taken.take(span) is free
        if free:
            kept.append(span)
