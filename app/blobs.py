"""The picture store: a folder on disk. A picture is on the disk for good before any row speaks of it, and never plain.

Pictures are sealed under their draft's data key; what is half written is ciphertext, too.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine

from app import faults
from consent.vault.envelope import MAGIC, DataKey, OwnerKind, Place, seal
from consent.vault.errors import Erased, SealBroken
from consent.vault.vault import vault_of

ORPHAN_AGE_SECONDS = 3600.0
PLACE = "pictures"


class PictureStore:
    """Bytes by draft and name. The seam for another store: `put`, `get`, `remove`, `sweep`."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        """`engine` is the database with the drafts' data keys."""
        self._folder, self._engine = folder, engine

    def put(self, draft_id: str, name: str, content: bytes, key: DataKey | None = None) -> None:
        """Keep the bytes; when this returns they survive a crash. An existing file of that name is replaced at once.

        `key` is the draft's data key where it is not in the database yet. Raises Erased where there is none.
        """
        if key is None:
            with self._engine.connect() as connection:
                key = vault_of(connection).key_of(connection, OwnerKind.DRAFT, draft_id)
        sealed = seal(key, Place(PLACE, f"{draft_id}/{name}"), content)
        folder = self._folder / draft_id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_for_good(folder / name, sealed)
        sync_folder(self._folder)

    def get(self, draft_id: str, name: str) -> bytes:
        """The bytes as they were put; raises Erased or SealBroken."""
        sealed = (self._folder / draft_id / name).read_bytes()
        with self._engine.connect() as connection:
            place = Place(PLACE, f"{draft_id}/{name}")
            return vault_of(connection).opened(connection, OwnerKind.DRAFT, draft_id, place, sealed)

    def remove(self, draft_id: str) -> None:
        shutil.rmtree(self._folder / draft_id, ignore_errors=True)

    def seal_plain(self, drafts: Iterable[str]) -> None:
        """Seal whatever an older version left plain; what is half written or belongs to no draft is removed.

        Nothing else may be putting pictures of an older kind meanwhile.
        """
        known = set(drafts)
        for folder in [each for each in self._folder.iterdir() if each.is_dir()] if self._folder.is_dir() else []:
            for path in sorted(folder.iterdir()):
                if path.name.startswith(".") or (folder.name not in known and not self._looks_sealed(path)):
                    path.unlink(missing_ok=True)
                elif folder.name in known and not self._is_sealed(folder.name, path.name):
                    self.put(folder.name, path.name, path.read_bytes())
                    faults.point("file-sealed")

    def _looks_sealed(self, path: Path) -> bool:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC

    def _is_sealed(self, draft_id: str, name: str) -> bool:
        if not self._looks_sealed(self._folder / draft_id / name):
            return False
        try:
            self.get(draft_id, name)
        except (SealBroken, Erased):
            return False
        return True

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


def write_for_good(path: Path, content: bytes) -> None:
    """Put the bytes where `path` says, all at once, and on the disk."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows cannot open a folder
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
