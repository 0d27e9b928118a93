"""Writes down how each job went last, for the status page and `doallvet doctor`."""

import datetime

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from api import store
from api.database import transaction
from api.services.rounds import Worker

QUIET = datetime.timedelta(minutes=5)
"""A worker does what is due every minute; after so long without it, none is there."""

LOG = structlog.get_logger(__name__)


def done(session: Session, worker: Worker, name: str, began: datetime.datetime, count: int) -> None:
    """It went well and did so many things: written with what it did, or not at all."""
    now = worker.now()
    store.job_runs.note(session, {
        "name": name, "worker": worker.name, "began_at": began, "ended_at": now, "done_at": now,
        "count": count, "failure": "",
    })  # fmt: skip


def failed(
    engine: Engine, worker: Worker, name: str, began: datetime.datetime, error: Exception
) -> None:
    """It ended with an error, of which the kind alone is kept: its text may name somebody."""
    values = {
        "name": name, "worker": worker.name, "began_at": began, "ended_at": worker.now(),
        "failure": type(error).__name__[:100],
    }  # fmt: skip
    try:
        with transaction(engine) as session:
            store.job_runs.note(session, values)
    except Exception:
        LOG.exception("due.not_noted", what=name)
