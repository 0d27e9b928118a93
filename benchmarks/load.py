"""An hour of what people do all day: memory stays flat, nothing fails, no mail is lost.

`python -m benchmarks.load [--minutes 60] [--people 10] [--database postgresql]`: a drawn alliance
in a new database, a real `doallvet serve` with its scheduler, a mail server that now and then
refuses, and locust. docs/benchmarks.md says more. Exits with 1 where something did not hold.
"""

import argparse
import datetime
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from statistics import median
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import Engine, String, cast, literal, update
from sqlmodel import col, func, select

import models
from api.caller import caller_of
from api.database import connect, transaction
from api.services.tokens import create_token
from benchmarks.drawn_alliance import CALL, DrawnAlliance
from benchmarks.serving import Asked, Line, each_database, filled, served
from models import MessageEnd, Role

SIZE = 2000, 800
KEPT = 1500
ACCOUNTS = 60
"""So many companies and apprentices have an account."""

ROUND_EVERY = 15 * 60
LOOK_EVERY = 5
REFUSED_OF = 40
"""The mail server tells every so many messages to come later."""

OF_CALL = {"call": CALL}

GROWTH = 1.1
"""The memory of the last sixth may be so many times that of the second: the first fills caches."""

ARRIVE_WITHIN = 15 * 60
"""Seconds after the end in which every mail has to arrive: a refused one rests some minutes."""


class Mailbox:
    """A mail server that keeps the numbers of what it takes, and refuses some for a while."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.asked = self.refused = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message, or not now."""
        self.asked += 1
        if self.asked % REFUSED_OF == 0:
            self.refused += 1
            return "451 not now"
        read = message_from_bytes(envelope.content, policy=policy.default)
        self.taken[str(read["Message-ID"])] += 1
        return "250 OK"


class Memory(threading.Thread):
    """The memory of a process in megabytes, looked at again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.over, self.seen, self.pid = threading.Event(), list[float](), pid

    def run(self) -> None:
        """Look again and again."""
        while not self.over.wait(LOOK_EVERY):
            self.seen.append(_resident(self.pid))

    def part(self, number: int) -> float:
        """The median of a sixth of the time."""
        size = max(1, len(self.seen) // 6)
        return median(self.seen[number * size : (number + 1) * size])


def _resident(pid: int) -> float:
    """What the web process holds, without the files it maps, in MB.

    A round is a process of its own and gives back what it took.
    """
    for line in (Path("/proc") / str(pid) / "status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def plan(engine: Engine, alliance: DrawnAlliance, now: datetime.datetime) -> dict[str, Any]:
    """Give people and companies addresses, some of them accounts; what locust is told."""
    pairs: dict[str, list[list[str]]] = {region: [] for region in alliance.tokens}
    for person, region, offer in alliance.pairs:
        pairs[region].append([str(person), str(offer)])
    told: dict[str, Any] = {
        "call": CALL,
        "to_answer": [
            [alliance.tokens[home], str(identity), alliance.tokens[host]]
            for identity, home, host in alliance.proposals
        ],
        "coordinator": [
            {"token": token, "pairs": pairs[region]} for region, token in alliance.tokens.items()
        ],
    }
    with transaction(engine) as session:
        for table in (models.Apprentice, models.Company):
            address = literal(f"{table.__tablename__}-").concat(cast(table.id, String))
            session.execute(update(table).values(email=address.concat("@load.invalid")))
        waiting = (
            select(models.Proposal.apprentice_id, models.Site.company_id)
            .join(models.OfferWindow).join(models.Offer).join(models.Site)
            .order_by(col(models.Proposal.id))
        )  # fmt: skip
        found = session.execute(waiting).all()
        for role, owners in (
            (Role.APPRENTICE, [person for person, _ in found]),
            (Role.COMPANY, list(dict.fromkeys(company for _, company in found))),
        ):
            told[role] = []
            for owner in owners[:ACCOUNTS]:
                user = models.User(
                    id=uuid.uuid4(), created_at=now, changed_at=now, name="N", role=role,
                    **{f"{role}_id": owner},
                )  # fmt: skip
                session.add(user)
                session.flush()
                caller = caller_of(user, now, uuid.uuid4)
                _, secret = create_token(session, caller, "load", ["read", "write"], 2)
                told[role].append({"token": secret})
    return told


@contextmanager
def mail_server(mailbox: Mailbox) -> Iterator[str]:
    """A mail server on this machine, as an address for the settings."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


class Rounds(threading.Thread):
    """Somebody who asks for a round now and then."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(daemon=True)
        self.port, self.token, self.over = port, token, threading.Event()
        self.asked: list[tuple[int, Any]] = []

    def run(self) -> None:
        """Ask, wait, ask again."""
        while not self.over.wait(ROUND_EVERY):
            self.asked.append(Line(self.port).ask(Asked(self.token, "POST", "/rounds", OF_CALL)))

    def wrong(self) -> list[str]:
        """Rounds that were refused, or did not end well."""
        found = []
        for status, answer in self.asked:
            if status in (200, 201, 202):
                path = f"/rounds/{answer['id']}"
                _, answer = Line(self.port).ask(Asked(self.token, "GET", path))
            if (answer or {}).get("status") != "done":
                found.append(f"a round was answered {status}, and is {answer}")
        print(f"{len(self.asked)} rounds, {len(found)} of them not done")
        return found


def crowd(
    locust: Path, port: int, folder: Path, people: int, minutes: float
) -> tuple[dict[str, int], list[str]]:  # fmt: skip
    """What locust asked, by status, and what was answered that should not be."""
    asked = folder / "asked.json"
    environment = {**os.environ, "LOAD_PLAN": str(folder / "plan.json"), "LOAD_ASKED": str(asked)}
    done = subprocess.run(
        [str(locust), "-f", str(Path(__file__).parent / "load_users.py"),
         "--headless", "--users", str(people), "--spawn-rate", "2", "--only-summary",
         "--run-time", f"{int(minutes * 60)}s", "--host", f"http://127.0.0.1:{port}"],
        env=environment, check=False,
    )  # fmt: skip
    told = json.loads(asked.read_text())
    wrong = [f"{kind}: {number} times" for kind, number in told["wrong"].items()]
    if done.returncode:
        wrong.append(f"locust ended with {done.returncode}")
    return told["asked"], wrong


def mail(engine: Engine) -> Counter[str]:
    """How many messages there are, by how they ended, `waiting` while they have not."""
    ended = models.OutboxMail.ended_as
    with transaction(engine, writes=False) as session:
        found = session.execute(select(ended, func.count()).group_by(col(ended))).all()
    return Counter({str(end or "waiting"): number for end, number in found})


def check(engine: Engine, mailbox: Mailbox) -> list[str]:
    """Wait until every mail has arrived; what is wrong then."""
    end = time.monotonic() + ARRIVE_WITHIN
    while mail(engine)["waiting"] and time.monotonic() < end:
        time.sleep(5)
    found = mail(engine)
    with transaction(engine, writes=False) as session:
        sent = session.exec(
            select(models.OutboxMail).where(models.OutboxMail.ended_as == MessageEnd.SENT)
        )
        ids = {f"<{row.message_id}>" for row in sent}
    lost = ids - mailbox.taken.keys()
    twice = sum(number > 1 for number in mailbox.taken.values())
    print(
        f"mails: {dict(found)}; the server took {len(mailbox.taken):,}, {twice} twice,"
        f" and put off {mailbox.refused}"
    )
    wrong = [f"{len(lost)} mails that count as sent did not arrive"] if lost else []
    ends = ("waiting", MessageEnd.UNDELIVERABLE)
    return wrong + [f"{found[end]} mails are {end}" for end in ends if found[end]]


def measure(address: str, folder: Path, given: argparse.Namespace) -> list[str]:
    """Fill, serve, let them ask; what did not hold."""
    alliance = filled(address, SIZE[0] - KEPT, SIZE[1], KEPT)
    engine, mailbox = connect(address), Mailbox()
    now = datetime.datetime.now(datetime.UTC)
    (folder / "plan.json").write_text(json.dumps(plan(engine, alliance, now)))
    with mail_server(mailbox) as smtp:
        os.environ["DOALLVET_SMTP"] = smtp
        with served(address, folder) as service:
            memory = Memory(service.pid)
            memory.start()
            rounds = Rounds(service.port, next(iter(alliance.tokens.values())))
            rounds.start()
            asked, wrong = crowd(given.locust, service.port, folder, given.people, given.minutes)
            rounds.over.set()
            memory.over.set()
            wrong += check(engine, mailbox) + rounds.wrong()
    engine.dispose()
    total = sum(asked.values())
    print(f"{total:,} requests in {given.minutes:g} minutes, by status: {asked}")
    first, last = memory.part(1), memory.part(5)
    print(
        "memory of the web process, medians of each sixth: "
        + ", ".join(f"{memory.part(n):.0f}" for n in range(6)) + " MB"
    )  # fmt: skip
    if last > GROWTH * first:
        wrong.append(f"memory grew from {first:.0f} to {last:.0f} MB")
    return wrong


def main() -> int:
    """Measure, and say what did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--locust", type=Path, default=Path(".venv/locust/bin/locust"))
    parser.add_argument("--people", type=int, default=10, help="who ask at the same time")
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    os.environ["DOALLVET_REQUESTS_PER_MINUTE"] = "100000"
    for address, folder in each_database([given.database], SIZE):
        wrong = measure(address, folder, given)
        print("\n".join(wrong) if wrong else "Memory flat, nothing failed, no mail lost.")
        return 1 if wrong else 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
