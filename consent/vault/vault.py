"""The vault: finds, makes, opens and destroys data keys, and seals single values with them.

It belongs to an engine, as the execution option `vault`. Whatever it writes goes into the caller's transaction.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.orm import Session

from consent.base import now
from consent.vault.envelope import (
    DataKey,
    KeyEncryptionKey,
    Owner,
    OwnerKind,
    Place,
    key_id_of,
    new_data_key,
    opened,
    seal,
    unwrap,
    wrap,
)
from consent.vault.errors import Erased, KeyUnavailable, SealBroken, VaultError
from consent.vault.keyring import Keyring, KeySource
from consent.vault.tables import DataKeyRow

CACHE_SECONDS = 60.0
CACHE_KEYS = 4096
TABLE: Any = DataKeyRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it
COLUMNS = [TABLE.c[name] for name in ("id", "school_id", "owner_kind", "owner_id", "wrapped", "kek_id")]
READ_TOGETHER = frozenset({OwnerKind.FACE})  # a check compares with everybody's templates, so their keys come at once


class Vault:
    """The data keys of one database."""

    def __init__(self, source: KeySource, clock: Callable[[], float] = time.monotonic) -> None:
        self.source = source
        self.made_key = False  # whether this made the first key
        self._clock = clock
        self._lock = threading.Lock()
        self._keyring: Keyring | None = None
        self._cache: OrderedDict[str, tuple[DataKey, float]] = OrderedDict()

    # -- single values -------------------------------------------------------------------------------------------

    def seal(self, session: Session, owner: Owner, place: Place, plain: bytes) -> bytes:
        """Seal a value under the owner's data key, which is made where there is none."""
        return seal(self.ensure(session.connection(), owner), place, plain)

    def open(self, session: Session, owner: Owner, place: Place, sealed: bytes) -> bytes:
        """Open a value; raises Erased, SealBroken or KeyUnavailable."""
        return self.opened(session.connection(), owner.kind, owner.owner_id, place, sealed, owner.school_id)

    def opened(
        self,
        connection: Connection,
        kind: OwnerKind,
        owner_id: str,
        place: Place,
        sealed: bytes,
        school_id: str | None = None,
    ) -> bytes:
        """Open a value that must be of this owner, and of this school where the caller can say which."""
        key = self.key_by_id(connection, key_id_of(sealed, place.column), kind)
        if key.owner != Owner(kind, school_id or key.owner.school_id, owner_id):
            raise SealBroken(place.column)
        return opened(key, place, sealed)

    # -- data keys -----------------------------------------------------------------------------------------------

    @staticmethod
    def new_key(owner: Owner) -> DataKey:
        """A data key in memory alone; `keep` stores it."""
        return new_data_key(owner)

    def keep(self, connection: Connection, key: DataKey) -> None:
        """Store a new data key, wrapped under what is the newest key at this moment.

        The keys are read anew, within a transaction that holds the write lock: a rotation that drops an old key cannot
        come between.
        """
        keyring = self._read()
        for kek_id in connection.execute(select(_end(func.min), _end(func.max))).one():
            if kek_id is not None:
                self._at_hand(keyring, kek_id)  # else this is the wrong file, and what is sealed would be torn in two
        kek = keyring.current
        values = {
            "id": key.id,
            "school_id": key.owner.school_id,
            "owner_kind": key.owner.kind.value,
            "owner_id": key.owner.owner_id,
            "wrapped": wrap(kek, key),
            "kek_id": kek.id,
            "created_at": now(),
        }
        connection.execute(insert(TABLE).values(values))

    def find(self, connection: Connection, kind: OwnerKind, owner_id: str) -> DataKey | None:
        """The owner's data key, if there is one."""
        mine = select(*COLUMNS).where(TABLE.c.owner_kind == kind.value, TABLE.c.owner_id == owner_id)
        row = connection.execute(mine).one_or_none()
        return None if row is None else self._unwrapped(row)

    def key_of(self, connection: Connection, kind: OwnerKind, owner_id: str) -> DataKey:
        """The owner's data key; raises Erased where there is none."""
        found = self.find(connection, kind, owner_id)
        if found is None:
            raise Erased(f"{kind.value} {owner_id}")
        return found

    def ensure(self, connection: Connection, owner: Owner) -> DataKey:
        """The owner's data key, made where there is none."""
        found = self.find(connection, owner.kind, owner.owner_id)
        if found is None:
            found = new_data_key(owner)
            self.keep(connection, found)
        elif found.owner != owner:
            raise VaultError(f"The data key of {owner.kind.value} {owner.owner_id} is another school's.")
        return found

    def some_not_under(self, connection: Connection, kek_id: str, limit: int) -> list[DataKey]:
        """Some data keys that are wrapped under another key than this."""
        rows = connection.execute(select(*COLUMNS).where(TABLE.c.kek_id != kek_id).limit(limit)).all()
        return [self._unwrapped(row) for row in rows]

    def key_by_id(self, connection: Connection, key_id: str, kind: OwnerKind) -> DataKey:
        """The data key of this id, for reading: it may come from the cache. Raises Erased."""
        cached = self._cached(key_id)
        if cached is not None:
            return cached
        row = connection.execute(select(*COLUMNS).where(TABLE.c.id == key_id)).one_or_none()
        if row is None:
            raise Erased(f"what the key {key_id} sealed")
        if kind in READ_TOGETHER:
            mine = select(*COLUMNS).where(TABLE.c.owner_kind == row.owner_kind, TABLE.c.school_id == row.school_id)
            for each in connection.execute(mine.limit(CACHE_KEYS - 1)):
                self._remember(self._unwrapped(each))
        key = self._unwrapped(row)
        self._remember(key)
        return key

    def destroy(self, connection: Connection, kind: OwnerKind, owner_id: str) -> bool:
        """Delete the owner's data key; whether there was one. What it sealed can never be opened again."""
        mine = delete(TABLE).where(TABLE.c.owner_kind == kind.value, TABLE.c.owner_id == owner_id)
        gone = connection.execute(mine.returning(TABLE.c.id)).scalars().all()
        with self._lock:
            for key_id in gone:
                self._cache.pop(key_id, None)
        return bool(gone)

    # -- the key-encryption key ----------------------------------------------------------------------------------

    def prepare(self, connection: Connection) -> None:
        """Make a first key where there is neither a data key nor a key file. Then `check`."""
        if connection.execute(select(TABLE.c.id).limit(1)).first() is None:
            self.made_key |= self.source.make_first()
        self.check(connection)

    def check(self, connection: Connection) -> None:
        """Make sure that every data key can be opened with the keys as they are now; raises KeyUnavailable."""
        used = connection.execute(select(TABLE.c.kek_id).distinct()).scalars().all()
        one = select(*COLUMNS).limit(1)
        samples = [connection.execute(one.where(TABLE.c.kek_id == kek_id)).one() for kek_id in used]
        self._read()
        for sample in samples:
            self._unwrapped(sample)

    def _read(self) -> Keyring:
        keyring = self.source.read()
        with self._lock:
            self._keyring = keyring
        return keyring

    def _unwrapped(self, row: Any) -> DataKey:
        kek = self._keyring.get(row.kek_id) if self._keyring else None
        kek = kek or self._at_hand(self._read(), row.kek_id)  # a rotation may have added it since
        owner = Owner(OwnerKind(row.owner_kind), row.school_id, row.owner_id)
        return unwrap(kek, row.id, owner, row.wrapped)

    def _at_hand(self, keyring: Keyring, kek_id: str) -> KeyEncryptionKey:
        found = keyring.get(kek_id)
        if found is None:
            raise KeyUnavailable(
                f"The data is sealed under the key {kek_id}, and {self.source.where} does not hold it. Put the right "
                "key back, from where you keep its copy; nothing is lost until then, and no new one is made."
            )
        return found

    # -- inside --------------------------------------------------------------------------------------------------

    def _cached(self, key_id: str) -> DataKey | None:
        with self._lock:
            key, until = self._cache.get(key_id, (None, 0.0))
            return key if self._clock() < until else None

    def _remember(self, key: DataKey) -> None:
        with self._lock:
            self._cache[key.id] = (key, self._clock() + CACHE_SECONDS)
            self._cache.move_to_end(key.id)
            while len(self._cache) > CACHE_KEYS:
                self._cache.popitem(last=False)


def _end(function: Any) -> Any:
    """The first or last of the ids of key-encryption keys, read off the end of their index."""
    return select(function(TABLE.c.kek_id)).scalar_subquery()


def vault_of(bound: Engine | Connection | Session) -> Vault:
    """The vault of an engine, a connection or a session."""
    options = (bound.connection() if isinstance(bound, Session) else bound).get_execution_options()
    found = options.get("vault")
    if not isinstance(found, Vault):
        raise VaultError("This database was opened without a vault, so nothing in it can be sealed or opened.")
    return found
