"""Consents.

Revision 0005, 2026-11-25.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.LargeBinary(), nullable=False),
        sa.Column(
            "given_by",
            sa.Enum(
                "sending_coordinator",
                "hosting_coordinator",
                "apprentice",
                "guardian",
                "employer",
                "company",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "account",
                "link",
                "code",
                "phone",
                "paper",
                "mail",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("heard_from", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("language", sqltypes.AutoString(length=2), nullable=False),
        sa.Column("withdrawn_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("given_by IN ('apprentice', 'guardian')", name=op.f("ck_consent_giver")),
        sa.CheckConstraint("(heard_on IS NULL) = (heard_from = '')", name=op.f("ck_consent_heard")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_consent_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["apprentice.id"], name=op.f("fk_consent_apprentice_id_apprentice")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_consent_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_consent_made_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_consent_withdrawn_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consent_apprentice_id"), ["apprentice_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_consent_company_id"), ["company_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_company_id"))
        batch_op.drop_index(batch_op.f("ix_consent_apprentice_id"))
    op.drop_table("consent")
