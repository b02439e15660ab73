"""Words on the result page: what is asked about them, what was said, and the safe wording."""

from __future__ import annotations

import pytest

from app.drafts import DraftView
from app.word_answers import WordAnswerKind
from tests.browser.audit import Page
from tests.unit.app.pages_factories import (
    a_picture,
    a_question,
    a_view,
    a_words_reason,
    page_of,
    result_of,
    said_of_words,
)

ROSE = "Look at our Rose! It is in Year 2."


def choices_of(view: DraftView, name: str) -> list[str | None]:
    return [field.get("value") for field in Page(page_of(view)).fields if field["name"] == name]


def test_a_question_shows_its_two_answers_beside_the_proposed_words() -> None:
    view = a_view(caption=ROSE, reasons=[a_question(12, 16, "Year 2 pupil")])
    assert choices_of(view, "word_1") == ["not-a-name", "adult", "reword", ""]
    assert choices_of(view, "reword") == []
    assert "Your name is kept with what you say" in Page(page_of(view)).words
    words = Page(page_of(view)).words
    assert "What is “Rose” here?" in words
    assert "Neither: use “Year 2 pupil” instead" in words
    assert "A person acts." in words


@pytest.mark.parametrize(
    ("view", "offered"),
    [
        pytest.param(
            a_view(a_picture(alt_text=ROSE), reasons=[a_question(12, 16, field="alt", picture=1)]),
            ["not-a-name", "adult", "reword", ""],
            id="alt-text",
        ),
        pytest.param(
            a_view(a_picture(texts=[ROSE]), reasons=[a_question(12, 16, None, field="ocr", picture=1)]),
            ["not-a-name", "adult", ""],
            id="in-the-picture",
        ),
        pytest.param(
            a_view(a_picture(file_name="rose.jpg"), reasons=[a_question(0, 4, None, field="filename", picture=1)]),
            ["not-a-name", "adult", ""],
            id="file-name",
        ),
        pytest.param(a_view(caption=ROSE, reasons=[a_words_reason(12, 16, "pupil")]), [], id="a-sure-name"),
    ],
)
def test_a_doubtful_word_is_asked_about_wherever_it_stands(view: DraftView, offered: list[str]) -> None:
    assert choices_of(view, "word_1") == offered
    assert Page(page_of(view)).faults == []


def test_what_was_said_about_words_stands_beside_them() -> None:
    told = "“Rose”: only the word, not a name, said by R. Patel."
    answer = said_of_words("Rose", ROSE, WordAnswerKind.NOT_A_NAME)
    assert told in page_of(a_view(caption=ROSE, word_answers=[answer]))
    assert told in page_of(a_view(caption=ROSE, word_answers=[answer], reasons=[a_words_reason(26, 32)]))
    in_picture = said_of_words("Rose", ROSE, WordAnswerKind.NOT_A_NAME, "ocr", 1)
    assert told in page_of(a_view(a_picture(texts=[ROSE]), word_answers=[in_picture]))
    assert told not in page_of(a_view(a_picture(texts=["Our Rose"]), word_answers=[in_picture]))


def test_the_safe_wording_is_shown_whole_before_it_is_taken() -> None:
    view = a_view(
        a_picture(1, alt_text="Ben"),
        caption="Well done Ben",
        reasons=[a_words_reason(10, 13, "a pupil"), a_words_reason(0, 3, "A pupil", field="alt", picture=1)],
        rewritten={"caption": "Well done to a pupil", "alt_texts": {"1": ""}},
    )
    (quick,) = result_of(view).quick
    assert (quick.value, quick.label, quick.strong) == ("wording", "Use the safe wording", True)
    assert [(text.label, text.text) for text in quick.texts] == [
        ("Caption", "Well done to a pupil"),
        ("Alt text of picture 1", ""),
    ]
    words = Page(page_of(view)).words
    assert "Well done to a pupil" in words
    assert "Left out as a whole" in words


def test_where_there_are_only_questions_the_safe_wording_is_not_what_is_pressed_first() -> None:
    view = a_view(caption=ROSE, reasons=[a_question(12, 16)], rewritten={"caption": "Look at our pupil!"})
    (quick,) = result_of(view).quick
    assert not quick.strong
    page = page_of(view)
    assert page.index('name="word_1"') < page.index('value="wording"')
