"""Offers that their companies let everybody see.

Revision 0009, 2026-11-28.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change. Nobody was asked before: what is there stays unseen."""
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.alter_column("is_public", server_default=None)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_column("is_public")
