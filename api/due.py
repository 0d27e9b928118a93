"""What is due by time, besides rounds and messages: questions that expire, reminders."""

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from api import audit_heads, job_runs
from api.caller import Caller
from api.database import transaction
from api.services import deadlines, erasing, retention
from api.services.rounds import Worker
from api.settings import Settings

LOG = structlog.get_logger(__name__)

DueFunction = Callable[[Session, Caller], int]
"""Does what is due at `caller.now` and says how many things it did; does nothing twice."""

DUE: tuple[DueFunction, ...] = (
    deadlines.expire, deadlines.remind, erasing.destroy_keys, retention.let_go,
)  # fmt: skip
"""What is due wherever the service runs; the leading worker calls each about once a minute."""


def due_of(settings: Settings) -> tuple[DueFunction, ...]:
    """All of it, with what its surroundings say: where messages and heads of the audit are."""
    return (
        *DUE, erasing.mail_deleter(Path(settings.mail_folder)),
        audit_heads.recorder(Path(settings.audit_heads)),
    )  # fmt: skip


def run_due(engine: Engine, worker: Worker, due: Sequence[DueFunction]) -> None:
    """Call each function in a transaction of its own, and scrub what is left of who was erased.

    What fails is logged, the rest goes on.
    """
    jobs = [(function.__name__, partial(_called, engine, worker, function)) for function in due]
    for name, job in (*jobs, ("scrub", partial(_scrubbed, engine, worker))):
        began = worker.now()
        try:
            count = job(began)
        except Exception as error:
            LOG.exception("due.failed", what=name)
            job_runs.failed(engine, worker, name, began, error)
            continue
        if count:
            LOG.info("due.done", what=name, count=count)


def _called(
    engine: Engine, worker: Worker, function: DueFunction, began: datetime.datetime
) -> int:  # fmt: skip
    with transaction(engine) as session:
        count = function(session, worker.caller())
        job_runs.done(session, worker, function.__name__, began, count)
    return count


def _scrubbed(engine: Engine, worker: Worker, began: datetime.datetime) -> int:
    """Scrubbing works in transactions of its own."""
    people = erasing.scrub(engine, worker.now)
    with transaction(engine) as session:
        job_runs.done(session, worker, "scrub", began, people)
    return people
