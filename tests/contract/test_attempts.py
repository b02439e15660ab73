"""Counters of tries: no count is lost between processes, and a window slides."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from app.accounts import attempts
from app.accounts.signing_in import MOST_OF_ACCOUNT
from app.accounts.tables import Attempt
from app.config import Settings
from app.db import migrate, open_engine, reading, writing

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # the beginning of a window of 15 minutes
WINDOW = 900
PROCESSES, EACH = 4, 40

COUNTING = """
import sys
from datetime import datetime
from pathlib import Path
from sqlmodel import select

from app.accounts import attempts
from app.accounts.tables import Attempt
from app.config import Settings
from app.db import open_engine, writing
engine = open_engine(Settings(data=Path(sys.argv[1])))
for _ in range(int(sys.argv[2])):
    with writing(engine) as session:
        attempts.count(session, "sign-in:x", datetime.fromisoformat(sys.argv[3]), 900)
"""

GUESSING = """
import sys
from datetime import datetime
from pathlib import Path

from argon2 import PasswordHasher

from app.accounts import passwords
from app.accounts.signing_in import SignInRefused, TooManyTries, Visitor, with_password
from app.config import Settings
from app.db import open_engine
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
engine, answers = open_engine(Settings(data=Path(sys.argv[1]))), []
for _ in range(int(sys.argv[2])):
    try:
        with_password(engine, "nobody@wren.sch.uk", "not it", Visitor("192.0.2.1"), datetime.fromisoformat(sys.argv[3]))
    except (SignInRefused, TooManyTries) as error:
        answers.append(error.status_code)
print(answers.count(401), answers.count(429))
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(data=tmp_path / "data")
    migrate(made)
    return made


def test_several_processes_count_together(settings: Settings) -> None:
    command = [sys.executable, "-c", COUNTING, str(settings.data), str(EACH), AT.isoformat()]
    running = [subprocess.Popen(command) for _ in range(PROCESSES)]
    assert [process.wait(100) for process in running] == [0] * PROCESSES
    with reading(open_engine(settings)) as session:
        assert attempts.counted(session, "sign-in:x", AT, WINDOW) == PROCESSES * EACH


def test_guesses_of_several_processes_meet_one_limit(settings: Settings) -> None:
    command = [sys.executable, "-c", GUESSING, str(settings.data), str(MOST_OF_ACCOUNT), AT.isoformat()]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    told = [process.communicate(timeout=100)[0].split() for process in running]
    refused, stopped = (sum(int(each[at]) for each in told) for at in (0, 1))
    assert (refused, stopped) == (MOST_OF_ACCOUNT, (PROCESSES - 1) * MOST_OF_ACCOUNT)


@pytest.mark.parametrize(
    ("minutes", "left"),
    [(0, 12), (14.9, 12), (15, 12), (18.75, 9), (22.5, 6), (30, 0), (60, 0)],
)
def test_what_was_tried_counts_less_and_less(settings: Settings, minutes: float, left: float) -> None:
    with writing(open_engine(settings)) as session:
        for _ in range(12):
            attempts.count(session, "sign-in:x", AT, WINDOW)
        later = AT + timedelta(minutes=minutes)
        assert attempts.counted(session, "sign-in:x", later, WINDOW) == pytest.approx(left)
        assert attempts.counted(session, "sign-in:y", later, WINDOW) == 0
        assert (attempts.seconds_until_fewer(session, "sign-in:x", later, WINDOW, 10) > 0) == (left >= 10)


def test_what_is_forgotten_and_swept_is_gone(settings: Settings) -> None:
    with writing(open_engine(settings)) as session:
        for name, at in (("old", AT - timedelta(days=2)), ("new", AT), ("done", AT)):
            attempts.count(session, name, at, WINDOW)
        attempts.forget(session, "done")
        attempts.sweep(session, AT, 86_400)
        assert [row.bucket for row in session.exec(select(Attempt))] == ["new"]
        assert attempts.counted(session, "new", AT, WINDOW) == 1


def test_nobody_can_read_from_a_counter_whose_it_is() -> None:
    name = attempts.bucket("sign-in", "a.reed@wren.sch.uk")
    assert name.startswith("sign-in:")
    assert "reed" not in name
    assert name != attempts.bucket("sign-in", "b.reed@wren.sch.uk")
