"""Second factors, sessions that wait for a code, browsers seen before, accounts elsewhere.

Revision 0013, 2026-11-28.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("second_at", sqltypes.UTCDateTime(), nullable=True))
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("linked_at", sqltypes.UTCDateTime(), nullable=True))
    op.create_table(
        "second_factor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("last_step >= 0", name=op.f("ck_second_factor_last_step")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_second_factor_user_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("user_id", name=op.f("uq_second_factor_user_id")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("used_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_recovery_code_user_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_recovery_code_code_sha256")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_user_id"), ["user_id"], unique=False)
    op.create_table(
        "half_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_half_session_expires")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_half_session_tries")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_half_session_user_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_half_session_token_sha256")),
    )
    with op.batch_alter_table("half_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_half_session_user_id"), ["user_id"], unique=False)
    op.create_table(
        "known_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_known_device_expires")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_known_device_user_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint(
            "user_id", "token_sha256", name=op.f("uq_known_device_user_id_token_sha256")
        ),
    )
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_known_device_token_sha256"), ["token_sha256"], unique=False
        )
    op.create_table(
        "linked_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sqltypes.AutoString(length=500), nullable=False),
        sa.Column("subject", sqltypes.AutoString(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_linked_identity_user_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_linked_identity_issuer_subject")),
    )
    with op.batch_alter_table("linked_identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_linked_identity_user_id"), ["user_id"], unique=False)
    op.create_table(
        "identity_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("secret_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("provider", sqltypes.AutoString(length=40), nullable=False),
        sa.Column("invitation_sha256", sqltypes.AutoString(length=64), nullable=True),
        sa.Column("leads_to", sqltypes.AutoString(length=500), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_identity_request_expires")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_request")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_identity_request_secret_sha256")),
    )


def downgrade() -> None:
    """Take the change back."""
    for table in (
        "identity_request",
        "linked_identity",
        "known_device",
        "half_session",
        "recovery_code",
        "second_factor",
    ):
        op.drop_table(table)
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("linked_at")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_column("second_at")
