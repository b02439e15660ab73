"""Accounts, sessions, invitations, API keys, counters of attempts, alerts; who handed a draft in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def upgrade() -> None:
    """Drafts from before belong to nobody: only the safeguarding lead sees them on the pages."""
    _accounts()
    _sessions()
    _keys()
    with op.batch_alter_table("draft") as changed:
        changed.add_column(sa.Column("made_by", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("draft") as changed:
        changed.alter_column("made_by", server_default=None)
        changed.create_index(op.f("ix_draft_made_by"), ["made_by"])


def _accounts() -> None:
    op.create_table(
        "account",
        _text("id"),
        _text("school_id"),
        _text("email"),
        _text("name"),
        sa.Column("roles", sa.JSON(), nullable=False),
        _text("password_hash", nullable=True),
        _text("issuer", nullable=True),
        _text("subject", nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        _moment("made_at"),
        _moment("suspended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_account_school_id")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_account_issuer_subject")),
    )
    op.create_index(op.f("ix_account_school_id"), "account", ["school_id"])
    op.create_table(
        "recovery_code",
        _text("id"),
        _text("account_id"),
        _text("code_sha256"),
        _moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])
    op.create_table(
        "invitation",
        _text("id"),
        _text("school_id"),
        _text("account_id", nullable=True),
        _text("token_sha256"),
        _text("email"),
        _text("name"),
        sa.Column("roles", sa.JSON(), nullable=False),
        _text("made_by"),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        _moment("withdrawn_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_invitation_school_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_invitation_account_id")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_invitation_token_sha256")),
    )
    op.create_index(op.f("ix_invitation_school_id"), "invitation", ["school_id"])


def _sessions() -> None:
    op.create_table(
        "web_session",
        _text("id"),
        _text("account_id"),
        _moment("started_at"),
        _moment("seen_at"),
        _moment("confirmed_at"),
        sa.Column("waits_for_code", sa.Boolean(), nullable=False),
        sa.Column("had_factor", sa.Boolean(), nullable=False),
        _text("browser"),
        _moment("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_web_session_account_id")),
    )
    op.create_index(op.f("ix_web_session_account_id"), "web_session", ["account_id"])
    op.create_table(
        "pending_sign_in",
        _text("id"),
        _text("cookie_sha256"),
        _text("provider"),
        _text("nonce"),
        _text("verifier"),
        _text("purpose"),
        _text("account_id", nullable=True),
        _text("invitation_id", nullable=True),
        _text("next_path"),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_sign_in")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pending_sign_in_account_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_pending_sign_in_invitation_id")),
    )
    op.create_table(
        "attempt",
        _text("bucket"),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "window", name=op.f("pk_attempt")),
    )


def _keys() -> None:
    op.create_table(
        "api_key",
        _text("id"),
        _text("school_id"),
        _text("name"),
        _text("prefix"),
        _text("secret_sha256"),
        sa.Column("scopes", sa.JSON(), nullable=False),
        _text("made_by"),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("last_used_at", nullable=True),
        _moment("revoked_at", nullable=True),
        _text("successor_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_api_key_school_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["api_key.id"], name=op.f("fk_api_key_successor_id")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
    )
    op.create_index(op.f("ix_api_key_school_id"), "api_key", ["school_id"])
    op.create_table(
        "alert",
        _text("id"),
        _text("school_id"),
        _text("kind"),
        _text("about"),
        sa.Column("details", sa.JSON(), nullable=False),
        _moment("raised_at"),
        _text("seen_by", nullable=True),
        _moment("seen_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_alert_school_id")),
    )
    op.create_index(op.f("ix_alert_school_id"), "alert", ["school_id"])


def downgrade() -> None:
    with op.batch_alter_table("draft") as changed:
        changed.drop_index(op.f("ix_draft_made_by"))
        changed.drop_column("made_by")
    for table in (
        "alert",
        "api_key",
        "attempt",
        "pending_sign_in",
        "web_session",
        "invitation",
        "recovery_code",
        "account",
    ):
        op.drop_table(table)
