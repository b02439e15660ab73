"""`kill -9` of server or worker at any point loses nothing that was acknowledged and decides nothing twice."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from sqlmodel import select

from app import faults
from app.actors import KeyScope
from app.config import Settings
from app.db import open_engine, reading
from app.models import AuditEvent, DecisionRecord, Draft, Job
from tests.e2e.conftest import Site

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a process of ours; all of them are gone when the test ends."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*words: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.processes", *words],
            stdin=subprocess.PIPE,
            env={**os.environ, **environment},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def status_of(settings: Settings, draft_id: str) -> str:
    with reading(open_engine(settings)) as session:
        return session.get_one(Draft, draft_id).status


def assert_decided_once(settings: Settings, draft_id: str, outcome: str = "publish") -> None:
    """The invariants after every fault: one decision, one audit entry, one finished job, every file with its row."""
    with reading(open_engine(settings)) as session:
        records = session.exec(select(DecisionRecord).where(DecisionRecord.draft_id == draft_id)).all()
        assert [record.outcome for record in records] == [outcome]
        events = session.exec(select(AuditEvent).where(AuditEvent.subject == draft_id)).all()
        assert sorted(event.tag for event in events) == ["draft:decided", "draft:received"]
        assert session.exec(select(Job).where(Job.draft_id == draft_id)).one().status == "done"
    files = {path.name for path in (settings.pictures / draft_id).iterdir()}
    assert files == {"1-original", "1-released"}


@pytest.mark.parametrize("point", faults.POINTS)
def test_a_worker_killed_at_any_point_decides_once(site: Site, start: Start, tmp_path: Path, point: str) -> None:
    draft_id = str(site.send(b"picture of ben")["id"])
    marker = tmp_path / "killed"
    first = start("work", str(site.settings.data), GATEPOST_FAULT_AT=f"{point}:{marker}")
    assert first.wait(30) == -signal.SIGKILL
    assert marker.exists()
    start("work", str(site.settings.data))
    until(lambda: status_of(site.settings, draft_id) == "decided")
    time.sleep(0.5)  # a second decision, if there were to be one, would come now
    assert_decided_once(site.settings, draft_id)


def test_a_worker_killed_again_and_again_leaves_the_draft_blocked(site: Site, start: Start, tmp_path: Path) -> None:
    draft_id = str(site.send(b"picture of ben")["id"])
    for attempt in range(site.settings.max_attempts):
        killed = start("work", str(site.settings.data), GATEPOST_FAULT_AT=f"looked:{tmp_path / str(attempt)}")
        assert killed.wait(30) == -signal.SIGKILL
    start("work", str(site.settings.data))
    until(lambda: status_of(site.settings, draft_id) == "failed")
    with reading(open_engine(site.settings)) as session:
        assert session.exec(select(DecisionRecord)).all() == []
        tags = [event.tag for event in session.exec(select(AuditEvent).where(AuditEvent.subject == draft_id)).all()]
    assert tags == ["draft:received", "draft:failed"]


def test_a_slow_worker_whose_lease_ran_out_writes_nothing(site: Site) -> None:
    from app import jobs
    from app.checking import Looker, check
    from app.db import writing

    draft_id = str(site.send(b"picture of ben")["id"])
    engine = site.service.engine
    with writing(engine) as session:
        slow = jobs.claim(session, lease_seconds=0, max_attempts=3)
    assert slow
    with writing(engine) as session:
        assert jobs.claim(session, lease_seconds=60, max_attempts=3)
    with pytest.raises(jobs.LeaseLost):
        check(engine, site.service.store, Looker(site.inspector), slow, lambda: None)
    with reading(engine) as session:
        assert session.exec(select(DecisionRecord).where(DecisionRecord.draft_id == draft_id)).all() == []


def test_a_killed_server_loses_nothing_that_it_acknowledged(site: Site, start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = start("serve", str(site.settings.data), str(port))
    url = f"http://127.0.0.1:{port}"
    until(lambda: _answers(url))
    files = {"pictures": ("a.jpg", b"picture of ben", "image/jpeg")}
    key = {"Authorization": f"Bearer {site.key(KeyScope.DRAFTS_WRITE)}"}
    answer = httpx2.post(f"{url}/api/v1/drafts", data={"channel": "School website"}, files=files, headers=key)
    server.kill()
    assert answer.status_code == 202
    start("work", str(site.settings.data))
    draft_id = answer.json()["id"]
    until(lambda: status_of(site.settings, draft_id) == "decided")
    assert_decided_once(site.settings, draft_id)


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/healthz").status_code == 200
    except httpx2.TransportError:
        return False


def test_a_worker_ends_with_the_process_that_started_it_and_gives_its_job_back(site: Site, start: Start) -> None:
    draft_id = str(site.send(b"picture slow of ben", b"picture slow of ben", b"picture slow of ben")["id"])
    worker = start("work", str(site.settings.data))
    until(lambda: status_of(site.settings, draft_id) == "checking")
    assert worker.stdin
    worker.stdin.close()
    assert worker.wait(10) == 0
    with reading(open_engine(site.settings)) as session:
        job = session.exec(select(Job)).one()
    assert (job.status, job.attempts) == ("queued", 0)
