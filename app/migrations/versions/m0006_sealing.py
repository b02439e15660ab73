"""Data keys, the files of people, and what was plain until now, sealed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from consent.vault.envelope import Owner, OwnerKind, Place, seal
from consent.vault.vault import vault_of

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Table, what its rows belong to (kind, how owner and school are found), sealed columns.
SEALED: tuple[tuple[str, OwnerKind, str, str, tuple[str, ...]], ...] = (
    ("enrolment", OwnerKind.FACE, "row.person_id, row.school_id", "from enrolment row", ("template",)),
    ("draft", OwnerKind.DRAFT, "row.id, row.school_id", "from draft row", ("caption", "hashtags", "word_answers")),
    (
        "draft_picture",
        OwnerKind.DRAFT,
        "draft.id, draft.school_id",
        "from draft_picture row join draft on draft.id = row.draft_id",
        ("file_name", "alt_text", "answers", "findings"),
    ),
    (
        "decision",
        OwnerKind.DRAFT,
        "draft.id, draft.school_id",
        "from decision row join draft on draft.id = row.draft_id",
        ("reasons", "notices", "people", "named", "rewritten"),
    ),
)
JSON_NULL = b"null"  # what a JSON column held where there was nothing yet


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("owner_kind", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("kek_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_data_key_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
        sa.UniqueConstraint("owner_kind", "owner_id", name=op.f("uq_data_key_owner_kind_owner_id")),
    )
    op.create_index(op.f("ix_data_key_kek_id"), "data_key", ["kek_id"])
    op.create_table(
        "person_file",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.String(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_person_file_school_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_person_file_enrolment_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_person_file_school_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_file")),
    )
    op.create_index(op.f("ix_person_file_enrolment_id"), "person_file", ["enrolment_id"])
    op.create_index(op.f("ix_person_file_person_id"), "person_file", ["person_id"])
    for table, kind, owner, rows, columns in SEALED:
        with op.batch_alter_table(table) as changed:
            for column in columns:
                changed.alter_column(column, type_=sa.LargeBinary())  # texts become their bytes in UTF-8
        _seal_rows(table, kind, owner, rows, columns)


def _seal_rows(table: str, kind: OwnerKind, owner: str, rows: str, columns: tuple[str, ...]) -> None:
    connection = op.get_bind()
    ids = connection.exec_driver_sql(f"select row.id, {owner} {rows}").all()
    if not ids:
        return
    vault = vault_of(connection)
    vault.prepare(connection)
    for row_id, owner_id, school_id in ids:
        key = vault.ensure(connection, Owner(kind, school_id, owner_id))
        found = connection.execute(sa.text(f"select {', '.join(columns)} from {table} where id = :id"), {"id": row_id})  # noqa: S608
        plain: dict[str, Any] = dict(found.mappings().one())
        values = {
            column: None
            if value is None or (column == "findings" and value == JSON_NULL)
            else seal(key, Place(f"{table}.{column}", row_id), value)
            for column, value in plain.items()
        }
        setting = ", ".join(f"{column} = :{column}" for column in columns)
        connection.execute(sa.text(f"update {table} set {setting} where id = :id"), {**values, "id": row_id})  # noqa: S608


def downgrade() -> None:
    """Back to empty tables only: without the data keys nothing that was sealed could ever be read again."""
    if op.get_bind().exec_driver_sql("select count(*) from data_key").scalar_one():
        raise RuntimeError("What is sealed cannot be kept by an older Gatepost: restore a copy from before.")
    for table, _, _, _, columns in reversed(SEALED):
        with op.batch_alter_table(table) as changed:
            for column in columns:
                changed.alter_column(column, type_=TYPES_BEFORE.get(column, sa.JSON()))
    op.drop_table("person_file")
    op.drop_table("data_key")


TYPES_BEFORE: dict[str, sa.types.TypeEngine[Any]] = {
    "template": sa.LargeBinary(),
    "caption": sa.String(),
    "hashtags": sa.String(),
    "file_name": sa.String(),
    "alt_text": sa.String(),
}
