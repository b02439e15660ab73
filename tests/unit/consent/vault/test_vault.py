"""Data keys are read from memory for a minute at most, and never further than that."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, create_engine

from consent.models import School
from consent.vault import vault as vault_module
from consent.vault.envelope import Owner, OwnerKind
from consent.vault.errors import Erased, KeyUnavailable, VaultError
from consent.vault.keyring import GivenKeys, Keyring, new_key
from consent.vault.vault import CACHE_SECONDS, Vault

OLD, NEW = new_key(), new_key()


class ChangingKeys(GivenKeys):
    """A key file that somebody exchanges."""

    def __init__(self, *keys):
        super().__init__(keys)

    def holds(self, *keys):
        self._keyring = Keyring(keys)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keys():
    return ChangingKeys(OLD)


@pytest.fixture
def vault(keys, clock):
    return Vault(keys, clock)


@pytest.fixture
def session(vault):
    engine = create_engine("sqlite://", poolclass=StaticPool, execution_options={"vault": vault})
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(School(id="s", name="Elm"))
        session.flush()
        yield session
    engine.dispose()


@pytest.fixture
def reads(session):
    """How often a data key was read from the database."""
    found = []

    def seen(_connection, _cursor, statement, *_):
        if "data_key" in statement:
            found.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", seen)
    return found


def an_owner(owner_id="p", kind=OwnerKind.DRAFT):
    return Owner(kind, "s", owner_id)


def test_a_key_is_kept_for_a_minute_for_reading(session, vault, clock, reads):
    connection = session.connection()
    key = vault.ensure(connection, an_owner())
    assert vault.key_by_id(connection, key.id, OwnerKind.DRAFT) == key
    reads.clear()
    clock.now = CACHE_SECONDS - 1
    vault.key_by_id(connection, key.id, OwnerKind.DRAFT)
    assert reads == []
    clock.now = CACHE_SECONDS
    vault.key_by_id(connection, key.id, OwnerKind.DRAFT)
    assert len(reads) == 1


def test_everybodys_face_keys_are_read_at_once(session, vault, reads):
    connection = session.connection()
    keys = [vault.ensure(connection, an_owner(f"p{at}", OwnerKind.FACE)) for at in range(20)]
    reads.clear()
    for key in keys:
        vault.key_by_id(connection, key.id, OwnerKind.FACE)
    assert len(reads) == 2


def test_only_so_many_keys_are_kept(session, vault, monkeypatch):
    monkeypatch.setattr(vault_module, "CACHE_KEYS", 3)
    connection = session.connection()
    for at in range(5):
        vault.key_by_id(connection, vault.ensure(connection, an_owner(f"p{at}")).id, OwnerKind.DRAFT)
    assert len(vault._cache) == 3


def test_a_destroyed_key_is_forgotten_at_once(session, vault):
    connection = session.connection()
    key = vault.ensure(connection, an_owner())
    vault.key_by_id(connection, key.id, OwnerKind.DRAFT)
    vault.destroy(connection, OwnerKind.DRAFT, "p")
    with pytest.raises(Erased):
        vault.key_by_id(connection, key.id, OwnerKind.DRAFT)


def test_keys_that_were_exchanged_since_are_read_anew(session, vault, keys, clock):
    connection = session.connection()
    keys.holds(NEW, OLD)
    first = vault.ensure(connection, an_owner("a"))
    keys.holds(NEW)
    other = Vault(ChangingKeys(OLD), clock)
    assert vault.key_of(connection, OwnerKind.DRAFT, "a") == first
    with pytest.raises(KeyUnavailable, match=NEW.id):
        other.key_of(connection, OwnerKind.DRAFT, "a")


def test_a_new_data_key_is_wrapped_under_the_newest_key_of_that_moment(session, vault, keys):
    connection = session.connection()
    vault.ensure(connection, an_owner("a"))
    keys.holds(NEW, OLD)
    vault.ensure(connection, an_owner("b"))
    found = connection.exec_driver_sql("select owner_id, kek_id from data_key order by owner_id").all()
    assert found == [("a", OLD.id), ("b", NEW.id)]


def test_a_missing_key_is_said_before_anything_is_opened(session, vault, keys):
    vault.ensure(session.connection(), an_owner())
    vault.check(session.connection())
    keys.holds(NEW)
    other = Vault(keys)
    with pytest.raises(KeyUnavailable, match=OLD.id):
        other.check(session.connection())


def test_another_schools_key_is_not_given_out(session, vault):
    session.add(School(id="t", name="Oak"))
    session.flush()
    vault.ensure(session.connection(), an_owner())
    with pytest.raises(VaultError, match="another school"):
        vault.ensure(session.connection(), Owner(OwnerKind.DRAFT, "t", "p"))
