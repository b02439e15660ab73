"""Rows with sealed columns: plain in memory, ciphertext in the database.

`@sealed(kind, owner)` on a table's class seals its sealed columns before they are written, under the data key of the
owner that the row names, and opens them when a row is loaded. Statements that go round the rows (`update(Draft)`,
`select(Draft.caption)`) can neither write nor read a plain value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import Connection, event, inspect
from sqlalchemy.orm import InstanceState, Mapper, QueryContext, Session
from sqlalchemy.orm.attributes import set_attribute, set_committed_value

from consent.vault.columns import Ciphertext, Sealed
from consent.vault.envelope import DataKey, Owner, OwnerKind, Place, seal
from consent.vault.errors import VaultError
from consent.vault.vault import vault_of

Row = TypeVar("Row")
ON_THE_WAY = "sealed values on their way into the database"


def sealed(kind: OwnerKind, owner: str) -> Callable[[type[Row]], type[Row]]:
    """Seal a table's sealed columns; `owner` is the column with the owner's id.

    Where the row has a `school_id`, it may be the first of its owner, and the data key is made with it; a row without
    one belongs to an owner that has a key already.
    """

    def install(table: type[Row]) -> type[Row]:
        _Sealing(table, kind, owner).install()
        return table

    return install


class _Sealing:
    """The sealed columns of one table."""

    def __init__(self, table: type[Any], kind: OwnerKind, owner: str) -> None:
        self._table, self._kind, self._owner = table, kind, owner
        mapper = inspect(table)
        self._types: dict[str, Sealed] = {
            attribute.key: attribute.columns[0].type
            for attribute in mapper.column_attrs
            if isinstance(attribute.columns[0].type, Sealed)
        }
        self._places = {name: f"{mapper.local_table.name}.{mapper.columns[name].name}" for name in self._types}
        self._has_school = "school_id" in mapper.columns

    def install(self) -> None:
        event.listen(self._table, "before_insert", self._before_insert)
        event.listen(self._table, "before_update", self._before_update)
        event.listen(self._table, "after_insert", self._after)
        event.listen(self._table, "after_update", self._after)
        event.listen(self._table, "load", self._load)
        event.listen(self._table, "refresh", self._refresh)

    def _before_insert(self, _mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        self._seal(connection, row, self._types)

    def _before_update(self, _mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        state: InstanceState[Any] = inspect(row)
        changed = [name for name in self._types if state.attrs[name].history.has_changes()]
        self._seal(connection, row, changed)

    def _seal(self, connection: Connection, row: Any, names: Iterable[str]) -> None:
        plain = {name: getattr(row, name) for name in names}
        plain = {name: value for name, value in plain.items() if value is not None}
        if not plain:
            return
        key = self._key(connection, row)
        _on_the_way(row)[inspect(row)] = plain
        for name, value in plain.items():
            data = seal(key, Place(self._places[name], row.id), self._types[name].to_bytes(value))
            set_attribute(row, name, Ciphertext(data))

    def _key(self, connection: Connection, row: Any) -> DataKey:
        vault, owner_id = vault_of(connection), getattr(row, self._owner)
        if self._has_school:
            return vault.ensure(connection, Owner(self._kind, row.school_id, owner_id))
        return vault.key_of(connection, self._kind, owner_id)

    def _after(self, _mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
        for name, value in _on_the_way(row).pop(inspect(row), {}).items():
            set_committed_value(row, name, value)

    def _load(self, row: Any, context: QueryContext) -> None:
        self._open(row, context.session)

    def _refresh(self, row: Any, context: QueryContext, _names: Iterable[str] | None) -> None:
        self._open(row, context.session)

    def _open(self, row: Any, session: Session) -> None:
        held = inspect(row).dict
        found = {name: held[name] for name in self._types if isinstance(held.get(name), Ciphertext)}
        if not found:
            return
        connection = session.connection()
        vault, owner_id = vault_of(connection), getattr(row, self._owner)
        school_id = row.school_id if self._has_school else None
        for name, value in found.items():
            place = Place(self._places[name], row.id)
            data = vault.opened(connection, self._kind, owner_id, place, value.data, school_id)
            set_committed_value(row, name, self._types[name].from_bytes(data))


def _on_the_way(row: Any) -> dict[InstanceState[Any], dict[str, Any]]:
    session = inspect(row).session
    if session is None:
        raise VaultError("A row is sealed within a session alone.")
    waiting: dict[InstanceState[Any], dict[str, Any]] = session.info.setdefault(ON_THE_WAY, {})
    return waiting


@event.listens_for(Session, "after_soft_rollback")
def _put_back(session: Session, _transaction: Any) -> None:
    """A flush that failed leaves the rows as their owners made them."""
    for state, plain in session.info.pop(ON_THE_WAY, {}).items():
        for name, value in plain.items():
            if isinstance(state.dict.get(name), Ciphertext):
                set_attribute(state.obj(), name, value)
