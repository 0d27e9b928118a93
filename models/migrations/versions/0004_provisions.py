"""Certificates of provisions, and questions about them.

Revision 0004, 2026-11-25.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OFFER = sa.table("offer", sa.column("id", sa.Uuid()), sa.column("provisions", sa.JSON()))


def upgrade() -> None:
    """Make the change. What was called certified without anybody's name is declared from now on."""
    op.create_table(
        "provision_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("provision", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("certified_by", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("certified_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_provision_certificate_offer_id_offer")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["account.id"],
            name=op.f("fk_provision_certificate_recorded_by_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_certificate")),
        sa.UniqueConstraint(
            "offer_id", "provision", name=op.f("uq_provision_certificate_offer_id_provision")
        ),
    )
    with op.batch_alter_table("provision_certificate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provision_certificate_offer_id"), ["offer_id"], unique=False
        )
    op.create_table(
        "provision_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("provision", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("asked_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("answered_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "provided",
                "not_provided",
                name="provision_answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)",
            name=op.f("ck_provision_question_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_provision_question_answered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_provision_question_offer_id_offer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_question")),
    )
    with op.batch_alter_table("provision_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provision_question_offer_id"), ["offer_id"], unique=False
        )
        batch_op.create_index(
            "uq_provision_question_open",
            ["offer_id", "provision"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
    _without_certificate()


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("provision_question")
    op.drop_table("provision_certificate")


def _without_certificate() -> None:
    bind = op.get_bind()
    for identity, provisions in bind.execute(sa.select(OFFER.c.id, OFFER.c.provisions)).all():
        if "certified" in provisions.values():
            declared = {
                code: "declared" if level == "certified" else level
                for code, level in provisions.items()
            }
            bind.execute(sa.update(OFFER).where(OFFER.c.id == identity).values(provisions=declared))
