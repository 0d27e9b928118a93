"""The scheduler: asks for the rounds of the schedule and runs each in a process of its own.

The truth is in the database: a tick that was missed, a round that was left behind, are found
there at the next look. Nothing here is needed after a restart.
"""

import datetime
import os
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import Engine

from api import job_runs
from api.database import connect, transaction
from api.delivery import Office, deliver
from api.due import DUE, DueFunction, run_due
from api.faults import fault
from api.leadership import leadership
from api.posting import UnreachableError
from api.round_process import Ended
from api.schedule import Schedule
from api.services import rounds, settings
from api.services.rounds import NewId, Now, Worker

LOG = structlog.get_logger(__name__)

LOOK_EVERY = 2.0
"""Seconds between two looks at schedule and rounds."""

DUE_EVERY = 60.0
"""Seconds between two calls of what is due by time."""

POST_EVERY = 10.0
"""Seconds between two looks into the outbox."""

GRACE = 5.0
"""So many seconds a round may still run when the scheduler stops."""

CATCH_UP = datetime.timedelta(days=1)
"""A tick that was missed longer ago is let go."""

CRASHES = 3
"""So often the process of a round may end unexpectedly before the round is failed."""

HUNG_AFTER = 600.0
"""Seconds without a sign of life after which the process of a round is ended.

The solver gives none while it works: 129 seconds at a million apprentices.
"""


class Scheduler:
    """Looks every few seconds; `start` returns at once, `stop` hands back what is not done."""

    def __init__(
        self,
        address: str,
        *,
        now: Now = rounds.utc_now,
        new_id: NewId = uuid.uuid4,
        due: Sequence[DueFunction] = DUE,
        office: Office | None = None,
        look_every: float = LOOK_EVERY,
        hung_after: float = HUNG_AFTER,
    ) -> None:
        """The database must have its tables. Nothing is connected before the first look.

        Without an office no messages go out.
        """
        self.address = address
        self.engine = connect(address)
        self.worker = Worker(rounds.name_of_worker(), new_id, now)
        self.leading = False
        self._leadership = leadership(self.engine)
        self._looked_at: datetime.datetime | None = None
        self._round: RoundProcess | None = None
        self._crashes: Counter[uuid.UUID] = Counter()
        self._due, self._office = due, office
        self._hung_after = hung_after
        self._stopping = threading.Event()
        self._jobs = [
            threading.Thread(target=self._again_and_again, args=one, daemon=True)
            for one in (
                (self.look, look_every), (self.do_what_is_due, DUE_EVERY), (self.post, POST_EVERY)
            )
        ]  # fmt: skip

    def start(self) -> None:
        """Begin to look."""
        if self._office:
            self._office.log()
        for job in self._jobs:
            job.start()
        LOG.info("scheduler.started", worker=self.worker.name)

    def stop(self, grace: float = GRACE) -> None:
        """Let another one lead, give a running round `grace` seconds, and hand it back then.

        A message that is being posted goes out; the next ones wait for who leads then.
        """
        self._stopping.set()
        for job in self._jobs:
            if job.is_alive():
                job.join()
        self.leading = False
        self._leadership.give_up()
        if self._round is not None:
            self._round.stop(grace)
            _guarded("round", self._look_at_process)
        self.engine.dispose()
        LOG.info("scheduler.stopped", worker=self.worker.name)

    def _again_and_again(self, job: Callable[[], None], seconds: float) -> None:
        """Do it at once and so many seconds after each end, whatever the clock is set to."""
        while not self._stopping.is_set():
            _guarded(job.__name__, job)
            self._stopping.wait(seconds)

    def look(self) -> None:
        """Look once: who leads, whether a tick is due, how the round goes or whether one waits."""
        _guarded("leadership", self._look_who_leads)
        _guarded("round", self._look_at_process)
        if self.leading:
            _guarded("schedule", self._ask_for_due_tick)
            _guarded("start", self._start_waiting_round)

    def do_what_is_due(self) -> None:
        """Call everything that is due by time, where this worker leads."""
        if self.leading:
            run_due(self.engine, self.worker, self._due)

    def post(self) -> None:
        """Send what waits in the outbox, where this worker leads and as long as it does."""
        if self._office and self.leading:
            office, began = self._office, self.worker.now()
            try:
                count = deliver(self.engine, self.worker, office, self._goes_on)
                with transaction(self.engine) as session:
                    job_runs.done(session, self.worker, "deliver", began, count)
            except Exception as error:
                if not isinstance(error, UnreachableError):
                    LOG.exception("scheduler.look_failed", step="post")
                job_runs.failed(self.engine, self.worker, "deliver", began, error)

    def _goes_on(self) -> bool:
        return self.leading and not self._stopping.is_set()

    def _look_who_leads(self) -> None:
        before, self.leading = self.leading, self._leadership.held()
        if self.leading and not before:
            self._looked_at = None
        if self.leading != before:
            event = "scheduler.leads" if self.leading else "scheduler.leads_no_more"
            LOG.info(event, worker=self.worker.name)

    def _ask_for_due_tick(self) -> None:
        now = self.worker.now()
        ask_for_last_tick(self.engine, self.worker, self._looked_at or now - CATCH_UP, now)
        self._looked_at = now

    def _start_waiting_round(self) -> None:
        if self._round is not None:
            return
        with transaction(self.engine, writes=False) as session:
            waits = rounds.is_waiting(session, self.worker.now())
        if waits:
            self._round = RoundProcess(self.address, rounds.name_of_worker())

    def _look_at_process(self) -> None:
        process = self._round
        if process is None:
            return
        code = process.code()
        if code is None:
            self._end_if_it_hangs(process)
            return
        self._round = None
        LOG.info("round.process_ended", worker=process.name, code=code, meaning=meaning(code))
        with transaction(self.engine) as session:
            left = rounds.held_by(session, process.name)
            if left is None:
                return
            if code != Ended.NO_DATABASE and not process.stopped:
                self._crashes[left.id] += 1
            if self._crashes[left.id] < CRASHES:
                rounds.hand_back(session, process.name, self.worker)
                LOG.warning("round.handed_back", round=str(left.id))
                return
            of_process = Worker(process.name, self.worker.new_id, self.worker.now)
            rounds.fail(
                session, left.id, of_process, [fault("crashed", times=CRASHES)]
            )  # fmt: skip
            LOG.error("round.given_up", round=str(left.id))

    def _end_if_it_hangs(self, process: "RoundProcess") -> None:
        with transaction(self.engine, writes=False) as session:
            sign = rounds.sign_of_life(session, process.name)
        if process.silent_for(sign) > self._hung_after:
            LOG.error("round.process_hangs", worker=process.name)
            process.kill()


class RoundProcess:
    """The process of one round, seen from the one that started it."""

    def __init__(self, address: str, name: str) -> None:
        """Start it. A terminal's interrupt does not reach it: whoever started it stops it."""
        self.name, self.stopped = name, False
        self._sign: object = None
        self._sign_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  # our own program, a name we made
            [sys.executable, "-P", "-m", "api.round_process", name],
            env={**os.environ, "DOALLVET_DATABASE": address},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        LOG.info("round.process_started", worker=name, pid=self._process.pid)

    def code(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._process.poll()

    def silent_for(self, sign: object) -> float:
        """Seconds since its sign of life was another one than this; no clock can be set back."""
        if sign != self._sign:
            self._sign, self._sign_at = sign, time.monotonic()
        return time.monotonic() - self._sign_at

    def kill(self) -> None:
        """End it at once, even where it is stopped."""
        self._process.kill()

    def stop(self, grace: float) -> None:
        """Wait for it so many seconds, then end it."""
        for wait, end in (
            (grace, self._process.terminate),
            (2.0, self._process.kill),
        ):
            try:
                self._process.wait(wait)
            except subprocess.TimeoutExpired:
                self.stopped = True
                end()
        self._process.wait()


def meaning(code: int) -> str:
    """What the exit code of a round's process means."""
    if code < 0:
        return f"signal {-code}"
    return Ended(code).name.lower() if code in {*Ended} else "unknown"


def ask_for_last_tick(
    engine: Engine, worker: Worker, after: datetime.datetime, until: datetime.datetime
) -> datetime.datetime | None:
    """Ask for the rounds of the schedule's last tick later than `after`, and say which it was.

    Ticks before the schedule was set do not count, nor those that were missed for too long.
    """
    with transaction(engine, writes=False) as session:
        schedule = settings.of_name(session, "schedule")
    if schedule.value is None:
        return None
    begin = max(after, until - CATCH_UP, schedule.since or after)
    tick = Schedule(**schedule.value).last(begin, until)
    if tick is not None:
        with transaction(engine) as session:
            asked = rounds.ask_for_tick(session, tick, worker)
        LOG.info("schedule.tick", tick=tick.isoformat(), rounds=[str(row.id) for row in asked])
    return tick


def _guarded(step: str, do: Callable[[], None]) -> None:
    """Do a step of a look; what goes wrong is logged, and the next look tries again."""
    try:
        do()
    except Exception:
        LOG.exception("scheduler.look_failed", step=step)
