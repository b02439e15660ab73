"""The process that looks may die, hang, lie and be taken over: the inspector goes on, and nothing gets out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.sandbox_parts import ATTEMPTS, SECRET
from vision import sandbox, syscalls
from vision.errors import ModelError, SandboxError
from vision.findings import PictureFindings, ProblemCode
from vision.inspection import InspectionRequest
from vision.limits import NOT_HERE
from vision.sandbox import SandboxedInspector
from vision.testing import a_picture, fake_eyes

ROOT = Path(__file__).parents[2]
MISBEHAVING = "tests.contract.sandbox_parts:misbehaving"
FILTERED = syscalls.machine() is not None


@pytest.fixture(scope="module", autouse=True)
def parts_are_found() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("GATEPOST_KEY", SECRET)
        yield


@pytest.fixture(scope="module")
def inspector(parts_are_found: None) -> Iterator[SandboxedInspector]:
    with SandboxedInspector(seconds=10, memory=600_000_000, parts=MISBEHAVING) as opened:
        yield opened


@pytest.fixture(scope="module")
def impatient(parts_are_found: None) -> Iterator[SandboxedInspector]:
    with SandboxedInspector(seconds=1, parts=MISBEHAVING) as opened:
        yield opened


def is_fine(found: PictureFindings) -> bool:
    return found.problems == () and found.released is not None


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_picture_is_looked_at_as_if_it_were_in_this_process(inspector: SandboxedInspector) -> None:
    request = InspectionRequest(release_side=40)
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF"):
        content = a_picture(kind=kind)
        assert inspector.inspect(content, request) == fake_eyes().inspect(content, request)


@pytest.mark.parametrize("mischief", ["crash", "exit", "raise", "eat", "lie", "smuggle", "send no frame"])
def test_a_picture_that_breaks_the_process_is_unreadable_and_the_next_is_fine(
    inspector: SandboxedInspector, mischief: str
) -> None:
    found = inspector.inspect(mischief.encode())
    assert [problem.code for problem in found.problems] == [ProblemCode.UNREADABLE]
    assert "could not be opened safely" in found.problems[0].because
    assert found.released is None
    assert is_fine(inspector.inspect(a_picture()))


@pytest.mark.parametrize("mischief", ["sleep", "spin"])
def test_a_picture_that_takes_too_long_is_unreadable_and_the_next_is_fine(
    impatient: SandboxedInspector, mischief: str
) -> None:
    before = time.monotonic()
    found = impatient.inspect(mischief.encode())
    assert time.monotonic() - before < 8
    assert [problem.code for problem in found.problems] == [ProblemCode.UNREADABLE]
    assert "too long" in found.problems[0].because
    assert is_fine(impatient.inspect(a_picture()))


@pytest.mark.parametrize(
    ("threads", "cache", "told"),
    [
        pytest.param(None, False, set(), id="nothing said"),
        pytest.param(1, False, {"threads"}, id="threads"),
        pytest.param(2, True, {"threads", "cache"}, id="threads and a folder"),
    ],
)
def test_what_looks_is_loaded_with_the_threads_and_the_folder_given(
    tmp_path: Path, threads: int | None, cache: bool, told: set[str]
) -> None:
    folder = tmp_path if cache else None
    parts = "tests.contract.sandbox_parts:telling_its_options"
    with SandboxedInspector(parts=parts, threads=threads, cache=folder) as opened:
        versions = opened.versions()
    assert versions == {name: str({"threads": threads, "cache": folder}[name]) for name in told}


def test_a_picture_that_needs_too_much_memory_is_unreadable_and_the_process_lives_on() -> None:
    with SandboxedInspector(seconds=60, memory=200_000_000, parts="vision.testing:fake_eyes") as small:
        process = small.process_id
        found = small.inspect(a_picture(size=(7_500, 7_500), kind="PNG"))
        assert found.problems
        assert found.released is None
        assert is_fine(small.inspect(a_picture()))
        assert small.process_id == process


def test_what_is_printed_does_not_come_between_the_answers(inspector: SandboxedInspector) -> None:
    assert is_fine(inspector.inspect(b"shout"))
    assert is_fine(inspector.inspect(a_picture()))


def told(inspector: SandboxedInspector, attempt: str) -> str:
    (line,) = inspector.inspect(f"try:{attempt}".encode()).texts
    return line.text


REFUSED = [
    attempt
    for attempt in ATTEMPTS
    if attempt not in ("start a thread", "tell its environment", "tell its user", "read its input", "become root")
]


@pytest.mark.skipif(not FILTERED, reason="no filter of system calls on this system")
@pytest.mark.parametrize("attempt", REFUSED)
def test_a_process_that_was_taken_over_gets_nowhere(inspector: SandboxedInspector, attempt: str) -> None:
    assert told(inspector, attempt) == "Operation not permitted"


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="no users to change between on this system")
def test_it_is_not_root_and_cannot_become_root(inspector: SandboxedInspector) -> None:
    assert told(inspector, "tell its user") != "done: 0"
    assert told(inspector, "become root") == "Operation not permitted"


def test_threads_still_work(inspector: SandboxedInspector) -> None:
    assert told(inspector, "start a thread") == "done: a thread ran"


def test_settings_do_not_reach_the_process(inspector: SandboxedInspector) -> None:
    names = told(inspector, "tell its environment")
    assert "PATH" in names
    assert "GATEPOST" not in names


def test_its_input_is_for_frames_only(inspector: SandboxedInspector) -> None:
    assert told(inspector, "read its input") == "done: "


def test_the_protections_are_told(inspector: SandboxedInspector) -> None:
    said = inspector.protections()
    assert said["clock"] == "at most 10 seconds for a picture"
    assert set(said) == {"process", "clock", "memory", "files", "user", "parent", "system calls"}
    assert (said["system calls"] == NOT_HERE) != FILTERED
    if FILTERED:
        assert said["system calls"] == "no file, no network, no program, no other process"
        assert said["memory"] == "at most 0.6 GB"


def test_the_versions_come_from_the_process(inspector: SandboxedInspector) -> None:
    assert inspector.versions() == {"detector": "misbehaving@1"}


def test_the_last_words_name_places_and_no_content() -> None:
    with SandboxedInspector(parts=MISBEHAVING) as opened:
        opened.inspect(b"raise")
        words = "\n".join(opened.diagnosis())
    assert "sandbox_parts.py" in words
    assert "RuntimeError" in words
    assert SECRET not in words


@pytest.mark.parametrize(
    ("parts", "kind", "says"),
    [
        pytest.param("no_models", ModelError, "centerface.onnx is missing", id="a-missing-model"),
        pytest.param("broken", SandboxError, "ended before it was ready", id="a-broken-part"),
        pytest.param("nothing_of_that_name", SandboxError, "ended before it was ready", id="no-such-part"),
        pytest.param("slow_to_start", SandboxError, "took too long to start", id="a-hang"),
    ],
)
def test_a_process_that_does_not_get_ready_is_a_model_error(parts: str, kind: type[ModelError], says: str) -> None:
    opened = SandboxedInspector(parts=f"tests.contract.sandbox_parts:{parts}", start_seconds=4)
    with pytest.raises(kind, match=says) as failure:
        opened.inspect(a_picture())
    assert isinstance(failure.value, ModelError)
    assert SECRET not in str(failure.value)
    opened.close()


def test_a_python_that_cannot_be_started_is_a_model_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SandboxError, match="cannot be started"):
        SandboxedInspector(parts=MISBEHAVING).inspect(a_picture())


def is_left(pid: int) -> bool:
    """Whether there is a process or a zombie of this id among the children of this process."""
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def test_nothing_is_left_after_closing() -> None:
    threads = threading.active_count()
    opened = SandboxedInspector(parts=MISBEHAVING)
    opened.inspect(a_picture())
    pid = opened.process_id
    assert pid is not None
    assert is_left(pid)
    opened.close()
    opened.close()
    assert not is_left(pid)
    assert threading.active_count() == threads
    with pytest.raises(SandboxError, match="closed"):
        opened.inspect(a_picture())


def test_nothing_is_left_of_a_process_that_was_too_slow(impatient: SandboxedInspector) -> None:
    assert is_fine(impatient.inspect(a_picture()))
    pid = impatient.process_id
    assert pid is not None
    impatient.inspect(b"spin")
    assert not is_left(pid)


def test_a_process_killed_between_two_pictures_is_replaced(inspector: SandboxedInspector) -> None:
    assert is_fine(inspector.inspect(a_picture()))
    pid = inspector.process_id
    assert pid is not None
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 5
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert is_fine(inspector.inspect(a_picture()))
    assert inspector.process_id != pid


def test_the_process_outlives_the_thread_that_first_asked() -> None:
    opened = SandboxedInspector(parts=MISBEHAVING)
    first = threading.Thread(target=opened.inspect, args=(a_picture(),))
    first.start()
    first.join()
    pid = opened.process_id
    time.sleep(0.3)
    assert is_fine(opened.inspect(a_picture()))
    assert opened.process_id == pid
    opened.close()


def test_an_interrupted_answer_is_not_taken_for_the_next_one(
    inspector: SandboxedInspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "read_frame", interrupt)
        with pytest.raises(KeyboardInterrupt):
            inspector.inspect(a_picture(size=(10, 10)))
    assert inspector.inspect(a_picture(size=(20, 20))).width == 20


PARENT = """
import sys
from vision.sandbox import SandboxedInspector
inspector = SandboxedInspector(seconds=600, parts="tests.contract.sandbox_parts:misbehaving").__enter__()
print(inspector.process_id, flush=True)
inspector.inspect(b"spin")
"""


def test_the_process_dies_with_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    time.sleep(0.3)
    assert is_running(pid)
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)


def test_several_threads_get_their_own_answers(inspector: SandboxedInspector) -> None:
    widths: dict[int, int] = {}

    def look(width: int) -> None:
        widths[width] = inspector.inspect(a_picture(size=(width, 20))).width

    threads = [threading.Thread(target=look, args=(width,)) for width in range(10, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert widths == {width: width for width in range(10, 30)}


@pytest.mark.skipif(os.name != "posix", reason="no limit on processor time on this system")
def test_processor_time_is_limited() -> None:
    code = "from vision import limits\nlimits.limit_processor(0.1)\nwhile True: pass"
    before = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert ended.returncode == -signal.SIGXCPU
    assert time.monotonic() - before < 30


def test_a_picture_of_many_megabytes_goes_through(inspector: SandboxedInspector) -> None:
    found = inspector.inspect(a_picture() + bytes(30_000_000))
    assert is_fine(found)


@pytest.mark.models
def test_the_real_parts_work_in_a_process_that_can_open_nothing() -> None:
    with SandboxedInspector(seconds=120) as opened:
        assert set(opened.versions()) == {"detector", "encoder", "encoder_runtime", "reader"}
        found = opened.inspect(a_picture(size=(1_200, 900)))
        assert found.problems == ()
        assert found.released is not None
        assert opened.diagnosis() == ()


@pytest.mark.models
def test_the_converted_network_is_kept_in_the_folder_it_is_given(tmp_path: Path) -> None:
    with SandboxedInspector(seconds=120, cache=tmp_path / "models") as opened:
        assert opened.versions()["encoder_runtime"] == "onnxruntime"
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".onnx"]
