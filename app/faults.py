"""Faults on purpose, for tests: `GATEPOST_FAULT_AT=point:/path/of/a/marker` kills this process at that point, once.

The marker file is made just before the kill, and no kill happens where it is there already.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

POINTS = ("claimed", "looked", "decided", "recorded")
SEALING_POINTS = ("key-added", "key-rewrapped", "key-dropped", "file-sealed")


def point(name: str) -> None:
    """Die here if the environment asks for it."""
    wanted, _, marker = os.environ.get("GATEPOST_FAULT_AT", "").partition(":")
    if wanted != name or not marker or Path(marker).exists():
        return
    Path(marker).touch()
    os.kill(os.getpid(), signal.SIGKILL)
