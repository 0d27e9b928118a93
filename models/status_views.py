"""What is shown of how the service is doing. No names, no addresses: kinds and counts."""

import datetime
import uuid
from enum import StrEnum

from models.base import Shape, Shown
from models.round import RoundKind, RoundStatus


class Trouble(StrEnum):
    """What somebody has to look at."""

    NO_WORKER = "no_worker"
    JOB_FAILS = "job_fails"
    ROUND_FAILED = "round_failed"
    MAIL_FAILS = "mail_fails"
    MAIL_WAITS = "mail_waits"
    DISK_FULL = "disk_full"
    ERRORS = "errors"
    TABLES_DIFFER = "tables_differ"


class JobShown(Shown):
    """How something that is due by time went last; `failure` is the kind of its error."""

    name: str
    began_at: datetime.datetime
    ended_at: datetime.datetime
    done_at: datetime.datetime | None
    count: int
    failure: str


class WorkerShown(Shown):
    """Who leads, and when it did last what is due; nobody, where nothing was done yet."""

    name: str | None
    looked_at: datetime.datetime | None
    jobs: list[JobShown]
    next_tick: datetime.datetime | None


class RoundBrief(Shape):
    """A round and how it stands; why it failed stands with the round itself."""

    id: uuid.UUID
    call: str
    kind: RoundKind
    status: RoundStatus
    created_at: datetime.datetime
    finished_at: datetime.datetime | None


class RoundsShown(Shown):
    """The last round that ended well, those on their way, those that failed lately."""

    last: RoundBrief | None
    unfinished: list[RoundBrief]
    failed: list[RoundBrief]


class FailureCount(Shape):
    """How many messages could not be sent for this reason."""

    reason: str
    count: int


class OutboxShown(Shown):
    """Messages that wait, since when the oldest does, and those that fail."""

    waiting: int
    oldest: datetime.datetime | None
    failed: list[FailureCount]


class ErrorCount(Shape):
    """How often a route answered with an error."""

    method: str
    route: str
    status: int
    count: int


class RoomShown(Shown):
    """How many bytes are free where something is stored."""

    name: str
    free: int
    total: int


class StatusShown(Shown):
    """Everything that an administrator looks at. `errors` are those of one process since then."""

    at: datetime.datetime
    troubles: list[Trouble]
    worker: WorkerShown
    rounds: RoundsShown
    outbox: OutboxShown
    errors: list[ErrorCount]
    errors_since: datetime.datetime
    versions: dict[str, str]
    tables: str | None
    tables_wanted: str | None
    rooms: list[RoomShown]
