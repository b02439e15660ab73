"""What the process that looks at pictures does to itself, so that a hostile file that takes it over gains nothing.

Each function says in plain words what is in force now, for `gatepost doctor`: that depends on the system.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import math
import os
import sys
from pathlib import Path
from typing import Any

from vision import syscalls

resource: Any = importlib.import_module("resource") if os.name == "posix" else None
_LINUX: bool = sys.platform.startswith("linux")
NOT_HERE = "not on this system"
_MOST_OPEN_FILES = 32  # it holds three pipes, and the libraries a few descriptors of their own
_KILL_WITH_PARENT = 1  # linux/prctl.h
_SIGKILL = 9
_NOBODY = 65534


def protect(memory: int) -> dict[str, str]:
    """Everything but the limit on processor time, from now on and for good; `memory` in bytes."""
    return {
        "memory": _limit_memory(memory),
        "files": _limit_files(),
        "user": _leave_root(),
        "parent": _die_with_parent(),  # after the change of user, which clears it
        "system calls": _filter_system_calls(),
    }


def give_memory_back() -> None:
    """Return what is free to the system, where the C library can: it keeps much of it for the next picture.

    What is kept counts as taken, and new threads need memory of their own.
    """
    gc.collect()
    if _LINUX:
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in every C library
        if trim is not None:
            trim(0)


def limit_processor(seconds: float) -> None:
    """Let this process use so many seconds of processor time from now on; the kernel kills it then."""
    if resource is None:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(usage.ru_utime + usage.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _limit_memory(memory: int) -> str:
    if resource is None or not _LINUX:  # macOS has the call and does not keep to it
        return NOT_HERE
    # The limit counts address space, of which libraries set aside much that they never use: that part comes on top.
    pages, resident = (int(number) for number in Path("/proc/self/statm").read_text().split()[:2])
    total = memory + (pages - resident) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    total = total if hard == resource.RLIM_INFINITY else min(total, hard)
    resource.setrlimit(resource.RLIMIT_AS, (total, total))
    return f"at most {memory / 1e9:.1f} GB"


def _limit_files() -> str:
    if resource is None:
        return NOT_HERE
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_OPEN_FILES, _MOST_OPEN_FILES))
    return "nothing can be written to a file, no core dump is kept"


def _leave_root() -> str:
    if os.name != "posix":
        return NOT_HERE
    if os.geteuid() != 0:
        return "not root"
    try:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    except OSError:
        return "still root: this system does not let it become nobody"
    return "root became nobody"


def _die_with_parent() -> str:
    if not _LINUX:
        return "ends when its pipe closes"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_KILL_WITH_PARENT, _SIGKILL, 0, 0, 0) != 0:
        return "ends when its pipe closes"
    return "killed when its parent ends"


def _filter_system_calls() -> str:
    machine = syscalls.machine()
    if machine is None:
        return NOT_HERE
    try:
        syscalls.install(machine)
    except OSError as error:
        return f"not in force: {error.strerror}"
    return "no file, no network, no program, no other process"
