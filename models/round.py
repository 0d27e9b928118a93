"""One run of the engine over the selected people and the open offers."""

import datetime
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, among, check, listed, unique_where, word


class RoundKind(StrEnum):
    """A preview tells nobody; its proposals are not stored as cases."""

    PREVIEW = "preview"
    PROPOSING = "proposing"


class RoundStatus(StrEnum):
    """How far a round has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (RoundStatus.QUEUED, RoundStatus.RUNNING)


class Round(ChangingRow, table=True):
    """The table of rounds: what was asked for, who works on it, what came out.

    A round of the schedule knows the tick that it is `scheduled_for`, so that each tick has one.

    A worker holds a running round until `lease_until`; only an expired lease is taken over.
    `files` are the engine's problem and result, sealed person by person, so that a round can be
    exported and replayed byte for byte (`api.sealing.bundle`), with what was left out of it.
    `fairness` is the report on groups, sealed (`services.fairness`). `certificate` has what
    everybody may know of the whole one in there. `dropped` counts the proposals that were no
    longer possible when the round was written, by reason.
    """

    __table_args__ = (
        UniqueConstraint("call_id", "scheduled_for"),
        check("lease", "(status = 'running') = (lease_until IS NOT NULL)"),
        check("progress", "0 <= done AND done <= total"),
        check("files", "status <> 'done' OR files IS NOT NULL"),
        unique_where("uq_round_unfinished", "call_id", among("status", UNFINISHED)),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id", index=True)
    kind: RoundKind = word(RoundKind)
    status: RoundStatus = word(RoundStatus, default=RoundStatus.QUEUED)
    scheduled_for: datetime.datetime | None = None
    requested_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")
    owner: str | None = Field(default=None, max_length=100)
    lease_until: datetime.datetime | None = None
    step: str = Field(default="", max_length=40)
    done: int = 0
    total: int = 0
    files: bytes | None = Field(default=None, sa_type=LargeBinary)
    fairness: bytes | None = Field(default=None, sa_type=LargeBinary)
    certificate: dict[str, Any] | None = listed(default=None, nullable=True)
    stored: int = 0
    dropped: dict[str, int] = listed(default_factory=dict)
    failure: str = Field(default="", max_length=2000)
    finished_at: datetime.datetime | None = None
