"""Each guard of the process that looks holds by itself, and what it holds back goes through without it."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vision import syscalls
from vision.sandbox import SandboxedInspector
from vision.testing import fake_eyes
from vision.wire import findings_frame

ROOT = Path(__file__).parents[2]
ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="this guard needs Linux")
FILTERED = pytest.mark.skipif(syscalls.machine() is None, reason="no filter of system calls on this system")

START = """
import mmap, os, socket, subprocess, sys
from vision import limits
try:
    print(eval(sys.argv[2]) if sys.argv[1] == "without" else (eval(sys.argv[1]), eval(sys.argv[2]))[1])
except MemoryError:
    print("out of memory")
except OSError as error:
    print(error.strerror)
"""
REFUSED = "Operation not permitted"


def said(guard: str, attempt: str) -> str:
    """What a fresh process says that puts this guard up ("without": none) and then makes this attempt."""
    ended = subprocess.run(
        [sys.executable, "-c", START, guard, attempt], check=False, capture_output=True, text=True, timeout=60, cwd=ROOT
    )
    return ended.stdout.strip() if ended.returncode == 0 else ""


@FILTERED
@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param("len(open('/etc/hostname').read())", id="files"),
        pytest.param("len(os.listdir('/'))", id="folders"),
        pytest.param("socket.socket().close()", id="network"),
        pytest.param("subprocess.run(['/bin/true'])", id="programs"),
        pytest.param("os.waitpid(os.fork() or os._exit(0), 0)", id="processes"),
        pytest.param("os.kill(os.getppid(), 0)", id="signals"),
        pytest.param("mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)", id="own-code"),
    ],
)
def test_the_filter_alone_holds_back_what_goes_through_without_it(attempt: str) -> None:
    assert said("limits._filter_system_calls()", attempt) == REFUSED
    assert said("without", attempt) not in (REFUSED, "")


@ON_LINUX
def test_the_limit_on_files_alone_keeps_anything_from_being_written(tmp_path: Path) -> None:
    guarded, free = tmp_path / "guarded", tmp_path / "free"
    assert said("limits._limit_files()", f"open({str(guarded)!r}, 'wb', 0).write(b'Orla')") == "File too large"
    assert guarded.read_bytes() == b""
    assert said("without", f"open({str(free)!r}, 'wb', 0).write(b'Orla')") == "4"


@ON_LINUX
def test_the_limit_on_open_files_alone_holds() -> None:
    many = "len([open('/dev/null') for _ in range(100)])"
    assert said("limits._limit_files()", many) == "Too many open files"
    assert said("without", many) == "100"


@ON_LINUX
def test_the_limit_on_memory_alone_holds() -> None:
    much = "len(bytearray(700_000_000))"
    assert said("limits._limit_memory(200_000_000)", much) == "out of memory"
    assert said("without", much) == "700000000"


def striped() -> bytes:
    """A picture with what looks like the bars of a code: the search for codes looks closer."""
    widths = np.random.default_rng(3).integers(2, 7, 60)
    row = np.repeat(np.arange(len(widths)) % 2 * 255, widths).astype(np.uint8)
    page = np.full((240, len(row) + 80), 255, np.uint8)
    page[60:180, 40 : 40 + len(row)] = row
    out = io.BytesIO()
    Image.fromarray(page).convert("RGB").save(out, "PNG")
    return out.getvalue()


def test_nothing_that_looks_at_a_picture_is_loaded_only_when_no_file_can_be_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with SandboxedInspector(seconds=60, parts="vision.testing:fake_eyes") as inspector:
        found = inspector.inspect(striped())
    assert found.problems == ()
    assert findings_frame(found) == findings_frame(fake_eyes().inspect(striped()))
