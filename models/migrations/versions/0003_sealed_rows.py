"""Needs, what depends on them, files of rounds, kept answers, details of the audit are sealed.

Revision 0003, 2026-11-25. Rows are sealed on the way up and opened on the way down, by the vault
that `models.migrations` was given. The files of rounds are packed anew; what was left out of
them and the whole certificate are in the files. What was sealed for somebody who was erased
stays gone on the way down: an empty record, no accepted need, nothing in a round.
"""

import base64
import datetime
import gzip
import hashlib
import hmac
import json
import uuid
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlmodel.sql import sqltypes

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERVICE, AUDIT = uuid.UUID(int=1), uuid.UUID(int=2)
"""Whose keys seal what is about nobody, and bind the events of the audit."""

HOSTING_KNOWS = (
    "occupation", "language", "dates", "minimum_age", "working_time", "hazards", "host_verified",
)  # fmt: skip
OF_DETAILS = ("score", "lift", "rank", "eligible", "parts", "warnings", "override_reason")
OF_NEEDS = {"needs": {}, "confirmed": [], "fewer_opportunities": False, "barrier": None,
            "evidence": None, "sex": None}  # fmt: skip


def upgrade() -> None:
    """Make the change."""
    _make_tables()
    tables = _Tables()
    for step in (
        _seal_needs,
        _seal_accepted,
        _seal_details,
        _seal_rounds,
        _seal_answers,
        _seal_audit,
    ):
        step(tables)


def downgrade() -> None:
    """Take the change back."""
    tables = _Tables()
    for step in (
        _open_needs,
        _open_accepted,
        _open_details,
        _open_rounds,
        _open_answers,
        _open_audit,
    ):
        step(tables)
    op.drop_table("proposal_detail")
    op.drop_table("audit_head")


class _Tables:
    """The tables as they are now, and the vault."""

    def __init__(self) -> None:
        self.bind = op.get_bind()
        self.vault: Any = context.config.attributes["vault"]
        self.has_key: dict[Any, bool] = {}

    def rows(self, name: str, *, order: str = "id") -> list[Any]:
        table = self.table(name)
        found = self.bind.execute(sa.select(table).order_by(table.c[order])).mappings()
        return [dict(row) for row in found]

    def table(self, name: str) -> sa.Table:
        table = sa.Table(name, sa.MetaData(), autoload_with=self.bind, resolve_fks=False)
        for column in table.columns:  # SQLite does not say that these are ids and times
            if isinstance(column.type, sa.CHAR | sa.Uuid):
                column.type = sa.Uuid()
            elif isinstance(column.type, sa.DateTime):
                column.type = sqltypes.UTCDateTime()
        return table

    def change(self, table: sa.Table, row: Any, **values: Any) -> None:
        self.bind.execute(table.update().where(table.c.id == row["id"]).values(**values))

    def seal(self, name: str, row: Any, owner: Any, **values: Any) -> dict[str, bytes]:
        return {
            column: self.vault.seal(owner, f"{name}|{column}|{row['id']}", value)
            for column, value in values.items()
        }

    def open(self, name: str, row: Any, owner: Any, *columns: str) -> dict[str, Any]:
        """Nothing where the key is gone; raises where something was tampered with."""
        if owner not in self.has_key:
            self.has_key[owner] = bool(self.vault.keys([owner]))
        if not self.has_key[owner]:
            return {}
        return {
            column: self.vault.open(owner, f"{name}|{column}|{row['id']}", row[column])
            for column in columns
        }


def _make_tables() -> None:
    op.create_table(
        "proposal_detail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("held_for", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_detail_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_detail")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_proposal_detail_proposal_id")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("mac", sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )


def _seal_needs(tables: _Tables) -> None:
    rows = tables.rows("support_needs")
    with op.batch_alter_table("support_needs") as batch_op:
        for column in ("needs", "fewer_opportunities"):
            batch_op.drop_column(column)
        for column in OF_NEEDS:
            batch_op.add_column(sa.Column(column, sa.LargeBinary(), nullable=True))
    table = tables.table("support_needs")
    for row in rows:
        told = OF_NEEDS | {
            "needs": row["needs"],
            "fewer_opportunities": bool(row["fewer_opportunities"]),
            "confirmed": [n for n, how in row["needs"].items() if how == "hard"],
        }
        tables.change(table, row, **tables.seal("support_needs", row, row["apprentice_id"], **told))
    with op.batch_alter_table("support_needs") as batch_op:
        for column in OF_NEEDS:
            batch_op.alter_column(column, existing_type=sa.LargeBinary(), nullable=False)


def _open_needs(tables: _Tables) -> None:
    rows = tables.rows("support_needs")
    with op.batch_alter_table("support_needs") as batch_op:
        for column in OF_NEEDS:
            batch_op.drop_column(column)
        batch_op.add_column(sa.Column("needs", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(
            sa.Column(
                "fewer_opportunities", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    table = tables.table("support_needs")
    for row in rows:
        told = tables.open(
            "support_needs", row, row["apprentice_id"], "needs", "fewer_opportunities"
        )
        if told:
            tables.change(table, row, **told)
    with op.batch_alter_table("support_needs") as batch_op:
        batch_op.alter_column("needs", existing_type=sa.JSON(), server_default=None)
        batch_op.alter_column(
            "fewer_opportunities", existing_type=sa.Boolean(), server_default=None
        )


def _seal_accepted(tables: _Tables) -> None:
    rows = tables.rows("accepted_need")
    with op.batch_alter_table("accepted_need") as batch_op:
        batch_op.drop_constraint("uq_accepted_need_apprentice_id_offer_id_need", type_="unique")
        for column in ("need", "reason"):
            batch_op.drop_column(column)
    with op.batch_alter_table("accepted_need") as batch_op:
        for column in ("need", "reason"):
            batch_op.add_column(sa.Column(column, sa.LargeBinary(), nullable=True))
    table = tables.table("accepted_need")
    for row in rows:
        told = {"need": row["need"], "reason": row["reason"]}
        tables.change(table, row, **tables.seal("accepted_need", row, row["apprentice_id"], **told))
    with op.batch_alter_table("accepted_need") as batch_op:
        for column in ("need", "reason"):
            batch_op.alter_column(column, existing_type=sa.LargeBinary(), nullable=False)


def _open_accepted(tables: _Tables) -> None:
    rows = tables.rows("accepted_need")
    with op.batch_alter_table("accepted_need") as batch_op:
        for column in ("need", "reason"):
            batch_op.drop_column(column)
    with op.batch_alter_table("accepted_need") as batch_op:
        for column, length in (("need", 60), ("reason", 300)):
            batch_op.add_column(
                sa.Column(column, sqltypes.AutoString(length=length), nullable=True)
            )
    table = tables.table("accepted_need")
    for row in rows:
        told = tables.open("accepted_need", row, row["apprentice_id"], "need", "reason")
        if told:
            tables.change(table, row, **told)
        else:
            tables.bind.execute(table.delete().where(table.c.id == row["id"]))
    with op.batch_alter_table("accepted_need") as batch_op:
        for column, length in (("need", 60), ("reason", 300)):
            batch_op.alter_column(
                column, existing_type=sqltypes.AutoString(length=length), nullable=False
            )
        batch_op.create_unique_constraint(
            "uq_accepted_need_apprentice_id_offer_id_need", ["apprentice_id", "offer_id", "need"]
        )


def _for_hosting(rules: list[str]) -> list[str]:
    return [rule for rule in rules if rule in HOSTING_KNOWS] or ["not_suitable"] * bool(rules)


def _seal_details(tables: _Tables) -> None:
    rows, placed = tables.rows("proposal"), tables.rows("placement")
    held = {row["proposal_id"]: row["held_for"] for row in placed}
    with op.batch_alter_table("proposal") as batch_op:
        for column in OF_DETAILS:
            batch_op.drop_column(column)
    table = tables.table("proposal_detail")
    proposal, placement = tables.table("proposal"), tables.table("placement")
    for row in rows:
        told = {name: row[name] for name in OF_DETAILS}
        rules = held.get(row["id"], row["held_for"])
        sealed = tables.seal(
            "proposal_detail", row, row["apprentice_id"], details=told, held_for=rules
        )
        tables.bind.execute(
            table.insert().values(
                id=row["id"], created_at=row["created_at"], changed_at=row["changed_at"],
                version=1, proposal_id=row["id"], **sealed,
            )
        )  # fmt: skip
        tables.change(proposal, row, held_for=_for_hosting(row["held_for"]))
    for row in placed:
        tables.change(placement, row, held_for=_for_hosting(row["held_for"]))


def _open_details(tables: _Tables) -> None:
    rows, placed = tables.rows("proposal"), tables.rows("placement")
    details = {row["proposal_id"]: row for row in tables.rows("proposal_detail")}
    held = {row["proposal_id"] for row in placed}
    with op.batch_alter_table("proposal") as batch_op:
        batch_op.add_column(sa.Column("score", sa.Float(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("lift", sa.Float(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("eligible", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("parts", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("warnings", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column(
                "override_reason", sqltypes.AutoString(length=300), nullable=False,
                server_default="",
            )
        )  # fmt: skip
    proposal, placement = tables.table("proposal"), tables.table("placement")
    whole: dict[Any, list[str]] = {}
    for row in rows:
        if row["id"] not in details:
            continue
        told = tables.open(
            "proposal_detail", details[row["id"]], row["apprentice_id"], "details", "held_for"
        )
        if not told:
            continue
        values = told["details"]
        values["score"] = values["score"] or 0.0
        whole[row["id"]] = told["held_for"]
        if row["id"] not in held:
            values["held_for"] = told["held_for"]
        tables.change(proposal, row, **values)
    for row in placed:
        if row["proposal_id"] in whole:
            rules = whole[row["proposal_id"]]
            tables.change(placement, row, held_for=rules)
    with op.batch_alter_table("proposal") as batch_op:
        for name, kind in (
            ("score", sa.Float()), ("lift", sa.Float()), ("parts", sa.JSON()),
            ("warnings", sa.JSON()), ("override_reason", sqltypes.AutoString(length=300)),
        ):  # fmt: skip
            batch_op.alter_column(name, existing_type=kind, server_default=None)


PUBLIC = ("engine", "solver", "objective", "optimal", "promises", "seconds")


def _seal_rounds(tables: _Tables) -> None:
    rows = tables.rows("round")
    with op.batch_alter_table("round") as batch_op:
        batch_op.add_column(sa.Column("files", sa.LargeBinary(), nullable=True))
    table = tables.table("round")
    for row in rows:
        if row["problem"] is None or row["result"] is None:
            continue
        files = [json.loads(gzip.decompress(row[name])) for name in ("problem", "result")]
        beside = {"left_out": row["left_out"]}
        whole = row["certificate"]
        public = {name: whole[name] for name in PUBLIC if name in whole}
        public["placed"] = len(files[1]["proposals"])
        tables.change(
            table, row, files=tables.vault.pack_round(row["id"], *files, beside),
            certificate=public,
        )  # fmt: skip
    with op.batch_alter_table("round") as batch_op:
        batch_op.drop_constraint(op.f("ck_round_result"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_round_files"), "status <> 'done' OR files IS NOT NULL"
        )
        for column in ("problem_sha256", "problem", "result", "left_out"):
            batch_op.drop_column(column)


def _open_rounds(tables: _Tables) -> None:
    rows = tables.rows("round")
    with op.batch_alter_table("round") as batch_op:
        batch_op.drop_constraint(op.f("ck_round_files"), type_="check")
        batch_op.add_column(
            sa.Column("problem_sha256", sqltypes.AutoString(length=64), nullable=True)
        )
        batch_op.add_column(sa.Column("problem", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("result", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("left_out", sa.JSON(), nullable=False, server_default="[]"))
    table = tables.table("round")
    for row in rows:
        if row["files"] is None:
            continue
        problem, result, beside = tables.vault.unpack_round(row["id"], row["files"])
        tables.change(
            table, row, problem_sha256=result["certificate"]["problem_sha256"],
            problem=_packed(problem), result=_packed(result),
            certificate=result["certificate"],
            left_out=beside["left_out"],
        )  # fmt: skip
    with op.batch_alter_table("round") as batch_op:
        batch_op.alter_column("left_out", existing_type=sa.JSON(), server_default=None)
        batch_op.create_check_constraint(
            op.f("ck_round_result"), "status <> 'done' OR result IS NOT NULL"
        )
        batch_op.drop_column("files")


def _packed(value: Any) -> bytes:
    """As the engine writes its files: they come back byte for byte."""
    return gzip.compress(json.dumps(value, ensure_ascii=False, indent=2).encode(), mtime=0)


def _seal_answers(tables: _Tables) -> None:
    table = tables.table("idempotency_key")
    for row in tables.rows("idempotency_key"):
        sealed = tables.seal("idempotency_key", row, SERVICE, answer=row["answer"])["answer"]
        tables.change(table, row, answer={"sealed": base64.b64encode(sealed).decode()})


def _open_answers(tables: _Tables) -> None:
    table = tables.table("idempotency_key")
    for row in tables.rows("idempotency_key"):
        sealed = row | {"answer": base64.b64decode(row["answer"]["sealed"])}
        tables.change(table, row, **tables.open("idempotency_key", sealed, SERVICE, "answer"))


def _seal_audit(tables: _Tables) -> None:
    rows = sorted(tables.rows("audit_event"), key=lambda row: (row["created_at"], row["id"]))
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.add_column(sa.Column("position", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("mac", sqltypes.AutoString(length=64), nullable=True))
        batch_op.add_column(sa.Column("about_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("details", sa.LargeBinary(), nullable=True))
    table = tables.table("audit_event")
    key = tables.vault.keys([AUDIT], make=True)[AUDIT]
    mac = "0" * 64
    for position, row in enumerate(rows, 1):
        sealed = tables.vault.seal(SERVICE, f"audit_event|details|{row['id']}", row["data"])
        mac = _mac(key, mac, row | {"position": position, "about_id": None, "details": sealed})
        tables.change(table, row, position=position, mac=mac, about_id=None, details=sealed)
    if rows:
        head = sa.text("INSERT INTO audit_head (id, position, mac) VALUES (1, :position, :mac)")
        tables.bind.execute(head, {"position": len(rows), "mac": mac})
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.drop_column("data")
        for name, kind in (
            ("position", sa.BigInteger()), ("mac", sqltypes.AutoString(length=64)),
            ("details", sa.LargeBinary()),
        ):  # fmt: skip
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_unique_constraint(op.f("uq_audit_event_position"), ["position"])
        batch_op.create_check_constraint(op.f("ck_audit_event_position"), "position >= 1")
        batch_op.create_index(batch_op.f("ix_audit_event_about_id"), ["about_id"], unique=False)


def _mac(key: bytes, before: str, row: dict[str, Any]) -> str:
    """As `api.chain.mac_of` binds an event to the one before."""
    created = row["created_at"].astimezone(datetime.UTC).isoformat(timespec="microseconds")
    names = ("actor_id", "acting_for_id", "action", "noun", "row_id", "about_id", "request_id")
    values = [
        before, row["position"], str(row["id"]), created,
        *(None if row[name] is None else str(row[name]) for name in names),
        row["details"].hex(),
    ]  # fmt: skip
    return hmac.new(key, json.dumps(values).encode(), hashlib.sha256).hexdigest()


def _open_audit(tables: _Tables) -> None:
    rows = tables.rows("audit_event")
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.add_column(sa.Column("data", sa.JSON(), nullable=False, server_default="{}"))
    table = tables.table("audit_event")
    for row in rows:
        owner = row["about_id"] or SERVICE
        told = tables.open("audit_event", row, owner, "details").get("details", {})
        tables.change(table, row, data=told)
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.alter_column("data", existing_type=sa.JSON(), server_default=None)
        batch_op.drop_index(batch_op.f("ix_audit_event_about_id"))
        batch_op.drop_constraint(op.f("uq_audit_event_position"), type_="unique")
        batch_op.drop_constraint(op.f("ck_audit_event_position"), type_="check")
        for column in ("position", "mac", "about_id", "details"):
            batch_op.drop_column(column)
