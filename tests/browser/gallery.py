"""Screenshots of every page in every state, to look at: `python -m tests.browser.gallery FOLDER [PAGE...]`.

Serves an invented school from a temporary folder on this machine and drives a headless Chromium. No models, no worker.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.accounts import invitations
from app.actors import Role
from app.config import Settings
from app.db import writing
from app.deps import Service
from app.main import open_service
from app.serving import running
from consent.models import now
from consent.register import Register
from tests.accounts import made_account, sign_in
from tests.browser.chromium import Chromium
from tests.browser.drawing import draw
from tests.browser.key_states import fill_alerts, fill_keys
from tests.browser.states import fill

LOOKS = {"390": (390, False), "1280": (1280, False), "390-dark": (390, True)}


@contextmanager
def site(filled: bool) -> Iterator[tuple[str, str, dict[str, str]]]:
    """A running site, the cookie of somebody with every role, and their drafts; an empty one has no register."""
    with tempfile.TemporaryDirectory(prefix="gatepost-gallery-") as folder:
        settings = Settings(data=Path(folder) / "data", port=0)
        service = open_service(settings)
        me = sign_in(service, *Role)
        drafts = fill(service, me.actor) | links(service) if filled else {}
        if filled:
            fill_keys(service, me.actor)
            fill_alerts(service, me.actor, drafts["mixed"])
        with running(settings, worker=False) as (url, _):
            yield url, me.token, drafts


def links(service: Service) -> dict[str, str]:
    """Links of invitations, and somebody's record."""
    with writing(service.engine) as session:
        school, roles = service.school_id, [Role.TEACHER, Role.OFFICE]
        other = made_account(session, school, Role.TEACHER, name="Suspended Person")
        other.suspended_at = now()
        known = made_account(session, school, Role.LEAD, name="Joan Whitfield")
        return {
            "welcome": invitations.invite(session, school, "cli", roles, email="a@b.example", name="Anna Reed")[1],
            "welcome-first": invitations.invite(session, school, "system", [Role.ADMINISTRATOR])[1],
            "welcome-again": invitations.invite_again(session, known, "cli")[1],
            "record": Register(session, school).people()[3].id,
        }


Shown = Callable[[Chromium, str, Path], None]  # brings the browser to a page; the folder holds two picture files


def plain(address: str) -> Shown:
    return lambda chromium, url, _: chromium.open(url + address)


def chosen(chromium: Chromium, url: str, folder: Path) -> None:
    chromium.open(url + "/")
    chromium.choose_files("#pictures", folder / "sports day.jpg", folder / "notes.txt")
    chromium.wait("document.querySelectorAll('.chosen li').length === 2")


def without_scripts(chromium: Chromium, url: str, _: Path) -> None:
    chromium.scripts(False)
    chromium.open(url + "/")


def refused(chromium: Chromium, url: str, _: Path) -> None:
    chromium.open(url + "/")
    chromium.evaluate("document.querySelector('[name=channel]').checked = true")
    chromium.evaluate("document.querySelector('[data-new-draft]').requestSubmit()")
    chromium.wait("document.querySelector('#problem') !== null")


def selected(draft_id: str) -> Shown:
    def show(chromium: Chromium, url: str, _: Path) -> None:
        chromium.open(f"{url}/drafts/{draft_id}")
        chromium.evaluate("document.querySelector('#mark-1-f2').click()")
        chromium.evaluate("document.querySelectorAll('.tick input').forEach((each, at) => at < 3 && each.click())")
        chromium.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

    return show


def marking(draft_id: str) -> Shown:
    """A face that was missed is being marked, and another said to be a visitor."""

    def show(chromium: Chromium, url: str, _: Path) -> None:
        chromium.open(f"{url}/drafts/{draft_id}")
        chromium.evaluate("document.querySelectorAll('.say').forEach(each => each.open = true)")
        chromium.evaluate("document.querySelector('input[value=visitor]')?.click()")
        typed = "each.value = [40, 10, 12, 20][at], each.dispatchEvent(new Event('input', {bubbles: true}))"
        chromium.evaluate(f"[...document.querySelectorAll('[data-edge]')].slice(0, 4).forEach((each, at) => ({typed}))")

    return show


def nobody_called(draft_id: str) -> Shown:
    """A name was typed that nobody at the school has."""

    def show(chromium: Chromium, url: str, _: Path) -> None:
        chromium.open(f"{url}/drafts/{draft_id}")
        chromium.evaluate("document.querySelector('[data-who]').value = 'Nobody Inparticular', 0")
        chromium.evaluate("document.querySelector('[data-apply]').click()")
        chromium.wait("document.querySelector('#problem') !== null")

    return show


def lost(draft_id: str) -> Shown:
    def show(chromium: Chromium, url: str, _: Path) -> None:
        chromium.open(f"{url}/drafts/{draft_id}")
        chromium.evaluate("window.fetch = () => Promise.reject(new TypeError('offline')), 0")
        chromium.wait("document.querySelector('.lost') !== null")

    return show


def key_refused(chromium: Chromium, url: str, _: Path) -> None:
    chromium.open(url + "/keys/new")
    chromium.evaluate(
        "document.querySelector('#name').value = 'Night job'; document.querySelector('.sheet .main').click(), 0"
    )
    chromium.wait("document.querySelector('#problem') !== null")


def key_made(chromium: Chromium, url: str, _: Path) -> None:
    chromium.open(url + "/keys/new")
    chromium.evaluate(
        "document.querySelector('#name').value = 'Night job'; document.querySelector('[name=scopes]').click(), 0"
    )
    chromium.evaluate("document.querySelector('.sheet .main').click()")
    chromium.wait("document.querySelector('#copy-key') !== null")


def key_exchanged(chromium: Chromium, url: str, _: Path) -> None:
    chromium.open(url + "/keys")
    chromium.evaluate("document.querySelector('a[href$=rotate]').click()")
    chromium.wait("document.querySelector('#days') !== null")


def signed_out(address: str) -> Shown:
    """A page as somebody sees it who is not signed in."""

    def show(chromium: Chromium, url: str, _: Path) -> None:
        with chromium.nobody(url):
            chromium.open(url + address)

    return show


def sign_in_refused(chromium: Chromium, url: str, _: Path) -> None:
    with chromium.nobody(url):
        chromium.open(url + "/sign-in")
        chromium.evaluate("document.querySelector('#email').value = 'r.patel@school.example', 0")
        chromium.evaluate("document.querySelector('#password').value = 'not the password', 0")
        chromium.evaluate("document.querySelector('form.sheet').requestSubmit()")
        chromium.wait("document.querySelector('#problem') !== null")


def invited(chromium: Chromium, url: str, _: Path) -> None:
    """Somebody was invited just now, and the roles of somebody are being changed."""
    chromium.open(url + "/people")
    chromium.evaluate("document.querySelector('#name').value = 'Anna Reed', 0")
    mail = "'p' + Math.random().toString(36).slice(2) + '@school.example'"
    chromium.evaluate(f"document.querySelector('#email').value = {mail}, 0")
    chromium.evaluate("[...document.querySelectorAll('[name=roles]')].at(-4).checked = true")
    chromium.evaluate("document.querySelector('#invite').closest('form').requestSubmit()")
    chromium.wait("document.querySelector('#link') !== null")
    chromium.evaluate("document.querySelector('details').open = true")


def recovery_codes(chromium: Chromium, url: str, _: Path) -> None:
    chromium.open(url + "/account")
    chromium.evaluate("document.querySelector('form[action=\"/account/recovery-codes\"]').requestSubmit()")
    chromium.wait("document.querySelector('.codes') !== null")


def pages(drafts: dict[str, str]) -> dict[str, Shown]:
    """How to come to each page, by the name of its screenshot; without drafts the site is empty."""
    if not drafts:
        addresses = {"new": "/", "register": "/register", "keys": "/keys", "alerts": "/alerts"}
        return {f"{name}-empty": plain(address) for name, address in addresses.items()}
    shown: dict[str, Shown] = {
        "new": plain("/"),
        "new-chosen": chosen,
        "new-without-scripts": without_scripts,
        "new-refused": refused,
        "register": plain("/register"),
        "register-search": plain("/register?q=heron"),
        "register-nobody": plain("/register?q=nobody"),
        "keys": plain("/keys"),
        "keys-new": plain("/keys/new"),
        "keys-refused": key_refused,
        "keys-made": key_made,
        "keys-exchange": key_exchanged,
        "alerts": plain("/alerts"),
        "sign-in": signed_out("/sign-in"),
        "sign-in-refused": sign_in_refused,
        "welcome": signed_out(f"/welcome/{drafts.pop('welcome')}"),
        "welcome-first": signed_out(f"/welcome/{drafts.pop('welcome-first')}"),
        "welcome-again": signed_out(f"/welcome/{drafts.pop('welcome-again')}"),
        "welcome-gone": signed_out("/welcome/nothing"),
        "confirm": plain("/confirm?next=/people"),
        "account": plain("/account"),
        "second-factor": plain("/account/second-factor"),
        "recovery-codes": recovery_codes,
        "people": plain("/people"),
        "people-invited": invited,
        "record": plain(f"/register/{drafts.pop('record')}"),
        "audit": plain("/audit"),
        "audit-export": plain("/audit/export"),
        "help": plain("/help"),
        "not-found": plain("/drafts/nothing"),
        "draft-mixed-selected": selected(drafts["mixed"]),
        "draft-doubtful-marking": marking(drafts["doubtful"]),
        "draft-settled-marking": marking(drafts["settled"]),
        "draft-doubtful-refused": nobody_called(drafts["doubtful"]),
        "draft-checking-lost": lost(drafts["checking"]),
    }
    return shown | {f"draft-{name}": plain(f"/drafts/{draft_id}") for name, draft_id in drafts.items()}


def main(folder: str, *wanted: str) -> None:
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    complaints = []
    with tempfile.TemporaryDirectory() as files, Chromium() as chromium:
        (Path(files) / "sports day.jpg").write_bytes(draw(5, 3).content)
        (Path(files) / "notes.txt").write_text("no picture")
        for filled in (True, False):
            with site(filled) as (url, token, drafts):
                chromium.sign_in(url, token)
                for name, show in pages(drafts).items():
                    if wanted and name not in wanted:
                        continue
                    for look, (width, dark) in LOOKS.items():
                        chromium.look(width, dark=dark)
                        show(chromium, url, Path(files))
                        chromium.screenshot(out / f"{name}-{look}.png")
                        if chromium.evaluate("document.documentElement.scrollWidth > innerWidth"):
                            complaints.append(f"{name}-{look} is wider than the window")
                        chromium.scripts(True)
                        complaints += [f"{name}-{look}: {each}" for each in chromium.complaints]
                    print(name)
    print("\n".join(["", *complaints]))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
