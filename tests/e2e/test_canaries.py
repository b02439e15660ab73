"""Planted names, words and secrets are, after a whole walk with real processes, only where they may be."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field

import httpx2
import pytest

from app import logs
from app.accounts import invitations
from app.accounts.sessions import PLAIN_COOKIE
from app.actors import KeyScope, Role
from app.config import Settings
from app.db import writing
from consent.facts import Scope
from consent.models import Person
from consent.register import NewAnswer
from tests.e2e.canaries import forms, found_in, template_forms
from tests.e2e.conftest import DECIDED_ON, Site, fill_register
from tests.e2e.serving import written

LENGTH = sum((1 + at / 97) ** 2 for at in range(128)) ** 0.5
TEMPLATE = tuple((1 + at / 97) / LENGTH for at in range(128))  # of length one, as every template
PASSWORD = "Quagmire-Fjord-Vexillum-88"
OWNER = "teacher-owl@canary.example"

# What was planted, and where alone it may be. `data` and `backup` lie apart from the key; the register's names and the
# accounts' addresses are in the database as they are (README, what Gatepost does not protect against), and no picture,
# template, caption or file name is. `owner` is what the one whose draft it is was answered, `others` everybody else.
REGISTERED = {"data", "backup", "wal"}
ALLOWED: dict[str, set[str]] = {
    "pupil": REGISTERED | {"owner", "office"},
    "pupil-not-mentioned": REGISTERED | {"office", "owner"},  # who says who a face is chooses from the school's names
    "caption": {"owner"},
    "alt-text": {"owner"},
    "hashtag": {"owner"},
    "file-name": {"owner"},
    "exif": {"owner"},
    "text-in-picture": {"owner"},
    "picture": {"owner"},  # the scripted inspector's safe file repeats the words of the picture
    "account-name": REGISTERED | {"owner"},
    "account-email": REGISTERED | {"owner"},
    "password": set(),
    "wrong-password": set(),
    "session": {"owner"},
    "api-key": set(),
    "typed-address": {"others"},  # who typed it finds it in the field that they filled in wrongly
    "typed-name": {"others"},
    "template": set(),
}
WORDS = {
    "pupil": "Zquorvath",
    "pupil-not-mentioned": "Ylvemarrow",
    "caption": "Wimplecaption",
    "alt-text": "Umbrellaltic",
    "hashtag": "Tagatrophon",
    "file-name": "Filigranada",
    "exif": "Exifundible",
    "text-in-picture": "Ocrimonious",
    "picture": "Pixeldravish",
    "account-name": "Owlcanaria",
    "account-email": OWNER,
    "password": PASSWORD,
    "wrong-password": "Wrongful-Marzipan-77",
    "typed-address": "Pathological",
    "typed-name": "Nonesuchwick",
}


@dataclass
class Walk:
    """What a walk left behind: by place, files or answers with their bytes; and what was planted."""

    places: dict[str, dict[str, bytes]]
    wanted: dict[str, set[bytes]]
    statuses: set[int] = field(default_factory=set)
    log: list[dict[str, object]] = field(default_factory=list)


class Visitor:
    """A browser or program whose answers, headers included, are kept."""

    def __init__(self, url: str, **headers: str) -> None:
        self.client = httpx2.Client(base_url=url, timeout=30, headers={"Accept": "text/html", **headers})
        self.answers: dict[str, bytes] = {}
        self.statuses: set[int] = set()

    def ask(self, method: str, path: str, **more: object) -> httpx2.Response:
        answer = self.client.request(method, path, **more)  # type: ignore[arg-type]
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self.answers[f"{len(self.answers)} {method}"] = head.encode() + b"\n\n" + answer.content
        self.statuses.add(answer.status_code)
        return answer


def _plant(site: Site) -> tuple[str, str, str]:
    """Pupils and an invitation; returns its token, a key that may, and one that may read drafts only."""
    with site.register() as register:
        for name in ("pupil", "pupil-not-mentioned"):
            person = register.add_person(
                Person(id=name, school_id=site.service.school_id, given="Al", family=WORDS[name], class_name="Willow")
            )
            mother = register.add_guardian(person.id, "Mrs Q", "mother", parental_responsibility=True)
            yes = NewAnswer(granted=True, decided_on=DECIDED_ON, guardian_id=mother.id)
            register.record_consent(person.id, Scope.WEBSITE, NewAnswer(granted=False, decided_on=DECIDED_ON))
            register.record_recognition(person.id, yes)
        register.add_reference("pupil", TEMPLATE, quality=1.0, taken_on=DECIDED_ON, day=DECIDED_ON)
    with writing(site.service.engine) as session:
        token = invitations.invite(session, site.service.school_id, "cli", [Role.TEACHER])[1]
    return token, site.key(*KeyScope), site.key(KeyScope.DRAFTS_READ)


def _until(url: str, true: str = "/healthz") -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if httpx2.get(url + true).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def _sign_up(owner: Visitor, token: str) -> None:
    fields = {"name": WORDS["account-name"], "email": OWNER, "password": PASSWORD, "again": PASSWORD}
    owner.ask("POST", f"/welcome/{token}", data={**fields, "again": "not the same"})
    assert owner.ask("POST", f"/welcome/{token}", data=fields).status_code == 303
    csrf = _csrf(owner)
    owner.ask("POST", "/sign-out", data={"csrf": csrf})
    owner.ask("POST", "/sign-in", data={"email": OWNER, "password": WORDS["wrong-password"]})
    assert owner.ask("POST", "/sign-in", data={"email": OWNER, "password": PASSWORD}).status_code == 303


def _csrf(visitor: Visitor) -> str:
    return visitor.ask("GET", "/").text.split('name="csrf" value="')[1].split('"')[0]


def _draft(owner: Visitor, picture: bytes) -> str:
    words = {name: WORDS[name] for name in ("caption", "alt-text", "hashtag", "pupil")}
    data = {
        "channel": "School website",
        "caption": f"{words['caption']} with Al {words['pupil']}",
        "alt_texts": f"{words['alt-text']} holds a cup",
        "hashtags": f"#{words['hashtag']}",
        "csrf": _csrf(owner),
    }
    files = {"pictures": (f"{WORDS['file-name']}.jpg", picture, "image/jpeg")}
    answer = owner.ask("POST", "/drafts", data=data, files=files)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def _decided(owner: Visitor, path: str) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        told = owner.ask("GET", f"{path}/progress").json()
        if told["status"] in ("decided", "failed"):
            return str(told["status"])
        time.sleep(0.2)
    raise AssertionError("the draft was not decided")


def _errors(visitor: Visitor) -> None:
    """Errors of every kind, with names where names do not belong."""
    name, typed = WORDS["typed-name"], WORDS["typed-address"]
    for path in (f"/{name}", f"/drafts/{name}", f"/api/v1/drafts/{name}", f"/static/{name}.css", f"/welcome/{name}"):
        visitor.ask("GET", path)
    visitor.ask("GET", f"/?{typed}={name}")
    visitor.ask("GET", f"/register?q={name}")
    visitor.ask("POST", "/sign-in", data={"email": f"{name}@{typed}.example", "password": typed})
    visitor.ask("POST", "/api/v1/drafts", data={"channel": typed, name: name})
    visitor.ask("POST", f"/drafts/{typed}/revisions", data={typed: name})
    visitor.ask("POST", "/drafts", content=name.encode(), headers={"Content-Type": f"multipart/form-data; {typed}"})
    visitor.ask("POST", "/sign-in", data={}, headers={"Origin": f"https://{typed}.example"})
    visitor.ask("GET", "/healthz", headers={"Host": f"{name}.example"})
    visitor.ask("GET", "/healthz", headers={"X-Request-Id": f"{typed}-{name}", "User-Agent": name})
    visitor.ask("DELETE", f"/{typed}")


def _break(url: str) -> None:
    """What no client library would send."""
    host, port = url.removeprefix("http://").split(":")
    for request in (f"GET /{WORDS['pupil']}\r\n\r\n", f"{WORDS['pupil']} / HTTP/1.1\r\nHost: {host}\r\n\r\n"):
        with socket.create_connection((host, int(port)), timeout=10) as wire:
            wire.sendall(request.encode())
            wire.recv(4096)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    base = tmp_path_factory.mktemp("canaries")
    temp = base / "temp"
    temp.mkdir()
    site = Site(Settings(data=base / "data", lease_seconds=1.0))
    with writing(site.service.engine) as session:
        fill_register(session)
    token, key, lesser = _plant(site)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log_path = base / "server.log"
    with log_path.open("wb") as log:
        environment = {**os.environ, "TMPDIR": str(temp)}
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.processes", role, str(site.settings.data), str(port)],
                stdin=subprocess.PIPE,
                stderr=log,
                stdout=log,
                env=environment,
            )
            for role in ("serve", "work")
        ]
        try:
            _until(url)
            made = _visits(site, url, token, key, lesser)
        finally:
            wal = {path.name: path.read_bytes() for path in site.settings.data.glob("*-wal")}
            for process in started:
                process.kill()
                process.wait()
                assert process.stdin
                process.stdin.close()
    data = written(site.settings.data)
    shutil.copytree(site.settings.data, base / "backup")
    made.places |= {
        "log": {"log": log_path.read_bytes()},
        "data": data,
        "wal": wal,
        "temp": written(temp),
        "backup": written(base / "backup"),
    }
    made.wanted |= {"api-key": forms(key) | forms(lesser)}
    made.log = [json.loads(line) for line in log_path.read_text("utf-8").splitlines()]
    return made


def _visits(site: Site, url: str, token: str, key: str, lesser: str) -> Walk:
    owner, other, nobody = Visitor(url), Visitor(url), Visitor(url)
    office, program, small = Visitor(url), Visitor(url), Visitor(url)
    _sign_up(owner, token)
    session = next(cookie.value for cookie in owner.client.cookies.jar if cookie.name == PLAIN_COOKIE)
    other.client.cookies.set(PLAIN_COOKIE, _cookie(site.signed_in(Role.TEACHER)), domain="127.0.0.1")
    office.client.cookies.set(PLAIN_COOKIE, _cookie(site.signed_in(Role.OFFICE)), domain="127.0.0.1")
    program.client.headers["Authorization"] = f"Bearer {key}"
    small.client.headers["Authorization"] = f"Bearer {lesser}"
    shown = f"picture of ben, stranger says {WORDS['text-in-picture']} credits {WORDS['exif']}"
    padding = b" " + WORDS["picture"].encode() + b" " * 1_200_000  # beyond what stays in memory
    blocked = _draft(owner, shown.encode() + padding)
    failed = _draft(owner, f"picture of ben fails {WORDS['pupil']}".encode())
    assert _decided(owner, blocked) == "decided"
    assert _decided(owner, failed) == "failed"
    owner.ask("GET", blocked)
    owner.ask("GET", failed)
    owner.ask("GET", f"{blocked}/pictures/1/preview")
    owner.ask("GET", f"{blocked}/pictures/1/file")
    fields = {"channel": "School website", "caption": WORDS["caption"], "csrf": _csrf(owner)}
    owner.ask("POST", f"{blocked}/revisions", data=fields)
    published = program.ask(
        "POST",
        "/api/v1/drafts",
        data={"channel": "School website", "caption": "A fine day"},
        files={"pictures": ("one.jpg", b"picture of ben", "image/jpeg")},
    ).headers["location"]
    _wait(program, published)
    program.ask("GET", f"{published}/pictures/1")
    office.ask("GET", "/register")
    for visitor in (other, nobody):
        for path in (blocked, f"{blocked}/progress", f"{blocked}/pictures/1/preview", f"{blocked}/pictures/1/file"):
            visitor.ask("GET", path)
        visitor.ask("POST", f"{blocked}/revisions", data=fields)
        visitor.ask("GET", "/")
    for program_ in (program, small):
        for end in ("", "/pictures/1"):
            program_.ask("GET", f"/api/v1{blocked}{end}")
    for visitor in (other, nobody, program, small):
        _errors(visitor)
    _break(url)
    others = {
        f"{who}{name}": body
        for who, each in enumerate((other, nobody, program, small))
        for name, body in each.answers.items()
    }
    for each in (owner, other, nobody, office, program, small):
        each.client.close()
    statuses = set().union(*(each.statuses for each in (owner, other, nobody, office, program, small)))
    return Walk(
        {"owner": owner.answers, "office": office.answers, "others": others},
        {name: forms(word) for name, word in WORDS.items()}
        | {"session": forms(str(session)), "template": template_forms(TEMPLATE[:16])},
        statuses,
    )


def _cookie(client: object) -> str:
    return str(client.cookies[PLAIN_COOKIE])  # type: ignore[attr-defined]


def _wait(program: Visitor, path: str) -> None:
    end = time.monotonic() + 60
    while program.ask("GET", path).json()["decision"] is None:
        assert time.monotonic() < end
        time.sleep(0.2)


def test_each_canary_is_only_where_it_may_be(walk: Walk) -> None:
    assert set(walk.wanted) == set(ALLOWED)
    strays = {(canary, place) for canary, place in found_in(walk.places, walk.wanted) if place not in ALLOWED[canary]}
    assert strays == set()


def test_the_canaries_were_really_there(walk: Walk) -> None:
    """Those that their owner sees are found in what the owner was answered: the walk went where it should."""
    found = found_in(walk.places, walk.wanted)
    seen = {
        "pupil",
        "caption",
        "alt-text",
        "hashtag",
        "file-name",
        "exif",
        "text-in-picture",
        "account-name",
        "session",
    }
    assert {(canary, "owner") for canary in seen} <= found
    assert ("pupil-not-mentioned", "office") in found
    assert ("account-email", "data") in found


@pytest.mark.parametrize("canary", ALLOWED)
@pytest.mark.parametrize("place", ["log", "data", "wal", "temp", "backup", "owner", "office", "others"])
def test_a_canary_that_is_planted_is_found(walk: Walk, canary: str, place: str) -> None:
    assert walk.places.keys() >= {place}
    for form in walk.wanted[canary]:
        assert found_in({place: {"planted": b"\0..." + form + b"...\n"}}, walk.wanted) >= {(canary, place)}


def test_the_walk_met_every_kind_of_answer(walk: Walk) -> None:
    assert walk.statuses >= {200, 202, 303, 401, 403, 404, 409, 422}


def test_every_line_of_the_log_is_of_the_list(walk: Walk) -> None:
    assert len(walk.log) > 60
    own = {"at", "level", "event", "says", "error", "raised"}
    assert {name for line in walk.log for name in line} <= own | set(logs.FIELDS)
    assert {line["event"] for line in walk.log} >= {"request", "decided", "check-failed"}
    assert all("request" in line for line in walk.log if line["event"] == "request")
    assert any(line["route"] == "/drafts/{draft_id}" for line in walk.log if line["event"] == "request")
