"""Which face an answer belongs to, and what it may settle."""

from __future__ import annotations

import pytest

from app.answers import Answer, AnswerKind
from app.settling import Settled, State, is_covered, overlap, place, same_place, settle
from tests.factories import a_box, a_face, an_answer, said_to_be
from vision.findings import Box

BEN = Settled(State.PERSON, "ben")
AMARA = Settled(State.PERSON, "amara")
VISITOR, NO_FACE = an_answer(AnswerKind.VISITOR), an_answer(AnswerKind.NOT_A_FACE)
LEFT, RIGHT = a_box(0), a_box(60)


def recognised(*who: str) -> object:
    return a_face(*who)[1]


@pytest.mark.parametrize(
    ("found", "answer", "expected"),
    [
        # recognition is certain: an answer may agree, and nothing else
        pytest.param(("ben",), None, BEN, id="recognised"),
        pytest.param(("ben",), said_to_be("ben"), BEN, id="recognised-and-said-so"),
        pytest.param(("ben",), said_to_be("amara"), Settled(State.CONTRADICTED), id="recognised-as-another"),
        pytest.param(("ben",), VISITOR, Settled(State.CONTRADICTED), id="recognised-and-called-a-visitor"),
        pytest.param(("ben",), NO_FACE, Settled(State.CONTRADICTED), id="recognised-and-called-no-face"),
        # look-alikes: an answer may choose among them
        pytest.param(("ben", "amara"), None, Settled(State.AMBIGUOUS), id="look-alikes"),
        pytest.param(("ben", "amara"), said_to_be("amara"), AMARA, id="one-of-the-look-alikes"),
        pytest.param(("ben", "amara"), said_to_be("zosia"), Settled(State.CONTRADICTED), id="none-of-the-look-alikes"),
        pytest.param(("ben", "amara"), VISITOR, Settled(State.CONTRADICTED), id="look-alikes-called-a-visitor"),
        pytest.param(("ben", "amara"), NO_FACE, Settled(State.CONTRADICTED), id="look-alikes-called-no-face"),
        # unknown: an answer settles it
        pytest.param((), None, Settled(State.OPEN), id="unknown"),
        pytest.param((), said_to_be("ben"), BEN, id="unknown-and-named"),
        pytest.param((), VISITOR, Settled(State.SETTLED), id="unknown-visitor"),
        pytest.param((), NO_FACE, Settled(State.SETTLED), id="no-face"),
        pytest.param((), an_answer(AnswerKind.MISSED), Settled(State.OPEN), id="marked-and-not-named"),
    ],
)
def test_an_answer_settles_what_recognition_left_open(
    found: tuple[str, ...], answer: Answer | None, expected: Settled
) -> None:
    assert settle(recognised(*found), answer) == expected  # type: ignore[arg-type]
    if not found:
        assert settle(None, answer) == expected  # never compared: as unknown


@pytest.mark.parametrize(
    ("found", "answer", "expected"),
    [
        pytest.param((), None, Settled(State.DOUBTFUL), id="nobody-said"),
        pytest.param((), NO_FACE, Settled(State.SETTLED), id="no-face"),
        pytest.param((), said_to_be("ben"), BEN, id="named"),
        pytest.param((), VISITOR, Settled(State.SETTLED), id="visitor"),
        pytest.param(("ben",), None, BEN, id="recognised-after-all"),
        pytest.param(("ben",), NO_FACE, Settled(State.CONTRADICTED), id="recognised-and-called-no-face"),
        pytest.param(("ben", "amara"), None, Settled(State.DOUBTFUL), id="look-alikes"),
    ],
)
def test_a_doubtful_face_is_a_question_until_somebody_answers(
    found: tuple[str, ...], answer: Answer | None, expected: Settled
) -> None:
    assert settle(recognised(*found), answer, doubtful=True) == expected  # type: ignore[arg-type]


def told(found: list[Box], *answers: Answer, covers: tuple[Box, ...] = ()) -> list[tuple[int, int | None, str]]:
    """Number, index among the found, and what was said, of each face."""
    placed = place(found, answers, covers)
    return [
        (face.number, face.found, (face.answer.person_id or face.answer.kind.value) if face.answer else "")
        for face in placed
    ]


def test_an_answer_belongs_to_the_face_it_was_given_about() -> None:
    assert told([LEFT, RIGHT], said_to_be("ben", box=RIGHT)) == [(1, 0, ""), (2, 1, "ben")]


def test_an_answer_still_belongs_to_a_face_that_was_found_a_little_elsewhere() -> None:
    assert told([Box(62, 12, 84, 32)], said_to_be("ben", box=RIGHT)) == [(1, 0, "ben")]


def test_a_face_has_one_answer_and_an_answer_one_face() -> None:
    near = Box(62, 10, 82, 30)
    assert told([RIGHT, near], said_to_be("ben", box=near)) == [(1, 0, ""), (2, 1, "ben")]
    both = [said_to_be("ben", box=near), said_to_be("amara", box=RIGHT)]
    assert told([RIGHT, near], *both) == [(1, 0, "amara"), (2, 1, "ben")]


def test_of_two_answers_that_fit_equally_well_the_later_one_counts() -> None:
    assert told([LEFT], said_to_be("ben", box=LEFT), said_to_be("amara", box=LEFT))[0] == (1, 0, "amara")


def test_equal_answers_about_two_places_are_two_answers() -> None:
    assert told([], said_to_be("ben", box=LEFT), said_to_be("ben", box=LEFT)) == [(1, None, "ben"), (2, None, "ben")]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(said_to_be("ben", box=RIGHT), [(1, 0, ""), (2, None, "ben")], id="named"),
        pytest.param(
            an_answer(AnswerKind.VISITOR, box=RIGHT, drawn=True), [(1, 0, ""), (2, None, "visitor")], id="visitor"
        ),
        pytest.param(an_answer(AnswerKind.MISSED, box=RIGHT), [(1, 0, ""), (2, None, "missed")], id="missed"),
        pytest.param(an_answer(AnswerKind.NOT_A_FACE, box=RIGHT), [(1, 0, "")], id="no-face-where-none-was-found"),
    ],
)
def test_an_answer_that_fits_no_face_stands_for_a_further_one(
    answer: Answer, expected: list[tuple[int, int | None, str]]
) -> None:
    assert told([LEFT], answer) == expected
    assert told([LEFT], answer, covers=(RIGHT,)) == [(1, 0, "")]


def test_a_face_that_was_missed_is_a_further_one_even_beside_a_found_one() -> None:
    assert told([LEFT], an_answer(AnswerKind.MISSED, box=LEFT)) == [(1, 0, ""), (2, None, "missed")]


def test_a_found_face_keeps_its_answer_under_a_cover() -> None:
    assert told([LEFT], said_to_be("ben", box=LEFT), covers=(LEFT,)) == [(1, 0, "ben")]


@pytest.mark.parametrize(
    ("other", "expected"),
    [(a_box(0), 1.0), (a_box(10), 1 / 3), (a_box(20), 0.0), (a_box(90), 0.0), (Box(0, 10, 20, 20), 0.5)],
)
def test_overlap_is_intersection_over_union(other: Box, expected: float) -> None:
    assert overlap(LEFT, other) == pytest.approx(expected)
    assert overlap(other, LEFT) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("covers", "expected"),
    [
        ([], False),
        ([Box(0, 10, 18, 30)], True),
        ([Box(0, 10, 17, 30)], False),
        ([Box(0, 10, 10, 30), Box(10, 10, 20, 30)], False),  # each must be enough by itself
        ([Box(-50, -50, 500, 500)], True),
    ],
)
def test_nine_tenths_hidden_by_one_cover_leave_nothing_to_ask(covers: list[Box], expected: bool) -> None:
    assert is_covered(LEFT, covers) is expected


def test_the_same_place_is_where_the_boxes_overlap_by_half() -> None:
    near, far = said_to_be("ben", box=Box(0, 10, 20, 20)), said_to_be("amara", box=RIGHT)
    assert same_place(LEFT, [far, near]) == near
    assert same_place(LEFT, [far]) is None
    assert same_place(LEFT, []) is None
