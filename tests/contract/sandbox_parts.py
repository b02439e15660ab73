"""Inspectors for the process that looks: they misbehave in the way that the picture's bytes name."""

from __future__ import annotations

import ctypes
import mmap
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from vision.errors import ModelError
from vision.findings import Box, Face, PictureFindings, PictureText
from vision.inspection import InspectionRequest
from vision.testing import a_picture, fake_eyes, findings_for

SECRET = "Orla Quist"


def misbehaving() -> Misbehaving:
    return Misbehaving()


def no_models() -> Misbehaving:
    raise ModelError("The file centerface.onnx is missing: install Gatepost again.")


def telling_its_options(**options: object) -> TellingItsOptions:
    return TellingItsOptions(options)


def broken() -> Misbehaving:
    raise RuntimeError(SECRET)


def slow_to_start() -> Misbehaving:
    time.sleep(60)
    return Misbehaving()


class TellingItsOptions:
    """Names what it was loaded with as its versions."""

    def __init__(self, options: dict[str, object]) -> None:
        self.options = options

    def versions(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.options.items()}

    def inspect(self, content: bytes, request: InspectionRequest) -> PictureFindings:
        return fake_eyes().inspect(content, request)


class Misbehaving:
    def versions(self) -> dict[str, str]:
        return {"detector": "misbehaving@1"}

    def inspect(self, content: bytes, request: InspectionRequest) -> PictureFindings:
        name = content.decode("ascii", "replace").partition(":")
        if name[0] == "try":
            return self._told(_outcome(ATTEMPTS[name[2]]))
        if name[0] in MISCHIEF:
            return MISCHIEF[name[0]]()
        return fake_eyes().inspect(content, request)

    def _told(self, words: str) -> PictureFindings:
        return findings_for(a_picture(), texts=[PictureText(Box(0, 0, 9, 9), words, 1.0)])


def _outcome(attempt: Callable[[], object]) -> str:
    try:
        return f"done: {attempt()}"
    except OSError as error:
        return os.strerror(error.errno or 0)


def _read_a_file() -> object:
    with open("/etc/hostname") as file:
        return file.read()


def _write_a_file() -> object:
    with open("/tmp/gatepost-was-here", "w") as file:  # noqa: S108
        return file.write(SECRET)


def _connect() -> object:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", 9))


def _fork() -> object:
    child = os.fork()
    if child == 0:
        os._exit(0)
    return os.waitpid(child, 0)


def _call(name: str, *arguments: object) -> object:
    libc = ctypes.CDLL(None, use_errno=True)
    if (answer := getattr(libc, name)(*arguments)) < 0:
        raise OSError(ctypes.get_errno(), name)
    return answer


def _make_memory_executable() -> object:
    with mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC) as memory:
        return len(memory)


def _start_a_thread() -> object:
    said: list[str] = []
    thread = threading.Thread(target=lambda: said.append("a thread ran"))
    thread.start()
    thread.join()
    return said[0]


ATTEMPTS: dict[str, Callable[[], object]] = {
    "read a file": _read_a_file,
    "write a file": _write_a_file,
    "list a folder": lambda: os.listdir("/"),
    "open a socket": _connect,
    "ask the kernel over a socket": lambda: _call("socket", 16, 3, 0),
    "fork": _fork,
    "run a program": lambda: subprocess.run(["/bin/true"], check=False).returncode,
    "replace itself": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
    "signal its parent": lambda: os.kill(os.getppid(), 0),
    "trace its parent": lambda: _call("ptrace", 16, os.getppid(), 0, 0),
    "make memory executable": _make_memory_executable,
    "become root": lambda: os.setuid(0),
    "start a thread": _start_a_thread,
    "tell its environment": lambda: " ".join(sorted(os.environ)),
    "tell its user": os.getuid if hasattr(os, "getuid") else lambda: "nobody",
    "read its input": lambda: sys.stdin.read(),
}


def _sleep() -> PictureFindings:
    time.sleep(600)
    return findings_for(a_picture())


def _spin() -> PictureFindings:
    while True:
        pass


def _crash() -> PictureFindings:
    ctypes.string_at(0)
    return findings_for(a_picture())


def _exit() -> PictureFindings:
    os._exit(0)


def _raise() -> PictureFindings:
    raise RuntimeError(SECRET)


def _eat() -> PictureFindings:
    eaten = [bytearray(100_000_000) for _ in range(200)]
    return findings_for(a_picture(size=(len(eaten), 8)))


def _shout() -> PictureFindings:
    print(SECRET * 10_000, flush=True)
    os.write(1, b"GPv1" * 1_000)
    return findings_for(a_picture())


def _lie() -> PictureFindings:
    return replace(findings_for(a_picture()), faces=(Face(Box(0, 0, 5_000, 5_000), 0.9),))


def _smuggle() -> PictureFindings:
    honest = findings_for(a_picture())
    assert honest.released is not None
    return replace(honest, released=replace(honest.released, content=honest.released.content + SECRET.encode()))


def _send_no_frame() -> PictureFindings:
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, b"no frame at all, but longer than one" * 10)
        except OSError:
            continue
    return findings_for(a_picture())


MISCHIEF: dict[str, Callable[[], PictureFindings]] = {
    "sleep": _sleep,
    "spin": _spin,
    "crash": _crash,
    "exit": _exit,
    "raise": _raise,
    "eat": _eat,
    "shout": _shout,
    "lie": _lie,
    "smuggle": _smuggle,
    "send no frame": _send_no_frame,
}
