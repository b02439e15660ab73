"""The result page: what it says, where it says it, and what it never tells."""

from __future__ import annotations

import pytest

from app.answers import Answer, AnswerKind
from app.drafts import DraftView
from app.pages.pictures import PictureView
from app.pages.results import ResultView
from app.policy import FACE_REMEDIES
from app.reasons import FACE_CODES, Code, Reason, Remedy, Where
from tests.browser.audit import Page
from tests.unit.app.pages_factories import (
    a_channel_reason,
    a_face_reason,
    a_file_name_reason,
    a_picture,
    a_text_reason,
    a_view,
    a_words_reason,
    an_unreadable_reason,
    not_checked_reason,
    page_of,
    result_of,
    said_of,
)
from vision.findings import Box


def everything_wrong() -> tuple[Reason, ...]:
    """A reason of every kind, in every place a reason can have, some of them odd."""
    return (
        a_channel_reason(),
        Reason(
            Code.NOT_CHECKED, Where(field="channel"), "Nobody's consent could be checked.", (Remedy.CHOOSE_ACCOUNT,)
        ),
        a_face_reason(1, 1),
        a_face_reason(1, 2, Code.NEVER_PUBLISH),
        a_face_reason(1, 40),
        a_text_reason(1, 0),
        Reason(Code.DETAIL_IN_PICTURE, Where(field="ocr", picture=1, box=Box(1, 1, 2, 2)), "A box of its own.", ()),
        a_file_name_reason(1),
        a_words_reason(0, 3, "A pupil", field="alt", picture=1),
        a_words_reason(10, 13, "a pupil"),
        a_words_reason(11, 23),
        Reason(Code.NOT_CHECKED, Where(field="caption"), "The caption is too long.", (Remedy.SHORTEN,)),
        a_words_reason(1, 4, field="hashtags"),
        Reason(Code.LANGUAGE, Where(field="metadata", picture=2), "A field of metadata.", (Remedy.SHORTEN,)),
        an_unreadable_reason(2),
        not_checked_reason(3),
        not_checked_reason(99),
        Reason(Code.THIRD_PARTY_COPYRIGHT, Where(picture=3), "The rights are another's.", (Remedy.CHOOSE_ANOTHER,)),
        Reason(Code.LANGUAGE, Where(), "Somewhere.", ()),
    )


def a_view_with_everything_wrong() -> DraftView:
    return a_view(
        a_picture(1, faces=3, texts=["Ben's cup", "YEAR 4"], alt_text="Ben runs", file_name="ben.jpg", covers=1),
        a_picture(2, released=False),
        a_picture(3),
        a_picture(4, faces=1),
        reasons=everything_wrong(),
        caption="Well done Ben and Amara",
        hashtags="#Ben",
        rewritten={"caption": "Well done to two of our pupils", "alt_texts": {"1": "A pupil runs"}},
    )


def told_in(result: ResultView) -> list[int]:
    """The indices of all reasons that the page tells, wherever they stand."""
    told = [*result.account, *result.others]
    for words in result.words:
        told += words.said
    for group in result.groups:
        for picture in group.pictures:
            told += [*picture.said, *picture.alt.said, *picture.file_name.said]
            told += [one for mark in picture.marks for one in mark.said]
    return sorted(one.index for one in told)


def test_every_reason_is_told_exactly_once() -> None:
    assert told_in(result_of(a_view_with_everything_wrong())) == list(range(len(everything_wrong())))


def test_every_reason_stands_on_the_page_in_its_own_words() -> None:
    words = Page(page_of(a_view_with_everything_wrong())).words
    for reason in everything_wrong():
        assert (f"Face {reason.where.face} is not cleared" if reason.code in FACE_CODES else reason.because) in words


def test_the_page_with_everything_wrong_is_sound() -> None:
    assert Page(page_of(a_view_with_everything_wrong())).faults == []


@pytest.mark.parametrize(
    ("view", "void", "verdict", "tone"),
    [
        pytest.param(a_view(caption="Hello"), None, "Nothing here stops this post.", "clear", id="clear"),
        pytest.param(
            a_view(caption="Ben", reasons=[a_words_reason(0, 3)]),
            None,
            "This post must not go out yet: 1 thing to settle.",
            "stop",
            id="one-thing",
        ),
        pytest.param(
            a_view(a_picture(faces=2), reasons=[a_face_reason(1, 1), a_face_reason(1, 2)]),
            None,
            "This post must not go out yet: 2 things to settle.",
            "stop",
            id="two-things",
        ),
        pytest.param(
            a_view(caption="Hello"),
            "The register changed.",
            "This post must not go out: it has to be checked again.",
            "void",
            id="void",
        ),
        pytest.param(
            a_view(caption="Ben", reasons=[a_words_reason(0, 3)]),
            "The register changed.",
            "This post must not go out yet: 1 thing to settle.",
            "stop",
            id="blocked-and-void",
        ),
    ],
)
def test_the_verdict_comes_first_in_one_sentence(view: DraftView, void: str | None, verdict: str, tone: str) -> None:
    result = result_of(view, void)
    assert (result.verdict, result.tone) == (verdict, tone)
    page = Page(page_of(view, void))
    assert page.heading == verdict
    assert page.title.startswith(verdict)
    assert "safe" not in verdict


@pytest.mark.parametrize("code", sorted(FACE_CODES))
def test_every_reason_about_a_face_reads_the_same(code: Code) -> None:
    """A child without consent is never singled out, and no page is a face search."""
    told = f"The secret of {code}."

    def page(reason_code: Code, because: str) -> str:
        return page_of(a_view(a_picture(faces=2), reasons=[a_face_reason(1, 2, reason_code, because)]))

    shown = page(code, told)
    assert shown == page(Code.FACE_NOT_IDENTIFIED, "We could not tell who face 2 is.")
    assert told not in shown
    assert code.value not in shown
    assert "Face 2 is not cleared for School website." in shown


@pytest.mark.parametrize(
    ("reasons", "group"),
    [
        pytest.param([], "clear", id="nothing"),
        pytest.param([a_face_reason()], "mend", id="a-face-to-cover"),
        pytest.param([a_text_reason()], "mend", id="a-text-to-cover"),
        pytest.param([a_file_name_reason()], "mend", id="a-file-name"),
        pytest.param([a_words_reason(0, 3, field="alt", picture=1)], "mend", id="alt-text"),
        pytest.param([an_unreadable_reason()], "stop", id="unreadable"),
        pytest.param([not_checked_reason()], "stop", id="not-checked"),
        pytest.param([a_face_reason(), an_unreadable_reason()], "stop", id="one-of-two-cannot-be-mended"),
    ],
)
def test_a_picture_stands_in_the_group_of_what_can_be_done(reasons: list[Reason], group: str) -> None:
    result = result_of(a_view(a_picture(faces=1, texts=["Ben"], alt_text="Ben"), reasons=reasons))
    assert [each.key for each in result.groups] == [group]


def test_a_picture_that_nothing_stands_against_is_not_given_out_while_the_post_is_blocked() -> None:
    page = page_of(a_view(a_picture(faces=1), caption="Ben", reasons=[a_words_reason(0, 3)]))
    assert "May go out (1)" in page
    assert "/file" not in page


def test_a_cleared_post_gives_out_its_files_and_its_words() -> None:
    page = Page(page_of(a_view(a_picture(1), a_picture(2), caption="A fine day", hashtags="#fun")))
    assert [link for link in page.links if link.endswith("/file")] == [
        "/drafts/draft/pictures/1/file",
        "/drafts/draft/pictures/2/file",
    ]
    assert "A fine day" in page.words
    assert "#fun" in page.words


def test_a_void_post_gives_out_nothing_and_offers_another_check() -> None:
    page = page_of(a_view(a_picture(1), caption="A fine day"), "The register changed after this draft was checked.")
    assert "The register changed after this draft was checked." in page
    assert "/file" not in page
    assert 'action="/drafts/draft/revisions"' in page
    assert "Check again" in page
    assert "Copy the caption" not in page


def test_one_press_says_exactly_what_it_will_do_and_what_it_leaves() -> None:
    result = result_of(a_view_with_everything_wrong())
    assert [quick.value for quick in result.quick] == ["all", "wording", "faces", "go-on"]
    assert result.quick[0].label == "Make these changes and check again"
    assert result.quick[0].does == (
        "This covers 3 faces and 1 place with text, uses the safe wording that stands below, gives 1 file a neutral "
        "name and leaves out 1 picture."
    )
    assert "choose another account" in result.left_words
    assert "reword the hashtags" in result.left_words
    assert "reword the caption" not in result.left_words
    assert result.quick[3].label == "Go on with the 1 picture that may go out"


def test_it_is_called_safe_only_where_nothing_is_left_to_do() -> None:
    view = a_view(a_picture(faces=1), reasons=[a_face_reason()])
    assert [quick.label for quick in result_of(view).quick] == ["Make it safe and check again"]


def test_boxes_are_told_apart_by_shape_and_stand_where_the_finding_is() -> None:
    result = result_of(a_view(a_picture(faces=2, texts=["YEAR 4"]), reasons=[a_face_reason(1, 2)]))
    one, two, text = result.groups[0].pictures[0].marks
    assert (one.tag, one.stopped, two.tag, two.stopped, text.tag, text.stopped) == ("1", False, "2", True, "A", False)
    assert (two.left, two.top, two.width, two.height) == (20.0, 0.0, 8.0, 12.5)
    assert (text.left, text.top, text.width, text.height) == (0.0, 50.0, 60.0, 10.0)
    page = page_of(a_view(a_picture(faces=2, texts=["YEAR 4"]), reasons=[a_face_reason(1, 2)]))
    assert 'class="box" id="box-1-f1"' in page
    assert 'class="box stopped" id="box-1-f2"' in page
    assert 'class="box text" id="box-1-t1"' in page
    assert {"#mark-1-f2", "#box-1-f2"} <= set(Page(page).links)


def test_each_remedy_is_a_field_of_the_form() -> None:
    fields = {(field["name"], field.get("value")) for field in Page(page_of(a_view_with_everything_wrong())).fields}
    assert {
        ("cover", "1:1"),
        ("cover", "1:2"),
        ("cover_box", "1:0,40,60,48"),
        ("cover_faces", "1"),
        ("leave_out", "1"),
        ("leave_out", "2"),
        ("neutral_name", "1"),
        ("reword", "8"),
        ("reword", "9"),
        ("channel", "School website"),
        ("caption", None),
        ("hashtags", None),
        ("alt_text_1", None),
    } <= fields
    assert ("leave_out", "4") not in fields


def test_what_was_found_is_marked_in_the_words() -> None:
    page = page_of(
        a_view(caption="Well done Ben and Amara", reasons=[a_words_reason(10, 13, "a pupil"), a_words_reason(18, 23)])
    )
    assert '<bdi>Ben</bdi><span class="mark-label">1</span>' in page
    assert '<bdi>Amara</bdi><span class="mark-label">2</span>' in page
    assert "Use: “<bdi>a pupil</bdi>”" in page


def test_the_page_says_what_was_not_looked_for() -> None:
    words = Page(page_of(a_view(caption="Hello"))).words
    assert "No text read in a picture is no proof that there is none" in words
    assert "Names." in words
    assert "Others." in words


def test_notices_are_told_and_block_nothing() -> None:
    notice = {"code": "metadata-gps", "where": {"picture": 1}, "because": "The file says where it was taken."}
    page = page_of(a_view(a_picture(1), notices=[notice]))
    assert "The file says where it was taken." in page
    assert "Nothing here stops this post." in page


HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e{{ 7*7 }}'


def test_nothing_that_was_typed_or_read_becomes_markup() -> None:
    view = a_view(
        a_picture(1, faces=1, texts=[HOSTILE], alt_text=HOSTILE, file_name=HOSTILE),
        caption=HOSTILE,
        hashtags=HOSTILE,
        reasons=[
            a_text_reason(1, 0, 0, 12),
            a_words_reason(0, 12, HOSTILE),
            a_words_reason(0, 12, HOSTILE, field="alt", picture=1),
            Reason(Code.LANGUAGE, Where(field="hashtags"), HOSTILE, (Remedy.REWORD,)),
        ],
    )
    view.draft.channel = HOSTILE
    html = page_of(view)
    page = Page(html)
    assert page.faults == []
    assert [image["src"] for image in page.images if not image["src"].startswith(("/static/", "/drafts/"))] == []
    assert page.words.count("<script>alert(2)</script>") >= 6
    assert "{{ 7*7 }}" in page.words
    typed = html.count("\u202e")
    assert typed == 3  # only in the three fields, from where it is sent back as it came


def test_a_draft_that_is_not_decided_has_no_result() -> None:
    view = a_view(caption="Hello")
    with pytest.raises(ValueError, match="no result"):
        result_of(DraftView(view.draft, (), None))


# -- what a person says about faces --------------------------------------------------------------------------------


def the_picture(view: DraftView) -> PictureView:
    (group,) = result_of(view).groups
    (picture,) = group.pictures
    return picture


def test_a_doubtful_face_comes_first_and_is_asked_about_whatever_stands_against_it() -> None:
    """Only that it is doubtful shows: whether it was recognised does not."""
    for code in (Code.FACE_DOUBTFUL, Code.CONSENT_REFUSED):
        view = a_view(a_picture(faces=3, doubtful=[3]), reasons=[a_face_reason(1, 1), a_face_reason(1, 3, code)])
        assert [(face.tag, face.asks) for face in the_picture(view).stopped_faces] == [
            ("3", "Is this a face?"),
            ("1", "Say who it is"),
        ]
    unsure = a_view(a_picture(faces=1, doubtful=[1]), reasons=[a_face_reason(1, 1, Code.FACE_DOUBTFUL)])
    refused = a_view(a_picture(faces=1, doubtful=[1]), reasons=[a_face_reason(1, 1, Code.CONSENT_REFUSED)])
    assert page_of(unsure) == page_of(refused)


def test_what_was_said_about_a_face_stands_beside_it() -> None:
    answers = [said_of(1, AnswerKind.VISITOR), said_of(2, AnswerKind.NOT_A_FACE), said_of(3, AnswerKind.PERSON, "ben")]
    view = a_view(a_picture(faces=4, answers=answers), reasons=[a_face_reason(1, 3)])
    picture = the_picture(view)
    assert [(face.tag, face.answer) for face in picture.answered_faces] == [
        ("1", "An adult visitor who agreed, said by R. Patel."),
        ("2", "Not a face, said by R. Patel."),
    ]
    assert [face.answer for face in picture.stopped_faces] == [
        "Somebody who is no longer in the register, said by R. Patel."
    ]
    assert [face.tag for face in picture.clear_faces] == ["4"]
    assert picture.counted_words == "We found 3 faces. Is that everyone?"
    assert Page(page_of(view)).faults == []


def test_a_face_that_a_person_drew_is_numbered_after_the_found_ones() -> None:
    drawn = Answer(Box(70, 40, 90, 60), AnswerKind.MISSED, "R. Patel", drawn=True)
    reason = Reason(Code.FACE_NOT_IDENTIFIED, Where(picture=1, face=2, box=drawn.box), "Marked.", FACE_REMEDIES)
    view = a_view(a_picture(faces=1, answers=[drawn]), reasons=[reason])
    (face,) = the_picture(view).stopped_faces
    assert (face.tag, face.cover, face.asks, face.left, face.top) == ("2", "1:2", "Say who it is", 70.0, 50.0)
    assert "Marked by hand, said by R. Patel." in page_of(view)


@pytest.mark.parametrize(
    ("view", "offered"),
    [
        pytest.param(a_view(a_picture(faces=1), reasons=[a_face_reason()]), True, id="blocked"),
        pytest.param(a_view(a_picture(faces=1)), True, id="cleared"),
        pytest.param(a_view(a_picture(released=False), reasons=[an_unreadable_reason()]), False, id="unreadable"),
        pytest.param(a_view(caption="Ben", reasons=[a_words_reason(0, 3)]), False, id="no-picture"),
    ],
)
def test_a_missed_face_can_be_marked_wherever_there_is_a_picture_to_mark_it_in(view: DraftView, offered: bool) -> None:
    assert ("Mark a face we missed" in page_of(view)) is offered
