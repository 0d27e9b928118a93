"""Places of a window that are kept for people with fewer opportunities.

Revision 0008, 2026-11-28.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("offer_window", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reserved", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("offer_window", schema=None) as batch_op:
        batch_op.alter_column("reserved", server_default=None)
        batch_op.create_check_constraint(
            op.f("ck_offer_window_reserved"), "reserved BETWEEN 0 AND places"
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("offer_window", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_offer_window_reserved"), type_="check")
        batch_op.drop_column("reserved")
