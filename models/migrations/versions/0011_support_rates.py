"""What National Agencies pay for each day abroad.

Revision 0011, 2026-11-28.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "support_rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("call_year", sa.Integer(), nullable=False),
        sa.Column("activity", sqltypes.AutoString(length=40), nullable=False),
        sa.Column("country_group", sa.Integer(), nullable=False),
        sa.Column("day_cents", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "official",
                "placeholder",
                name="rate_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sqltypes.AutoString(length=300), nullable=False),
        sa.Column("address", sqltypes.AutoString(length=500), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "call_year BETWEEN 2021 AND 2099", name=op.f("ck_support_rate_call_year")
        ),
        sa.CheckConstraint(
            "country_group BETWEEN 1 AND 3", name=op.f("ck_support_rate_country_group")
        ),
        sa.CheckConstraint("day_cents BETWEEN 1 AND 50000", name=op.f("ck_support_rate_day_cents")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_support_rate_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_rate")),
        sa.UniqueConstraint(
            "region_id",
            "call_year",
            "activity",
            "country_group",
            name=op.f("uq_support_rate_region_id_call_year_activity_country_group"),
        ),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("support_rate")
