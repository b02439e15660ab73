"""Text in pictures over HTTP: covered in one press and read again, told apart line by line, never proof of nothing."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from app.actors import Role
from consent.models import Person
from tests.accounts import sign_in
from tests.browser.audit import Page
from tests.e2e.conftest import Site

HTML = {"Accept": "text/html"}
LIST = b"picture of ben says Ben Marsh says Amara Okafor says Zosia Nowak"


def page(site: Site, draft: dict[str, Any] | str) -> tuple[str, Page]:
    path = draft if isinstance(draft, str) else f"/drafts/{draft['id']}"
    text = site.client.get(path, headers=HTML).text
    read = Page(text)
    assert read.faults == []
    return text, read


def changed(site: Site, draft: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Send the page's form as a browser without scripts does; the new draft as the API shows it."""
    answer = site.client.post(f"/drafts/{draft['id']}/revisions", data=fields, headers=HTML, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    site.work()
    read: dict[str, Any] = site.read(answer.headers["location"])
    return read


def codes(draft: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in draft["decision"]["reasons"]]


# -- covers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"settle": "all"}, {"cover_texts": "1"}], ids=["one-press", "one-tick"])
def test_every_name_of_a_list_is_covered_at_once_and_the_covered_picture_is_clean(
    site: Site, fields: dict[str, str]
) -> None:
    draft = site.decided(LIST)
    assert codes(draft) == ["name-in-picture"] * 3
    _, read = page(site, draft)
    assert "Cover all 3 texts that stop it" in read.words
    assert "This covers 3 places with text." in read.words
    covered = changed(site, draft, fields)
    assert covered["decision"]["outcome"] == "publish"
    assert covered["pictures"][0]["findings"]["texts"] == []


def test_texts_are_covered_and_faces_left_as_they_are(site: Site) -> None:
    draft = site.decided(LIST.replace(b"ben says", b"stranger says"))
    _, read = page(site, draft)
    assert "This covers 3 places with text and changes nothing else." in read.words
    assert codes(changed(site, draft, {"settle": "texts"})) == ["face-not-identified"]


def test_one_text_is_covered_by_its_own_tick(site: Site) -> None:
    draft = site.decided(LIST)
    text, _ = page(site, draft)
    values = re.findall(r'name="cover_box" value="([^"]+)"', text)
    assert len(set(values)) == 3
    assert len(codes(changed(site, draft, {"cover_box": values[0]}))) == 2


def test_a_cover_that_was_too_small_says_so_and_what_is_left_can_be_covered(site: Site) -> None:
    draft = site.decided(b"picture of ben says Ben Marsh wide")
    (reason,) = draft["decision"]["reasons"]
    assert "did not hide all of it" not in reason["because"]
    again = changed(site, draft, {"settle": "all"})
    (reason,) = again["decision"]["reasons"]
    assert reason["because"].endswith("The cover beside it did not hide all of it: cover this, too.")
    assert changed(site, again, {"settle": "all"})["decision"]["outcome"] == "publish"


# -- readings ------------------------------------------------------------------------------------------------------


def test_two_readings_of_one_line_are_one_mark_with_one_cover(site: Site) -> None:
    draft = site.decided(b"picture of ben says HALL 7 or Amara Okafor")
    (reason,) = draft["decision"]["reasons"]
    assert reason["code"] == "name-in-picture"
    assert (reason["where"]["line"], reason["where"]["reading"]) == (1, 1)
    text, read = page(site, draft)
    assert text.count('name="cover_box"') == 1
    assert "Read in the picture: “HALL 7”, or: “(marked: Amara Okafor)”" in read.words
    assert changed(site, draft, {"settle": "all"})["decision"]["outcome"] == "publish"


@pytest.fixture
def roses(site: Site) -> Site:
    """With a pupil whose name is a word."""
    with site.register() as register:
        rose = Person(id="rose", school_id=register.school_id, given="Rose", family="Parker", year="Year 2")
        register.add_person(rose)
    return site


def test_an_answer_about_a_word_holds_for_its_line_and_for_no_other(roses: Site) -> None:
    """A rose on a poster is no answer about the Rose on a peg."""
    site = roses
    draft = site.decided(b"picture of ben says Rose won says Rose won")
    assert [reason["where"]["line"] for reason in draft["decision"]["reasons"]] == [1, 2]
    after = changed(site, draft, {"word_1": "not-a-name"})
    assert [reason["where"]["line"] for reason in after["decision"]["reasons"]] == [2]
    _, read = page(site, after)
    assert read.words.count("only the word, not a name, said by R. Patel") == 1
    site.client = site.client_of(sign_in(site.service, Role.LEAD, name="A. Jones"))
    both = changed(site, after, {"word_1": "not-a-name"})
    assert both["decision"]["outcome"] == "publish"
    assert [answer["by"] for answer in both["word_answers"]] == ["R. Patel", "A. Jones"]


def test_an_answer_about_a_further_reading_is_about_that_reading(roses: Site) -> None:
    site = roses
    draft = site.decided(b"picture of ben says 7777 or Rose won")
    (reason,) = draft["decision"]["reasons"]
    assert (reason["where"]["line"], reason["where"]["reading"]) == (1, 1)
    after = changed(site, draft, {"word_1": "not-a-name"})
    assert after["decision"]["outcome"] == "publish"
    assert [answer["words"] for answer in after["word_answers"]] == ["Rose"]


# -- what was tried ------------------------------------------------------------------------------------------------


def test_writing_that_could_not_be_read_is_told_and_blocks_nothing(site: Site) -> None:
    draft = site.decided(b"picture of ben unread")
    assert draft["decision"]["outcome"] == "publish"
    because = "1 place looks like writing that could not be read: look at it yourself."
    assert {"code": "text-unread", "where": {"picture": 1}, "because": because} in draft["decision"]["notices"]
    text, read = page(site, draft)
    assert read.words.count(because) == 1
    assert 'id="box-1-u1"' in text
    assert "Show unread place ?1 in the picture" in read.words


@pytest.mark.parametrize("script", [b"picture of ben unread", b"picture of stranger unread"], ids=["clear", "stopped"])
def test_writing_that_could_not_be_read_can_be_covered(site: Site, script: bytes) -> None:
    draft = site.decided(script)
    text, _ = page(site, draft)
    value = html.unescape(re.findall(r'name="cover_box" value="([^"]+)"', text)[0])
    assert value == "1:60,20,90,30"
    covered = changed(site, draft, {"cover_box": value})
    assert draft["decision"]["outcome"] == covered["decision"]["outcome"]
    assert "2 places" not in page(site, covered)[1].words
    assert "1 place in this picture, by an earlier change" in page(site, covered)[1].words


def test_the_page_and_the_api_say_how_text_was_looked_for(site: Site) -> None:
    draft = site.decided(b"picture of ben", b"picture says SPORTS HALL")
    no_text = "We found no text. Blurred, faint and handwritten words are missed most: look yourself."
    tried = ["Text was read by scripted in the whole picture and round each face.", no_text]
    assert [picture["text_tried"] for picture in draft["pictures"]] == [
        tried,
        ["Text was read by scripted in the whole picture."],
    ]
    _, read = page(site, draft)
    assert all(sentence in read.words for sentence in tried)
    assert read.words.count("We found no text. Look yourself.") == 1
