"""How a message goes out, whose it is, and how it ended.

Revision 0012, 2026-11-28.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MEANS = sa.Enum(
    "mail", "sms", "call", name="means", native_enum=False, create_constraint=True, length=40
)
END = sa.Enum(
    "sent", "needless", "undeliverable", name="message_end", native_enum=False,
    create_constraint=True, length=40,
)  # fmt: skip
REACHED = sa.Enum(
    "mail", "sms", "call", name="reached_by", native_enum=False, create_constraint=True, length=40
)
PEOPLE = ("apprentice", "guardian", "company")
WAITING = sa.text("ended_as IS NULL")


def upgrade() -> None:
    """Make the change. Of what was given up before nobody knows whether it was still needed."""
    for table in PEOPLE:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("reached_by", REACHED, nullable=True))
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("means", MEANS, nullable=False, server_default="mail"))
        batch_op.add_column(sa.Column("region_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("proposal_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("ended_as", END, nullable=True))
    op.execute("UPDATE outbox_mail SET ended_as = 'sent' WHERE sent_at IS NOT NULL")
    op.execute(
        "UPDATE outbox_mail SET ended_as = CASE WHEN failure = 'not needed any more'"
        " THEN 'needless' ELSE 'undeliverable' END WHERE sent_at IS NULL AND attempts >= 5"
    )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.alter_column("means", server_default=None)
        batch_op.create_foreign_key(
            op.f("fk_outbox_mail_region_id_region"), "region", ["region_id"], ["id"]
        )
        batch_op.create_index(op.f("ix_outbox_mail_region_id"), ["region_id"])
        batch_op.create_index(op.f("ix_outbox_mail_proposal_id"), ["proposal_id"])
        batch_op.create_index(
            "ix_outbox_mail_waiting", ["not_before"],
            sqlite_where=WAITING, postgresql_where=WAITING,
        )  # fmt: skip
        batch_op.create_check_constraint(
            op.f("ck_outbox_mail_sent"),
            "(sent_at IS NOT NULL) = (ended_as IS NOT NULL AND ended_as = 'sent')",
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        for name in ("sent", "message_end", "means"):
            batch_op.drop_constraint(op.f(f"ck_outbox_mail_{name}"), type_="check")
        batch_op.drop_index("ix_outbox_mail_waiting")
        batch_op.drop_index(op.f("ix_outbox_mail_region_id"))
        batch_op.drop_index(op.f("ix_outbox_mail_proposal_id"))
        batch_op.drop_constraint(op.f("fk_outbox_mail_region_id_region"), type_="foreignkey")
        batch_op.drop_column("ended_as")
        batch_op.drop_column("proposal_id")
        batch_op.drop_column("region_id")
        batch_op.drop_column("means")
    for table in PEOPLE:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_reached_by"), type_="check")
            batch_op.drop_column("reached_by")
