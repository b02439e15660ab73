"""Where an answer about words holds: the same words at the same place of the same sentence, all as written."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.word_answers import Spot, WordAnswer, WordAnswerKind, answered, asks, spot_of, still_stands, word_answers_of
from captions.findings import FieldName, Kind, TextField, TextFinding

CAPTION = "We walked to the park. The rose by the gate is out! Thank you, Dr. Rose, for the seeds.\nMore on Friday."


def the_spot(words: str, text: str = CAPTION, field: str = "caption", picture: int | None = None) -> Spot:
    start = text.index(words)
    return spot_of(field, picture, text, start, start + len(words))


@pytest.mark.parametrize(
    ("words", "text", "sentence", "at"),
    [
        pytest.param("rose", CAPTION, "The rose by the gate is out!", 4, id="between-full-stops"),
        pytest.param("Rose", CAPTION, "Thank you, Dr. Rose, for the seeds.", 15, id="a-title-ends-no-sentence"),
        pytest.param("J. Rose", "Hello. J. Rose came.", "J. Rose came.", 0, id="an-initial-ends-no-sentence"),
        pytest.param("Friday", CAPTION, "More on Friday.", 8, id="a-line-ends-one"),
        pytest.param("We", CAPTION, "We walked to the park.", 0, id="the-first"),
        pytest.param("Will\nPark", "So. Will\nPark is fun. Yes", "Will\nPark is fun.", 0, id="over-two-lines"),
        pytest.param("rose", "rose_garden.jpg", "rose_garden.jpg", 0, id="a-file-name"),
        pytest.param("Rose", "“Well done!” Rose said", "Rose said", 0, id="behind-a-quotation"),
        pytest.param("Rose", "  Rose  ", "Rose", 0, id="white-space-round-it"),
        pytest.param("Rose", "Tea\r\nRose and Will\r\nCake", "Rose and Will", 0, id="line-ends-of-a-browser"),
    ],
)
def test_an_answer_is_about_the_whole_sentence(words: str, text: str, sentence: str, at: int) -> None:
    spot = the_spot(words, text)
    assert (spot.words, spot.sentence, spot.at) == (words, sentence, at)
    assert still_stands(spot, text)


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        pytest.param(f"{CAPTION} And more.", True, id="more-behind-it"),
        pytest.param("New start. The rose by the gate is out! Bye.", True, id="other-sentences-round-it"),
        pytest.param("The rose by the gate is out!", True, id="alone"),
        pytest.param("The rose by the gate is out", False, id="without-its-end"),
        pytest.param("The rose by the gate is out! ", True, id="a-blank-behind-it"),
        pytest.param("the rose by the gate is out!", False, id="another-case"),
        pytest.param("The Rose by the gate is out!", False, id="the-words-in-another-case"),
        pytest.param("Look: The rose by the gate is out!", False, id="longer-at-its-beginning"),
        pytest.param("The rose by the gate is out!!", False, id="longer-at-its-end"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_sentence_that_changed_is_asked_about_again(text: str, stands: bool) -> None:
    assert still_stands(the_spot("rose"), text) is stands


def a_doubt(start: int, end: int, **changes: object) -> TextFinding:
    standard: dict[str, object] = {"kind": Kind.PUPIL_NAME, "doubtful": True, "pupils": ("rose",)}
    return TextFinding(0, start=start, end=end, score=0.6, why="which is it?", **{**standard, **changes})  # type: ignore[arg-type]


ROSES = "A rose for Rose, and Rose is glad."
FIRST, SECOND = ROSES.index("Rose"), ROSES.index("Rose", 13)


@pytest.mark.parametrize(
    ("finding", "field", "settled"),
    [
        pytest.param(a_doubt(FIRST, FIRST + 4), TextField(FieldName.CAPTION, ROSES), True, id="the-same"),
        pytest.param(
            a_doubt(FIRST, FIRST + 4, kind=Kind.PERSON_NAME), TextField(FieldName.CAPTION, ROSES), True, id="a-person"
        ),
        pytest.param(
            a_doubt(FIRST + 4, FIRST + 8), TextField(FieldName.CAPTION, f"Oh. \n{ROSES}"), False, id="moved-unseen"
        ),
        pytest.param(
            a_doubt(FIRST + 5, FIRST + 9), TextField(FieldName.CAPTION, f"Oh. \n{ROSES}"), True, id="moved-as-a-whole"
        ),
        pytest.param(a_doubt(SECOND, SECOND + 4), TextField(FieldName.CAPTION, ROSES), False, id="the-other-in-it"),
        pytest.param(a_doubt(2, 6), TextField(FieldName.CAPTION, ROSES), False, id="the-word-in-it"),
        pytest.param(a_doubt(FIRST, FIRST + 5), TextField(FieldName.CAPTION, ROSES), False, id="one-character-more"),
        pytest.param(a_doubt(FIRST, FIRST + 4), TextField(FieldName.HASHTAGS, ROSES), False, id="another-field"),
        pytest.param(a_doubt(FIRST, FIRST + 4), TextField(FieldName.CAPTION, ROSES, 1), False, id="a-pictures"),
        pytest.param(
            a_doubt(FIRST, FIRST + 4, doubtful=False), TextField(FieldName.CAPTION, ROSES), False, id="a-sure-one"
        ),
        pytest.param(
            a_doubt(FIRST, FIRST + 4, kind=Kind.MEDICAL), TextField(FieldName.CAPTION, ROSES), False, id="no-name"
        ),
    ],
)
def test_an_answer_settles_the_same_doubt_and_no_other(finding: TextFinding, field: TextField, settled: bool) -> None:
    answer = WordAnswer(the_spot("Rose", ROSES), WordAnswerKind.ADULT, "R. Patel")
    assert answered(finding, field, [answer]) == (answer if settled else None)


PEG, POSTER = (10, 10, 60, 20), (10, 40, 60, 50)


@pytest.mark.parametrize(
    ("said_at", "stands_at", "settled"),
    [
        pytest.param(PEG, PEG, True, id="the-same-line"),
        pytest.param(PEG, (9, 11, 61, 20), True, id="read-again-a-little-beside"),
        pytest.param(PEG, POSTER, False, id="the-same-words-elsewhere"),
        pytest.param(None, POSTER, True, id="said-before-places-were-kept"),
    ],
)
def test_an_answer_about_a_line_in_a_picture_holds_in_its_place(
    said_at: tuple[int, int, int, int] | None, stands_at: tuple[int, int, int, int], settled: bool
) -> None:
    spot = spot_of("ocr", 1, ROSES, FIRST, FIRST + 4, said_at)
    answers = [WordAnswer(spot, WordAnswerKind.NOT_A_NAME, "R. Patel")]
    field = TextField(FieldName.OCR, ROSES, 1, 0, stands_at)
    assert (answered(a_doubt(FIRST, FIRST + 4), field, answers) is not None) is settled
    assert word_answers_of([answer.as_json() for answer in answers]) == tuple(answers)


def test_of_two_answers_about_one_spot_the_later_counts() -> None:
    spot = the_spot("Rose", ROSES)
    first, last = (WordAnswer(spot, kind, "R. Patel") for kind in WordAnswerKind)
    field = TextField(FieldName.CAPTION, ROSES)
    assert answered(a_doubt(FIRST, FIRST + 4), field, [first, last]) == last


def test_nothing_is_settled_where_nobody_answered() -> None:
    assert answered(a_doubt(FIRST, FIRST + 4), TextField(FieldName.CAPTION, ROSES), []) is None


@pytest.mark.parametrize("kind", Kind)
def test_only_doubts_about_names_are_asked_of_a_person(kind: Kind) -> None:
    assert asks(a_doubt(0, 1, kind=kind)) is (kind in (Kind.PUPIL_NAME, Kind.PERSON_NAME))
    assert not asks(a_doubt(0, 1, kind=kind, doubtful=False))


@pytest.mark.parametrize("kind", WordAnswerKind)
def test_an_answer_comes_back_from_the_store_as_it_was(kind: WordAnswerKind) -> None:
    answers = (
        WordAnswer(the_spot("Rose"), kind, "R. Patel"),
        WordAnswer(the_spot("rose", "rose.jpg", "filename", 3), kind, "A. Jones"),
    )
    assert word_answers_of([answer.as_json() for answer in answers]) == answers


@pytest.mark.parametrize("run", ["!", ". ", "\n", "Rose. ", '!"', " "])
def test_a_hostile_text_is_read_in_no_time(run: str) -> None:
    text = run * (20_000 // len(run)) + "Rose"
    began = time.perf_counter()
    spot = the_spot("Rose", text)
    assert still_stands(spot, text)
    assert time.perf_counter() - began < 2


texts = st.text(alphabet="aR. !?\n\r\t”Dr", max_size=40)


@given(texts, st.data())
def test_what_was_answered_stands_in_its_own_text_and_lies_where_it_says(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    words = text[start:end]
    if not words.strip() or words != words.strip():
        return
    spot = spot_of("caption", None, text, start, end)
    assert spot.sentence[spot.at : spot.at + len(words)] == words
    assert still_stands(spot, text)
