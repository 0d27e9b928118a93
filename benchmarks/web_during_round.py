"""How long web requests take while a round runs, beside an idle service.

`python -m benchmarks.web_during_round [SIZE] [--database sqlite postgresql]`: a drawn alliance in
a new database, a real `doallvet serve` with its scheduler, and clients who look and answer all
the time. docs/benchmarks.md says more. Exits with 1 where a request or the round failed.
"""

import argparse
import datetime
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from api.database import connect
from api.sealing import MasterKeys
from benchmarks.drawn_alliance import CALL, DrawnAlliance, fill
from benchmarks.tables import Size, size_text
from models import migrations
from tests.databases import running_cluster, server_programs

CLIENTS = 5
PAUSE = 0.1
"""Seconds that a client rests between two requests."""

ANSWER_WITHIN = 60
"""Seconds after which a request counts as failed."""

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
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN)
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
        try:
            status, answer = self._send(path, body)
        except OSError:
            self.connection.close()
            status, answer = 0, None
        self.state.asked.append((phase, kind, time.perf_counter() - begin, status))
        return answer

    def _send(self, path: str, body: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "If-Match": "*"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        self.connection.request(
            "GET" if body is None else "POST", f"/api/v1{path}",
            None if body is None else json.dumps(body), headers,
        )  # fmt: skip
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())


class State:
    """What all clients know: which phase it is, and what was asked so far."""

    def __init__(self) -> None:
        self.over, self.phase = threading.Event(), "warm-up"
        self.round_id: uuid.UUID | None = None
        self.asked: list[tuple[str, str, float, int]] = []
        self.hosted: defaultdict[str, list[uuid.UUID]] = defaultdict(list)


SERVE = ("api.cli", "serve", "--port", "{port}")


@contextmanager
def served(address: str, folder: Path, *command: str) -> Iterator[int]:
    """A service on a free port of this machine; `command` is a module and what it is told."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    log = (folder / "serve.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", *(one.format(port=port) for one in command or SERVE)],
        cwd=folder, stderr=log,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]),
             "DOALLVET_DATABASE": address},
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                with socket.create_connection(("127.0.0.1", port), 1):
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()
        log.close()


def measure(address: str, size: Size, folder: Path, idle: float) -> int:
    """Fill, serve, ask, print; how many requests failed, the round counting as one."""
    engine = connect(address)
    migrations.upgrade(engine)
    now = datetime.datetime.now(datetime.UTC)
    alliance = fill(engine, *size, KEPT, 0, now)
    state = State()
    with served(address, folder) as port:
        regions = sorted(alliance.tokens)
        clients = [Client(port, alliance, region, state) for region in regions[:CLIENTS]]
        asker = Client(port, alliance, regions[-1], state)
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
    engine.dispose()
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
            times = sorted(1000 * seconds for _, _, seconds, _ in mine)
            faults = sum(not 200 <= status < 300 for *_, status in mine)
            shares = [times[int((len(times) - 1) * share)] for share in (0.5, 0.95, 0.99, 1)]
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
    people, _, offers = asked.size.partition("x")
    size = int(people), int(offers)
    os.environ.setdefault("DOALLVET_MASTER_KEY", MasterKeys({}).with_new().text().strip())
    failed = 0
    for kind in asked.database:
        with ExitStack() as open_:
            folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
            print(f"\n{kind}, {size_text(size)}, load {os.getloadavg()[0]:.1f} at the start")
            address = database(kind, folder, open_)
            if address is not None:
                failed += measure(address, size, folder, asked.idle)
    return 1 if failed else 0


def database(kind: str, folder: Path, open_: ExitStack) -> str | None:
    """The address of a new database, for as long as it is open; None where it cannot be had."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'doallvet.db'}"
    programs = server_programs()
    if programs is None:
        print("the PostgreSQL server programs are missing (Debian: postgresql)")
        return None
    return open_.enter_context(open_.enter_context(running_cluster(programs)).database())


if __name__ == "__main__":
    sys.exit(main())
