"""Requests about one's own data, and erasures.

Revision 0006, 2026-11-25.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "rights_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "access",
                "correction",
                "erasure",
                name="request_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("due_on > received_on", name=op.f("ck_rights_request_due")),
        sa.ForeignKeyConstraint(
            ["apprentice_id"],
            ["apprentice.id"],
            name=op.f("fk_rights_request_apprentice_id_apprentice"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["account.id"], name=op.f("fk_rights_request_done_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_request")),
    )
    with op.batch_alter_table("rights_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rights_request_apprentice_id"), ["apprentice_id"], unique=False
        )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column("why", sqltypes.AutoString(length=40), nullable=False),
        sa.Column("mail_files", sa.JSON(), nullable=False),
        sa.Column("key_destroyed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("scrubbed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["apprentice.id"], name=op.f("fk_erasure_apprentice_id_apprentice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("apprentice_id", name=op.f("uq_erasure_apprentice_id")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("erasure")
    with op.batch_alter_table("rights_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rights_request_apprentice_id"))
    op.drop_table("rights_request")
