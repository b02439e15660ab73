"""What was chosen, typed and drawn about faces on a result page becomes the answers it means."""

from __future__ import annotations

import pytest

from app.answers import AnswerKind
from app.errors import BadForm
from app.pages.answering import MISSED
from app.pages.filling import Filled
from app.pages.naming import choices
from app.pages.remedying import revision_of
from app.revising import Answering, Revision
from consent.models import Person
from tests.unit.app.pages_factories import a_face_reason, a_picture, a_view
from tests.unit.app.test_pages_naming import TODAY
from vision.findings import Box

KNOWN = choices([Person(id="ben", school_id="school", given="Ben", family="Marsh", class_name="Willow")], TODAY)
BEN = "Ben Marsh, Willow"
VIEW = a_view(a_picture(1, faces=2), a_picture(2, faces=1), reasons=[a_face_reason(1, 2)])  # of 100 by 80 pixels

Fields = list[tuple[str, str]]


def a_mark(left: str = "10", top: str = "25", width: str = "20", height: str = "50", **more: str) -> Fields:
    values = {"missed_picture": "1", "missed_left": left, "missed_top": top, "missed_width": width}
    values |= {"missed_height": height, "missed_is": "missed", "missed_who": "", **more}
    return [(name, values[name]) for name in MISSED]


NO_MARK = a_mark("", "", "", "")
MARKED = Box(10, 20, 30, 60)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param([("answer_1_2", ""), ("who_1_2", ""), *NO_MARK], [], id="nothing-said"),
        pytest.param(
            [("answer_1_2", "person"), ("who_1_2", BEN)],
            [Answering(1, AnswerKind.PERSON, face=2, person_id="ben")],
            id="named",
        ),
        pytest.param(
            [("answer_1_2", ""), ("who_1_2", " ben marsh ")],
            [Answering(1, AnswerKind.PERSON, face=2, person_id="ben")],
            id="a-name-is-enough",
        ),
        pytest.param([("answer_1_2", "visitor")], [Answering(1, AnswerKind.VISITOR, face=2)], id="visitor"),
        pytest.param(
            [("answer_2_1", "not-a-face"), ("who_2_1", "")],
            [Answering(2, AnswerKind.NOT_A_FACE, face=1)],
            id="not-a-face",
        ),
        pytest.param(
            [("answer_1_1", "visitor"), ("who_1_1", ""), ("answer_1_2", "not-a-face"), ("who_1_2", "")],
            [Answering(1, AnswerKind.VISITOR, face=1), Answering(1, AnswerKind.NOT_A_FACE, face=2)],
            id="two-faces",
        ),
        pytest.param(a_mark(), [Answering(1, AnswerKind.MISSED, box=MARKED)], id="marked"),
        pytest.param(
            a_mark("10,0", "25.0", missed_is="person", missed_who=BEN),
            [Answering(1, AnswerKind.PERSON, box=MARKED, person_id="ben")],
            id="marked-and-named",
        ),
        pytest.param(
            a_mark(missed_who=BEN),
            [Answering(1, AnswerKind.PERSON, box=MARKED, person_id="ben")],
            id="marked-and-a-name-is-enough",
        ),
        pytest.param(a_mark(missed_is="visitor"), [Answering(1, AnswerKind.VISITOR, box=MARKED)], id="marked-visitor"),
        pytest.param(
            [*a_mark(), *NO_MARK, *a_mark("0", "0", "0.5", "100", missed_picture="2")],
            [Answering(1, AnswerKind.MISSED, box=MARKED), Answering(2, AnswerKind.MISSED, box=Box(0, 0, 1, 80))],
            id="two-marked",
        ),
        pytest.param(
            a_mark("90.1", "0", "9.9", "100"),
            [Answering(1, AnswerKind.MISSED, box=Box(90, 0, 100, 80))],
            id="marked-up-to-the-edge",
        ),
    ],
)
def test_a_form_becomes_answers(fields: Fields, expected: list[Answering]) -> None:
    revision = revision_of([*fields, ("answered_by", "R. Patel")], VIEW, KNOWN)
    assert revision == Revision(answers=tuple(expected), answered_by="R. Patel")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param([("answer_1_2", "person"), ("who_1_2", " ")], "Say who face 2 in picture 1 is", id="no-name"),
        pytest.param([("who_1_2", "Nobody")], "For face 2 in picture 1: nobody", id="nobodys-name"),
        pytest.param([("answer_1_2", "visitor"), ("who_1_2", BEN)], "Keep one of them", id="two-things"),
        pytest.param([("answer_1_2", "ghost")], "nothing that can be said", id="no-such-answer"),
        pytest.param([("answer_1_x", "visitor")], "does not know", id="no-such-field"),
        pytest.param([("answer_12345_1", "visitor")], "does not know", id="no-such-picture-number"),
        pytest.param(a_mark(left=""), "is incomplete", id="marked-in-part"),
        pytest.param(a_mark(width="0"), "is empty", id="marked-without-width"),
        pytest.param(a_mark(left="1e3"), "is incomplete", id="marked-with-no-number"),
        pytest.param(a_mark(missed_picture="3"), "the draft does not have", id="marked-in-no-picture"),
        pytest.param(a_mark(missed_picture="²"), "the draft does not have", id="marked-in-no-number"),
        pytest.param(a_mark(missed_is="person"), "Say who the face marked in picture 1 is", id="marked-as-nobody"),
        pytest.param(a_mark()[:-1], "incomplete", id="a-field-is-missing"),
    ],
)
def test_what_makes_no_sense_is_refused(fields: Fields, says: str) -> None:
    with pytest.raises(BadForm) as refused:
        revision_of(fields, VIEW, KNOWN)
    assert says in refused.value.detail


def test_a_refused_form_still_holds_what_was_ticked_typed_and_marked() -> None:
    sent = Filled((("cover", "1:2"), ("who_1_2", "Nobody"), *a_mark(), *NO_MARK, *a_mark(left="", top="7")), "No.")
    assert sent.has("cover", "1:2")
    assert not sent.has("cover", "1:1")
    assert (sent.text("who_1_2"), sent.text("caption", "as it was")) == ("Nobody", "as it was")
    assert [row["missed_top"] for row in sent.marks(1)] == ["25", "7"]


def test_there_is_always_one_mark_to_fill_in() -> None:
    assert [row["missed_left"] for row in Filled().marks(2)] == [""]
