"""A whole service on real SQLite, with something in place of the models that reads a picture's bytes as a script.

`b"picture of ben, stranger"` shows two faces, of which "shadow" may be none; other words: `says NAME` (text in it,
`or NAME` a further reading of it, `wide` more of it beside its box), `unread` (writing that could not be read), `gps`,
`credits NAME`, `hides NAME` (a preview in the file), `locked` (one that cannot be opened), `broken`, `fails`, `slow`.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app import drafts
from app.accounts import sessions
from app.actors import KeyScope, Role
from app.checking import Looker
from app.config import Settings
from app.db import migrate, reading, writing
from app.deps import Service
from app.keys import keys
from app.main import create_app, open_service
from app.schemas import draft_json
from app.worker import Worker
from captions.tagger import PersonTagger
from consent.facts import Scope
from consent.models import Channel, Person
from consent.register import NewAnswer, Register, the_school
from tests.accounts import SignedIn, sign_in
from tests.schools import allow_recognition
from vision.findings import (
    Box,
    Face,
    HiddenKind,
    HiddenPicture,
    MetadataItem,
    MetadataKind,
    PictureFindings,
    PictureText,
    ProblemCode,
    Released,
    TextReading,
)
from vision.inspection import InspectionRequest

DECIDED_ON = date(2026, 9, 1)
PEOPLE = ("ben", "amara", "zosia")


def template_of(name: str) -> tuple[float, ...]:
    """Templates of different people stand at right angles."""
    values = [0.0] * 128
    values[PEOPLE.index(name) if name in PEOPLE else 100] = 1.0
    return tuple(values)


class ScriptedInspector:
    """Looks at scripts instead of pictures, through the same interface as the sandboxed child."""

    def __init__(self) -> None:
        self.calls = 0
        self.templates_made = 0
        self.before_look: Callable[[], None] = lambda: None

    def versions(self) -> dict[str, str]:
        return {"detector": "scripted", "encoder": "scripted", "reader": "scripted"}

    def inspect(self, content: bytes, request: InspectionRequest | None = None) -> PictureFindings:
        self.calls += 1
        self.before_look()
        words = content.decode("utf-8", "replace")
        if "slow" in words:
            time.sleep(0.4)
        if not words.startswith("picture") or "broken" in words:
            return PictureFindings.not_looked_at(ProblemCode.UNREADABLE, "The file is damaged. Choose another.")
        if "fails" in words:
            raise RuntimeError(f"the inspector itself failed on: {words}")
        covers = request.covers if request else ()
        names = [name.strip() for name in KEYWORDS.split(words.partition(" of ")[2])[0].split(",") if name.strip()]
        faces = [
            Face(Box(at * 20, 0, at * 20 + 10, 10), 0.9, template_of(name), doubtful=name == "shadow")
            for at, name in enumerate(names)
        ]
        faces = [face for face in faces if face.box not in covers]
        if request and not request.templates:
            faces = [replace(face, template=None) for face in faces]
        self.templates_made += sum(face.template is not None for face in faces)
        shown, _, hidden = words.partition(" hides ")
        texts = [_line(at, said.removesuffix(" unread")) for at, said in enumerate(shown.split(" says ")[1:])]
        safe = f"safe {words} {covers}".encode()
        return PictureFindings(
            width=100,
            height=60,
            format="JPEG",
            faces=tuple(faces),
            texts=_uncovered(texts, " wide" in words, covers),
            metadata=_metadata(words),
            hidden=_hidden(words, hidden),
            text_search=TextReading(unread=(UNREAD,) if "unread" in words else (), readers=("scripted",)),
            released=Released(safe, "image/jpeg", 100, 60, hashlib.sha256(safe).hexdigest()),
        )


KEYWORDS = re.compile(" (?:says|credits|hides|unread|locked)\\b")
UNREAD = Box(60, 20, 90, 30)


def _line(at: int, said: str) -> PictureText:
    """One line above the other; covers of a `wide` one leave a part of it beside them."""
    text, *others = said.removesuffix(" wide").split(" or ")
    return PictureText(Box(0, 40 - 12 * at, 60, 50 - 12 * at), text, 0.9, tuple(others))


def _uncovered(lines: list[PictureText], wide: bool, covers: Sequence[Box]) -> tuple[PictureText, ...]:
    left = [line for line in lines if line.box not in covers]
    if wide:
        rest = [replace(line, box=Box(66, line.box.top, 95, line.box.bottom)) for line in lines if line not in left]
        left += [line for line in rest if line.box not in covers]
    return tuple(left)


def _metadata(words: str) -> tuple[MetadataItem, ...]:
    items = [MetadataItem(MetadataKind.GPS, "EXIF GPSInfo", "51, 0")] if "gps" in words else []
    if " credits " in words:
        whose = words.partition(" credits ")[2]
        items.append(MetadataItem(MetadataKind.COPYRIGHT, "EXIF Copyright", whose))
    return tuple(items)


def _hidden(words: str, text: str) -> tuple[HiddenPicture, ...]:
    found = [HiddenPicture(HiddenKind.THUMBNAIL, "EXIF thumbnail", 1, (text,))] if text else []
    if " locked" in words:
        found.append(HiddenPicture(HiddenKind.TRAILING, "behind the picture", looked_at=False))
    return tuple(found)


@cache
def _migrated() -> bytes:
    """A database with every table and nothing in it: made once, for making one takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "data")
        migrate(settings)
        with sqlite3.connect(settings.database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return settings.database.read_bytes()


class Site:
    """A running site in one process: a client, and a worker that works when asked to."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        if not settings.database.exists():
            settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            settings.database.write_bytes(_migrated())
        self.app = create_app(settings)
        self.service: Service = self.app.state.service
        self.inspector = ScriptedInspector()
        self.tagger: PersonTagger | None = None
        self.me = sign_in(self.service, *Role)
        self.client = self.client_of(self.me)

    def signed_in(self, *roles: Role, scopes: Collection[KeyScope] = tuple(KeyScope)) -> TestClient:
        """A browser in which somebody with these roles is signed in, and which brings a key with these scopes, too."""
        return self.client_of(sign_in(self.service, *roles), scopes)

    def client_of(self, who: SignedIn, scopes: Collection[KeyScope] = tuple(KeyScope)) -> TestClient:
        """Pages look at the cookie alone and the API at the key alone, so that one client serves for both."""
        client = self.anonymous()
        client.cookies.set(sessions.PLAIN_COOKIE, who.token)
        client.headers.update({"Authorization": f"Bearer {self.key(*scopes)}", "X-CSRF-Token": who.csrf})
        return client

    def key(self, *scopes: KeyScope) -> str:
        """A new API key of this school."""
        with writing(self.service.engine) as session:
            return keys.create(session, self.service.school_id, "The workflow", scopes, "cli")[1]

    def anonymous(self) -> TestClient:
        return TestClient(self.app, base_url="http://127.0.0.1", raise_server_exceptions=False)

    @contextmanager
    def register(self) -> Iterator[Register]:
        with writing(self.service.engine) as session:
            yield Register(session, self.service.school_id)

    @contextmanager
    def _looker(self) -> Iterator[Looker]:
        yield Looker(self.inspector, self.tagger)

    def worker(self) -> Worker:
        return Worker(self.settings, self.service.engine, self._looker, threading.Event())

    def work(self, jobs: int = 1) -> None:
        """Work until so many times a job was looked for."""
        asked = iter(range(jobs + 1))
        self.worker().run_until(lambda: next(asked) >= jobs)

    def send(self, *pictures: bytes, channel: str = "School website", **fields: Any) -> dict[str, Any]:
        files = [("pictures", (f"IMG_{at}.jpg", content, "image/jpeg")) for at, content in enumerate(pictures)]
        data = {"channel": channel, **fields}
        answer = self.client.post("/api/v1/drafts", data=data, files=files)
        assert answer.status_code == 202, answer.text
        sent: dict[str, Any] = answer.json()
        return sent

    def read(self, path: str) -> dict[str, Any]:
        """A draft that was handed in on a page, as the API would show it; `path` ends with its id."""
        with reading(self.service.engine) as session:
            view = drafts.find(session, self.me.actor, path.rpartition("/")[2])
            return draft_json(view, drafts.void_because(session, view), reads_register=True)

    def decided(self, *pictures: bytes, **fields: Any) -> dict[str, Any]:
        """Send a draft, have it checked, and return it as the API shows it."""
        draft = self.send(*pictures, **fields)
        self.work()
        read: dict[str, Any] = self.client.get(f"/api/v1/drafts/{draft['id']}").json()
        return read


def fill_register(session: Session) -> None:
    """Three pupils with consent to the website, each with a mother and a template; two accounts."""
    school = the_school(session)
    assert school is not None
    register = allow_recognition(Register(session, school.id))
    for name, family in zip(PEOPLE, ("Marsh", "Okafor", "Nowak"), strict=True):
        person = register.add_person(
            Person(id=name, school_id=school.id, given=name.title(), family=family, year="Year 3", class_name="Willow")
        )
        mother = register.add_guardian(person.id, f"Mrs {family}", "mother", parental_responsibility=True)
        yes = NewAnswer(granted=True, decided_on=DECIDED_ON, guardian_id=mother.id)
        register.record_consent(person.id, Scope.WEBSITE, yes)
        register.record_recognition(person.id, yes)
        register.add_reference(person.id, template_of(name), quality=1.0, taken_on=DECIDED_ON, day=date(2026, 11, 1))
    approved: dict[str, Any] = {"notified_on": DECIDED_ON, "approved_by": "The head", "approved_on": DECIDED_ON}
    website: dict[str, Any] = {"name": "School website", "official_email": "office@wren.sch.uk", "scope": Scope.WEBSITE}
    register.add_channel(Channel(school_id=school.id, **website, **approved))
    register.add_channel(Channel(school_id=school.id, **{**website, "name": "Club page"}))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", lease_seconds=2.0)


@cache
def _filled() -> tuple[bytes, bytes]:
    """A database in which `fill_register` has been, and the key that it was sealed under: made once."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "data")
        service = open_service(settings)
        with writing(service.engine) as session:
            fill_register(session)
        service.engine.dispose()
        with sqlite3.connect(settings.database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return settings.database.read_bytes(), settings.key_path.read_bytes()


@pytest.fixture
def site(settings: Settings) -> Site:
    database, key = _filled()
    settings.data.mkdir(parents=True, mode=0o700)
    settings.database.write_bytes(database)
    settings.key_path.write_bytes(key)
    settings.key_path.chmod(0o400)
    return Site(settings)
