"""How fast the service answers, beside a bare route that reads as many rows.

`python -m benchmarks.service_requests [SIZE] [--database sqlite postgresql]`: a drawn alliance in
a new database and a real server; four clients ask for one kind at a time, then the bare route,
in turn, idle and while a round runs. docs/benchmarks.md says more. Exits with 1 where a request
or the round failed.
"""

import argparse
import os
import random
import sys
import threading
import time
from collections import defaultdict, deque
from pathlib import Path

from benchmarks.bare_service import BARE
from benchmarks.drawn_alliance import CALL, DrawnAlliance
from benchmarks.serving import Asked, Line, each_database, filled, percentile, served
from benchmarks.tables import Size, ratio_text, size_of

CLIENTS = 4
REACH = 3
"""The 99th percentile is to be at most so many times the bare route's."""

KEPT = 2000
"""People besides those of the round, who have a proposal that clients look at and answer."""

ALL_WINDOWS = "of all windows"
"""Suggestions again, beside a route that reads every open window as a row."""

SUGGESTED = 10
KINDS = ("suggestions", ALL_WINDOWS, "list of 50", "explanation", "approval")
COLUMNS = (
    "rows", "asked", "per s", "p50 ms", "p95 ms", "p99 ms", "bare p50", "p95", "p99", "p99 x",
)  # fmt: skip


class Asking:
    """Draws what is asked next, the same for the same alliance; a proposal is answered once."""

    def __init__(self, alliance: DrawnAlliance) -> None:
        self.alliance, self.draw = alliance, random.Random(0)  # noqa: S311  # who is looked at
        self.tokens = [alliance.tokens[region] for region in sorted(alliance.tokens)]
        self.to_answer = deque(
            (alliance.tokens[home], identity, alliance.tokens[host])
            for identity, home, host in alliance.proposals
        )
        self.lock = threading.Lock()

    def next(self, kind: str) -> Asked:
        """The next request of a kind."""
        with self.lock:
            if kind == "list of 50":
                return Asked(self.draw.choice(self.tokens), "GET", "/proposals?limit=50")
            if kind == "approval":
                token, identity, then = self.to_answer.popleft()
                if then:
                    self.to_answer.append((then, identity, ""))
                return Asked(token, "POST", f"/proposals/{identity}/answer", {"answer": "yes"})
            person, region, offer = self.draw.choice(self.alliance.pairs)
            path = f"/suggestions?call={CALL}&apprentice={person}"
            if kind == "explanation":
                path = f"/explanations?call={CALL}&apprentice={person}&offer={offer}"
            return Asked(self.alliance.tokens[region], "GET", path)


class Measured:
    """The times of one kind in one phase, in seconds, and in how long they were asked."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.seconds = 0.0
        self.failed: defaultdict[int, int] = defaultdict(int)

    def share(self, share: float) -> float:
        """A percentile in milliseconds."""
        return 1000 * percentile(self.times, share)


class Campaign:
    """Everything that is asked of one server."""

    def __init__(self, port: int, alliance: DrawnAlliance) -> None:
        self.port, self.asking = port, Asking(alliance)
        self.lines = [Line(port) for _ in range(CLIENTS)]
        self.found: defaultdict[tuple[str, str, bool], Measured] = defaultdict(Measured)
        self.bare: dict[str, Asked] = {}
        self.rows: dict[str, int] = {}

    def count_rows(self) -> None:
        """How many rows each kind reads and answers: the bare route is asked for as many."""
        line, token = self.lines[0], self.asking.tokens[0]
        for kind in KINDS:
            if kind == ALL_WINDOWS:
                _, self.rows[kind] = line.ask(Asked(token, "GET", f"{BARE}/windows"))
                path = f"{BARE}?rows={self.rows[kind]}&shown={SUGGESTED}"
                self.bare[kind] = Asked(token, "GET", path)
                continue
            asked = self.asking.next(kind)
            line.ask(self.asking.next(kind))  # the first one reads what is kept in memory then
            line.ask(Asked(token, "PUT", f"{BARE}/counted"))
            status, answer = line.ask(asked)
            _, rows = line.ask(Asked(token, "DELETE", f"{BARE}/counted"))
            if status != 200:
                raise SystemExit(f"{asked.path} answers {status} {answer}")
            shown = len(answer["items"]) if "items" in answer else 1
            self.rows[kind] = rows
            path = f"{BARE}?rows={rows}&shown={shown}"
            self.bare[kind] = Asked(token, asked.method, path, asked.body)

    def block(self, phase: str, kind: str, *, bare: bool, seconds: float) -> None:
        """All clients ask for one thing for so long."""
        measured = self.found[phase, kind, bare]
        end = time.perf_counter() + seconds
        begin = time.perf_counter()
        threads = [
            threading.Thread(target=self._client, args=(line, measured, kind, bare, end))
            for line in self.lines
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        measured.seconds += time.perf_counter() - begin

    def _client(self, line: Line, to: Measured, kind: str, bare: bool, end: float) -> None:
        while time.perf_counter() < end:
            asked = self.bare[kind] if bare else self.asking.next(kind)
            begin = time.perf_counter()
            status, _ = line.ask(asked)
            to.times.append(time.perf_counter() - begin)
            if status != 200:
                to.failed[status] += 1

    def turn(self, phase: str, seconds: float) -> None:
        """Every kind and its bare route once, in turn."""
        for kind in KINDS:
            self.beside(phase, kind, seconds)

    def beside(self, phase: str, kind: str, seconds: float) -> None:
        """One kind, then its bare route."""
        for bare in (False, True):
            self.block(phase, kind, bare=bare, seconds=seconds)

    def during_a_round(self, seconds: float) -> int:
        """Ask while a round runs; 1 where it failed."""
        begin, token = time.perf_counter(), self.asking.tokens[-1]
        _, done = Line(self.port).ask(Asked(token, "POST", "/rounds", {"call": CALL}))
        identity = done["id"]
        while done["status"] in ("queued", "running"):
            for kind in KINDS:
                self.beside("round", kind, seconds)
                _, done = Line(self.port).ask(Asked(token, "GET", f"/rounds/{identity}"))
                if done["status"] not in ("queued", "running"):
                    break
        print(
            f"the round took {time.perf_counter() - begin:.0f} s beside it: {done['status']},"
            f" {done['stored']:,} stored {done['failure']}"
        )
        return int(done["status"] != "done")

    def show(self) -> int:
        """Print a line for each kind and phase; how many requests failed."""
        print(f"{'':22}" + "".join(f"{name:>9}" for name in COLUMNS))
        failed = 0
        for kind in KINDS:
            for phase in ("idle", "round"):
                own, bare = (self.found.get((phase, kind, one)) for one in (False, True))
                if not own or not bare or not own.times or not bare.times:
                    continue
                cells = [
                    f"{self.rows[kind]:,}", f"{len(own.times):,}",
                    f"{len(own.times) / own.seconds:,.1f}",
                    *(f"{one.share(share):,.0f}" for one in (own, bare)
                      for share in (0.5, 0.95, 0.99)),
                    ratio_text(own.share(0.99) / bare.share(0.99)),
                ]  # fmt: skip
                print(f"{kind:16}{phase:6}" + "".join(f"{cell:>9}" for cell in cells))
                for one in (own, bare):
                    if one.failed:
                        print(f"    failed, by status: {dict(one.failed)}")
                        failed += sum(one.failed.values())
        return failed


def main() -> int:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="?", default="10000x4000", help="apprentices x offers")
    parser.add_argument("--database", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=float, default=10, help="for each kind, idle")
    parser.add_argument("--idle-only", action="store_true", help="without a round")
    asked = parser.parse_args()
    size = size_of(asked.size)
    os.environ["DOALLVET_REQUESTS_PER_MINUTE"] = "1000000"
    failed = 0
    for address, folder in each_database(asked.database, size):
        failed += measure(address, size, folder, asked.seconds, asked.idle_only)
    print(f"\nReach: p99 at most {REACH} times the bare route's.")
    return 1 if failed else 0


def measure(address: str, size: Size, folder: Path, seconds: float, idle_only: bool) -> int:
    """Fill, serve, ask, print; how much failed."""
    alliance = filled(address, size[0] - KEPT, size[1], KEPT)
    with served(address, folder, "benchmarks.bare_service", "{port}") as service:
        campaign = Campaign(service.port, alliance)
        campaign.count_rows()
        campaign.turn("warm-up", 1)
        campaign.turn("idle", seconds)
        failed = 0 if idle_only else campaign.during_a_round(2)
    return campaign.show() + failed


if __name__ == "__main__":
    sys.exit(main())
