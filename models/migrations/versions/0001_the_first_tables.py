"""The first tables.

Revision 0001, 2026-11-25.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("stays_from", sa.Date(), nullable=False),
        sa.Column("stays_to", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "open",
                "finished",
                name="call_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("closes_on <= stays_to", name=op.f("ck_call_closes_before_stays_end")),
        sa.CheckConstraint("stays_from <= stays_to", name=op.f("ck_call_stays_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("code", name=op.f("uq_call_code")),
    )
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("message_id", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("address", sqltypes.AutoString(length=254), nullable=False),
        sa.Column("language", sqltypes.AutoString(length=2), nullable=False),
        sa.Column("text", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("not_before", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failure", sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_mail_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_mail_message_id")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("country", sqltypes.AutoString(length=2), nullable=False),
        sa.Column("town", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("time_zone", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("hosting_cap", sa.Integer(), nullable=True),
        sa.CheckConstraint("hosting_cap >= 0", name=op.f("ck_region_hosting_cap")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_region_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_region_longitude")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    op.create_table(
        "centre",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("town", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_centre_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre")),
        sa.UniqueConstraint("code", name=op.f("uq_centre_code")),
    )
    with op.batch_alter_table("centre", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_centre_region_id"), ["region_id"], unique=False)

    op.create_table(
        "company",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("town", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sector", sqltypes.AutoString(length=40), nullable=True),
        sa.Column(
            "size",
            sa.Enum(
                "micro",
                "small",
                "medium",
                "large",
                name="company_size",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("contact_name", sqltypes.AutoString(length=200), nullable=True),
        sa.Column("email", sqltypes.AutoString(length=254), nullable=True),
        sa.Column("phone", sqltypes.AutoString(length=40), nullable=True),
        sa.Column("max_placements", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("verified_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("verified_by", sqltypes.AutoString(length=200), nullable=True),
        sa.CheckConstraint(
            "(verified_at IS NULL) = (verified_by IS NULL)", name=op.f("ck_company_verified")
        ),
        sa.CheckConstraint("max_placements >= 0", name=op.f("ck_company_max_placements")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_company_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("region_id", "key", name=op.f("uq_company_region_id_key")),
    )
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_company_region_id"), ["region_id"], unique=False)

    op.create_table(
        "funded_places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("activity", sqltypes.AutoString(length=40), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("places >= 0", name=op.f("ck_funded_places_places")),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name=op.f("ck_funded_places_taken")),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_funded_places_call_id_call")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_funded_places_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funded_places")),
        sa.UniqueConstraint(
            "call_id",
            "region_id",
            "activity",
            name=op.f("uq_funded_places_call_id_region_id_activity"),
        ),
    )
    op.create_table(
        "apprentice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("first_name", sqltypes.AutoString(length=100), nullable=False),
        sa.Column("last_name", sqltypes.AutoString(length=100), nullable=False),
        sa.Column("email", sqltypes.AutoString(length=254), nullable=True),
        sa.Column("phone", sqltypes.AutoString(length=40), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("introduction", sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("occupations", sa.JSON(), nullable=False),
        sa.Column("isced_f", sqltypes.AutoString(length=4), nullable=True),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=False),
        sa.Column("available_to", sa.Date(), nullable=False),
        sa.Column("not_available", sa.JSON(), nullable=False),
        sa.Column("days_min", sa.Integer(), nullable=False),
        sa.Column("days_ideal", sa.Integer(), nullable=False),
        sa.Column("days_max", sa.Integer(), nullable=False),
        sa.Column("activity", sqltypes.AutoString(length=40), nullable=False),
        sa.Column("status", sqltypes.AutoString(length=40), nullable=False),
        sa.Column("modes", sa.JSON(), nullable=False),
        sa.Column("destinations", sa.JSON(), nullable=False),
        sa.Column("excluded_companies", sa.JSON(), nullable=False),
        sa.Column("interest", sa.JSON(), nullable=False),
        sa.Column("licences", sa.JSON(), nullable=False),
        sa.Column("training_days", sa.Integer(), nullable=True),
        sa.Column("days_abroad", sa.Integer(), nullable=False),
        sa.Column("graduated_on", sa.Date(), nullable=True),
        sa.Column("centre_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "1 <= days_min AND days_min <= days_ideal AND days_ideal <= days_max",
            name=op.f("ck_apprentice_days"),
        ),
        sa.CheckConstraint("available_from <= available_to", name=op.f("ck_apprentice_window")),
        sa.CheckConstraint("birth_date < available_from", name=op.f("ck_apprentice_born_before")),
        sa.CheckConstraint("days_abroad >= 0", name=op.f("ck_apprentice_days_abroad")),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_apprentice_centre_id_centre")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apprentice")),
        sa.UniqueConstraint("centre_id", "key", name=op.f("uq_apprentice_centre_id_key")),
    )
    with op.batch_alter_table("apprentice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_apprentice_centre_id"), ["centre_id"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("town", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("address", sqltypes.AutoString(length=300), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_site_company_id_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_site_company_id_name")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_company_id"), ["company_id"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "applied",
                "selected",
                "waiting",
                "paused",
                "withdrawn",
                name="enrolment_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place_in_queue", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "place_in_queue IS NULL OR place_in_queue >= 1", name=op.f("ck_enrolment_queue")
        ),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["apprentice.id"], name=op.f("fk_enrolment_apprentice_id_apprentice")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_enrolment_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint(
            "call_id", "apprentice_id", name=op.f("uq_enrolment_call_id_apprentice_id")
        ),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enrolment_apprentice_id"), ["apprentice_id"], unique=False
        )

    op.create_table(
        "guardian",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("email", sqltypes.AutoString(length=254), nullable=True),
        sa.Column("phone", sqltypes.AutoString(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["apprentice.id"], name=op.f("fk_guardian_apprentice_id_apprentice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
    )
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_guardian_apprentice_id"), ["apprentice_id"], unique=False
        )

    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("title", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("occupations", sa.JSON(), nullable=False),
        sa.Column("isced_f", sqltypes.AutoString(length=4), nullable=True),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("language_support", sa.Boolean(), nullable=False),
        sa.Column("days_min", sa.Integer(), nullable=False),
        sa.Column("days_max", sa.Integer(), nullable=False),
        sa.Column("provisions", sa.JSON(), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("hours_start", sqltypes.AutoString(length=5), nullable=True),
        sa.Column("hours_end", sqltypes.AutoString(length=5), nullable=True),
        sa.Column("hours_per_day", sa.Float(), nullable=True),
        sa.Column("days_per_week", sa.Integer(), nullable=True),
        sa.Column("statuses", sa.JSON(), nullable=False),
        sa.Column("modes", sa.JSON(), nullable=False),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("licences", sa.JSON(), nullable=False),
        sa.Column("quality", sa.Float(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "paused",
                "closed",
                name="offer_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(hours_start IS NULL) = (hours_end IS NULL) AND (hours_start IS NULL) = (hours_per_day IS NULL) AND (hours_start IS NULL) = (days_per_week IS NULL)",
            name=op.f("ck_offer_hours"),
        ),
        sa.CheckConstraint("1 <= days_min AND days_min <= days_max", name=op.f("ck_offer_days")),
        sa.CheckConstraint("quality BETWEEN 0 AND 1", name=op.f("ck_offer_quality")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_offer_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("site_id", "key", name=op.f("uq_offer_site_id_key")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_site_id"), ["site_id"], unique=False)

    op.create_table(
        "support_needs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("fewer_opportunities", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["apprentice_id"],
            ["apprentice.id"],
            name=op.f("fk_support_needs_apprentice_id_apprentice"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_needs")),
        sa.UniqueConstraint("apprentice_id", name=op.f("uq_support_needs_apprentice_id")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("email", sqltypes.AutoString(length=254), nullable=True),
        sa.Column("language", sqltypes.AutoString(length=2), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "coordinator",
                "centre",
                "company",
                "apprentice",
                "guardian",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("centre_id", sa.Uuid(), nullable=True),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("apprentice_id", sa.Uuid(), nullable=True),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("password_hash", sqltypes.AutoString(length=300), nullable=True),
        sa.Column("disabled_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(role = 'admin' AND region_id IS NULL AND centre_id IS NULL AND company_id IS NULL AND apprentice_id IS NULL AND guardian_id IS NULL) OR (role = 'coordinator' AND region_id IS NOT NULL AND centre_id IS NULL AND company_id IS NULL AND apprentice_id IS NULL AND guardian_id IS NULL) OR (role = 'centre' AND centre_id IS NOT NULL AND region_id IS NULL AND company_id IS NULL AND apprentice_id IS NULL AND guardian_id IS NULL) OR (role = 'company' AND company_id IS NOT NULL AND region_id IS NULL AND centre_id IS NULL AND apprentice_id IS NULL AND guardian_id IS NULL) OR (role = 'apprentice' AND apprentice_id IS NOT NULL AND region_id IS NULL AND centre_id IS NULL AND company_id IS NULL AND guardian_id IS NULL) OR (role = 'guardian' AND guardian_id IS NOT NULL AND region_id IS NULL AND centre_id IS NULL AND company_id IS NULL AND apprentice_id IS NULL)",
            name=op.f("ck_account_scope"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email")),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["apprentice.id"], name=op.f("fk_account_apprentice_id_apprentice")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_account_centre_id_centre")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_account_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardian.id"], name=op.f("fk_account_guardian_id_guardian")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_account_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_apprentice_id"), ["apprentice_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_account_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_guardian_id"), ["guardian_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_region_id"), ["region_id"], unique=False)

    op.create_table(
        "offer_window",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=False),
        sa.Column("available_to", sa.Date(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("available_from <= available_to", name=op.f("ck_offer_window_dates")),
        sa.CheckConstraint("places >= 0", name=op.f("ck_offer_window_places")),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name=op.f("ck_offer_window_taken")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_offer_window_offer_id_offer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_window")),
        sa.UniqueConstraint(
            "offer_id",
            "available_from",
            "available_to",
            name=op.f("uq_offer_window_offer_id_available_from_available_to"),
        ),
    )
    with op.batch_alter_table("offer_window", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_window_offer_id"), ["offer_id"], unique=False)

    op.create_table(
        "accepted_need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("need", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("reason", sqltypes.AutoString(length=300), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["account.id"], name=op.f("fk_accepted_need_accepted_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["apprentice_id"],
            ["apprentice.id"],
            name=op.f("fk_accepted_need_apprentice_id_apprentice"),
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_accepted_need_offer_id_offer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accepted_need")),
        sa.UniqueConstraint(
            "apprentice_id",
            "offer_id",
            "need",
            name=op.f("uq_accepted_need_apprentice_id_offer_id_need"),
        ),
    )
    with op.batch_alter_table("accepted_need", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accepted_need_apprentice_id"), ["apprentice_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_accepted_need_offer_id"), ["offer_id"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=100), nullable=False),
        sa.Column("token_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_api_token_expires")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_api_token_user_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_api_token_token_sha256")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("acting_for_id", sa.Uuid(), nullable=True),
        sa.Column("action", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("noun", sqltypes.AutoString(length=40), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("request_id", sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["acting_for_id"], ["account.id"], name=op.f("fk_audit_event_acting_for_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.id"], name=op.f("fk_audit_event_actor_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_row_id"), ["row_id"], unique=False)

    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sqltypes.AutoString(length=100), nullable=False),
        sa.Column("request_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_idempotency_key_user_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_idempotency_key_user_id_key")),
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("last_seen_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("device", sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_login_session_expires")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_login_session_user_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_login_session_token_sha256")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "pair_wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column(
            "wish",
            sa.Enum(
                "lock",
                "forbid",
                name="pair_word",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqltypes.AutoString(length=300), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["apprentice.id"], name=op.f("fk_pair_wish_apprentice_id_apprentice")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_pair_wish_made_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["offer_window.id"], name=op.f("fk_pair_wish_window_id_offer_window")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_wish")),
        sa.UniqueConstraint(
            "apprentice_id", "window_id", name=op.f("uq_pair_wish_apprentice_id_window_id")
        ),
    )
    with op.batch_alter_table("pair_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pair_wish_window_id"), ["window_id"], unique=False)
        batch_op.create_index(
            "uq_pair_wish_lock",
            ["apprentice_id"],
            unique=True,
            sqlite_where=sa.text("wish = 'lock'"),
            postgresql_where=sa.text("wish = 'lock'"),
        )

    op.create_table(
        "responsibility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=True),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("covers_from", sa.Date(), nullable=True),
        sa.Column("covers_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(apprentice_id IS NULL) <> (company_id IS NULL)",
            name=op.f("ck_responsibility_one_case"),
        ),
        sa.CheckConstraint(
            "(covers_from IS NULL) = (covers_to IS NULL)", name=op.f("ck_responsibility_cover")
        ),
        sa.CheckConstraint(
            "covers_from <= covers_to", name=op.f("ck_responsibility_cover_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["apprentice_id"],
            ["apprentice.id"],
            name=op.f("fk_responsibility_apprentice_id_apprentice"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_responsibility_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_responsibility_user_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
    )
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_responsibility_apprentice_id"), ["apprentice_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_responsibility_company_id"), ["company_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_responsibility_user_id"), ["user_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "preview",
                "proposing",
                name="round_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="round_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("owner", sqltypes.AutoString(length=100), nullable=True),
        sa.Column("lease_until", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("step", sqltypes.AutoString(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problem_sha256", sqltypes.AutoString(length=64), nullable=True),
        sa.Column("problem", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("certificate", sa.JSON(), nullable=True),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("failure", sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("finished_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_round_lease")
        ),
        sa.CheckConstraint("status <> 'done' OR result IS NOT NULL", name=op.f("ck_round_result")),
        sa.CheckConstraint("0 <= done AND done <= total", name=op.f("ck_round_progress")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_round_call_id_call")),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["account.id"], name=op.f("fk_round_requested_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_call_id"), ["call_id"], unique=False)
        batch_op.create_index(
            "uq_round_unfinished",
            ["call_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('queued', 'running')"),
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        )

    op.create_table(
        "setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_setting_revision")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_setting_changed_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("name", "revision", name=op.f("uq_setting_name_revision")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "asked",
                "agreed",
                "placement",
                "on_hold",
                "rejected",
                "declined",
                "expired",
                "withdrawn",
                "replaced",
                name="proposal_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("lift", sa.Float(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("deadline", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("paused_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reason", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("reason_resolved_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "status <> 'asked' OR deadline IS NOT NULL OR paused_at IS NOT NULL",
            name=op.f("ck_proposal_deadline"),
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_proposal_dates")),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["apprentice.id"], name=op.f("fk_proposal_apprentice_id_apprentice")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_proposal_call_id_call")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_proposal_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["offer_window.id"], name=op.f("fk_proposal_window_id_offer_window")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_apprentice_id"), ["apprentice_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_proposal_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_window_id"), ["window_id"], unique=False)
        batch_op.create_index(
            "uq_proposal_live",
            ["apprentice_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('proposed', 'asked', 'agreed', 'on_hold')"),
            postgresql_where=sa.text("status IN ('proposed', 'asked', 'agreed', 'on_hold')"),
        )

    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
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
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("asked_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "yes", "no", name="answer", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("answered_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "account",
                "link",
                "code",
                "phone",
                "paper",
                "mail",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("proposal_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "answer IS NULL OR answer = 'yes' OR reason <> ''", name=op.f("ck_approval_reason")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_approval_answered")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (channel IS NULL)", name=op.f("ck_approval_has_channel")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_approval_answered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_approval_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("proposal_id", "party", name=op.f("uq_approval_proposal_id_party")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("apprentice_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "booked",
                "abroad",
                "finished",
                "cancelled",
                name="placement_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("mentor", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("booked_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_placement_dates")),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["apprentice.id"], name=op.f("fk_placement_apprentice_id_apprentice")
        ),
        sa.ForeignKeyConstraint(
            ["booked_by"], ["account.id"], name=op.f("fk_placement_booked_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_placement_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["offer_window.id"], name=op.f("fk_placement_window_id_offer_window")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_placement_proposal_id")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_placement_apprentice_id"), ["apprentice_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_placement_window_id"), ["window_id"], unique=False)
        batch_op.create_index(
            "uq_placement_current",
            ["apprentice_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('booked', 'abroad')"),
            postgresql_where=sa.text("status IN ('booked', 'abroad')"),
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_placement_current",
            sqlite_where=sa.text("status IN ('booked', 'abroad')"),
            postgresql_where=sa.text("status IN ('booked', 'abroad')"),
        )
        batch_op.drop_index(batch_op.f("ix_placement_window_id"))
        batch_op.drop_index(batch_op.f("ix_placement_apprentice_id"))

    op.drop_table("placement")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_proposal_id"))

    op.drop_table("approval")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_live",
            sqlite_where=sa.text("status IN ('proposed', 'asked', 'agreed', 'on_hold')"),
            postgresql_where=sa.text("status IN ('proposed', 'asked', 'agreed', 'on_hold')"),
        )
        batch_op.drop_index(batch_op.f("ix_proposal_window_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_round_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_call_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_apprentice_id"))

    op.drop_table("proposal")
    op.drop_table("setting")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_round_unfinished",
            sqlite_where=sa.text("status IN ('queued', 'running')"),
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        )
        batch_op.drop_index(batch_op.f("ix_round_call_id"))

    op.drop_table("round")
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_responsibility_user_id"))
        batch_op.drop_index(batch_op.f("ix_responsibility_company_id"))
        batch_op.drop_index(batch_op.f("ix_responsibility_apprentice_id"))

    op.drop_table("responsibility")
    with op.batch_alter_table("pair_wish", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_pair_wish_lock",
            sqlite_where=sa.text("wish = 'lock'"),
            postgresql_where=sa.text("wish = 'lock'"),
        )
        batch_op.drop_index(batch_op.f("ix_pair_wish_window_id"))

    op.drop_table("pair_wish")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))

    op.drop_table("login_session")
    op.drop_table("idempotency_key")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_row_id"))
        batch_op.drop_index(batch_op.f("ix_audit_event_actor_id"))

    op.drop_table("audit_event")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_user_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("accepted_need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accepted_need_offer_id"))
        batch_op.drop_index(batch_op.f("ix_accepted_need_apprentice_id"))

    op.drop_table("accepted_need")
    with op.batch_alter_table("offer_window", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_window_offer_id"))

    op.drop_table("offer_window")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_region_id"))
        batch_op.drop_index(batch_op.f("ix_account_guardian_id"))
        batch_op.drop_index(batch_op.f("ix_account_company_id"))
        batch_op.drop_index(batch_op.f("ix_account_centre_id"))
        batch_op.drop_index(batch_op.f("ix_account_apprentice_id"))

    op.drop_table("account")
    op.drop_table("support_needs")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_site_id"))

    op.drop_table("offer")
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guardian_apprentice_id"))

    op.drop_table("guardian")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_apprentice_id"))

    op.drop_table("enrolment")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_company_id"))

    op.drop_table("site")
    with op.batch_alter_table("apprentice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_apprentice_centre_id"))

    op.drop_table("apprentice")
    op.drop_table("funded_places")
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_company_region_id"))

    op.drop_table("company")
    with op.batch_alter_table("centre", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_centre_region_id"))

    op.drop_table("centre")
    op.drop_table("region")
    op.drop_table("outbox_mail")
    op.drop_table("call")
