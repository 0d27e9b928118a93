"""The process of one round: `python -m api.round_process NAME`.

It takes the round that has waited longest, computes and stores it, and ends. A process of its
own, since the solver holds Python's lock: web requests are answered meanwhile. The address of
the database comes from DOALLVET_DATABASE, since it may hold a password.
"""

import os
import sys
import uuid
from enum import IntEnum

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from api import logs
from api.database import connect
from api.errors import LeaseLostError
from api.services import rounds
from api.services.rounds import Worker
from api.settings import Settings

LOG = structlog.get_logger(__name__)

NICER_BY = 5
"""So much the round stands back behind the web requests of the machine."""


class Ended(IntEnum):
    """How the process ended: its exit code. Below 0 it was a signal."""

    FINISHED = 0
    BROKEN = 1
    NOTHING_WAITED = 3
    LEASE_LOST = 4
    NO_DATABASE = 5


def work(name: str) -> Ended:
    """Run the round that has waited longest, as the worker of this name."""
    engine = connect(Settings().database)
    try:
        done = rounds.run_next(engine, Worker(name, uuid.uuid4, rounds.utc_now))
    except LeaseLostError:
        return Ended.LEASE_LOST
    except (OperationalError, InterfaceError, PoolTimeoutError):
        LOG.exception("round.database_failed", worker=name)
        return Ended.NO_DATABASE
    except Exception:
        LOG.exception("round.broken", worker=name)
        return Ended.BROKEN
    finally:
        engine.dispose()
    return Ended.FINISHED if done else Ended.NOTHING_WAITED


if __name__ == "__main__":
    os.nice(NICER_BY)
    logs.configure(json=not sys.stderr.isatty())
    sys.exit(work(sys.argv[1]))
