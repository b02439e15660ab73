"""What is ticked and typed on a result page becomes the revision it asks for."""

from __future__ import annotations

import pytest

from app.drafts import DraftView
from app.errors import BadForm
from app.pages.remedying import revision_of, settling
from app.reasons import Reason
from app.revising import Cover, Revision, WordAnswering
from app.word_answers import WordAnswerKind
from tests.unit.app.pages_factories import (
    a_channel_reason,
    a_face_reason,
    a_file_name_reason,
    a_picture,
    a_question,
    a_text_reason,
    a_view,
    a_words_reason,
    an_unreadable_reason,
    face_box,
    not_checked_reason,
    text_box,
)
from vision.findings import Box

CAPTION = "Well done Ben and Amara"
BEN, AMARA = (10, 13), (18, 23)
TEXT = Box(*text_box(0))
SAFE_CAPTION = "Well done to two of our pupils"
ROSE = "Rose ran"


def a_troubled_draft(*more: Reason) -> DraftView:
    """Two faces and a text to cover in picture 1, two names in the caption, one in the alt text of picture 2."""
    return a_view(
        a_picture(1, faces=3, texts=["Ben's cup"], file_name="ben.jpg"),
        a_picture(2, alt_text="Ben runs", file_name="b.jpg"),
        reasons=[
            a_face_reason(1, 1),
            a_face_reason(1, 3),
            a_text_reason(1, 0),
            a_words_reason(*BEN, "a pupil"),
            a_words_reason(*AMARA, "another pupil"),
            a_words_reason(0, 3, "A pupil", field="alt", picture=2),
            a_file_name_reason(1),
            *more,
        ],
        caption=CAPTION,
        hashtags="#fun",
        rewritten={"caption": SAFE_CAPTION, "alt_texts": {"2": "A pupil runs"}},
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param([], Revision(), id="nothing-ticked-checks-again"),
        pytest.param([("cover", "1:3")], Revision(cover=(Cover(1, face=3),)), id="cover-a-face"),
        pytest.param(
            [("cover", "1:3"), ("cover", "1:1"), ("cover", "1:3")],
            Revision(cover=(Cover(1, face=3), Cover(1, face=1))),
            id="cover-two-faces-ticked-twice",
        ),
        pytest.param(
            [("cover_box", "1:0,40,60,48")], Revision(cover=(Cover(1, box=Box(0, 40, 60, 48)),)), id="cover-a-text"
        ),
        pytest.param(
            [("cover_faces", "1")], Revision(cover=(Cover(1, face=1), Cover(1, face=3))), id="every-face-of-a-picture"
        ),
        pytest.param([("cover_faces", "2")], Revision(), id="no-face-of-another-picture"),
        pytest.param([("leave_out", "2")], Revision(leave_out=frozenset({2})), id="leave-out"),
        pytest.param([("neutral_name", "1")], Revision(neutral_names=frozenset({1})), id="neutral-name"),
        pytest.param([("reword", "3")], Revision(caption="Well done a pupil and Amara"), id="proposed-words"),
        pytest.param(
            [("reword", "4"), ("reword", "3")],
            Revision(caption="Well done a pupil and another pupil"),
            id="both-proposed-words",
        ),
        pytest.param([("reword", "5")], Revision(alt_texts={2: "A pupil runs"}), id="proposed-alt-text"),
        pytest.param([("caption", "Well done all")], Revision(caption="Well done all"), id="typed-caption"),
        pytest.param([("caption", "")], Revision(caption=""), id="caption-emptied"),
        pytest.param([("hashtags", "#go")], Revision(hashtags="#go"), id="typed-hashtags"),
        pytest.param([("alt_text_2", "Running")], Revision(alt_texts={2: "Running"}), id="typed-alt-text"),
        pytest.param(
            [("caption", CAPTION), ("hashtags", "#fun"), ("alt_text_2", "Ben runs")], Revision(), id="left-as-it-stood"
        ),
        pytest.param(
            [("caption", "Bravo"), ("reword", "3")], Revision(caption="Bravo"), id="typed-stands-before-proposed"
        ),
        pytest.param([("channel", "Newsletter")], Revision(channel="Newsletter"), id="another-account"),
        pytest.param([("channel", "School website")], Revision(), id="the-same-account"),
        pytest.param(
            [("settle", "faces")], Revision(cover=(Cover(1, face=1), Cover(1, face=3))), id="settle-the-faces"
        ),
        pytest.param([("settle", "go-on")], Revision(leave_out=frozenset({1, 2})), id="settle-by-leaving-out"),
        pytest.param(
            [("settle", "all")],
            Revision(
                caption=SAFE_CAPTION,
                alt_texts={2: "A pupil runs"},
                cover=(Cover(1, face=1), Cover(1, face=3), Cover(1, box=TEXT)),
                neutral_names=frozenset({1}),
            ),
            id="settle-all",
        ),
        pytest.param(
            [("settle", "wording")],
            Revision(caption=SAFE_CAPTION, alt_texts={2: "A pupil runs"}),
            id="the-safe-wording-and-nothing-else",
        ),
    ],
)
def test_a_form_becomes_a_revision(fields: list[tuple[str, str]], expected: Revision) -> None:
    assert revision_of(fields, a_troubled_draft()) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            "not-a-name", Revision(word_answers=(WordAnswering(1, WordAnswerKind.NOT_A_NAME),)), id="only-the-word"
        ),
        pytest.param("adult", Revision(word_answers=(WordAnswering(1, WordAnswerKind.ADULT),)), id="an-adult"),
        pytest.param("reword", Revision(caption="A pupil ran"), id="the-proposed-words"),
        pytest.param("", Revision(), id="nothing-said"),
    ],
)
def test_a_question_about_words_is_answered_or_reworded(value: str, expected: Revision) -> None:
    view = a_view(reasons=[a_question(0, 4, "A pupil")], caption=ROSE)
    assert revision_of([("word_1", value)], view) == expected


def test_a_question_is_named_by_its_number_from_1_and_never_from_the_end() -> None:
    view = a_view(reasons=[a_question(0, 4, "A pupil")], caption=ROSE)
    with pytest.raises(BadForm, match="no proposed words"):
        revision_of([("word_0", "reword")], view)


def test_an_answer_about_words_carries_the_name_of_who_gave_it() -> None:
    view = a_view(reasons=[a_question(0, 4)], caption=ROSE)
    assert revision_of([("word_1", "adult"), ("answered_by", "R. Patel")], view).answered_by == "R. Patel"


def test_a_picture_that_is_left_out_takes_its_safe_wording_with_it() -> None:
    view = a_view(
        a_picture(1, alt_text="Ben runs"),
        a_picture(2),
        reasons=[an_unreadable_reason(1), a_words_reason(0, 3, "A pupil", field="alt", picture=1)],
        rewritten={"alt_texts": {"1": "A pupil runs"}},
    )
    assert revision_of([("settle", "all")], view) == Revision(leave_out=frozenset({1}))


def test_a_decision_from_before_there_was_a_safe_wording_leaves_the_words_to_a_person() -> None:
    plan = settling(a_view(reasons=[a_words_reason(0, 4, "A pupil")], caption=ROSE))
    assert not plan
    assert len(plan.left) == 1


def test_a_caption_sent_back_with_the_line_ends_of_a_browser_is_no_change() -> None:
    view = a_view(caption="one\ntwo")
    assert revision_of([("caption", "one\r\ntwo")], view).caption is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cover", "1"),
        ("cover", "1:x"),
        ("cover", "-1:2"),
        ("cover", "²:1"),
        ("cover_box", "1:1,2,3"),
        ("cover_box", "1:9,9,1,1"),
        ("cover_box", "1:1,2,3,4,5"),
        ("leave_out", "one"),
        ("reword", "99"),
        ("reword", "0"),
        ("reword", "6"),
        ("word_0", "reword"),
        ("word_x", "adult"),
        ("word_", "adult"),
        ("word_4", "pupil"),
        ("alt_text_", "x"),
        ("alt_text_9", "x"),
        ("settle", "everything"),
        ("surprise", "1"),
        ("leave_out", "9" * 5000),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadForm):
        revision_of([(name, value)], a_troubled_draft())


def test_a_picture_that_cannot_be_mended_is_left_out_with_all_that_stands_against_it() -> None:
    view = a_view(a_picture(1, faces=1), a_picture(2, faces=1), reasons=[a_face_reason(1, 1), an_unreadable_reason(1)])
    plan = settling(view)
    assert plan.leave_out == {1}
    assert plan.covers == ()


def test_the_only_picture_is_never_left_out_unasked() -> None:
    plan = settling(a_view(a_picture(1), reasons=[an_unreadable_reason(1)], caption="Hello"))
    assert plan.leave_out == frozenset()
    assert len(plan.left) == 1


def test_what_nobody_can_settle_with_one_press_is_left_to_a_person() -> None:
    plan = settling(a_view(reasons=[a_channel_reason(), a_words_reason(0, 4)], caption="Olga"))
    assert not plan
    assert [reason.code.value for reason in plan.left] == ["channel-not-approved", "pupil-named"]


def test_what_was_not_checked_needs_no_more_than_another_check() -> None:
    plan = settling(a_view(a_picture(1), a_picture(2), reasons=[not_checked_reason(1)]))
    assert (plan.leave_out, plan.left) == (frozenset(), ())


def test_a_face_box_is_never_taken_for_a_text() -> None:
    plan = settling(a_troubled_draft())
    assert Box(*face_box(1)) not in [cover.box for cover in plan.texts]
