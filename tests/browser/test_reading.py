"""Text in pictures in a real browser: lists covered at a tick, unread places found from the list and covered."""

from __future__ import annotations

import pytest

from tests.browser.chromium import Chromium
from tests.browser.test_walk import pressed, working
from tests.e2e.conftest import Site

LIST = b"picture of ben says Ben Marsh says Amara Okafor says Zosia Nowak"
CLEAR = "Nothing here stops this post."


@pytest.mark.parametrize("scripts_on", [True, False], ids=["with-scripts", "without-scripts"])
def test_all_names_of_a_list_are_covered_by_one_tick(site: Site, url: str, browser: Chromium, scripts_on: bool) -> None:
    draft = site.decided(LIST)
    browser.scripts(scripts_on)
    browser.open(f"{url}/drafts/{draft['id']}")
    browser.evaluate("document.querySelector('[name=cover_texts]').focus()")
    browser.press(" ", 32)
    if scripts_on:
        assert browser.evaluate("document.querySelector('[data-apply]').textContent") == "Check again with 1 change"
    with working(site):
        assert pressed(browser, "[data-apply]") == CLEAR
    assert browser.complaints == []


def test_an_unread_place_is_found_from_the_list_and_from_the_picture(site: Site, url: str, browser: Chromium) -> None:
    draft = site.decided(b"picture of ben unread")
    browser.open(f"{url}/drafts/{draft['id']}")
    selected = "[...document.querySelectorAll('a.selected')].map(each => each.id)"
    press = "dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))"
    browser.evaluate(f"document.querySelector('#mark-1-u1').{press}")
    assert browser.evaluate(selected) == ["box-1-u1", "mark-1-u1"]
    browser.evaluate(f"document.querySelector('#box-1-u1 rect').{press}")
    assert browser.evaluate("document.activeElement.id") == "mark-1-u1"
    assert browser.complaints == []


def test_an_unread_place_is_told_from_a_text_by_its_line_and_its_tag(site: Site, url: str, browser: Chromium) -> None:
    draft = site.decided(b"picture of ben says SPORTS HALL unread")
    browser.open(f"{url}/drafts/{draft['id']}")
    dashes = "getComputedStyle(document.querySelector('#box-1-{} .line')).strokeDasharray"
    assert browser.evaluate(dashes.format("u1")) != browser.evaluate(dashes.format("t1"))
    assert browser.evaluate("document.querySelector('#box-1-u1 text').textContent") == "?1"


@pytest.mark.parametrize("scripts_on", [True, False], ids=["with-scripts", "without-scripts"])
def test_an_unread_place_of_a_cleared_post_is_covered(
    site: Site, url: str, browser: Chromium, scripts_on: bool
) -> None:
    draft = site.decided(b"picture of ben unread")
    browser.scripts(scripts_on)
    browser.open(f"{url}/drafts/{draft['id']}")
    browser.evaluate("document.querySelector('.unread-places [name=cover_box]').focus()")
    browser.press(" ", 32)
    with working(site):
        assert pressed(browser, ".unread-places button") == CLEAR
    assert "1 place in this picture, by an earlier change" in browser.evaluate("document.body.textContent")
