"""The system calls that are left to the process that looks at pictures, as a filter that the Linux kernel applies.

After its models are loaded the process needs memory, threads, clocks and the two pipes it already holds. It can open no
file and no socket, start no program, signal nobody else and make no memory executable: all of that fails with EPERM.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from dataclasses import dataclass

# linux/filter.h, linux/seccomp.h, linux/audit.h, linux/prctl.h, linux/sched.h
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_NO_NEW_PRIVILEGES = 38
_NAME_A_THREAD, _NAME_MEMORY = 15, 0x53564D41
_CLONE_THREAD = 0x00010000
_EXECUTABLE = 0x4

# clone3 hides its flags in memory, where a filter cannot see them; where the kernel seems not to know it, the C library
# goes back to clone, whose flags can be seen. The same goes for calls that are newer than this list.
_NEWEST_KNOWN = 460


@dataclass(frozen=True, slots=True)
class Machine:
    """A processor's way of numbering calls: `always` may be made, the others only as `program` says."""

    audit: int
    seccomp: int
    always: frozenset[int]
    clone: int
    clone3: int
    mmap: int
    mprotect: int
    prctl: int
    prlimit: int
    tgkill: int
    other_numbers_from: int | None = None  # x86-64: a second numbering (x32) starts here


# In the order of linux/asm/unistd_64.h: read write close fstat poll lseek munmap brk rt_sigaction rt_sigprocmask
# rt_sigreturn pread64 pwrite64 readv writev sched_yield mremap madvise nanosleep getpid exit uname gettimeofday
# getrlimit getrusage sysinfo times getuid getgid geteuid getegid getppid sigaltstack gettid futex sched_getaffinity
# restart_syscall clock_gettime clock_getres clock_nanosleep exit_group get_mempolicy set_robust_list get_robust_list
# ppoll getcpu getrandom membarrier rseq futex_waitv
X86_64 = Machine(
    audit=0xC000003E,
    seccomp=317,
    always=frozenset(
        {0, 1, 3, 5, 7, 8, 11, 12, 13, 14, 15, 17, 18, 19, 20, 24, 25, 28, 35, 39, 60, 63, 96, 97, 98, 99, 100, 102}
        | {104, 107, 108, 110, 131, 186, 202, 204, 219, 228, 229, 230, 231, 239, 273, 274, 271, 309, 318, 324, 334, 449}
    ),
    clone=56,
    clone3=435,
    mmap=9,
    mprotect=10,
    prctl=157,
    prlimit=302,
    tgkill=234,
    other_numbers_from=0x40000000,
)
# The same calls in the numbering of asm-generic/unistd.h.
AARCH64 = Machine(
    audit=0xC00000B7,
    seccomp=277,
    always=frozenset(
        {57, 62, 63, 64, 65, 66, 67, 68, 73, 80, 93, 94, 98, 99, 100, 101, 113, 114, 115, 123, 124, 128, 132, 134, 135}
        | {139, 153, 160, 163, 165, 168, 169, 172, 173, 174, 175, 176, 177, 178, 179, 214, 215, 216, 233, 236, 278}
        | {283, 293, 449}
    ),
    clone=220,
    clone3=435,
    mmap=222,
    mprotect=226,
    prctl=167,
    prlimit=261,
    tgkill=131,
)
MACHINES = {"x86_64": X86_64, "aarch64": AARCH64}


def machine() -> Machine | None:
    """This machine's numbering; None where the filter is not to be had (not Linux, another or a 32-bit processor)."""
    if not hasattr(os, "uname") or os.uname().sysname != "Linux" or ctypes.sizeof(ctypes.c_void_p) != 8:
        return None
    return MACHINES.get(os.uname().machine)


def program(of: Machine, pid: int) -> bytes:
    """The filter in the kernel's own code (classic BPF) for the process `pid`."""
    rules = b"".join(
        (
            _load(_ARCHITECTURE_AT),
            _jump(_EQUAL, of.audit, then=1, otherwise=0),
            _return(_FAIL | errno.EPERM),
            _load(_NUMBER_AT),
        )
    )
    if of.other_numbers_from is not None:
        rules += _jump(_AT_LEAST, of.other_numbers_from, then=0, otherwise=1) + _return(_FAIL | errno.EPERM)
    for number in sorted(of.always):
        rules += _jump(_EQUAL, number, then=0, otherwise=1) + _return(_ALLOW)
    rules += _when(of.clone, 0, _jump(_ANY_BIT, _CLONE_THREAD, then=0, otherwise=1))
    for number in (of.mmap, of.mprotect):
        rules += _when(number, 2, _jump(_ANY_BIT, _EXECUTABLE, then=1, otherwise=0))
    rules += _when(of.prctl, 0, _jump(_EQUAL, _NAME_A_THREAD, 1, 0) + _jump(_EQUAL, _NAME_MEMORY, 0, 1))
    rules += _when(of.prlimit, 0, _jump(_EQUAL, 0, then=0, otherwise=1))
    rules += _when(of.tgkill, 0, _jump(_EQUAL, pid, then=0, otherwise=1))
    rules += _jump(_EQUAL, of.clone3, then=1, otherwise=0) + _jump(_AT_LEAST, _NEWEST_KNOWN + 1, then=0, otherwise=1)
    return rules + _return(_FAIL | errno.ENOSYS) + _return(_FAIL | errno.EPERM)


def install(of: Machine) -> None:
    """Put the filter on every thread of this process, for good; raises OSError where the kernel will not."""
    libc = ctypes.CDLL(None, use_errno=True)
    code = program(of, os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs was refused")
    if libc.syscall(of.seccomp, _SET_MODE_FILTER, _ALL_THREADS, header) != 0:
        raise OSError(ctypes.get_errno(), "the filter for system calls was refused")


def _when(number: int, argument: int, test: bytes) -> bytes:
    """Allow `number` where `test` on the low half of its argument falls through, refuse it where it jumps past."""
    body = _load(_ARGUMENTS_AT + 8 * argument) + test + _return(_ALLOW) + _return(_FAIL | errno.EPERM)
    return _jump(_EQUAL, number, then=0, otherwise=len(body) // 8) + body


def _load(at: int) -> bytes:
    return struct.pack("HBBI", _LOAD, 0, 0, at)


def _jump(kind: int, value: int, then: int, otherwise: int) -> bytes:
    return struct.pack("HBBI", kind, then, otherwise, value)


def _return(answer: int) -> bytes:
    return struct.pack("HBBI", _RETURN, 0, 0, answer)
