"""The filter leaves memory, threads and open pipes, and refuses files, sockets, programs and other processes."""

from __future__ import annotations

import errno
import struct

import pytest

from vision.syscalls import AARCH64, MACHINES, X86_64, Machine, program

ALLOWED, EPERM, ENOSYS = "allowed", "EPERM", "ENOSYS"
PID = 4321

# From the kernel's own tables: linux/asm/unistd_64.h and asm-generic/unistd.h.
X86_64_NUMBERS = {
    "read": 0, "write": 1, "open": 2, "close": 3, "mmap": 9, "mprotect": 10, "brk": 12, "ioctl": 16, "socket": 41,
    "connect": 42, "sendto": 44, "bind": 49, "clone": 56, "fork": 57, "vfork": 58, "execve": 59, "kill": 62,
    "unlink": 87, "ptrace": 101, "futex": 202, "tgkill": 234, "openat": 257, "prctl": 157, "prlimit": 302,
    "process_vm_readv": 310, "seccomp": 317, "memfd_create": 319, "bpf": 321, "execveat": 322, "userfaultfd": 323,
    "io_uring_setup": 425, "pidfd_open": 434, "clone3": 435, "openat2": 437, "exit_group": 231, "mount": 165,
    "stat": 4, "rename": 82, "setuid": 105, "unshare": 272, "keyctl": 250,
}  # fmt: skip
AARCH64_NUMBERS = {
    "read": 63, "write": 64, "close": 57, "mmap": 222, "mprotect": 226, "brk": 214, "ioctl": 29, "socket": 198,
    "connect": 203, "sendto": 206, "bind": 200, "clone": 220, "execve": 221, "kill": 129, "unlinkat": 35,
    "ptrace": 117, "futex": 98, "tgkill": 131, "openat": 56, "prctl": 167, "prlimit": 261, "process_vm_readv": 270,
    "seccomp": 277, "memfd_create": 279, "bpf": 280, "execveat": 281, "userfaultfd": 282, "io_uring_setup": 425,
    "pidfd_open": 434, "clone3": 435, "openat2": 437, "exit_group": 94, "mount": 40, "newfstatat": 79,
    "renameat2": 276, "setuid": 146, "unshare": 97, "keyctl": 219,
}  # fmt: skip
NUMBERS = {"x86_64": X86_64_NUMBERS, "aarch64": AARCH64_NUMBERS}
LEFT = {"read", "write", "close", "brk", "futex", "exit_group"}
BY_ARGUMENT = {"mmap", "mprotect", "clone", "clone3", "prctl", "prlimit", "tgkill"}


def answer(of: Machine, number: int, *arguments: int, audit: int | None = None) -> str:
    """What the filter says to a call: classic BPF on linux/seccomp.h's seccomp_data, run by hand."""
    data = struct.pack("<iIQ6Q", number, audit or of.audit, 0, *arguments, *[0] * (6 - len(arguments)))
    code = program(of, PID)
    at = accumulator = 0
    while True:
        kind, then, otherwise, value = struct.unpack_from("HBBI", code, 8 * at)
        at += 1
        if kind == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif kind == 0x06:
            return {0x7FFF0000: ALLOWED, 0x50000 | errno.EPERM: EPERM, 0x50000 | errno.ENOSYS: ENOSYS}[value]
        else:
            test = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[kind]
            at += then if test else otherwise


NAMED = [
    pytest.param(MACHINES[machine], number, name, id=f"{machine}-{name}")
    for machine, numbers in NUMBERS.items()
    for name, number in numbers.items()
    if name not in BY_ARGUMENT
]


@pytest.mark.parametrize(("of", "number", "name"), NAMED)
def test_only_harmless_calls_are_left(of: Machine, number: int, name: str) -> None:
    assert answer(of, number) == (ALLOWED if name in LEFT else EPERM)


CLONE_THREAD, SIGCHLD, NEW_USER = 0x10000, 17, 0x10000000


@pytest.mark.parametrize("machine", NUMBERS)
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        pytest.param("clone", (0x3D0F00 | CLONE_THREAD,), ALLOWED, id="a-thread"),
        pytest.param("clone", (SIGCHLD,), EPERM, id="a-process"),
        pytest.param("clone", (NEW_USER | SIGCHLD,), EPERM, id="a-name-space"),
        pytest.param("clone3", (), ENOSYS, id="clone-with-hidden-flags"),
        pytest.param("mmap", (0, 4096, 0x3), ALLOWED, id="memory"),
        pytest.param("mmap", (0, 4096, 0x7), EPERM, id="executable-memory"),
        pytest.param("mprotect", (0, 4096, 0x1), ALLOWED, id="read-only-memory"),
        pytest.param("mprotect", (0, 4096, 0x5), EPERM, id="memory-made-executable"),
        pytest.param("prctl", (15,), ALLOWED, id="name-a-thread"),
        pytest.param("prctl", (0x53564D41,), ALLOWED, id="name-memory"),
        pytest.param("prctl", (22,), EPERM, id="another-filter"),
        pytest.param("prctl", (1,), EPERM, id="outlive-the-parent"),
        pytest.param("prlimit", (0, 0), ALLOWED, id="own-limits"),
        pytest.param("prlimit", (1, 0), EPERM, id="limits-of-another-process"),
        pytest.param("tgkill", (PID, PID, 6), ALLOWED, id="abort-itself"),
        pytest.param("tgkill", (1, 1, 9), EPERM, id="kill-another-process"),
    ],
)
def test_some_calls_are_left_for_some_arguments(
    machine: str, name: str, arguments: tuple[int, ...], expected: str
) -> None:
    assert answer(MACHINES[machine], NUMBERS[machine][name], *arguments) == expected


@pytest.mark.parametrize("of", MACHINES.values(), ids=MACHINES)
def test_calls_that_are_not_known_yet_seem_missing(of: Machine) -> None:
    assert answer(of, 461) == ENOSYS


def test_a_second_numbering_of_the_same_processor_is_refused() -> None:
    assert answer(X86_64, 0x40000000 + 41) == EPERM
    assert answer(X86_64, 0, audit=0x40000003) == EPERM
    assert answer(AARCH64, 63, audit=0x40000028) == EPERM
