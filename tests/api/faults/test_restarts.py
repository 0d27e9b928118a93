"""`pg_ctl restart -m immediate` again and again while two web processes confirm approvals.

Only in `make faults`: it needs a server of its own, and some minutes.
"""

import http.client
import json
import os
import queue
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import col, select

import models
from api import store
from api.database import connect, transaction
from api.services import by_hand
from models import migrations
from tests import rows
from tests.api.alliance import Alliance
from tests.api.arena import LOOK
from tests.api.faults import CAMPAIGN
from tests.api.faults.test_stopping import is_ready
from tests.api.test_round_process import ROOT
from tests.api.test_scheduler import until
from tests.conftest import find_free_port
from tests.databases import Cluster, running_cluster, server_programs

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CAMPAIGN, reason="make faults"),
]

PEOPLE = int(os.environ.get("DOALLVET_FAULTS", "400"))
WRITERS = 8
RESTARTS = 3
ANSWERS = ("sending", "hosting")


def made_ready(engine: Engine) -> tuple[Alliance, list[uuid.UUID]]:
    """As many proposals as people; each waits for its sending coordinator."""
    alliance = Alliance(engine)
    school = models.Centre(id=alliance.aino.centre_id)
    wish = {"occupations": ["7223"], "languages": {"en": "B1"}}
    people = [rows.apprentice(school, key=f"r-{one}", **wish) for one in range(PEOPLE)]
    selected = [
        models.Enrolment(
            **rows.changing(call_id=alliance.call.id, apprentice_id=one.id, status="selected")
        )
        for one in people
    ]
    with transaction(engine) as session:
        store.rows.add_in_order(session, [*people, *selected])
        session.get_one(models.OfferWindow, alliance.window.id).places = PEOPLE
        session.get_one(models.FundedPlaces, alliance.funded.id).places = PEOPLE
    made = []
    for person in people:
        with transaction(engine) as session:
            case = by_hand.propose(
                session, alliance.caller("sending"), alliance.call.id, person.id,
                alliance.window.id, override_reason="they asked for it",
            )  # fmt: skip
            made.append(case.proposal.id)
    return alliance, made


@contextmanager
def web_processes(address: str, folder: Path, count: int) -> Iterator[list[int]]:
    ports = [find_free_port() for _ in range(count)]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--no-scheduler", "--port", str(port)],
            cwd=folder, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DOALLVET_DATABASE": address,
                 "DOALLVET_REQUESTS_PER_MINUTE": "1000000"},
        )
        for port in ports
    ]  # fmt: skip
    try:
        for port in ports:
            until(lambda port=port: is_ready(port), "the service")
        yield ports
    finally:
        for one in started:
            one.terminate()
        ended = [one.wait(120) for one in started]
    assert ended == [0] * count


@dataclass
class Told:
    """What the writers were told, and when."""

    confirmed: dict[tuple[uuid.UUID, str], int] = field(default_factory=dict)
    unsure: set[tuple[uuid.UUID, str]] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    moments: list[float] = field(default_factory=list)


def confirm(
    port: int, headers: dict[str, dict[str, str]], waiting: "queue.Queue[uuid.UUID]", told: Told
) -> None:
    """Answer for one proposal after another until each was confirmed, or told to be answered."""
    while True:
        try:
            proposal = waiting.get_nowait()
        except queue.Empty:
            return
        for who in ANSWERS:
            tries = 0
            while True:
                line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                line.request(
                    "POST", f"/api/v1/proposals/{proposal}/answer",
                    json.dumps({"answer": "yes"}), headers[who],
                )  # fmt: skip
                answer = line.getresponse()
                said = answer.read()
                line.close()
                told.statuses[answer.status] += 1
                if answer.status == 200:
                    told.confirmed[proposal, who] = 1
                    told.moments.append(time.monotonic())
                    break
                if answer.status == 409:
                    assert tries, said  # only what was in doubt can have been answered before
                    told.unsure.add((proposal, who))
                    break
                assert answer.status == 503, said
                assert answer.headers["Retry-After"]
                tries += 1
                time.sleep(0.1)


def restart(cluster: Cluster) -> float:
    """Seconds until the server says that it takes connections again."""
    begin = time.monotonic()
    options = f"-c listen_addresses='' -k {cluster.folder}"
    cluster.run(
        "pg_ctl", "-D", str(cluster.data), "-l", str(cluster.folder / "log"), "-m", "immediate",
        "-w", "-o", options, "restart",
    )  # fmt: skip
    return time.monotonic() - begin


def test_no_confirmed_answer_is_lost_when_the_server_dies_again_and_again(tmp_path: Path) -> None:
    programs = server_programs()
    assert programs is not None
    with running_cluster(programs) as cluster:
        address = cluster.address("postgres")
        engine = connect(address)
        migrations.upgrade(engine)
        alliance, made = made_ready(engine)
        headers = {
            who: {"Authorization": alliance.client(who).headers["Authorization"],
                  "Content-Type": "application/json", "If-Match": "*"}
            for who in ANSWERS
        }  # fmt: skip
        engine.dispose()
        waiting: queue.Queue[uuid.UUID] = queue.Queue()
        for one in made:
            waiting.put(one)
        told, again = Told(), []
        with web_processes(address, tmp_path, 2) as ports:
            writers = [
                threading.Thread(
                    target=confirm, args=(ports[number % 2], headers, waiting, told)
                )
                for number in range(WRITERS)
            ]  # fmt: skip
            for one in writers:
                one.start()
            begin = time.monotonic()
            for number in range(1, RESTARTS + 1):
                before = PEOPLE * len(ANSWERS) * number // (RESTARTS + 1)
                until(lambda before=before: len(told.moments) >= before, "the load", 600)
                at = time.monotonic()
                took = restart(cluster)
                first = until(
                    lambda at=at, took=took: [m for m in told.moments if m > at + took],
                    "the first answer", 60,
                )  # fmt: skip
                again.append((took, first[0] - at))
            for one in writers:
                one.join()
            seconds = time.monotonic() - begin
        checked(engine, made, told)
        engine.dispose()
    gap = max(b - a for a, b in zip(told.moments, told.moments[1:], strict=False))
    sys.stdout.write(
        f"\n{len(told.confirmed):,} answers confirmed in {seconds:.0f} s over {RESTARTS} restarts,"
        f" {told.statuses[503]:,} times told to come later, {len(told.unsure)} in doubt and found"
        f" stored; server back after {', '.join(f'{t:.1f}' for t, _ in again)} s, first answer"
        f" after {', '.join(f'{t:.1f}' for _, t in again)} s, longest pause {gap:.1f} s\n"
    )
    assert set(told.statuses) <= {200, 409, 503}
    assert len(told.confirmed) + len(told.unsure) == PEOPLE * len(ANSWERS)
    assert max(t for _, t in again) < 30


def checked(engine: Engine, made: list[uuid.UUID], told: Told) -> None:
    """What was confirmed is stored, once, and the books balance."""
    parties = {"sending": "sending_coordinator", "hosting": "hosting_coordinator"}
    with transaction(engine, writes=False) as session:
        stored = {
            (one.proposal_id, str(one.party))
            for one in session.exec(
                select(models.Approval).where(col(models.Approval.answer) == "yes")
            )
        }
        approved = Counter(
            session.exec(
                select(models.AuditEvent.row_id).where(
                    models.AuditEvent.action == "proposal.approve"
                )
            )
        )
        assert tuple(session.execute(text(LOOK)).one()) == (0,) * 6
    wanted = {(one, parties[who]) for one, who in (*told.confirmed, *told.unsure)}
    assert wanted - stored == set()
    assert approved == dict.fromkeys(made, len(ANSWERS))
