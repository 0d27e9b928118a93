"""The language in which people without an account are written to.

Revision 0010, 2026-11-28.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = (
    ("apprentice", "language"),
    ("apprentice", "employer_language"),
    ("company", "language"),
    ("guardian", "language"),
)

REGION_OF = {
    "apprentice": "SELECT centre.region_id FROM centre WHERE centre.id = apprentice.centre_id",
    "company": "company.region_id",
    "guardian": "SELECT centre.region_id FROM apprentice JOIN centre"
    " ON centre.id = apprentice.centre_id WHERE apprentice.id = guardian.apprentice_id",
}
"""The region that somebody belongs to."""

OF_COUNTRY = (
    "CASE region.country WHEN 'ES' THEN 'es' WHEN 'PT' THEN 'pt' WHEN 'FI' THEN 'fi'"
    " WHEN 'DE' THEN 'de' WHEN 'AT' THEN 'de' WHEN 'PL' THEN 'pl' ELSE 'en' END"
)


def upgrade() -> None:
    """Make the change. Who is there already is written to in the language of the own country."""
    kind = sa.Enum("en", "es", "pt", "fi", "de", "pl", name="message_language", native_enum=False,
                   length=40)  # fmt: skip
    for table, column in COLUMNS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, kind, nullable=False, server_default="en"))
        op.execute(
            f"UPDATE {table} SET {column} = (SELECT {OF_COUNTRY} FROM region"  # noqa: S608
            f" WHERE region.id = ({REGION_OF[table]}))"
        )
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)
            batch_op.create_check_constraint(
                op.f(f"ck_{table}_{column}"),
                f"{column} IN ('en', 'es', 'pt', 'fi', 'de', 'pl')",
            )


def downgrade() -> None:
    """Take the change back."""
    for table, column in reversed(COLUMNS):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
            batch_op.drop_column(column)
