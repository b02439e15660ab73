"""Triggers that keep the trail append-only: the database itself refuses to change or remove an entry.

They stop mistakes and whoever reaches the database through the service; somebody with the file can drop them, which
the chain and the checkpoints show.
"""

from __future__ import annotations

from collections.abc import Mapping

REFUSED = "the audit trail is append-only"
# Table, and what is unique in it: SQLite's "insert or replace" removes a row without asking its triggers.
GUARDED: Mapping[str, tuple[str, str]] = {
    "audit_event": ("number", "sequence"),
    "audit_checkpoint": ("id", "size"),
}


def guards(dialect: str) -> list[str]:
    """The statements that install the triggers."""
    return _BY_DIALECT[dialect][0]()


def unguards(dialect: str) -> list[str]:
    """The statements that take them away, for migrations."""
    return _BY_DIALECT[dialect][1]()


def names(dialect: str = "sqlite") -> frozenset[str]:
    """The triggers that must be there."""
    parts = ("no_update", "no_delete", "no_replace") if dialect == "sqlite" else ("no_change", "no_truncate")
    return frozenset(f"{table}_{part}" for table in GUARDED for part in parts)


def _sqlite() -> list[str]:
    statements = []
    for table, (key, count) in GUARDED.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        taken = (
            f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) OR "  # noqa: S608  names of our own tables
            f"EXISTS (SELECT 1 FROM {table} WHERE school_id = NEW.school_id AND {count} = NEW.{count})"
        )
        statements += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}",
        ]
    return statements


def _sqlite_off() -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {name}" for name in sorted(names())]


def _postgresql() -> list[str]:
    statements = [
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    ]
    for table in GUARDED:
        call = "EXECUTE FUNCTION audit_refuse()"
        statements += [
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
        ]
    return statements


def _postgresql_off() -> list[str]:
    tables = [
        f"DROP TRIGGER IF EXISTS {table}_{part} ON {table}"
        for table in GUARDED
        for part in ("no_change", "no_truncate")
    ]
    return [*tables, "DROP FUNCTION IF EXISTS audit_refuse()"]


_BY_DIALECT = {"sqlite": (_sqlite, _sqlite_off), "postgresql": (_postgresql, _postgresql_off)}
