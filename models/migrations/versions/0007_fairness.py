"""The fairness report of a round, sealed.

Revision 0007, 2026-11-25.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fairness", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_column("fairness")
