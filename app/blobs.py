"""The picture store: a folder on disk. A picture is on the disk for good before any row speaks of it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

ORPHAN_AGE_SECONDS = 3600.0


class PictureStore:
    """Bytes by draft and name. The seam for another store: `put`, `get`, `remove`, `sweep`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, draft_id: str, name: str, content: bytes) -> None:
        """Keep the bytes; when this returns they survive a crash. An existing file of that name is replaced at once."""
        folder = self._folder / draft_id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = folder / f".{name}.part"
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(folder / name)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(folder)
        _sync_folder(self._folder)

    def get(self, draft_id: str, name: str) -> bytes:
        return (self._folder / draft_id / name).read_bytes()

    def remove(self, draft_id: str) -> None:
        shutil.rmtree(self._folder / draft_id, ignore_errors=True)

    def sweep(self, known: Iterable[str]) -> int:
        """Remove what no draft owns and what half a write left behind, older than an hour; returns how many."""
        if not self._folder.is_dir():
            return 0
        owned, removed, oldest = set(known), 0, time.time() - ORPHAN_AGE_SECONDS
        for folder in self._folder.iterdir():
            if folder.name not in owned and folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
                continue
            for left in folder.glob(".*.part"):
                if left.stat().st_mtime < oldest:
                    left.unlink(missing_ok=True)
                    removed += 1
        return removed


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows cannot open a folder
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
