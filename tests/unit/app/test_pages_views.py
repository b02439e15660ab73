"""The list of drafts, the accounts to choose from, progress, and the words that pages share."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.models import DraftStatus
from app.pages.views import account_views, draft_lines, draft_title, progress_view, progress_words
from app.pages.words import Verbatim, count, joined, letters, moment_words, sentence, shortened, shown
from consent.facts import ChannelFacts, Scope
from tests.unit.app.pages_factories import a_picture, a_view, a_words_reason

TODAY = date(2026, 11, 22)
THREE = (a_picture(1), a_picture(2), a_picture(3))


@pytest.mark.parametrize(
    ("view", "state", "tone"),
    [
        (a_view(status=DraftStatus.QUEUED), "Waiting to be checked", "wait"),
        (a_view(*THREE, status=DraftStatus.CHECKING, done=1), "1 of 3 pictures looked at", "wait"),
        (a_view(*THREE, status=DraftStatus.CHECKING, done=3), "Reading the words", "wait"),
        (a_view(a_picture(), status=DraftStatus.CHECKING), "0 of 1 picture looked at", "wait"),
        (a_view(status=DraftStatus.FAILED), "The check did not finish. It stays blocked.", "stop"),
        (a_view(caption="Ben", reasons=[a_words_reason(0, 3)]), "1 thing to settle", "stop"),
        (a_view(caption="Hello"), "Nothing stops it", "clear"),
        (
            a_view(caption="Hello", decided_for="2026-11-21"),
            "Nothing stopped it when it was checked. Open it to see whether that holds today.",
            "stale",
        ),
    ],
)
def test_each_draft_is_listed_with_its_state_in_words(view: object, state: str, tone: str) -> None:
    (line,) = draft_lines([view], 7, TODAY)  # type: ignore[list-item]
    assert (line.state, line.tone) == (state, tone)


def test_a_cleared_draft_is_not_called_clear_once_the_register_changed() -> None:
    (line,) = draft_lines([a_view(caption="Hello")], 8, TODAY)
    assert line.tone == "stale"


def test_a_draft_is_listed_in_its_newest_version_only() -> None:
    old, new = a_view(draft_id="old", caption="Hello"), a_view(draft_id="new", revision_of="old", caption="Hello!")
    assert [line.id for line in draft_lines([new, old], 7, TODAY)] == ["new"]


def test_a_draft_is_called_by_its_first_words_or_by_its_pictures() -> None:
    assert draft_title(a_view(caption="  A fine\nday ")) == "A fine day"
    assert draft_title(a_view(*THREE)) == "3 pictures without a caption"


def test_accounts_that_can_be_used_come_first_and_the_others_say_why_not() -> None:
    accounts = account_views(
        [
            ChannelFacts("Club", Scope.SOCIAL, "This account is suspended."),
            ChannelFacts("School website", Scope.WEBSITE),
            ChannelFacts("Newsletter", Scope.NEWSLETTER),
        ]
    )
    assert [(each.name, each.problem, each.chosen) for each in accounts] == [
        ("School website", "", False),
        ("Newsletter", "", False),
        ("Club", "This account is suspended.", False),
    ]


def test_the_only_account_that_can_be_used_is_chosen_and_a_bad_one_never_is() -> None:
    good, bad = ChannelFacts("School website", Scope.WEBSITE), ChannelFacts("Club", Scope.SOCIAL, "It is suspended.")
    assert [each.chosen for each in account_views([good, bad])] == [True, False]
    assert [each.chosen for each in account_views([good, bad], "Club")] == [False, False]


def test_what_keeps_the_check_from_beginning_is_told_while_it_has_not_begun() -> None:
    assert progress_view(a_view(status=DraftStatus.QUEUED), ["No worker is running."]).waiting_for
    assert not progress_view(a_view(*THREE, status=DraftStatus.CHECKING), ["No worker is running."]).waiting_for


def test_progress_never_counts_beyond_the_pictures() -> None:
    assert progress_words(a_view(status=DraftStatus.CHECKING)) == "Reading the words"


def test_moments_are_told_in_local_time() -> None:
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert moment_words(summer, date(2026, 7, 2)) == "today, 00:30"
    assert moment_words(summer, TODAY) == "Thursday 2 July 2026, 00:30"


def test_characters_that_turn_the_direction_of_text_are_shown_for_what_they_are() -> None:
    assert shown("a\u202eb\u2066c") == "a\ufffdb\ufffdc"
    assert shown(Verbatim("a\u202eb")) == "a\u202eb"
    assert shown("שלום \u200f 👩‍👧") == "שלום \u200f 👩‍👧"
    assert shown(7) == 7


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (count(1, "face"), "1 face"),
        (count(1200, "face"), "1,200 faces"),
        (count(2, "place with text", "places with text"), "2 places with text"),
        (joined([]), ""),
        (joined(["a"]), "a"),
        (joined(["a", "b"]), "a and b"),
        (joined(["a", "b", "c"]), "a, b and c"),
        (sentence("links"), "Links."),
        (sentence("Is it?"), "Is it?"),
        (sentence(" "), ""),
        (shortened("one two three", 9), "one two…"),
        (shortened("x" * 20, 9), "x" * 9 + "…"),
        (letters(0), "A"),
        (letters(25), "Z"),
        (letters(26), "AA"),
        (letters(27), "AB"),
        (letters(702), "AAA"),
    ],
)
def test_words(made: str, expected: str) -> None:
    assert made == expected
