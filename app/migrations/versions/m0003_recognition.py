"""Whether faces may be recognised, with the days that allow it; a person's answers about the faces of a picture."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DAYS = ("dpia_on", "dpo_advice_on", "consulted_on")


def upgrade() -> None:
    """Schools start with recognition off, those that used it before too: nobody has recorded the three days yet."""
    with op.batch_alter_table("school") as school:
        school.add_column(sa.Column("recognition", sa.String(20), nullable=False, server_default="off"))
        for day in DAYS:
            school.add_column(sa.Column(day, sa.Date(), nullable=True))
    with op.batch_alter_table("school") as school:
        school.alter_column("recognition", server_default=None)
    with op.batch_alter_table("draft_picture") as picture:
        picture.add_column(sa.Column("answers", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("draft_picture") as picture:
        picture.alter_column("answers", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("draft_picture") as picture:
        picture.drop_column("answers")
    with op.batch_alter_table("school") as school:
        for name in ("recognition", *DAYS):
            school.drop_column(name)
