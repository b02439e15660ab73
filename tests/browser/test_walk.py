"""A teacher's walk in a real browser, with scripts and without: `python -m pytest tests/browser`. Needs Chromium."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.worker import Worker
from consent.models import Person
from tests.browser.chromium import Chromium
from tests.e2e.conftest import Site

OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
CHOSEN = "document.querySelectorAll('[data-chosen] li')"


@contextmanager
def working(site: Site) -> Iterator[None]:
    """A worker beside the site."""
    stop = threading.Event()
    worker = Worker(site.settings, site.service.engine, site._looker, stop)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)


@pytest.fixture
def scripts(tmp_path: Path) -> list[Path]:
    """Three files for the scripted inspector; the second shows a stranger."""
    names = {"one.jpg": "picture of ben", "two.jpg": "picture of amara, stranger", "three.jpg": "picture of zosia"}
    for name, words in names.items():
        (tmp_path / name).write_text(words)
    return [tmp_path / name for name in names]


def verdict(chromium: Chromium) -> str:
    chromium.wait("document.readyState === 'complete' && document.querySelector('.verdict h1') !== null")
    return str(chromium.evaluate("document.querySelector('.verdict h1').textContent"))


def fill_and_send(chromium: Chromium, caption: str) -> None:
    chromium.evaluate("document.querySelector('[name=channel][value=\"School website\"]').click()")
    chromium.evaluate(f"document.querySelector('#caption').value = {caption!r}")
    chromium.evaluate("document.querySelector('.actions button').click()")
    chromium.wait("document.readyState === 'complete' && location.pathname.startsWith('/drafts/')")


def test_from_pictures_to_a_cleared_post(site: Site, url: str, browser: Chromium, scripts: list[Path]) -> None:
    browser.open(url + "/")
    browser.choose_files("#pictures", *scripts[:2])
    browser.wait(f"{CHOSEN}.length === 2")
    browser.choose_files("#pictures", scripts[2])
    browser.wait(f"{CHOSEN}.length === 3")
    browser.evaluate(f"{CHOSEN}[0].querySelector('[data-remove]').click()")
    assert browser.evaluate("[...document.querySelector('#pictures').files].map(each => each.name)") == [
        "two.jpg",
        "three.jpg",
    ]
    assert browser.evaluate(f"{CHOSEN}[0].querySelector('[data-alt-label]').textContent") == "What picture 1 shows"
    browser.evaluate(f"{CHOSEN}[1].querySelector('[name=alt_texts]').value = 'Running fast'")
    fill_and_send(browser, "A fine day")
    browser.wait("document.querySelector('[data-words]').textContent === 'Waiting to be checked'")
    with working(site):
        assert verdict(browser) == "This post must not go out yet: 1 thing to settle."
        assert "Running fast" in browser.evaluate("document.body.textContent")
        browser.evaluate("document.querySelector('[name=cover]').click()")
        assert browser.evaluate("document.querySelector('[data-apply]').textContent") == "Check again with 1 change"
        before = browser.evaluate("location.href")
        browser.evaluate("document.querySelector('[data-apply]').click()")
        browser.wait(f"location.href !== {before!r}")
        assert verdict(browser) == "Nothing here stops this post."
    assert browser.complaints == []


def test_a_box_and_its_number_light_up_together(site: Site, url: str, browser: Chromium, scripts: list[Path]) -> None:
    draft = site.decided(scripts[1].read_bytes())
    browser.open(f"{url}/drafts/{draft['id']}")
    selected = "[...document.querySelectorAll('a.selected')].map(each => each.id)"
    press = "dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))"
    browser.evaluate(f"document.querySelector('#box-1-f2 rect').{press}")
    assert browser.evaluate(selected) == ["box-1-f2", "mark-1-f2"]
    assert browser.evaluate("document.activeElement.id") == "mark-1-f2"
    browser.evaluate(f"document.querySelector('#mark-1-f1').{press}")
    assert browser.evaluate(selected) == ["box-1-f1", "mark-1-f1"]


def test_without_scripts_one_picture_goes_all_the_way(
    site: Site, url: str, browser: Chromium, scripts: list[Path]
) -> None:
    browser.scripts(False)
    browser.open(url + "/")
    browser.choose_files("#pictures", scripts[1])
    fill_and_send(browser, "A fine day")
    assert "Waiting to be checked" in browser.evaluate("document.body.textContent")
    with working(site):
        assert verdict(browser) == "This post must not go out yet: 1 thing to settle."
        before = browser.evaluate("location.href")
        browser.evaluate("document.querySelector('[name=settle]').click()")
        browser.wait(f"location.href !== {before!r}")
        assert verdict(browser) == "Nothing here stops this post."


# -- saying who a face is ------------------------------------------------------------------------------------------


def typed(selector: str, text: str) -> str:
    """JavaScript that types into a field as a person does."""
    tell = "dispatchEvent(new Event('input', {bubbles: true}))"
    return f"{{const field = document.querySelector({selector!r}); field.value = {text!r}; field.{tell}}}"


def pressed(chromium: Chromium, button: str) -> str:
    """Press a button, wait for the next page's verdict, and return it."""
    before = chromium.evaluate("location.href")
    chromium.evaluate(f"document.querySelector({button!r}).click()")
    chromium.wait(f"location.href !== {before!r}")
    return verdict(chromium)


def test_a_doubtful_face_is_none_and_the_post_goes_out(site: Site, url: str, browser: Chromium) -> None:
    draft = site.decided(b"picture of ben, shadow")
    with working(site):
        browser.open(f"{url}/drafts/{draft['id']}")
        assert browser.evaluate("document.querySelector('.say').open")
        assert browser.evaluate("document.querySelector('.say summary').textContent").startswith("Is this a face?")
        browser.evaluate("document.querySelector('[name=answer_1_2][value=not-a-face]').focus()")
        browser.press(" ", 32)
        assert browser.evaluate("document.querySelector('[data-apply]').textContent") == "Check again with 1 change"
        assert pressed(browser, "[data-apply]") == "Nothing here stops this post."
        assert "Not a face, said by R. Patel." in browser.evaluate("document.body.textContent")
    assert browser.complaints == []


@pytest.mark.parametrize("scripts_on", [True, False], ids=["with-scripts", "without-scripts"])
def test_an_unknown_face_is_named_and_the_post_goes_out(
    site: Site, url: str, browser: Chromium, scripts_on: bool
) -> None:
    draft = site.decided(b"picture of stranger")
    browser.scripts(scripts_on)
    with working(site):
        browser.open(f"{url}/drafts/{draft['id']}")
        assert browser.evaluate("document.querySelector('[name=who_1_1]').list.options[0].value") == "Ben Marsh, Willow"
        browser.evaluate(typed("[name=who_1_1]", "Zosia Nowak, Willow"))
        chosen = browser.evaluate("document.querySelector('[name=answer_1_1]:checked').value")
        assert chosen == ("person" if scripts_on else "")
        assert pressed(browser, "[data-apply]") == "Nothing here stops this post."
        assert "Zosia Nowak, Willow, said by R. Patel." in browser.evaluate("document.body.textContent")


def test_another_choice_takes_the_name_away(site: Site, url: str, browser: Chromium) -> None:
    draft = site.decided(b"picture of stranger")
    browser.open(f"{url}/drafts/{draft['id']}")
    browser.evaluate(typed("[name=who_1_1]", "Zosia Nowak, Willow"))
    browser.evaluate("document.querySelector('[name=answer_1_1][value=visitor]').click()")
    assert browser.evaluate("document.querySelector('[name=who_1_1]').value") == ""
    browser.evaluate("document.querySelector('[name=answer_1_1][value=\"\"]').click()")


# -- saying what a word is, and taking the safe wording ------------------------------------------------------------

QUESTION = "Look at our Rose! Spring is here."


@pytest.fixture
def rose(site: Site) -> None:
    """A pupil whose name is a word."""
    with site.register() as register:
        register.add_person(
            Person(id="rose", school_id=register.school_id, given="Rose", family="Parker", year="Year 2")
        )


@pytest.mark.usefixtures("rose")
def test_a_doubtful_word_is_answered_with_the_keyboard_alone(site: Site, url: str, browser: Chromium) -> None:
    draft = site.decided(caption=QUESTION)
    chosen = "document.querySelector('[name=word_1]:checked').value"
    with working(site):
        browser.open(f"{url}/drafts/{draft['id']}")
        assert browser.evaluate("document.querySelector('[data-asks] legend').textContent") == "What is “Rose” here?"
        browser.evaluate("document.querySelector('[name=word_1]:checked').focus()")
        for expected in ("not-a-name", "adult", "reword"):
            browser.press("ArrowDown", 40)
            assert browser.evaluate(chosen) == expected
        browser.press("ArrowUp", 38)
        browser.press("ArrowUp", 38)
        assert browser.evaluate(chosen) == "not-a-name"
        assert browser.evaluate("document.querySelector('[data-apply]').textContent") == "Check again with 1 change"
        before = browser.evaluate("location.href")
        browser.evaluate("document.querySelector('[data-apply]').focus()")
        browser.press(" ", 32)
        browser.wait(f"location.href !== {before!r}")
        assert verdict(browser) == "Nothing here stops this post."
        told = "“Rose”: only the word, not a name, said by R. Patel."
        assert told in browser.evaluate("document.body.textContent")
    assert browser.complaints == []


@pytest.mark.usefixtures("rose")
@pytest.mark.parametrize("scripts_on", [True, False], ids=["with-scripts", "without-scripts"])
def test_the_safe_wording_is_shown_and_taken(site: Site, url: str, browser: Chromium, scripts_on: bool) -> None:
    draft = site.decided(caption=f"Well done to Ben Marsh and Amara Okafor! {QUESTION}")
    safe = draft["decision"]["rewritten"]["caption"]
    browser.scripts(scripts_on)
    with working(site):
        browser.open(f"{url}/drafts/{draft['id']}")
        assert browser.evaluate("document.querySelector('.safe-texts dd').textContent") == safe
        assert pressed(browser, "[name=settle][value=wording]") == "Nothing here stops this post."
        assert browser.evaluate("document.querySelector('#copy-caption').textContent") == safe
    for name in ("Ben", "Marsh", "Amara", "Okafor", "Rose"):
        assert name not in safe


EDGES = "[...document.querySelectorAll('[data-edge]')].map(each => Math.round(Number(each.value)))"


def test_a_missed_face_is_drawn_on_the_picture_and_the_post_stops(site: Site, url: str, browser: Chromium) -> None:
    draft = site.decided(b"picture of ben")
    with working(site):
        browser.open(f"{url}/drafts/{draft['id']}")
        browser.evaluate("document.querySelector('[data-missed]').open = true")
        browser.wait("document.querySelector('.frame.marking') !== null")
        left, top, width, height = browser.evaluate(
            "{const at = document.querySelector('[data-frame]').getBoundingClientRect();"
            " [at.left, at.top, at.width, at.height]}"
        )
        browser.drag((left + 0.9 * width, top + 0.8 * height), (left + 0.5 * width, top + 0.4 * height))
        assert browser.evaluate(EDGES) == pytest.approx([50, 40, 40, 40], abs=2)
        assert browser.evaluate("document.querySelectorAll('.drawn').length") == 1
        told = pressed(browser, "[data-missed] button.main")
        assert told == "This post must not go out yet: 1 thing to settle."
        assert "Marked by hand, said by R. Patel." in browser.evaluate("document.body.textContent")
    assert browser.complaints == []


def test_a_missed_face_is_marked_with_the_keyboard_alone(site: Site, url: str, browser: Chromium) -> None:
    draft = site.decided(b"picture of ben, stranger")
    browser.open(f"{url}/drafts/{draft['id']}")
    browser.evaluate("document.querySelector('[data-missed] summary').focus()")
    browser.press(" ", 32)
    for at, presses in enumerate((3, 2, 5, 4)):
        browser.evaluate(f"document.querySelectorAll('[data-edge]')[{at}].focus()")
        for _ in range(presses):
            browser.press("ArrowUp", 38)
    assert browser.evaluate(EDGES) == [3, 2, 5, 4]
    assert browser.evaluate("document.querySelector('.drawn').getAttribute('width')") == "5%"
    browser.evaluate("document.querySelector('[data-another]').click()")
    assert browser.evaluate("document.querySelectorAll('[data-missed-row]').length") == 2
    assert browser.evaluate("document.activeElement.name") == "missed_left"
    assert browser.evaluate("document.querySelector('[data-apply]').textContent") == "Check again with 1 change"


def test_a_lost_connection_is_told_and_mended(site: Site, url: str, browser: Chromium, scripts: list[Path]) -> None:
    draft = site.send(scripts[0].read_bytes())
    browser.open(f"{url}/drafts/{draft['id']}")
    browser.evaluate("window.kept = window.fetch, window.fetch = () => Promise.reject(new TypeError('offline')), 0")
    browser.wait("document.querySelector('[data-words]').textContent.startsWith('Gatepost does not answer')")
    browser.evaluate("window.fetch = window.kept, 0")
    with working(site):
        assert verdict(browser) == "Nothing here stops this post."


def test_pictures_can_be_pasted_and_too_many_are_told(url: str, browser: Chromium) -> None:
    browser.open(url + "/")
    browser.evaluate(
        "document.querySelector('[data-new-draft]').dataset.maxPictures",
    )
    browser.evaluate(
        """{
          const data = new DataTransfer();
          for (let at = 0; at < 152; at += 1) data.items.add(new File([`${at}`], `${at}.jpg`, {type: "image/jpeg"}));
          document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }"""
    )
    assert browser.evaluate(f"{CHOSEN}.length") == 150
    told = browser.evaluate("document.querySelector('[data-told]').textContent")
    assert "150 pictures in this draft." in told
    assert "the rest was left out" in told


@pytest.mark.usefixtures("rose")
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_window(
    site: Site, url: str, browser: Chromium, scripts: list[Path], width: int
) -> None:
    caption = f"Well done Ben Marsh{'x' * 200}. {QUESTION}"
    draft = site.decided(*(script.read_bytes() for script in scripts), caption=caption)
    browser.look(width)
    for path in ("/", "/register", "/help", f"/drafts/{draft['id']}"):
        browser.open(url + path)
        browser.evaluate(OPEN_ALL)
        assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.usefixtures("rose")
def test_everything_that_can_be_pressed_is_large_enough(
    site: Site, url: str, browser: Chromium, scripts: list[Path]
) -> None:
    draft = site.decided(*(script.read_bytes() for script in scripts), caption=f"Well done Ben Marsh. {QUESTION}")
    targets = (
        "button, input:not([type=checkbox]):not([type=radio]), select, textarea, summary, label.tick, label.choice, "
        ".top a, .back a, .counts a, .drafts a, a.tag, a.button"
    )
    small = (
        f"[...document.querySelectorAll({targets!r})].filter(each => each.offsetParent"
        " && each.getBoundingClientRect().height < 43.5).map(each => each.outerHTML.slice(0, 90))"
    )
    for path in ("/", "/register", f"/drafts/{draft['id']}"):
        browser.open(url + path)
        browser.evaluate(OPEN_ALL)
        assert browser.evaluate(small) == [], path


def test_a_second_press_sends_no_second_draft(site: Site, url: str, browser: Chromium) -> None:
    browser.open(url + "/")
    browser.evaluate("document.querySelector('[name=channel]').click()")
    browser.evaluate("document.querySelector('#caption').value = 'Twice'")
    with contextlib.suppress(Exception):  # the page may be gone after the first press
        browser.evaluate(
            "document.querySelector('.actions button').click(); document.querySelector('.actions button').click()"
        )
    browser.wait("location.pathname.startsWith('/drafts/')")
    browser.open(url + "/")
    assert browser.evaluate("document.querySelectorAll('.drafts li').length") == 1
