"""Whether pupils may be named; a person's answers about words; what a decision says of the words it read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Table, column, type, and what rows from before hold.
COLUMNS = (
    ("school", "naming", sa.String(20), "never"),
    ("draft", "word_answers", sa.JSON(), "[]"),
    ("decision", "named", sa.JSON(), "[]"),
    ("decision", "rewritten", sa.JSON(), "{}"),
    ("decision", "looked_for", sa.JSON(), "{}"),
)


def upgrade() -> None:
    """Nobody is named at schools that were here before: the rule starts as "never"."""
    for table, name, kind, before in COLUMNS:
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column(name, kind, nullable=False, server_default=before))
        with op.batch_alter_table(table) as changed:
            changed.alter_column(name, server_default=None)


def downgrade() -> None:
    for table, name, _, _ in reversed(COLUMNS):
        with op.batch_alter_table(table) as changed:
            changed.drop_column(name)
