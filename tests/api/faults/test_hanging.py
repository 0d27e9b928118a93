"""A worker that hangs: somebody else goes on, and what it does when it wakes up changes nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from api.database import transaction
from api.delivery import Office, deliver
from api.posting import Letter, Post, Posted
from api.scheduler import HUNG_AFTER, Scheduler
from api.services import outbox, rounds
from api.services.rounds import Worker
from models import Means, MessageEnd
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.faults import CAMPAIGN
from tests.api.posting import SENDER
from tests.api.test_posting import queue
from tests.api.test_posting import stored as letters
from tests.api.test_round_process import AFTER_THE_LEASE, ROOT, ask_now, state
from tests.api.test_rounds import ask, worker
from tests.api.test_scheduler import (
    address_of,
    all_rounds,
    looked,
    process_of,
    running,
    without_schedule,
)
from tests.conftest import ENGINES


def is_stopped(pid: int) -> bool:
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] == "T"


@pytest.mark.parametrize("address", ENGINES if CAMPAIGN else ENGINES[:1], indirect=True)
def test_a_round_whose_worker_hangs_is_done_by_another_and_the_first_writes_nothing(
    demo: Engine, address: str
) -> None:
    asked = ask(demo)
    hangs = subprocess.Popen(
        [sys.executable, "-m", "tests.api.killed_round", "computing", "SIGSTOP"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "DOALLVET_DATABASE": address},
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while not is_stopped(hangs.pid):
            assert hangs.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        assert rounds.run_next(demo, worker("w-2", seed=30)) is None
        assert rounds.run_next(demo, worker("w-3", seed=31, now=AFTER_THE_LEASE)) == asked.id
        done = state(demo)
        hangs.send_signal(signal.SIGCONT)
        _, said = hangs.communicate(timeout=60)
    finally:
        hangs.kill()
        hangs.wait()
    assert "LeaseLostError" in said
    assert state(demo) == done
    assert len(done[0]) > 100


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_the_process_of_a_round_that_hangs_is_ended_and_its_round_given_back(demo: Engine) -> None:
    """Alone on its database nobody else would ever take the round."""
    ask_now(demo)
    without_schedule(demo)
    scheduler = Scheduler(address_of(demo))
    row = looked(scheduler, lambda: running(demo), "the round")
    pid = process_of(row)
    os.kill(pid, signal.SIGSTOP)
    with capture_logs() as logs:
        scheduler._hung_after = 0.5
        looked(scheduler, lambda: "round.process_hangs" in str(logs), "the end of patience")
        scheduler._hung_after = HUNG_AFTER
        looked(scheduler, lambda: "round.handed_back" in str(logs), "the end")
    assert not os.path.exists(f"/proc/{pid}")
    scheduler.stop(grace=0)
    (left,) = all_rounds(demo)
    assert (left.status, left.owner) == ("queued", None)


class Hanging:
    """A way on which the first letter hangs until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.posted: list[Letter] = []

    @contextmanager
    def open(self) -> Iterator[Post]:
        yield self._post

    def _post(self, letter: Letter) -> Posted:
        if not self.begun.is_set():
            self.begun.set()
            assert self.go.wait(120)
        self.posted.append(letter)
        return Posted()


def test_a_letter_whose_sender_hangs_is_sent_by_another_after_its_wait(database: Engine) -> None:
    """Whoever wakes up sends it again as the same message; nobody's work is undone."""
    alliance = Alliance(database)
    queue(alliance, "a@example.org")
    way = Hanging()
    office = Office(SENDER, {Means.MAIL: way})
    sent: list[int] = []

    def send(name: str, seed: int, later: bool) -> None:
        now = NOW + outbox.WAITS[0] if later else NOW
        sent.append(deliver(database, Worker(name, rows.ids(seed), lambda: now), office))

    first = threading.Thread(target=send, args=("w-1", 1, False))
    first.start()
    assert way.begun.wait(120)
    send("w-2", 2, later=False)
    send("w-3", 3, later=True)
    assert sent == [0, 1]
    (row,) = letters(alliance)
    before = (row.ended_as, row.sent_at, row.attempts)
    assert before == (MessageEnd.SENT, NOW + outbox.WAITS[0], 2)
    way.go.set()
    first.join()
    (row,) = letters(alliance)
    assert (row.ended_as, row.sent_at, row.attempts) == before
    ids = {letter.content["Message-ID"] for letter in way.posted}  # type: ignore[index]  # e-mails
    assert (len(way.posted), ids) == (2, {f"<{row.message_id}>"})
    with transaction(database) as session:
        assert outbox.next_letter(session, alliance.service(NOW), SENDER, [Means.MAIL]) is None
