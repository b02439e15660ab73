"""How large the pictures may be that a school releases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Schools that were here before go on with 2048 pixels, as before."""
    with op.batch_alter_table("school") as changed:
        changed.add_column(sa.Column("released_side", sa.Integer(), nullable=False, server_default="2048"))
    with op.batch_alter_table("school") as changed:
        changed.alter_column("released_side", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("school") as changed:
        changed.drop_column("released_side")
