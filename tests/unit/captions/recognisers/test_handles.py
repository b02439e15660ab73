"""Accounts on social media; the school's own, national bodies and an at sign that means "at" pass."""

from __future__ import annotations

import pytest

from tests.unit.captions.recognisers.cases import words


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        pytest.param("thanks @nell.bakes.cakes!", "@nell.bakes.cakes", id="at-sign"),
        pytest.param("insta: nellbakescakes", "nellbakescakes", id="insta-colon"),
        pytest.param("my snap is nellbakescakes", "nellbakescakes", id="snap-is"),
        pytest.param("add me on snap nell_bakes99", "nell_bakes99", id="on-snap"),
        pytest.param("follow nell.bakes on Instagram", "nell.bakes", id="on-Instagram"),
        pytest.param("find nellbakescakes on TikTok", "nellbakescakes", id="find-on"),
        pytest.param("u/nellbakes has more", "nellbakes", id="reader"),
        pytest.param("TikTok @nell.bakes", "@nell.bakes", id="TikTok"),
        pytest.param("@nell@mastodon.example.social", "@nell@mastodon.example.social", id="Mastodon"),
        pytest.param("@nell.bsky.social", "@nell.bsky.social", id="Bluesky"),
        pytest.param("nellbakes#1234 is playing", "nellbakes#1234", id="four digits"),
        pytest.param("gamertag NellBakes", "NellBakes", id="gamertag"),
        pytest.param("on X as nell_bakes", "nell_bakes", id="X"),
        pytest.param("nell_bakes (Instagram)", "nell_bakes", id="site-in-brackets"),
    ],
)
def test_account_is_found(text: str, handle: str) -> None:
    found = words("handle", text)
    assert len(found) == 1
    assert found[0].lstrip("@") == handle.lstrip("@")


@pytest.mark.parametrize(
    "text",
    [
        "Follow @BecksidePri",
        "find BecksidePri on Twitter",
        "See you @Beckside",
        "Cake sale @ the hall @3pm",
        "Thanks @BBCBitesize",
        "Instagram is brilliant",
        "Follow us on Instagram: photos every Friday",
        "We coded a game on Scratch",
        "The lights switch at 3.30pm",
        "mail office@beckside.otterby.sch.uk",
    ],
)
def test_what_is_nobodys_account_passes(text: str) -> None:
    assert words("handle", text) == []
