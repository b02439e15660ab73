"""Whether the time that an answer takes tells a refused face from an unknown one, on the real pipeline.

    python -m tests.benchmarks.timing [ROUNDS]

The demo school twice: in one copy a pupil's parents said no, in the other the pupil's reference photos are gone. One
of these photos is handed in to both in drawn order. Timed: from the draft in the queue to the answer read (models,
decision, database, API), and the decision alone, many times over, in which nothing of the models' noise is left.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from fastapi.testclient import TestClient

import fixtures
from app import drafts
from app.actors import KeyScope, command_line
from app.checking import Looker
from app.config import Settings
from app.db import reading, writing
from app.demo import prepare
from app.drafts import original_name
from app.judging import judge_draft
from app.keys import keys
from app.looking import open_looker
from app.main import create_app
from app.worker import Worker
from consent.facts import Scope, today
from consent.register import NewAnswer, Register
from tests.timings import compare, interleaved, timed

PUPIL = "B999000120006"  # the folder of the reference photos, and the UPN
CHANNEL = "School website"
DECISIONS = 400


class Copy:
    """One copy of the school, with a caller who may not read its register."""

    def __init__(self, settings: Settings, looker: Looker) -> None:
        self.app = create_app(settings)
        self.settings, self.service, self.looker = settings, self.app.state.service, looker
        with writing(self.service.engine) as session:
            scopes = [KeyScope.DRAFTS_WRITE, KeyScope.DRAFTS_READ]
            text = keys.create(session, self.service.school_id, "Timing", scopes, "cli")[1]
        headers = {"Authorization": f"Bearer {text}"}
        self.client = TestClient(self.app, base_url="http://127.0.0.1", headers=headers)
        self.photo = (fixtures.FOLDER / "references" / PUPIL / "1.jpg").read_bytes()

    @contextmanager
    def _looker(self) -> Iterator[Looker]:
        yield self.looker

    def change(self, do: Callable[[Register], None]) -> None:
        with writing(self.service.engine) as session:
            do(Register(session, self.service.school_id))

    def send(self) -> str:
        files = [("pictures", ("IMG_1.jpg", self.photo, "image/jpeg"))]
        return str(self.client.post("/api/v1/drafts", data={"channel": CHANNEL}, files=files).headers["location"])

    def decide_and_read(self, path: str) -> None:
        asked = iter((False, True))
        Worker(self.settings, self.service.engine, self._looker, threading.Event()).run_until(lambda: next(asked))
        reasons = self.client.get(path).json()["decision"]["reasons"]
        assert [reason["code"] for reason in reasons] == ["face-not-cleared"], reasons

    def whole_road(self) -> float:
        path = self.send()
        return timed(lambda: self.decide_and_read(path))

    def decision(self) -> Callable[[], float]:
        """The decision alone, on what was seen once."""
        path = self.send()
        self.decide_and_read(path)
        with reading(self.service.engine) as session:
            view = drafts.find(session, command_line(self.service.school_id), path.rpartition("/")[2])
            snapshot = Register(session, self.service.school_id).snapshot(CHANNEL, today())
        found = [self.looker.pictures.inspect(self.service.store.get(view.draft.id, original_name(1)))]
        return lambda: timed(lambda: judge_draft(view, found, snapshot, self.looker.tagger))


def refuse(register: Register) -> None:
    person = register.find_person(PUPIL)
    guardian = register.guardians(person.id)[0]
    answer = NewAnswer(granted=False, decided_on=today(), guardian_id=guardian.id)
    register.record_consent(person.id, Scope.WEBSITE, answer)


def forget(register: Register) -> None:
    register.remove_references(register.find_person(PUPIL).id)


def told(name: str, times: dict[str, list[float]]) -> None:
    print(f"{name}: {compare(times['unknown'], times['refused'])}")
    for kind, each in times.items():
        cuts = quantiles(each, n=20)
        print(f"  {kind}: 5 % {cuts[0] * 1e3:.2f} ms, median {cuts[9] * 1e3:.2f} ms, 95 % {cuts[18] * 1e3:.2f} ms")


def main(rounds: int = 60) -> None:
    with tempfile.TemporaryDirectory(prefix="gatepost-timing-") as folder:
        first, second = Path(folder) / "first", Path(folder) / "second"
        prepare(Settings(data=first), lambda *_: None)
        shutil.copytree(first, second)
        shutil.copy(first.with_suffix(".key"), second.with_suffix(".key"))

        def unlimited(data: Path) -> Settings:
            return Settings(data=data, quota_drafts=1_000_000, quota_pictures=1_000_000)

        with open_looker(Settings(data=first)) as looker:
            refused, unknown = (Copy(unlimited(each), looker) for each in (first, second))
            refused.change(refuse)
            unknown.change(forget)
            copies = {"unknown": unknown, "refused": refused}
            for copy in copies.values():
                copy.whole_road()
            told("from queue to answer", interleaved({k: copy.whole_road for k, copy in copies.items()}, rounds))
            told("the decision alone", interleaved({k: copy.decision() for k, copy in copies.items()}, DECISIONS))


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
