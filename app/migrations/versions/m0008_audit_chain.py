"""The audit trail becomes a chain that cannot be changed: entries so far are chained as they stand, without names."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.audit.chain import START, Entry, entry_hash
from app.audit.tags import stripped
from app.audit.triggers import guards, unguards
from consent.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COMMON = ("number", "school_id", "tag", "subject", "details", "happened_at")
INDEXED = ("tag", "actor", "subject")


def _common() -> list[sa.Column[Any]]:
    return [
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
    ]


def _keys() -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_event")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_audit_event_school_id")),
    ]


def _taken_out() -> list[dict[str, Any]]:
    """Every entry, in order; the table is gone afterwards."""
    old = sa.table("audit_event", *(sa.column(each.name, each.type) for each in _common()))
    rows = [dict(row) for row in op.get_bind().execute(sa.select(old).order_by(old.c.number)).mappings()]
    op.drop_table("audit_event")
    return rows


def upgrade() -> None:
    rows = _taken_out()
    table = op.create_table(
        "audit_event",
        *_common(),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        *_keys(),
        sa.UniqueConstraint("school_id", "sequence", name=op.f("uq_audit_event_school_id_sequence")),
    )
    for name in INDEXED:
        op.create_index(
            op.f(f"ix_audit_event_school_id_{name}_sequence"), "audit_event", ["school_id", name, "sequence"]
        )
    last: dict[str, tuple[int, str]] = defaultdict(lambda: (0, START))
    for row in rows:
        sequence, previous = last[row["school_id"]]
        row |= {"details": stripped(row["tag"], row["details"]), "actor": "system", "previous": previous}
        entry = Entry(*(row[name] for name in ("school_id", "tag", "actor", "subject", "details", "happened_at")))
        row |= {"sequence": sequence + 1, "hash": entry_hash(entry, sequence + 1, previous)}
        last[row["school_id"]] = (row["sequence"], row["hash"])
    if rows:
        op.bulk_insert(table, rows)
    _signing()
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def _signing() -> None:
    op.create_table(
        "audit_checkpoint",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checkpoint")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_audit_checkpoint_school_id")),
        sa.UniqueConstraint("school_id", "size", name=op.f("uq_audit_checkpoint_school_id_size")),
    )
    op.create_table(
        "audit_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_key")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_audit_key_school_id")),
        sa.UniqueConstraint("school_id", name=op.f("uq_audit_key_school_id")),
    )


def downgrade() -> None:
    """Back to a plain list; what proves it is lost with the checkpoints."""
    for statement in unguards(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("audit_key")
    op.drop_table("audit_checkpoint")
    rows = [{name: row[name] for name in COMMON} for row in _taken_out()]
    table = op.create_table("audit_event", *_common(), *_keys())
    op.create_index(op.f("ix_audit_event_school_id"), "audit_event", ["school_id"])
    op.create_index(op.f("ix_audit_event_tag"), "audit_event", ["tag"])
    if rows:
        op.bulk_insert(table, rows)
