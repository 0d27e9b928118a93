"""How long web requests take while a round runs, beside an idle service.

`python -m benchmarks.web_during_round [SIZE] [--database sqlite postgresql]`: a drawn alliance in
a new database, a real `doallvet serve` with its scheduler, and clients who look and answer all
the time. docs/benchmarks.md says more. Exits with 1 where a request or the round failed.
"""

import argparse
import random
import sys
import threading
import time
import uuid
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.drawn_alliance import CALL, DrawnAlliance
from benchmarks.serving import Asked, Line, each_database, filled, percentile, served
from benchmarks.tables import Size, size_of

CLIENTS = 5
PAUSE = 0.1
"""Seconds that a client rests between two requests."""

KEPT = 2000
"""People besides those of the round, who have a proposal that clients look at and answer."""

KINDS = ("GET /proposals", "GET /proposals/{id}", "POST /proposals/{id}/answer", "GET /rounds/{id}")


COLUMNS = ("count", "p50 ms", "p95 ms", "p99 ms", "worst ms", "failed")


class Client(threading.Thread):
    """Somebody of one region who looks and answers; every request with its time is written down."""

    def __init__(self, port: int, alliance: DrawnAlliance, region: str, state: "State") -> None:
        super().__init__(daemon=True)
        self.state, self.token = state, alliance.tokens[region]
        self.mine = [identity for identity, home, _ in alliance.proposals if home == region]
        self.sent = [(one, host) for one, home, host in alliance.proposals if home == region]
        self.hosted = state.hosted[region]
        self.line = Line(port)
        self.draw = random.Random(region)  # noqa: S311  # which proposal is looked at

    def run(self) -> None:
        """Ask one kind after the other until the end."""
        turn = 0
        while not self.state.over.wait(PAUSE):
            kind = KINDS[turn % len(KINDS)]
            turn += 1
            if kind == KINDS[2]:
                self.answer()
            elif kind != KINDS[3] or self.state.round_id is not None:
                self.ask(kind, {
                    KINDS[0]: "/proposals?limit=20",
                    KINDS[1]: f"/proposals/{self.draw.choice(self.mine)}",
                    KINDS[3]: f"/rounds/{self.state.round_id}",
                }[kind])  # fmt: skip

    def answer(self) -> None:
        """Say yes for who sends, later for who hosts what another region has said yes to."""
        if not self.sent and not self.hosted:
            return
        identity, host = self.sent.pop() if self.sent else (self.hosted.pop(), None)
        done = self.ask(KINDS[2], f"/proposals/{identity}/answer", {"answer": "yes"})
        if host is not None and done is not None:
            self.state.hosted[host].append(identity)

    def ask(self, kind: str, path: str, body: Any = None) -> Any:
        """One request; its answer, None where there was none."""
        begin, phase = time.perf_counter(), self.state.phase
        method = "GET" if body is None else "POST"
        status, answer = self.line.ask(Asked(self.token, method, path, body))
        self.state.asked.append((phase, kind, time.perf_counter() - begin, status))
        return answer


class State:
    """What all clients know: which phase it is, and what was asked so far."""

    def __init__(self) -> None:
        self.over, self.phase = threading.Event(), "warm-up"
        self.round_id: uuid.UUID | None = None
        self.asked: list[tuple[str, str, float, int]] = []
        self.hosted: defaultdict[str, list[uuid.UUID]] = defaultdict(list)


def measure(address: str, size: Size, folder: Path, idle: float) -> int:
    """Fill, serve, ask, print; how many requests failed, the round counting as one."""
    alliance = filled(address, *size, KEPT)
    state = State()
    with served(address, folder) as service:
        regions = sorted(alliance.tokens)
        clients = [Client(service.port, alliance, region, state) for region in regions[:CLIENTS]]
        asker = Client(service.port, alliance, regions[-1], state)
        for client in clients:
            client.start()
        time.sleep(5)
        state.phase = "idle"
        time.sleep(idle)
        begin = time.perf_counter()
        asked = asker.ask("POST /rounds", "/rounds", {"call": CALL})
        state.round_id, state.phase = asked["id"], "round"
        done = asked
        steps: dict[str, float] = {}
        while done["status"] in ("queued", "running"):
            time.sleep(0.25)
            done = asker.ask(KINDS[3], f"/rounds/{state.round_id}") or done
            steps.setdefault(done["step"] or done["status"], time.perf_counter() - begin)
        seconds = time.perf_counter() - begin
        state.over.set()
        for client in clients:
            client.join()
    print(
        f"the round took {seconds:.1f} s: {done['status']}, {done['stored']:,} stored,"
        f" dropped {done['dropped']} {done['failure']}"
    )
    print("  steps began at " + ", ".join(f"{name} {at:.1f} s" for name, at in steps.items()))
    return show(state) + (done["status"] != "done")


def show(state: State) -> int:
    """Print a line for each kind and phase; how many requests failed."""
    print(f"{'':38}" + "".join(f"{name:>10}" for name in COLUMNS))
    failed = 0
    for kind in (*KINDS, "POST /rounds"):
        for phase in ("idle", "round"):
            mine = [one for one in state.asked if one[:2] == (phase, kind)]
            if not mine:
                continue
            times = [1000 * seconds for _, _, seconds, _ in mine]
            faults = sum(not 200 <= status < 300 for *_, status in mine)
            shares = [percentile(times, share) for share in (0.5, 0.95, 0.99, 1)]
            cells = (len(mine), *(f"{ms:,.0f}" for ms in shares), faults)
            print(f"{kind:30}{phase:8}" + "".join(f"{cell:>10}" for cell in cells))
            failed += faults
    return failed


def main() -> int:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="?", default="20000x8000", help="apprentices x offers")
    parser.add_argument("--database", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--idle", type=float, default=20, help="seconds of the idle service")
    asked = parser.parse_args()
    size = size_of(asked.size)
    failed = sum(
        measure(address, size, folder, asked.idle)
        for address, folder in each_database(asked.database, size)
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
