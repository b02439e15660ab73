"""Looking at pictures in a process of its own, which may die of a picture without taking anything along.

The process is started once and kept warm. It limits itself (limits.py); here are the limits from outside: so many
seconds by the clock, and nothing that it says is taken on trust (wire.py).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

from vision.errors import ModelError, SandboxError, WireError
from vision.findings import PictureFindings, ProblemCode
from vision.inspection import InspectionRequest
from vision.wire import findings_of, read_frame, request_header, write_frame

PARTS = "vision.inspection:load_eyes"
START_SECONDS = 180.0  # loading the models takes seconds; a slow disk and a busy machine take longer

_UNSAFE = "This picture could not be opened safely. Open it, save it as JPEG and add it again."
_TOO_SLOW = "This picture took too long to open safely. Make it smaller, save it as JPEG and add it again."
_MOST_RELEASED = 64_000_000  # bytes of a released file
_LAST_LINES = 40

# A picture's memory is kept for the next one: the kernel clears every page that it gives out anew, which takes as long
# as decoding does. Fewer arenas keep the C library from setting memory aside.
ALLOCATOR = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "134217728",
    "MALLOC_TRIM_THRESHOLD_": "402653184",
}

# Nothing else of the environment goes to the process that looks: settings may hold secrets.
_ENVIRONMENT = (
    *("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "TMPDIR"),
)


class SandboxedInspector:
    """An Inspector whose work is done in another process. Use it as a context manager, or close it.

    `seconds` is what one picture may take by the clock, `memory` what the process may take in bytes; `cache` is the
    folder in which it keeps, before it limits itself, what it makes of a model file; `threads` work on one picture,
    as many as there are processors where none is given; `ocr` is what reads texts, `weights` the folder with EasyOCR's
    (inspection.load_eyes). One picture at a time: further callers wait. A picture that
    takes too long, or kills the process, is unreadable; the next one gets a new process.
    """

    def __init__(
        self,
        seconds: float = 60.0,
        memory: int = 3_000_000_000,
        parts: str = PARTS,
        start_seconds: float = START_SECONDS,
        cache: Path | None = None,
        threads: int | None = None,
        ocr: str = "",
        weights: Path | None = None,
    ) -> None:
        self._command = [sys.executable, "-P", "-m", "vision.sandbox_child", parts, str(memory), str(seconds)]
        folders = [str(folder.absolute()) if folder else "" for folder in (cache, weights)]
        self._command += [str(threads or 0), folders[0], ocr, folders[1]]
        self._seconds = seconds
        self._start_seconds = start_seconds
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._closed = False

    def __enter__(self) -> SandboxedInspector:
        with self._lock:
            self._ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def inspect(self, content: bytes, request: InspectionRequest | None = None) -> PictureFindings:
        """Look at one picture. Raises ModelError where no process can be started that looks."""
        request = request or InspectionRequest()
        with self._lock:
            process = self._ready()
            try:
                header, body = process.ask(request_header(request), content, self._seconds)
                return findings_of(header, body, request)
            except (EOFError, OSError, WireError):
                process.end()
                because = _TOO_SLOW if process.too_slow else _UNSAFE
                return PictureFindings.not_looked_at(ProblemCode.UNREADABLE, because)
            except BaseException:  # an interrupt, say: an answer may be half read
                process.end()
                raise

    def versions(self) -> dict[str, str]:
        """The version of each part; raises ModelError where no process can be started."""
        with self._lock:
            return dict(self._ready().versions)

    def protections(self) -> dict[str, str]:
        """What holds the process in, in plain words, for `gatepost doctor`; raises ModelError like `versions`."""
        with self._lock:
            own = {"process": "one of its own", "clock": f"at most {self._seconds:g} seconds for a picture"}
            return own | self._ready().protections

    @property
    def process_id(self) -> int | None:
        """The process that looks, None before the first one is started."""
        process = self._process
        return process.id if process else None

    def diagnosis(self) -> tuple[str, ...]:
        """The last lines that the process wrote to standard error: places in the code, no content."""
        process = self._process
        return tuple(process.last_lines) if process else ()

    def close(self) -> None:
        """End the process and wait for it."""
        with self._lock:
            self._closed = True
            if self._process:
                self._process.end()

    def _ready(self) -> _Process:
        if self._closed:
            raise SandboxError("This inspector was closed.")
        if self._process is None or not self._process.is_alive():
            if self._process:
                self._process.end()
            self._process = _Process(self._command, self._start_seconds)
        return self._process


class _Process:
    """One process that looks, from its first frame to its end. Raises ModelError where it does not get ready."""

    def __init__(self, command: list[str], start_seconds: float) -> None:
        self.too_slow = False
        self.last_lines: deque[str] = deque(maxlen=_LAST_LINES)
        started: Future[subprocess.Popen[bytes]] = Future()
        self._keeper = threading.Thread(target=self._keep, args=(command, started), daemon=True)
        self._keeper.start()
        try:
            self._child = started.result()
        except OSError as error:
            raise SandboxError("The process that looks at pictures cannot be started.") from error
        self._questions = cast(IO[bytes], self._child.stdin)
        self._answers = cast(IO[bytes], self._child.stdout)
        try:
            self.versions, self.protections = self._introduction(start_seconds)
        except BaseException:
            self.end()
            raise

    @property
    def id(self) -> int:
        return self._child.pid

    def is_alive(self) -> bool:
        return not self.too_slow and self._child.poll() is None

    def ask(self, header: dict[str, Any], content: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send a frame and wait for the answer; raises EOFError, OSError or WireError where none comes in time."""
        with self._deadline(seconds):
            write_frame(self._questions, header, content)
            return read_frame(self._answers, _MOST_RELEASED)

    def end(self) -> None:
        """Kill the process if it runs, and leave nothing of it behind."""
        self._kill()
        self._child.wait()
        self._keeper.join(5)
        for pipe in (self._questions, self._answers):
            with contextlib.suppress(OSError):  # a frame that was not sent is still in the buffer
                pipe.close()

    def _introduction(self, seconds: float) -> tuple[dict[str, str], dict[str, str]]:
        try:
            with self._deadline(seconds):
                header, _ = read_frame(self._answers)
        except (EOFError, OSError, WireError) as error:
            self.end()
            why = "took too long to start" if self.too_slow else "ended before it was ready"
            last = f" Its last words: {self.last_lines[-1]}" if self.last_lines else ""
            raise SandboxError(f"The process that looks at pictures {why}.{last}") from error
        if header.get("ready") is not True:
            raise ModelError(str(header.get("because", "The process that looks at pictures is not ready.")))
        return _words(header.get("versions")), _words(header.get("protections"))

    @contextlib.contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """Kill the process when the time is over: whoever waits on its pipes then sees them close."""

        def give_up() -> None:
            self.too_slow = True
            self._kill()

        timer = threading.Timer(seconds, give_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()  # it may be at work just now

    def _kill(self) -> None:
        if self._child.poll() is None:
            with contextlib.suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(self._child.pid, signal.SIGKILL)
                else:
                    self._child.kill()

    def _keep(self, command: list[str], started: Future[subprocess.Popen[bytes]]) -> None:
        """Start the process and listen to it until it ends.

        Linux kills it when the thread that started it ends, so that thread may not be one of the caller's.
        """
        try:
            child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
                start_new_session=True,  # an interrupt at the terminal is the parent's to handle
            )
        except OSError as error:
            started.set_exception(error)
            return
        started.set_result(child)
        with cast(IO[bytes], child.stderr) as errors:
            for line in iter(lambda: errors.readline(1_000), b""):
                self.last_lines.append(line.decode("utf-8", "replace").rstrip())


def _words(value: object) -> dict[str, str]:
    """What the process says of itself before it has seen any picture."""
    return {str(key): str(word) for key, word in value.items()} if isinstance(value, dict) else {}


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    threads = str(min(os.cpu_count() or 1, 4))
    # The first two are for libraries that count processors by themselves.
    return kept | {
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        **ALLOCATOR,
    }
