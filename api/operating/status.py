"""How the service is doing, as an administrator sees it while it runs."""

import datetime
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version

from sqlmodel import Session

import models
from api import store
from api.job_runs import QUIET
from api.operating.means import means_of
from api.operating.room import NEARLY_FULL, rooms
from api.services import round_lists
from api.settings import Settings
from models import RoundStatus, migrations
from models.round import UNFINISHED
from models.status_views import (
    ErrorCount,
    FailureCount,
    JobShown,
    OutboxShown,
    RoomShown,
    RoundBrief,
    RoundsShown,
    StatusShown,
    Trouble,
    WorkerShown,
)

LATELY = datetime.timedelta(days=7)
"""Rounds that failed so long ago are still shown."""

MOST_ROUNDS = 10
MOST_ERRORS = 50

WAITS_LONG = datetime.timedelta(hours=1)
"""A message that waits so long does not get out."""


@dataclass(frozen=True)
class Process:
    """What one web process knows of itself."""

    settings: Settings
    release: str
    began_at: datetime.datetime
    refused: Mapping[tuple[str, str, int], int]


def status(session: Session, process: Process, now: datetime.datetime) -> StatusShown:
    """Everything at once."""
    engine, connection = session.get_bind().engine, session.connection()
    state = migrations.state_on(connection)
    found = StatusShown(
        at=now, troubles=[], worker=_worker(session, now), rounds=_rounds(session, now),
        outbox=_outbox(session), errors=_errors(process.refused), errors_since=process.began_at,
        versions={
            "doALLVET": process.release, "Python": platform.python_version(),
            engine.dialect.name: means_of(engine).version(connection),
            "SQLAlchemy": version("sqlalchemy"),
        },
        tables=state.current, tables_wanted=state.newest,
        rooms=[RoomShown(name=one.name, free=one.free, total=one.total)
               for one in rooms(process.settings, engine)],
    )  # fmt: skip
    return found.model_copy(update={"troubles": list(_troubles(found, now))})


def _worker(session: Session, now: datetime.datetime) -> WorkerShown:
    runs = store.job_runs.every(session)
    last = max(runs, key=lambda run: run.began_at, default=None)
    return WorkerShown(
        name=last.worker if last else None, looked_at=last.began_at if last else None,
        jobs=[JobShown(**{name: getattr(run, name) for name in JobShown.model_fields})
              for run in runs],
        next_tick=round_lists.next_tick(session, now),
    )  # fmt: skip


def _rounds(session: Session, now: datetime.datetime) -> RoundsShown:
    def found(*statuses: RoundStatus, most: int = MOST_ROUNDS,
              since: datetime.datetime | None = None) -> list[RoundBrief]:  # fmt: skip
        rows = store.status.rounds_with_calls(session, statuses, since=since, most=most)
        return [_brief(row, code) for row, code in rows]

    return RoundsShown(
        last=next(iter(found(RoundStatus.DONE, most=1)), None), unfinished=found(*UNFINISHED),
        failed=found(RoundStatus.FAILED, since=now - LATELY),
    )  # fmt: skip


def _brief(row: models.Round, code: str) -> RoundBrief:
    names = RoundBrief.model_fields.keys() - {"call"}
    return RoundBrief(call=code, **{name: getattr(row, name) for name in names})


def _outbox(session: Session) -> OutboxShown:
    waiting, oldest = store.status.waiting_mails(session)
    failed = store.status.failed_mails(session)
    return OutboxShown(
        waiting=waiting, oldest=oldest,
        failed=[FailureCount(reason=reason, count=count) for reason, count in failed.items()],
    )  # fmt: skip


def _errors(refused: Mapping[tuple[str, str, int], int]) -> list[ErrorCount]:
    """Those of the service first (500 and up), then the most frequent ones."""
    found = [
        ErrorCount(method=method, route=route, status=code, count=count)
        for (method, route, code), count in refused.items()
    ]
    found.sort(key=lambda one: (one.status < 500, -one.count, one.route, one.method, one.status))
    return found[:MOST_ERRORS]


def _troubles(found: StatusShown, now: datetime.datetime) -> Iterator[Trouble]:
    looked = found.worker.looked_at
    oldest = found.outbox.oldest
    wrong = {
        Trouble.NO_WORKER: looked is None or now - looked > QUIET,
        Trouble.JOB_FAILS: any(job.failure for job in found.worker.jobs),
        Trouble.ROUND_FAILED: bool(found.rounds.failed),
        Trouble.MAIL_FAILS: bool(found.outbox.failed),
        Trouble.MAIL_WAITS: oldest is not None and now - oldest > WAITS_LONG,
        Trouble.DISK_FULL: any(room.free < NEARLY_FULL for room in found.rooms),
        Trouble.ERRORS: any(one.status >= 500 for one in found.errors),
        Trouble.TABLES_DIFFER: found.tables != found.tables_wanted,
    }
    yield from (trouble for trouble, is_there in wrong.items() if is_there)
