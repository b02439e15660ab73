"""The audit trail becomes a chain that cannot be changed: hashes, triggers, signed checkpoints."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.audit.chain import FIRST, entry_hash

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEPT = ("audit_event", "audit_checkpoint")
PERSONAL = ("by",)  # the typed name of who gave an answer: entries from before held it


def upgrade() -> None:
    """Entries from before lose the names in them, and are chained in the order in which they were written."""
    with op.batch_alter_table("audit_event") as changed:
        changed.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        for name in ("actor", "previous", "hash"):
            changed.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    _chain()
    with op.batch_alter_table("audit_event") as changed:
        for name in ("sequence", "actor", "previous", "hash"):
            changed.alter_column(name, server_default=None)
        changed.create_unique_constraint(op.f("uq_audit_event_school_id_sequence"), ["school_id", "sequence"])
        changed.create_index(op.f("ix_audit_event_actor"), ["actor"])
        changed.create_index(op.f("ix_audit_event_subject"), ["subject"])
    op.create_table(
        "audit_checkpoint",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checkpoint")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_audit_checkpoint_school_id")),
    )
    op.create_index(op.f("ix_audit_checkpoint_school_id"), "audit_checkpoint", ["school_id"])
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_signing_key_school_id")),
        sa.UniqueConstraint("school_id", name=op.f("uq_signing_key_school_id")),
    )
    for statement in _triggers(op.get_bind().dialect.name):
        op.execute(statement)


def _chain() -> None:
    connection = op.get_bind()
    events = sa.table(
        "audit_event",
        sa.column("number", sa.Integer),
        sa.column("school_id", sa.String),
        sa.column("tag", sa.String),
        sa.column("subject", sa.String),
        sa.column("details", sa.String),
        sa.column("happened_at", sa.DateTime),
        sa.column("sequence", sa.Integer),
        sa.column("actor", sa.String),
        sa.column("previous", sa.String),
        sa.column("hash", sa.String),
    )
    tails: dict[str, tuple[int, str]] = {}
    for row in connection.execute(sa.select(events).order_by(events.c.number)).all():
        sequence, previous = tails.get(row.school_id, (0, FIRST))
        sequence += 1
        read: Any = json.loads(row.details)
        details = {name: value for name, value in read.items() if name not in PERSONAL}
        moment = datetime.fromisoformat(str(row.happened_at)).replace(tzinfo=UTC)
        digest = entry_hash(previous, row.school_id, sequence, moment, row.tag, "system", row.subject, details)
        values = {"sequence": sequence, "actor": "system", "previous": previous, "hash": digest}
        changed = events.update().where(events.c.number == row.number)
        connection.execute(changed.values(**values, details=json.dumps(details)))
        tails[row.school_id] = (sequence, digest)


def _triggers(dialect: str) -> list[str]:
    """Statements that make the database itself refuse to change or remove an entry."""
    if dialect == "postgresql":
        refuse = (
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
        )
        return [refuse] + [
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "EXECUTE FUNCTION refuse_change()"
            for table in KEPT
        ]
    return [
        f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        for table in KEPT
        for what in ("UPDATE", "DELETE")
    ]


def downgrade() -> None:
    """The chain is given up; its entries stay."""
    for table in KEPT:
        for what in ("update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}")
    op.drop_table("signing_key")
    op.drop_table("audit_checkpoint")
    with op.batch_alter_table("audit_event") as changed:
        changed.drop_index(op.f("ix_audit_event_actor"))
        changed.drop_index(op.f("ix_audit_event_subject"))
        changed.drop_constraint(op.f("uq_audit_event_school_id_sequence"), type_="unique")
        for name in ("sequence", "actor", "previous", "hash"):
            changed.drop_column(name)
