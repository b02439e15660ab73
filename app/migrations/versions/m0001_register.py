"""The register: school, people, guardians, consents, enrolments, channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("register_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("official_email", sa.String(), nullable=False),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("direct_messages", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_channel_school_id")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_channel_school_id_name")),
    )
    op.create_index(op.f("ix_channel_school_id"), "channel", ["school_id"])
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("known_as", sa.String(), nullable=False),
        sa.Column("other_names", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("upn", sa.String(), nullable=True),
        sa.Column("admission_number", sa.String(), nullable=True),
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("class_name", sa.String(), nullable=False),
        sa.Column("leaving_date", sa.Date(), nullable=True),
        sa.Column("never_publish", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_person_school_id")),
        sa.UniqueConstraint("school_id", "admission_number", name=op.f("uq_person_school_id_admission_number")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_person_school_id_id")),
        sa.UniqueConstraint("school_id", "upn", name=op.f("uq_person_school_id_upn")),
    )
    op.create_index(op.f("ix_person_school_id"), "person", ["school_id"])
    op.create_table(
        "enrolment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("template", sa.LargeBinary(), nullable=False),
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("quality", sa.Float(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_enrolment_school_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id"], ["person.school_id", "person.id"], name=op.f("fk_enrolment_school_id_person_id")
        ),
    )
    op.create_index(op.f("ix_enrolment_person_id"), "enrolment", ["person_id"])
    op.create_index(op.f("ix_enrolment_school_id"), "enrolment", ["school_id"])
    op.create_table(
        "guardian",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("relationship", sa.String(), nullable=False),
        sa.Column("parental_responsibility", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_guardian_school_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id"], ["person.school_id", "person.id"], name=op.f("fk_guardian_school_id_person_id")
        ),
        sa.UniqueConstraint("school_id", "person_id", "id", name=op.f("uq_guardian_school_id_person_id_id")),
    )
    op.create_index(op.f("ix_guardian_person_id"), "guardian", ["person_id"])
    op.create_index(op.f("ix_guardian_school_id"), "guardian", ["school_id"])
    op.create_table(
        "publication_consent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("guardian_id", sa.String(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("evidence_ref", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("named_ok", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_consent")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_publication_consent_school_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_publication_consent_school_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id", "guardian_id"],
            ["guardian.school_id", "guardian.person_id", "guardian.id"],
            name=op.f("fk_publication_consent_school_id_person_id_guardian_id"),
        ),
    )
    op.create_index(op.f("ix_publication_consent_person_id"), "publication_consent", ["person_id"])
    op.create_index(op.f("ix_publication_consent_school_id"), "publication_consent", ["school_id"])
    op.create_table(
        "recognition_consent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("guardian_id", sa.String(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("evidence_ref", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition_consent")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_recognition_consent_school_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id"],
            ["person.school_id", "person.id"],
            name=op.f("fk_recognition_consent_school_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "person_id", "guardian_id"],
            ["guardian.school_id", "guardian.person_id", "guardian.id"],
            name=op.f("fk_recognition_consent_school_id_person_id_guardian_id"),
        ),
    )
    op.create_index(op.f("ix_recognition_consent_person_id"), "recognition_consent", ["person_id"])
    op.create_index(op.f("ix_recognition_consent_school_id"), "recognition_consent", ["school_id"])


def downgrade() -> None:
    op.drop_table("recognition_consent")
    op.drop_table("publication_consent")
    op.drop_table("guardian")
    op.drop_table("enrolment")
    op.drop_table("person")
    op.drop_table("channel")
    op.drop_table("school")
