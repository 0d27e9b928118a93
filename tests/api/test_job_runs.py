"""How what is due by time went last is written down with it."""

import datetime
import uuid
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

import models
from api import job_runs, store
from api.caller import Caller
from api.database import connect, transaction
from api.due import DueFunction, run_due
from api.services.rounds import Worker
from tests import rows


def many(_session: Session, _caller: Caller) -> int:
    return 3


def broken(session: Session, caller: Caller) -> int:
    session.add(rows.region(created_at=caller.now))
    session.flush()
    raise RuntimeError("Aino Virtanen, aino@example.org")


def at(minutes: int) -> Worker:
    now = rows.NOW + datetime.timedelta(minutes=minutes)
    return Worker("w-1", uuid.uuid4, lambda: now)


def after(engine: Engine, due: Sequence[DueFunction], minutes: int = 0) -> dict[str, models.JobRun]:
    run_due(engine, at(minutes), due)
    with transaction(engine, writes=False) as session:
        return {row.name: row for row in store.job_runs.every(session)}


def test_each_job_has_its_last_run_and_how_it_went(database: Engine) -> None:
    found = after(database, [many, broken])
    assert set(found) == {"many", "broken", "scrub"}
    well, ill = found["many"], found["broken"]
    assert (well.count, well.failure, well.worker) == (3, "", "w-1")
    assert well.began_at == well.done_at == rows.NOW
    assert (ill.count, ill.failure, ill.done_at) == (0, "RuntimeError", None)
    with transaction(database, writes=False) as session:
        assert store.rows.every(session, models.Region) == []


def test_what_an_error_says_of_somebody_is_not_kept(database: Engine) -> None:
    assert "example.org" not in repr(after(database, [broken])["broken"])


def test_a_later_failure_keeps_when_it_went_well_last(database: Engine) -> None:
    after(database, [many])

    def many_again(_session: Session, _caller: Caller) -> int:
        raise OSError("disk full")

    many_again.__name__ = "many"
    failed = after(database, [many_again], minutes=5)["many"]
    assert (failed.failure, failed.count) == ("OSError", 3)
    assert failed.done_at == rows.NOW
    assert failed.began_at == rows.NOW + datetime.timedelta(minutes=5)
    again = after(database, [many], minutes=9)["many"]
    assert (again.failure, again.done_at) == ("", rows.NOW + datetime.timedelta(minutes=9))


def test_a_database_that_is_gone_does_not_stop_what_comes_after(
    database: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nowhere = connect(f"sqlite:///{tmp_path_factory.mktemp('n')}/none/none.db")
    job_runs.failed(nowhere, at(0), "many", rows.NOW, OSError())
    nowhere.dispose()
    assert after(database, [many])["many"].count == 3
