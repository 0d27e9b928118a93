"""Two real processes of 24 threads each want the same thing at once: one of them gets it.

Here it is a hundred tries on each engine, 2,000 in `make campaign`. A try is held among all 48
threads, or four of different kinds are held at once, among 12 threads each.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from api.database import connect
from tests.api.arena import COURTS, Arena, Court, Watcher
from tests.api.racers import THREADS

ROOT = Path(__file__).parents[2]
TRIES = int(os.environ.get("DOALLVET_RACES", "12"))

Asked = list[dict[str, Any]]
Said = Counter[tuple[int, str]]

NOT_NOW, NOT_FREE, GONE = (409, "not-now"), (409, "not-free"), (409, "gone")
STALE = (412, "stale-version")
YES, BACK = {"answer": "yes"}, {"reason": "other_place_found"}


@dataclass
class Contest:
    """What the threads of each process ask, and what must hold of the answers."""

    one: Asked
    two: Asked
    check: Callable[[Said, Said], None]


class Racers:
    """The two processes."""

    def __init__(self, address: str) -> None:
        self.slowest = 0.0
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.api.racers"], text=True, cwd=ROOT,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(ROOT), "DOALLVET_DATABASE": address},
            )
            for _ in range(2)
        ]  # fmt: skip
        for one in self.processes:
            assert self._read(one) == "ready\n"

    @staticmethod
    def _read(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline()

    @staticmethod
    def _write(line: str, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        process.stdin.write(line + "\n")
        process.stdin.flush()

    def run(self, contests: list[Contest]) -> None:
        """All contests at once, each checked."""
        sides = [[one.one for one in contests], [one.two for one in contests]]
        for asked, process in zip(sides, self.processes, strict=True):
            mine = [request for contest in asked for request in contest]
            assert len(mine) == THREADS
            self._write(json.dumps(mine), process)
        for process in self.processes:
            self._write("go", process)
        said = [json.loads(self._read(process)) for process in self.processes]
        self.slowest = max(self.slowest, *(one["seconds"] for side in said for one in side))
        for contest in contests:
            size = len(contest.one)
            found = [Counter((one["status"], one["kind"]) for one in side[:size]) for side in said]
            said = [side[size:] for side in said]
            contest.check(*found)


@contextmanager
def racers(address: str) -> Iterator[Racers]:
    started = Racers(address)
    try:
        yield started
    finally:
        for process in started.processes:
            process.kill()
            process.communicate()


def one_won(found: Said, won: tuple[int, str], *lost: tuple[int, str]) -> None:
    """One got it, everybody else was told that it is gone."""
    assert found[won] == 1, found
    assert set(found) <= {won, *lost}, found


OK, MADE = (200, ""), (201, "")


def of_proposal(
    arena: Arena, court: Court, size: int, who: str, action: str, body: dict[str, Any],
    version: str,
) -> Asked:  # fmt: skip
    return [arena.post(who, f"/{court.proposal}/{action}", body, version)] * size


def confirm_the_same(arena: Arena, court: Court, size: int, _draw: random.Random) -> Contest:
    """The last yes: one process says which version it saw, the other takes any."""
    arena.put(court, court.asked)
    seen, who = f'"{arena.proposal(court).version}"', f"company-{court.number}"

    def check(one: Said, two: Said) -> None:
        one_won(one + two, OK, NOT_NOW, STALE)
        assert STALE not in two
        assert arena.told_of(court) == {"proposal.approve": 1, "proposal.complete": 1}
        assert arena.proposal(court).status == "agreed"

    return Contest(
        of_proposal(arena, court, size, who, "answer", YES, seen),
        of_proposal(arena, court, size, who, "answer", YES, "*"), check,
    )  # fmt: skip


def last_one(arena: Arena, court: Court, size: int, draw: random.Random) -> Contest:
    """As many people for the last place, the last funding, or the last one below a cap."""
    alone = size == THREADS
    kinds = ["place", "company_cap", *(["funding", "region_cap"] if alone else [])]
    arena.limit(court, draw.choice(kinds))
    people = arena.people if alone else court.people
    asked = [arena.by_hand("sending", person, court.windows[0]) for person in people]

    def check(one: Said, two: Said) -> None:
        one_won(one + two, MADE, GONE)
        assert arena.made(court) == ["proposed"]

    return Contest(asked[:size], asked[size:], check)


def one_person_twice(arena: Arena, court: Court, size: int, _draw: random.Random) -> Contest:
    """Two coordinators propose different windows for the same person."""
    person = court.people[0]

    def check(one: Said, two: Said) -> None:
        one_won(one + two, MADE, NOT_FREE)
        assert arena.made(court) == ["proposed"]

    return Contest(
        [arena.by_hand("sending", person, court.windows[0])] * size,
        [arena.by_hand("second", person, court.windows[1])] * size, check,
    )  # fmt: skip


def approve_and_withdraw(arena: Arena, court: Court, size: int, _draw: random.Random) -> Contest:
    """The last yes while a coordinator takes it back, each of what both saw."""
    arena.put(court, court.asked)
    seen = f'"{arena.proposal(court).version}"'

    def check(one: Said, two: Said) -> None:
        one_won(one + two, OK, STALE)
        assert arena.proposal(court).status == ("agreed" if one[OK] else "withdrawn")

    return Contest(
        of_proposal(arena, court, size, f"company-{court.number}", "answer", YES, seen),
        of_proposal(arena, court, size, "hosting", "withdrawal", BACK, seen), check,
    )  # fmt: skip


def approve_and_withdraw_any(
    arena: Arena, court: Court, size: int, _draw: random.Random
) -> Contest:
    """The same of any version: it is taken back once, after the yes or instead of it."""
    arena.put(court, court.asked)

    def check(one: Said, two: Said) -> None:
        assert one[OK] <= 1
        assert set(one) <= {OK, NOT_NOW}, one
        one_won(two, OK, NOT_NOW)
        assert arena.proposal(court).status == "withdrawn"

    return Contest(
        of_proposal(arena, court, size, f"company-{court.number}", "answer", YES, "*"),
        of_proposal(arena, court, size, "sending", "withdrawal", BACK, "*"), check,
    )  # fmt: skip


def book_and_withdraw(arena: Arena, court: Court, size: int, _draw: random.Random) -> Contest:
    """It is booked, or taken back."""
    arena.put(court, court.agreed)

    def check(one: Said, two: Said) -> None:
        one_won(one + two, MADE if one[MADE] else OK, NOT_NOW)
        assert arena.proposal(court).status == ("placement" if one[MADE] else "withdrawn")

    return Contest(
        of_proposal(arena, court, size, "sending", "placement", {"mentor": "Uwe"}, "*"),
        of_proposal(arena, court, size, "hosting", "withdrawal", BACK, "*"), check,
    )  # fmt: skip


RACES = (
    confirm_the_same, last_one, approve_and_withdraw, one_person_twice, approve_and_withdraw_any,
    book_and_withdraw,
)  # fmt: skip


def bursts(draw: random.Random) -> Iterator[list[Any]]:
    """The kinds of contests that are held at once: four times four of them, then one alone."""
    for number in count():
        yield from (draw.sample(RACES, COURTS) for _ in range(4))
        yield [RACES[number % len(RACES)]]


def test_of_all_who_want_the_same_at_once_one_gets_it(address: str) -> None:
    engine = connect(address)
    arena, draw = Arena(engine), random.Random(TRIES)
    watcher = Watcher(engine)
    tries = 0
    begin = time.monotonic()
    with racers(address) as both:
        watcher.start()
        try:
            for kinds in bursts(draw):
                arena.reset()
                size = THREADS // len(kinds)
                both.run(
                    [kind(arena, court, size, draw)
                     for kind, court in zip(kinds, arena.courts, strict=False)]
                )  # fmt: skip
                watcher.look()
                tries += len(kinds)
                if tries >= TRIES:
                    break
        finally:
            watcher.over.set()
            watcher.join()
    engine.dispose()
    sys.stdout.write(
        f"\n{engine.dialect.name}: {tries:,} tries in {time.monotonic() - begin:.0f} s,"
        f" {watcher.looks:,} looks, slowest answer {both.slowest:.2f} s\n"
    )
    assert watcher.faults == []
    assert watcher.looks > TRIES / COURTS
