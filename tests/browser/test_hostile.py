"""Whatever is typed, named, written in a file or read in a picture stays text on every page that shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlmodel import select

from app.accounts import invitations
from app.actors import KeyScope, Role
from app.db import writing
from app.keys import keys
from app.models import DraftPicture, DraftStatus
from app.reasons import Code, Reason, Remedy, Where
from consent.facts import Scope, today
from consent.models import Channel, Person
from tests.accounts import made_account, sign_in
from tests.browser.chromium import Chromium
from tests.browser.drawing import draw
from tests.browser.shots import Shot, States, text_reason, words_reason
from tests.e2e.conftest import Site

# Each begins with a mark of its own, by which it is looked for on the page; `canary` is what none of them may call.
HOSTILE = {
    "script": "q01<script>canary()</script>",
    "image": "q02<img src=x onerror=canary()>",
    "double-quote": 'q03" onmouseover="canary()" autofocus onfocus="canary()" x="',
    "single-quote": "q04' onfocus='canary()' autofocus x='",
    "no-quote": "q05` onfocus=canary() autofocus ",
    "link": "q06javascript:canary()//",
    "data-link": "q07data:text/html,<script>canary()</script>",
    "template": "q08{{ canary() }}${canary()}{% raw %}#{canary()}<%= canary() %>[[canary()]]",
    "style": "q09</style><style>*{background:url(//evil.example)}</style>\\3c script\\3e canary()",
    "end-of-title": "q10</title><script>canary()</script>",
    "end-of-textarea": "q11</textarea></option></select><script>canary()</script>",
    "end-of-script": "q12</script><script>canary()</script>",
    "end-of-cdata": "q13]]><script>canary()</script><!--",
    "comment": "q14--><img src=x onerror=canary()><!--",
    "svg": "q15<svg onload=canary()><animate onbegin=canary() attributeName=x></svg>",
    "mathml": "q16<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=canary()>'>",
    "mutation": "q17<noscript><p title='</noscript><img src=x onerror=canary()>'>",
    "frame": "q18<iframe srcdoc='<script>parent.canary()</script>'></iframe><base href='//evil.example/'>",
    "refresh": "q19<meta http-equiv=refresh content='0;url=//evil.example'>",
    "form": "q20</form><form action='//evil.example'><button autofocus>",
    "entities": "q21&lt;script&gt;canary()&lt;/script&gt;&#60;img src=x onerror=canary()&#62;",
    "fullwidth": "q22＜script＞canary()＜/script＞",
    "bidi": "q23\u202e\u2066)(yranac\u2069\u200f<b>x</b>",
    "zero-width": "q24<\u200bscript>canary()</\u200dscript>\ufeff<i\u00admg src=x onerror=canary()>",
    "separators": "q25\u2028canary()\u2029//\u0085<script>canary()</script>",
    "controls": "q26<scr\x01ipt>canary()</script>\x1b[31m\x08\x7f<img/\x0csrc=x\x0bonerror=canary()>",
    "nul": "q27<scr\0ipt>canary()</script><img src=x o\0nerror=canary()>",
    "long": "q28" + "W" * 600,
    "long-with-marks": "q29" + "a\u0301\u0489" * 200,
    "json": 'q30\\u003cscript\\u003ecanary()\\"};canary();//',
}
WATCH = """
window.ran = [];
window.canary = () => { window.ran.push('canary'); };
for (const name of ['alert', 'confirm', 'prompt', 'open']) window[name] = () => { window.ran.push(name); };
document.addEventListener('securitypolicyviolation', each => {
  window.ran.push(`${each.violatedDirective} ${each.blockedURI}`);
});
"""
STRANGERS = (
    "script:not([src^='/static/']), iframe, object, embed, base, style, math, svg script, svg animate, noscript p, "
    "meta[http-equiv], [onerror], [onload], [onfocus], [onmouseover], [onclick], [autofocus], [style*=evil], "
    "[href^='javascript:'], [href^='data:'], [action^='//'], img[src='x']"
)
STRANGE = f"[...document.querySelectorAll({json.dumps(STRANGERS)})].map(each => each.outerHTML.slice(0, 120))"
# Everything that a reader meets: text, what fields hold, what is read out.
SHOWN = """
[document.documentElement.textContent, ...[...document.querySelectorAll('input, textarea, option')].map(e => e.value),
 ...[...document.querySelectorAll('[alt], [title], [aria-label]')].flatMap(e => [e.alt, e.title, e.ariaLabel])
].join(' ')
"""
WIDE = "document.documentElement.scrollWidth - innerWidth"
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
CONTROL = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), 127]))


@dataclass(frozen=True)
class Planted:
    """Addresses of pages, and the marks of the strings that each must show."""

    pages: dict[str, tuple[str, ...]]


def _draft(states: States, text: str) -> str:
    shot = Shot(draw(61, 1, "SIGN"), read=(text,), file_name=text, alt_text=text, notices=(text,))
    mark = text[:3]
    shot.reasons = [
        text_reason(shot, 1, 0, mark, f"The text {text} can be read."),
        words_reason("alt", text, mark, f"“{text}” is a pupil's name.", picture=1, replacement=text, evidence=(text,)),
        words_reason("filename", text, mark, text, picture=1, remedy=Remedy.NEUTRAL_NAME),
        Reason(Code.FACE_NOT_IDENTIFIED, Where(picture=1, face=1), text, (Remedy.LEAVE_OUT,)),
    ]
    words = [words_reason("caption", text, mark, f"Not {text} here.", replacement=text, evidence=(text,))]
    rewritten = {"caption": text, "alt_texts": {"1": text}}
    draft_id = states.decide([shot], words, rewritten=rewritten, caption=text, hashtags=text, channel=text[:200])
    with writing(states.service.engine) as session:
        picture = session.exec(select(DraftPicture).where(DraftPicture.draft_id == draft_id)).one()
        left = [{"kind": "copyright", "where": text, "text": text}]
        picture.findings = {**(picture.findings or {}), "metadata": left}
    return draft_id


@pytest.fixture
def planted(site: Site) -> Planted:
    """Every string in every place that takes words."""
    marks = tuple(text[:3] for text in HOSTILE.values())
    begun = today() - timedelta(days=100)
    with site.register() as register:
        for text in HOSTILE.values():
            names: dict[str, Any] = {"given": text, "family": text, "year": text[:40], "class_name": text[:60]}
            register.add_person(Person(school_id=site.service.school_id, **names))
            channel: dict[str, Any] = {"name": text, "scope": Scope.WEBSITE, "official_email": "office@wren.sch.uk"}
            told: dict[str, Any] = {"notified_on": begun, "approved_by": text, "approved_on": begun}
            register.add_channel(Channel(school_id=site.service.school_id, **channel, **told))
    key_ids = []
    with writing(site.service.engine) as session:
        for text in HOSTILE.values():
            made_account(session, site.service.school_id, Role.TEACHER, name=text).email = text
            key_ids.append(keys.create(session, site.service.school_id, text, [KeyScope.DRAFTS_READ], "cli")[0].id)
        token = invitations.invite(session, site.service.school_id, "cli", [Role.TEACHER], name=HOSTILE["image"])[1]
    states = States(site.service, site.me.actor)
    drafts = {f"/drafts/{_draft(states, text)}": (text[:3],) for text in HOSTILE.values()}
    waiting, given_up = (states.take_in([Shot(draw(5, 1))], caption=HOSTILE["image"]) for _ in range(2))
    states.progress(waiting, DraftStatus.CHECKING, 0)
    states.give_up(given_up)
    mixed = quote(HOSTILE["double-quote"] + HOSTILE["script"])
    return Planted(
        {
            "/": marks,
            "/register": marks,
            f"/register?q={mixed}": (),
            "/people": marks,
            "/keys": marks,
            f"/keys/{key_ids[1]}/rotate": ("q02",),
            "/keys/new": (),
            "/audit": (),
            f"/audit?tag={mixed}&subject={mixed}&actor={mixed}": (),
            "/audit/export": (),
            f"/sign-in/with/{mixed}": (),
            f"/sign-in/back/{mixed}?state={mixed}&code={mixed}&error={mixed}": (),
            "/account": (),
            "/account/second-factor": (),
            "/alerts": (),
            "/help": (),
            f"/drafts/{waiting}": (),
            f"/drafts/{given_up}": (),
            f"/drafts/{mixed}": (),
            f"/{mixed}": (),
            f"/sign-in?next={mixed}": (),
            f"/confirm?next={mixed}": (),
            f"/welcome/{mixed}": (),
            f"/welcome/{token}": (),
            **drafts,
        }
    )


@pytest.fixture
def watched(browser: Chromium) -> Chromium:
    browser.before_each_page(WATCH)
    return browser


def troubles(browser: Chromium, name: str, marks: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with the page that is open; errors that say a page was not found are not."""
    browser.evaluate(OPEN_ALL)
    browser.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    found = [f"{name} ran {each}" for each in browser.evaluate("window.ran")]
    found += [f"{name} holds {each}" for each in browser.evaluate(STRANGE)]
    shown = browser.evaluate(SHOWN)
    found += [f"{name} does not show {mark}" for mark in marks if mark not in shown]
    if (wide := browser.evaluate(WIDE)) > 0:
        found.append(f"{name} is {wide} px too wide")
    return found + [f"{name}: {each}" for each in browser.complaints if "status of 4" not in each]


def test_what_is_looked_for_is_found(url: str, watched: Chromium) -> None:
    watched.open(url + "/help")
    watched.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=canary()>'), 0")
    watched.evaluate("document.querySelector('main').style.width = '2000px', 0")
    found = " ".join(troubles(watched, "help", ("q99",)))
    for part in ("ran script-src", "holds <img", "does not show q99", "px too wide", "Content Security Policy"):
        assert part in found
    watched.evaluate("canary(), 0")
    assert "help ran canary" in troubles(watched, "help")


def test_it_stays_text_on_every_page(url: str, watched: Chromium, planted: Planted) -> None:
    found = []
    for path, marks in planted.pages.items():
        watched.open(url + path)
        found += troubles(watched, path[:40], marks)
    assert found == []


def test_a_caption_is_shown_letter_by_letter(url: str, watched: Chromium, planted: Planted) -> None:
    """What can be printed is shown as it was typed, markup and all."""
    wrong = []
    for path, marks in planted.pages.items():
        texts = [text for text in HOSTILE.values() if marks == (text[:3],) and text.isprintable()]
        if path.startswith("/drafts/") and texts:
            watched.open(url + path)
            if texts[0] not in watched.evaluate(SHOWN):
                wrong.append(texts[0][:40])
    assert wrong == []


def test_the_name_of_whoever_is_signed_in_stays_text(site: Site, url: str, watched: Chromium) -> None:
    found = []
    for text in HOSTILE.values():
        watched.sign_in(url, sign_in(site.service, *Role, name=text).token)
        for path in ("/help", "/account"):
            watched.open(url + path)
            found += troubles(watched, path, (text[:3],))
    assert found == []


def test_an_address_typed_at_sign_in_stays_text(site: Site, url: str, watched: Chromium) -> None:
    watched.sign_in(url, "")
    found = []
    for name in ("script", "double-quote", "end-of-textarea", "bidi", "long"):
        watched.open(url + "/sign-in")
        watched.evaluate(f"document.querySelector('[name=email]').value = {json.dumps(HOSTILE[name])}, 0")
        watched.evaluate("document.querySelector('[name=password]').value = 'wrong', 0")
        watched.evaluate("document.querySelector('form[action=\"/sign-in\"], main form').submit(), 0")
        watched.wait("document.readyState === 'complete' && document.querySelector('[name=email]').value !== ''")
        found += troubles(watched, "sign-in", (HOSTILE[name][:3],))
    assert found == []


def test_names_of_chosen_files_stay_text(url: str, watched: Chromium, tmp_path: Path) -> None:
    watched.open(url + "/")
    texts = [text.replace("/", "∕").replace("\0", "")[:80] for text in HOSTILE.values()]
    files = [tmp_path / f"{text}.jpg" for text in texts]
    for file in files:
        file.write_bytes(draw(3, 0, size=(40, 30)).content)
    watched.choose_files("#pictures", *files)
    watched.wait(f"document.querySelectorAll('[data-chosen] li').length === {len(files)}")
    assert troubles(watched, "new", tuple(text[:3] for text in texts)) == []


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_a_form_that_was_refused_shows_what_was_typed_as_text(url: str, watched: Chromium, text: str) -> None:
    typed = json.dumps("".join(letter for letter in text if letter not in CONTROL))
    watched.open(url + "/")
    watched.evaluate(f"document.querySelector('#caption').value = {typed}, 0")
    watched.evaluate("document.querySelector('[name=channel]').checked = true, 0")
    watched.evaluate(f"document.querySelector('[name=channel]').value = {typed}, 0")
    watched.evaluate("document.querySelector('[data-new-draft]').requestSubmit(), 0")
    watched.wait(
        "document.readyState === 'complete' && document.querySelector('#problem, .verdict, .progress') !== null"
    )
    assert troubles(watched, "refused") == []
