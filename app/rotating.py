"""Exchanging the key-encryption key: every data key is wrapped anew, in small steps, while the service runs.

Each step is whole, and the next run finds from what is there how far the last one came: the new key is in the file
before anything is wrapped under it, and an old one leaves the file only when nothing is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update
from sqlmodel import select as select_rows

from app import audit, faults
from app.db import reading, writing
from app.models import AuditTag
from consent.models import School
from consent.vault.envelope import wrap
from consent.vault.keyring import KeyFile, Keyring, new_key
from consent.vault.vault import TABLE, Vault, vault_of

BATCH = 100
PAUSE_SECONDS = 0.05  # between batches, in which others may write


@dataclass(frozen=True, slots=True)
class KeyState:
    """One key-encryption key: how many data keys are wrapped under it, and whether it is at hand."""

    id: str
    data_keys: int
    at_hand: bool
    newest: bool


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did. `resumed`: it went on with one that was broken off, so no key was added."""

    key_id: str
    resumed: bool
    rewrapped: int
    dropped: tuple[str, ...]


def key_states(engine: Engine) -> list[KeyState]:
    """The keys at hand, newest first, then those that are missing. Raises KeyUnavailable."""
    with reading(engine) as session:
        counts = _counts(session.connection())
        keyring = vault_of(session).source.read()
    known = [KeyState(key.id, counts.pop(key.id, 0), True, key == keyring.current) for key in keyring.keys]
    return known + [KeyState(kek_id, count, at_hand=False, newest=False) for kek_id, count in sorted(counts.items())]


def rotate(engine: Engine, actor: str = "cli") -> Rotation:
    """Wrap every data key under a new key and drop the old ones, or end a rotation that was broken off.

    With keys from the environment none is added or dropped: everything is wrapped under the first one there.
    Raises KeyUnavailable.
    """
    vault = vault_of(engine)
    source = vault.source
    with writing(engine) as session:
        vault.prepare(session.connection())  # every data key can be opened, or nothing is begun
        keyring = source.read()
        counts = _counts(session.connection())
        resumed = len(keyring.keys) > 1 or bool(set(counts) - {keyring.current.id})
        if isinstance(source, KeyFile):
            source.remove_leftovers()
            if not resumed:
                source.replace([new_key(), *keyring.keys])
                keyring = source.read()
    faults.point("key-added")
    rewrapped = 0
    while done := _rewrap_some(engine, vault, keyring):
        rewrapped += done
        faults.point("key-rewrapped")
        time.sleep(PAUSE_SECONDS)
    return Rotation(keyring.current.id, resumed, rewrapped, _drop_old(engine, keyring, rewrapped, actor))


def _rewrap_some(engine: Engine, vault: Vault, keyring: Keyring) -> int:
    with writing(engine) as session:
        connection = session.connection()
        keys = vault.some_not_under(connection, keyring.current.id, BATCH)
        for key in keys:
            changed = {"wrapped": wrap(keyring.current, key), "kek_id": keyring.current.id}
            connection.execute(update(TABLE).where(TABLE.c.id == key.id).values(changed))
        return len(keys)


def _drop_old(engine: Engine, keyring: Keyring, rewrapped: int, actor: str) -> tuple[str, ...]:
    """Leave the newest key alone in the file. The write lock is held: nobody wraps under another meanwhile."""
    old = tuple(key.id for key in keyring.keys[1:])
    source = vault_of(engine).source
    with writing(engine) as session:
        used: dict[str, Any] = _counts(session.connection())
        dropped = tuple(each for each in old if each not in used) if isinstance(source, KeyFile) else ()
        for school in session.exec(select_rows(School)):
            audit.record(
                session,
                school.id,
                AuditTag.ENCRYPTION_KEY_ROTATED,
                school.id,
                actor=actor,
                newest=keyring.current.id,
                dropped=list(dropped),
                rewrapped=rewrapped,
            )
        session.flush()
        if isinstance(source, KeyFile):
            source.replace([key for key in keyring.keys if key.id not in dropped])
    faults.point("key-dropped")
    return dropped


def _counts(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(TABLE.c.kek_id, func.count()).group_by(TABLE.c.kek_id))
    return {row[0]: int(row[1]) for row in rows}
