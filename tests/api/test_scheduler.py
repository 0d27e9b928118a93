"""The scheduler: ticks, the process of a round, who leads, and what is left after kill -9."""

import datetime
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select
from structlog.testing import capture_logs

import models
from api.caller import Caller
from api.database import connect, transaction
from api.due import run_due
from api.language import ENGLISH
from api.leadership import LEADER_LOCK, leadership
from api.scheduler import CRASHES, Scheduler, ask_for_last_tick, meaning
from api.services import rounds, settings
from api.services.failures import told
from matcher import Result
from tests import rows
from tests.api.test_cli import run_here
from tests.api.test_round_process import ROOT, ask_now
from tests.api.test_rounds import books_balance, live, worker
from tests.databases import Cluster

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
TICK = datetime.datetime(2027, 1, 16, 1, 0, tzinfo=datetime.UTC)
"""The first one of the default schedule after the demo was made: 02:00 in Brussels."""


def until(is_so: Callable[[], Any], what: str, seconds: float = 120) -> Any:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = is_so()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come")


def all_rounds(engine: Engine) -> list[models.Round]:
    with transaction(engine, writes=False) as session:
        return list(session.exec(select(models.Round).order_by(col(models.Round.created_at))))


def missed(engine: Engine, now: datetime.datetime, after: datetime.datetime | None = None) -> int:
    """How many rounds a scheduler asks for that begins at `now`."""
    before = len(all_rounds(engine))
    ask_for_last_tick(engine, worker(seed=before + 90, now=now), after or now - DAY, now)
    return len(all_rounds(engine)) - before


def set_schedule(engine: Engine, value: Any, now: datetime.datetime) -> None:
    with transaction(engine) as session:
        settings.change(session, Caller(now, uuid.uuid4), "schedule", value, revision=None)


def without_schedule(engine: Engine) -> None:
    set_schedule(engine, None, rounds.utc_now())


# Ticks


@pytest.fixture
def with_call(database: Engine) -> Engine:
    """A database with an open call and nothing else."""
    with transaction(database) as session:
        session.add(rows.call(status="open"))
    return database


def test_a_missed_tick_is_made_up_for_once(with_call: Engine) -> None:
    assert missed(with_call, TICK - HOUR) == 0
    assert missed(with_call, TICK + 8 * HOUR) == 1
    assert missed(with_call, TICK + 9 * HOUR) == 0
    assert [row.scheduled_for for row in all_rounds(with_call)] == [TICK]


def test_a_tick_of_the_day_before_is_let_go(with_call: Engine) -> None:
    every_monday = {"cron": "0 2 * * mon", "time_zone": "Europe/Brussels"}
    monday = datetime.datetime(2027, 1, 18, 1, 0, tzinfo=datetime.UTC)
    set_schedule(with_call, every_monday, rows.NOW)
    assert missed(with_call, monday + DAY + HOUR, after=monday - DAY) == 0
    assert missed(with_call, monday + DAY - HOUR, after=monday - DAY) == 1


def test_a_tick_counts_if_the_schedule_and_the_call_were_there(with_call: Engine) -> None:
    assert missed(with_call, rows.NOW) == 0  # the call is newer than the tick
    hourly = {"cron": "0 * * * *", "time_zone": "UTC"}
    set_schedule(with_call, hourly, rows.NOW + HOUR / 2)
    assert missed(with_call, rows.NOW + HOUR * 3 / 4) == 0
    assert missed(with_call, rows.NOW + HOUR) == 1


def test_without_a_schedule_nothing_is_asked_for(with_call: Engine) -> None:
    set_schedule(with_call, None, rows.NOW)
    assert missed(with_call, TICK + HOUR) == 0


def test_a_new_schedule_holds_at_the_next_look(with_call: Engine) -> None:
    clock = [TICK - HOUR]
    scheduler = Scheduler(address_of(with_call), now=lambda: clock[0])
    scheduler.look()
    clock[0] = TICK - HOUR / 2
    set_schedule(with_call, {"cron": "45 0 * * *", "time_zone": "UTC"}, clock[0])
    scheduler.look()
    assert all_rounds(with_call) == []
    clock[0] = TICK - HOUR / 4
    scheduler.look()
    assert [row.scheduled_for for row in all_rounds(with_call)] == [TICK - HOUR / 4]
    clock[0] = TICK
    with capture_logs() as logs:
        scheduler.look()
    assert [line for line in logs if line["event"] == "schedule.tick"] == []
    scheduler.stop(grace=0)


# What is due by time


def test_what_is_due_and_fails_stops_nothing_else(with_call: Engine) -> None:
    def pauses(session: Session, caller: Caller) -> int:
        call = session.exec(select(models.Call)).one()
        call.name = f"at {caller.now:%H}"
        session.add(call)
        return 2

    def breaks(session: Session, _caller: Caller) -> int:
        call = session.exec(select(models.Call)).one()
        call.name = "half done"
        session.flush()
        raise ValueError("Aino Virtanen")

    def rests(_session: Session, _caller: Caller) -> int:
        return 0

    with capture_logs() as logs:
        run_due(with_call, worker(), [breaks, pauses, rests, breaks])
    with transaction(with_call, writes=False) as session:
        assert session.exec(select(models.Call)).one().name == "at 09"
    assert [(line["event"], line["what"]) for line in logs] == [
        ("due.failed", "breaks"), ("due.done", "pauses"), ("due.failed", "breaks"),
    ]  # fmt: skip


def test_only_who_leads_does_what_is_due(with_call: Engine) -> None:
    done = []

    def due(_session: Session, caller: Caller) -> int:
        done.append(caller.now)
        return 1

    without_schedule(with_call)
    other = leadership(with_call)
    assert other.held()
    scheduler = Scheduler(address_of(with_call), now=lambda: TICK, due=[due])
    scheduler.look()
    scheduler.do_what_is_due()
    assert (scheduler.leading, done) == (False, [])
    other.give_up()
    scheduler.look()
    scheduler.do_what_is_due()
    assert (scheduler.leading, done) == (True, [TICK])
    scheduler.stop()
    assert other.held()
    other.give_up()


# Who leads


def test_one_of_two_leads_until_it_gives_up(database: Engine) -> None:
    one, two = leadership(database), leadership(database)
    assert [one.held(), two.held(), one.held()] == [True, False, True]
    one.give_up()
    assert [two.held(), one.held()] == [True, False]
    two.give_up()


def test_who_lost_the_connection_leads_no_more(migrated_cluster: tuple[Cluster, str]) -> None:
    cluster, template = migrated_cluster
    with cluster.database(template) as address:
        engine = connect(address)
        one, two = leadership(engine), leadership(engine)
        assert one.held()
        with engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                    " AND (classid::bigint << 32) + objid::bigint = :n"
                ),
                {"n": LEADER_LOCK},
            )
        assert until(two.held, "the lead of the other one")
        assert not one.held()
        assert not one.held()
        two.give_up()
        assert until(one.held, "the lead of the first one")
        one.give_up()
        engine.dispose()


# The process of a round


def address_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def looked(scheduler: Scheduler, is_so: Callable[[], Any], what: str) -> Any:
    def look() -> Any:
        scheduler.look()
        return is_so()

    return until(look, what)


def running(engine: Engine) -> models.Round | None:
    return next((row for row in all_rounds(engine) if row.status == "running"), None)


def process_of(row: models.Round) -> int:
    """The id of the process, which its name has in it after the one of its parent."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"api.round_process" in words and str(row.owner).encode() in words:
                return int(folder.name)
    raise AssertionError(f"no process of {row.owner}")


def ended_well(engine: Engine, identity: uuid.UUID) -> None:
    """The round is done, and what is stored is exactly what it found."""
    (done,) = all_rounds(engine)
    assert (done.id, done.status) == (identity, "done")
    with transaction(engine, writes=False) as session:
        result = Result.from_json(rounds.files(session, identity).result)
    assert live(engine) == {p.apprentice: (p.offer, p.start, p.end) for p in result.proposals}
    assert done.stored == len(result.proposals) > 100
    books_balance(engine)


@pytest.fixture
def past_demo(demo: Engine) -> Engine:
    """The demo with a call that is closed by any real clock, and no schedule."""
    with transaction(demo) as session:
        call = session.exec(select(models.Call)).one()
        call.created_at = rounds.utc_now() - 30 * DAY
        call.closes_on = call.created_at.date()
    without_schedule(demo)
    return demo


def ask_for_proposals(engine: Engine) -> uuid.UUID:
    with transaction(engine) as session:
        call = session.exec(select(models.Call)).one()
        real = rounds.Worker("w", uuid.uuid4, rounds.utc_now)
        kind = models.RoundKind.PROPOSING
        return rounds.ask_for(session, call.code, kind, by=None, worker=real).id


def test_a_killed_process_is_followed_by_another_one_that_may_end(past_demo: Engine) -> None:
    asked = ask_for_proposals(past_demo)
    scheduler = Scheduler(address_of(past_demo))
    first = looked(scheduler, lambda: running(past_demo), "the round")
    os.kill(process_of(first), signal.SIGKILL)
    looked(scheduler, lambda: running(past_demo) is None, "the end of the process")
    second = looked(scheduler, lambda: running(past_demo), "the round again")
    scheduler.stop(grace=60)
    assert all_rounds(past_demo)[0].owner == second.owner != first.owner
    ended_well(past_demo, asked)


def test_a_round_that_kills_its_process_again_and_again_is_failed(demo: Engine) -> None:
    ask_now(demo)
    without_schedule(demo)
    scheduler = Scheduler(address_of(demo))
    owners = set()
    for _ in range(CRASHES):
        row = looked(scheduler, lambda: running(demo), "the round")
        owners.add(row.owner)
        os.kill(process_of(row), signal.SIGSEGV)
        looked(scheduler, lambda: running(demo) is None, "the end of the process")
    (failed,) = all_rounds(demo)
    assert (failed.status, failed.lease_until, len(owners)) == ("failed", None, CRASHES)
    assert told(failed.failure, ENGLISH).startswith(
        "The process of this round ended unexpectedly 3 times;"
    )
    scheduler.stop()


def test_a_round_stands_back_behind_requests_and_is_handed_back_at_a_stop(demo: Engine) -> None:
    ask_now(demo)
    without_schedule(demo)
    scheduler = Scheduler(address_of(demo))
    row = looked(scheduler, lambda: running(demo), "the round")
    pid = process_of(row)
    assert os.getpriority(os.PRIO_PROCESS, pid) == os.getpriority(os.PRIO_PROCESS, 0) + 5
    assert address_of(demo).encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()
    scheduler.stop(grace=0)
    (left,) = all_rounds(demo)
    assert (left.status, left.owner, left.lease_until) == ("queued", None, None)
    assert not Path(f"/proc/{pid}").exists()
    with transaction(demo, writes=False) as session:
        noted = session.exec(
            select(models.AuditEvent).where(models.AuditEvent.row_id == left.id)
        ).all()
    assert {event.action for event in noted} == {"round.asked", "round.handed_back"}


def test_exit_codes_have_a_meaning() -> None:
    codes = (0, 1, 3, 4, 5, 77, -9)
    assert [meaning(code) for code in codes] == [
        "finished", "broken", "nothing_waited", "lease_lost", "no_database", "unknown", "signal 9",
    ]  # fmt: skip


# `doallvet worker`


class Running:
    """A real worker and what it has logged."""

    def __init__(self, address: str, log: Path) -> None:
        self.log = log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api.cli", "worker"], stderr=file,
                env={**os.environ, "PYTHONPATH": str(ROOT), "DOALLVET_DATABASE": address},
            )  # fmt: skip

    def events(self, *names: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.log.read_text().splitlines(keepends=True)
                 if line.endswith("\n")]  # fmt: skip
        return [line for line in lines if line["event"] in names]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


@contextmanager
def workers(address: str, folder: Path, count: int) -> Iterator[list[Running]]:
    started = [Running(address, folder / f"{number}.log") for number in range(count)]
    try:
        yield started
    finally:
        for one in started:
            one.process.kill()
            one.process.wait()


def test_two_workers_on_one_tick_run_one_round_even_if_the_leader_is_killed(
    past_demo: Engine, address: str, tmp_path: Path
) -> None:
    now = rounds.utc_now()
    tick = (now - HOUR / 2).replace(second=0, microsecond=0)
    set_schedule(past_demo, {"cron": f"{tick.minute} * * * *", "time_zone": "UTC"}, now - DAY)
    with workers(address, tmp_path, 2) as both:
        row = until(lambda: running(past_demo), "the round")
        for one in both:
            until(lambda one=one: one.events("scheduler.started"), "the start")
        (leader,) = [one for one in both if one.events("scheduler.leads")]
        (other,) = [one for one in both if one is not leader]
        leader.process.kill()
        until(lambda: other.events("schedule.tick"), "the look at the tick")
        until(lambda: all_rounds(past_demo)[0].status == "done", "the end of the round")
        assert other.stop() == 0
    assert [line["rounds"] for line in other.events("schedule.tick")] == [[]]
    (done,) = all_rounds(past_demo)
    assert (done.scheduled_for, done.owner) == (tick, row.owner)
    ended_well(past_demo, done.id)


def test_after_kill_9_of_leader_and_round_another_one_runs_it_to_the_end(
    past_demo: Engine, address: str, tmp_path: Path
) -> None:
    asked = ask_for_proposals(past_demo)
    with workers(address, tmp_path, 2) as both:
        row = until(lambda: running(past_demo), "the round")
        (leader,) = [one for one in both if one.events("scheduler.leads")]
        (other,) = [one for one in both if one is not leader]
        leader.process.kill()
        os.kill(process_of(row), signal.SIGKILL)
        with transaction(past_demo) as session:  # as if the lease had run out
            session.get_one(models.Round, asked).lease_until = rounds.utc_now() - HOUR
        until(lambda: other.events("scheduler.leads"), "the lead of the other one")
        until(lambda: all_rounds(past_demo)[0].status == "done", "the end of the round")
        assert all_rounds(past_demo)[0].owner != row.owner
        assert other.stop() == 0
    ended_well(past_demo, asked)


def test_a_worker_whose_database_has_no_tables_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = run_here(capsys, "worker", "--database", f"sqlite:///{tmp_path / 'no.db'}")
    assert answer == (
        2, "", "database: its tables are not those of this release; run doallvet migrate\n",
    )  # fmt: skip
