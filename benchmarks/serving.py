"""A drawn alliance in a new database, a real service in front of it, and lines to ask it."""

import datetime
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from api.database import connect
from api.sealing import MasterKeys
from benchmarks.drawn_alliance import DrawnAlliance, fill
from benchmarks.tables import Size, size_text
from models import migrations
from tests.databases import running_cluster, server_programs

ANSWER_WITHIN = 60
"""Seconds after which a request counts as failed."""


class Service(NamedTuple):
    """A running service: where it listens on this machine, and which process it is."""

    port: int
    pid: int


SERVE = ("api.cli", "serve", "--port", "{port}")


@contextmanager
def served(address: str, folder: Path, *command: str) -> Iterator[Service]:
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
        yield Service(port, process.pid)
    finally:
        process.terminate()
        process.wait()
        log.close()


@dataclass(frozen=True)
class Asked:
    """What is asked of the service: by whom, how, where."""

    token: str
    method: str
    path: str
    body: Any = None


class Line:
    """One connection to the service."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN)

    def ask(self, asked: Asked) -> tuple[int, Any]:
        """Status and answer; 0 where there was none."""
        headers = {"Authorization": f"Bearer {asked.token}", "If-Match": "*"}
        body = None if asked.body is None else json.dumps(asked.body)
        if body:
            headers["Content-Type"] = "application/json"
        path = asked.path if asked.path.startswith("/api") else f"/api/v1{asked.path}"
        try:
            self.connection.request(asked.method, path, body, headers)
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, None


def each_database(kinds: Iterable[str], size: Size) -> Iterator[tuple[str, Path]]:
    """A new database of each kind, for as long as it is asked for, with a folder beside it."""
    for kind in kinds:
        with ExitStack() as open_:
            folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
            print(f"\n{kind}, {size_text(size)}, load {os.getloadavg()[0]:.1f} at the start")
            address = database(kind, folder, open_)
            if address is not None:
                yield address, folder


def database(kind: str, folder: Path, open_: ExitStack) -> str | None:
    """The address of a new database, for as long as it is open; None where it cannot be had."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'doallvet.db'}"
    programs = server_programs()
    if programs is None:
        print("the PostgreSQL server programs are missing (Debian: postgresql)")
        return None
    return open_.enter_context(open_.enter_context(running_cluster(programs)).database())


def filled(address: str, free: int, offers: int, kept: int) -> DrawnAlliance:
    """A drawn alliance in an empty database (`drawn_alliance.fill`), with a new master key."""
    os.environ.setdefault("DOALLVET_MASTER_KEY", MasterKeys({}).with_new().text().strip())
    engine = connect(address)
    migrations.upgrade(engine)
    alliance = fill(engine, free, offers, kept, 0, datetime.datetime.now(datetime.UTC))
    engine.dispose()
    return alliance


def percentile(times: Sequence[float], share: float) -> float:
    """The time within which this share of the requests was answered."""
    return sorted(times)[int((len(times) - 1) * share)]
