"""Answers, groups and what the service remembers.

Revision 0002, 2026-11-25.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "travel_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "class",
                "friends",
                name="group_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("region_code", sqltypes.AutoString(length=60), nullable=True),
        sa.Column("town", sqltypes.AutoString(length=200), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("together_or_not_at_all", sa.Boolean(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("split_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(first_day IS NULL) = (last_day IS NULL)", name=op.f("ck_travel_group_dates")
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_travel_group_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_travel_group_call_id_call")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_group")),
    )
    with op.batch_alter_table("travel_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_travel_group_call_id"), ["call_id"], unique=False)

    op.create_table(
        "accompanying_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_accompanying_person_days")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["travel_group.id"],
            name=op.f("fk_accompanying_person_group_id_travel_group"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accompanying_person")),
    )
    with op.batch_alter_table("accompanying_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accompanying_person_group_id"), ["group_id"], unique=False
        )

    op.create_table(
        "group_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column("wished_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["apprentice_id"],
            ["apprentice.id"],
            name=op.f("fk_group_member_apprentice_id_apprentice"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["travel_group.id"], name=op.f("fk_group_member_group_id_travel_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_member")),
        sa.UniqueConstraint(
            "group_id", "apprentice_id", name=op.f("uq_group_member_group_id_apprentice_id")
        ),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_member_apprentice_id"), ["apprentice_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_group_member_group_id"), ["group_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_invitation_expires")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_invitation_user_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_invitation_token_sha256")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_user_id"), ["user_id"], unique=False)

    op.create_table(
        "answer_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "party",
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
        sa.Column(
            "kind",
            sa.Enum(
                "link",
                "code",
                name="link_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("secret_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("session_sha256", sqltypes.AutoString(length=64), nullable=True),
        sa.Column("session_expires_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(session_sha256 IS NULL) = (session_expires_at IS NULL)",
            name=op.f("ck_answer_link_session"),
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_answer_link_expires")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_answer_link_made_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_answer_link_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_link")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_answer_link_secret_sha256")),
        sa.UniqueConstraint("session_sha256", name=op.f("uq_answer_link_session_sha256")),
    )
    with op.batch_alter_table("answer_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answer_link_proposal_id"), ["proposal_id"], unique=False
        )

    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "question",
                "talk",
                name="question_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("answer", sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("answered_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_question_answered")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_question_answered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_question_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "answer_scan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("content_type", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_answer_scan_approval_id_approval")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_scan")),
        sa.UniqueConstraint("approval_id", name=op.f("uq_answer_scan_approval_id")),
    )
    with op.batch_alter_table("apprentice", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("employer_name", sqltypes.AutoString(length=200), nullable=True)
        )
        batch_op.add_column(
            sa.Column("employer_email", sqltypes.AutoString(length=254), nullable=True)
        )

    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "heard_from", sqltypes.AutoString(length=200), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column("reminders", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("heard_on", sa.Date(), nullable=True))
        batch_op.drop_column("turn")

    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_for", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("reason", sqltypes.AutoString(length=60), nullable=False, server_default="")
        )

    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("warnings", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column(
                "override_reason",
                sqltypes.AutoString(length=300),
                nullable=False,
                server_default="",
            )
        )
        batch_op.add_column(sa.Column("held_for", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("hours_to_answer", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_proposal_made_by_account"), "account", ["made_by"], ["id"]
        )

    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scheduled_for", sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_round_call_id_scheduled_for"), ["call_id", "scheduled_for"]
        )

    # the defaults were for the rows that were there before
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.alter_column("heard_from", server_default=None)
        batch_op.alter_column("reminders", server_default=None)
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.alter_column("held_for", server_default=None)
        batch_op.alter_column("reason", server_default=None)
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.alter_column("warnings", server_default=None)
        batch_op.alter_column("override_reason", server_default=None)
        batch_op.alter_column("held_for", server_default=None)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_round_call_id_scheduled_for"), type_="unique")
        batch_op.drop_column("scheduled_for")

    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_proposal_made_by_account"), type_="foreignkey")
        batch_op.drop_column("hours_to_answer")
        batch_op.drop_column("held_for")
        batch_op.drop_column("override_reason")
        batch_op.drop_column("warnings")
        batch_op.drop_column("made_by")

    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_column("reason")
        batch_op.drop_column("held_for")

    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turn", sa.INTEGER(), nullable=False, server_default="1"))
        batch_op.drop_column("heard_on")
        batch_op.drop_column("reminders")
        batch_op.drop_column("heard_from")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.alter_column("turn", server_default=None)

    with op.batch_alter_table("apprentice", schema=None) as batch_op:
        batch_op.drop_column("employer_email")
        batch_op.drop_column("employer_name")

    op.drop_table("answer_scan")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_proposal_id"))

    op.drop_table("question")
    with op.batch_alter_table("answer_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_link_proposal_id"))

    op.drop_table("answer_link")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_user_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_member_group_id"))
        batch_op.drop_index(batch_op.f("ix_group_member_apprentice_id"))

    op.drop_table("group_member")
    with op.batch_alter_table("accompanying_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accompanying_person_group_id"))

    op.drop_table("accompanying_person")
    with op.batch_alter_table("travel_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_travel_group_call_id"))

    op.drop_table("travel_group")
