"""The demo: an invented school set up in a fresh data folder, and its sample drafts sent through the real pipeline."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

import fixtures
from app.accounts import passwords
from app.accounts.tables import Account
from app.actors import KeyScope, Role, command_line
from app.config import Settings
from app.db import migrate, open_engine, writing
from app.enrolling import enrol
from app.keys import keys
from app.looking import open_looker
from app.person_files import PersonFiles
from app.school import apply_school, read_school
from consent.facts import today
from consent.importing import import_csv
from consent.register import Register, the_school
from fixtures import SampleDraft

DEMO_STAFF = {
    Role.TEACHER: "Anna Reed",
    Role.OFFICE: "Samira Khan",
    Role.LEAD: "Joan Whitfield",
    Role.ADMINISTRATOR: "Tom Price",
}
WAIT_SECONDS = 60
READY_SECONDS = 200
Told = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


class DemoBroken(Exception):
    """The demo school does not fit the code: the fixtures or the code must be mended."""


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one sample draft. `seconds` is from handing in to the decision, by the clock on the wall."""

    draft: SampleDraft
    outcome: str
    codes: tuple[str, ...]
    seconds: float

    @property
    def as_expected(self) -> bool:
        return self.outcome == self.draft.outcome and self.codes == tuple(sorted(self.draft.codes))


def prepare(settings: Settings, told: Told = lambda *_: None) -> str:
    """Fill an empty data folder with the demo school: register, accounts, reference photos; returns an API key."""
    migrate(settings)
    engine = open_engine(settings)
    told("Importing the register", 0, 1)
    with writing(engine) as session:
        apply_school(session, read_school((fixtures.FOLDER / "school.json").read_bytes()))
        school = the_school(session)
        assert school is not None  # noqa: S101  apply_school made it
        register = Register(session, school.id)
        report = import_csv(register, (fixtures.FOLDER / "register.csv").read_bytes(), day=today(), apply=True)
        if not report.applied:
            raise DemoBroken(f"The demo school's register was not taken: {report.counts}")
    files = PersonFiles(settings.people)
    folders = sorted(path for path in (fixtures.FOLDER / "references").iterdir() if path.is_dir())
    with open_looker(settings) as looker:
        for done, folder in enumerate(folders):
            told("Enrolling reference photos", done, len(folders))
            photos = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]
            with writing(engine) as session:
                register = Register(session, school.id)
                person = register.find_person(folder.name)
                enrolled = enrol(register, looker.pictures, photos, person, checked_by="the demo", files=files)
            if not enrolled.ok:
                raise DemoBroken(f"A reference photo of the demo school was not taken: {enrolled.as_json()}")
    told("Enrolling reference photos", len(folders), len(folders))
    with writing(engine) as session:
        return keys.create(session, school.id, "The demo", frozenset(KeyScope), command_line(school.id).ref)[1]


def demo_accounts(settings: Settings) -> list[tuple[Role, str, str]]:
    """One account for each role in the demo school, with its e-mail address and a password made anew each time."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    made = []
    with writing(open_engine(settings)) as session:
        school = the_school(session)
        assert school is not None  # noqa: S101  prepare made it
        for role, name in DEMO_STAFF.items():
            email = f"{role}@wrenhollow.example"
            account = Account(school_id=school.id, email=email, name=name, roles=[role.value])
            account.password_hash = passwords.hashed(password)
            session.add(account)
            made.append((role, email, password))
    return made


def play(url: str, key: str) -> Iterator[Played]:
    """Hand every sample draft in over HTTP, one after the other, and wait for its decision."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=url, timeout=WAIT_SECONDS + 30, headers=headers) as client:
        _until_ready(client)
        for draft in fixtures.drafts():
            started = time.monotonic()
            body = _decided(client, draft)
            seconds = time.monotonic() - started
            decision = body["decision"] or {"outcome": body["status"], "reasons": []}
            codes = tuple(sorted({reason["code"] for reason in decision["reasons"]}))
            yield Played(draft, decision["outcome"], codes, seconds)


def _until_ready(client: httpx2.Client) -> None:
    """Wait for the worker's models, so that the first draft is not charged for loading them."""
    end = time.monotonic() + READY_SECONDS
    while (answer := client.get("/readyz")).status_code != 200:
        if time.monotonic() > end:
            raise DemoBroken(f"The service did not get ready: {' '.join(answer.json()['problems'])}")
        time.sleep(0.1)


def _decided(client: httpx2.Client, draft: SampleDraft) -> dict[str, Any]:
    with ExitStack() as opened:
        files = [("pictures", (path.name, opened.enter_context(path.open("rb")))) for path in draft.pictures]
        data = {"channel": draft.channel, "caption": draft.caption, "alt_texts": list(draft.alt_texts)}
        headers = {"Prefer": f"wait={WAIT_SECONDS}"}
        answer = client.post("/api/v1/drafts", data=data, files=files, headers=headers)
    answer.raise_for_status()
    body: dict[str, Any] = answer.json()
    while body["status"] not in ("decided", "failed"):
        body = client.get(answer.headers["location"], headers=headers).raise_for_status().json()
    return body


def demo_folder(settings: Settings, folder: str) -> Settings:
    """The same settings, over a folder of the demo's own and any free port."""
    return settings.model_copy(update={"data": Path(folder) / "data", "port": 0})
