"""The school's JSON file: what is wrong with it is named; what is right is brought into the register."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from app.school import SchoolFileError, read_school
from consent.facts import NamingRule, RecognitionMode, Scope

WEBSITE = {"name": "School website", "scope": "website", "official_email": "o@wren.sch.uk", "approved_on": "2026-09-01"}


def a_file(**changes: Any) -> bytes:
    return json.dumps({"name": "Wren Primary", "domain": "wren.sch.uk", "channels": [WEBSITE], **changes}).encode()


def test_recognition_is_read_as_far_as_it_is_stated() -> None:
    assert read_school(a_file()).recognition == {}
    stated = {"mode": "rosters", "dpia_on": "2026-09-01", "consulted_on": None}
    assert read_school(a_file(recognition=stated)).recognition == {
        "mode": RecognitionMode.ROSTERS,
        "dpia_on": date(2026, 9, 1),
        "consulted_on": None,
    }


def test_the_naming_rule_is_read_where_it_is_stated() -> None:
    assert read_school(a_file()).naming is None
    assert read_school(a_file(naming="with-consent")).naming is NamingRule.WITH_CONSENT


@pytest.mark.parametrize("side", [320, 2048, 8192])
def test_the_size_of_released_pictures_is_read_where_it_is_stated(side: int) -> None:
    assert read_school(a_file()).released_side is None
    assert read_school(a_file(released_side=side)).released_side == side


def test_details_and_accounts_are_read() -> None:
    wanted = read_school(b"\xef\xbb\xbf" + a_file())  # editors on Windows put a mark in front
    assert (wanted.profile.name, wanted.profile.domain) == ("Wren Primary", "wren.sch.uk")
    (website,) = wanted.channels
    assert website["scope"] is Scope.WEBSITE
    assert str(website["approved_on"]) == "2026-09-01"
    assert website["suspended_on"] is None
    assert website["direct_messages"] is False


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"{", "not JSON", id="cut-short"),
        pytest.param(b"\xff\xfe{}", "not JSON in UTF-8", id="another-encoding"),
        pytest.param(b"[]", "school's `name`", id="no-object"),
        pytest.param(a_file(colour="red"), "colour", id="unknown-detail"),
        pytest.param(a_file(phones="01632 960000"), "phones must be a list", id="text-for-list"),
        pytest.param(a_file(naming="always"), "one of never, with-consent", id="unknown-naming-rule"),
        pytest.param(a_file(naming=["never"]), "one of never, with-consent", id="list-for-naming-rule"),
        *(
            pytest.param(a_file(released_side=side), "pixels, 320 to 8192", id=f"released-side-{side}")
            for side in (319, 8193, 0, -2048, 1024.0, "1024", True, None, [1024])
        ),
        pytest.param(a_file(channels={}), "must be a list", id="accounts-no-list"),
        pytest.param(a_file(channels=[{"scope": "website"}]), "Account 1 has no name", id="nameless-account"),
        pytest.param(a_file(channels=[{**WEBSITE, "scope": "wall"}]), "scope must be one of", id="unknown-scope"),
        pytest.param(a_file(channels=[{**WEBSITE, "approved_on": "1/9/26"}]), "approved_on must be a day", id="no-day"),
        pytest.param(a_file(channels=[{**WEBSITE, "owner": 3}]), "owner must be text", id="number-for-text"),
        pytest.param(a_file(channels=[{**WEBSITE, "direct_messages": "no"}]), "true or false", id="text-for-flag"),
        pytest.param(a_file(recognition="on"), "`recognition` must be an object with a `mode`", id="mode-alone"),
        pytest.param(a_file(recognition={"dpia_on": "2026-09-01"}), "one of off, rosters, on", id="no-mode"),
        pytest.param(a_file(recognition={"mode": "yes"}), "mode must be one of off, rosters, on", id="unknown-mode"),
        pytest.param(
            a_file(recognition={"mode": "on", "dpia_on": "1/9/26"}), "dpia_on must be a day", id="no-dpia-day"
        ),
        pytest.param(a_file(recognition={"mode": "on", "dpo_on": ""}), "dpo_on is unknown", id="unknown-day"),
        pytest.param(a_file(channels=[{**WEBSITE, "url": "x"}]), "url is not a detail", id="unknown-part-of-account"),
    ],
)
def test_what_is_wrong_is_named(content: bytes, says: str) -> None:
    with pytest.raises(SchoolFileError, match=says):
        read_school(content)
