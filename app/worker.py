"""The worker: takes jobs one at a time until it is told to stop."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app import faults, jobs, logs, veil
from app.blobs import PictureStore
from app.checking import Looker, check
from app.config import Settings
from app.db import writing
from app.logs import Event
from app.models import WorkerSeen
from app.reasons import Decision
from consent.models import new_id, now
from vision.errors import ModelError

IDLE_SECONDS = 0.2
RELOAD_SECONDS = 10.0

OpenLooker = Callable[[], AbstractContextManager[Looker]]


class Stopping(Exception):
    """The worker was told to stop while it held a job."""


class Worker:
    """One worker. `run` returns when `stop` is set; a job it holds then goes back into the queue unharmed."""

    def __init__(self, settings: Settings, engine: Engine, open_looker: OpenLooker, stop: threading.Event) -> None:
        self._settings = settings
        self._engine = engine
        self._store = PictureStore(settings.pictures, engine)
        self._open_looker = open_looker
        self._stop = stop
        self._id = new_id()

    def run(self) -> None:
        """Work until told to stop; where the models are not ready, say so and try again."""
        while not self._stop.is_set():
            try:
                self.run_until(lambda: False)
            except ModelError as error:
                logs.event(Event.NOT_READY, logging.ERROR, failed=error, worker=self._id)
                self._seen(ready=False, problem=str(error))
                self._stop.wait(RELOAD_SECONDS)

    def run_until(self, enough: Callable[[], bool]) -> None:
        """Work until told to stop or until `enough`, asked between jobs, says so. Raises ModelError."""
        self._seen(ready=False)
        with self._open_looker() as looker, self._signs_of_life(looker.versions()):
            self._work(looker, enough)

    def _work(self, looker: Looker, enough: Callable[[], bool]) -> None:
        while not self._stop.is_set() and not enough():
            try:
                claimed = self._claim()
            except SQLAlchemyError as error:
                logs.event(Event.NOT_CLAIMED, logging.ERROR, failed=error, worker=self._id)
                self._stop.wait(RELOAD_SECONDS)
                continue
            if claimed is not None:
                faults.point("claimed")
                self._check(looker, claimed)
            else:
                self._stop.wait(IDLE_SECONDS)

    def _claim(self) -> jobs.Claim | None:
        with writing(self._engine) as session:
            return jobs.claim(session, self._settings.lease_seconds, self._settings.max_attempts)

    def _check(self, looker: Looker, claimed: jobs.Claim) -> None:
        try:
            with self._kept_lease(claimed):
                decision = check(self._engine, self._store, looker, claimed, self._still_wanted)
            self._tell(claimed, decision)
        except Stopping:
            with writing(self._engine) as session:
                jobs.give_back(session, claimed)
        except jobs.LeaseLost:
            logs.event(Event.LEASE_LOST, logging.WARNING, job=claimed.job_id, worker=self._id)
        except ModelError:
            with writing(self._engine) as session:
                jobs.give_back(session, claimed)
            raise
        except Exception as error:  # noqa: BLE001  whatever it was: the draft stays blocked, the worker goes on
            self._failed(claimed, error)

    def _tell(self, claimed: jobs.Claim, decision: Decision) -> None:
        codes = veil.codes_for(sorted({reason.code.value for reason in decision.reasons}), reads_register=False)
        logs.event(Event.DECIDED, draft=claimed.draft_id, outcome=decision.outcome, codes=codes, worker=self._id)

    def _failed(self, claimed: jobs.Claim, error: Exception) -> None:
        logs.event(Event.CHECK_FAILED, logging.ERROR, failed=error, draft=claimed.draft_id, worker=self._id)
        try:
            with writing(self._engine) as session:
                jobs.fail(session, claimed, type(error).__name__, self._settings.max_attempts)
        except (SQLAlchemyError, jobs.LeaseLost) as again:
            logs.event(Event.NOT_WRITTEN, logging.ERROR, failed=again, draft=claimed.draft_id)

    def _still_wanted(self) -> None:
        if self._stop.is_set():
            raise Stopping

    @contextmanager
    def _kept_lease(self, claimed: jobs.Claim) -> Iterator[None]:
        """Renew the lease beside the work; when it is lost, what the work writes is refused."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(self._settings.lease_seconds / 4):
                try:
                    with writing(self._engine) as session:
                        jobs.renew(session, claimed, self._settings.lease_seconds)
                except jobs.LeaseLost:
                    return
                except SQLAlchemyError as error:
                    logs.event(Event.NOT_RENEWED, logging.WARNING, failed=error, job=claimed.job_id)

        yield from _beside(renew, done)

    @contextmanager
    def _signs_of_life(self, versions: dict[str, str]) -> Iterator[None]:
        done = threading.Event()

        def beat() -> None:
            self._seen(ready=True, versions=versions)
            while not done.wait(5.0):
                self._seen(ready=True, versions=versions)

        yield from _beside(beat, done)

    def _seen(self, ready: bool, problem: str = "", versions: dict[str, str] | None = None) -> None:
        try:
            with writing(self._engine) as session:
                sign = WorkerSeen(id=self._id, ready=ready, problem=problem, versions=versions or {}, seen_at=now())
                session.merge(sign)
        except SQLAlchemyError as error:
            logs.event(Event.NO_SIGN, logging.WARNING, failed=error, worker=self._id)


def _beside(target: Callable[[], None], done: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def stop_when_stdin_closes(stop: threading.Event) -> None:
    """Set `stop` when the process at the other end of our standard input is gone, however it went."""

    def watch() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
