"""The progress of a round as server-sent events."""

import itertools
import json
import threading
import uuid

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.routes import rounds as routes
from api.services import rounds
from api.services.rounds import Worker
from models import RoundStatus
from tests.api.alliance import NOW, Alliance

V1 = "/api/v1"


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_a_round_tells_how_far_it_is_until_it_is_done(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "LOOK_EVERY_SECONDS", 0.01)
    alliance = Alliance(database)
    client = alliance.client("sending")
    asked = client.post(f"{V1}/rounds", json={"call": "2027"})
    url = f"{V1}{asked.headers['location'].removeprefix(V1)}/events"
    begun, in_use = threading.Event(), []
    worker = Worker("w-1", uuid.uuid4, lambda: NOW)

    def look(*args: object) -> routes.RoundShown:
        begun.set()
        in_use.append(alliance.engine.pool.checkedout())  # type: ignore[attr-defined]  # counts
        return seen(*args)  # type: ignore[arg-type]

    seen = routes._look
    monkeypatch.setattr(routes, "_look", look)
    running = threading.Thread(
        target=lambda: (begun.wait(120), rounds.run_next(alliance.engine, worker))
    )
    running.start()
    answer = client.get(url)
    running.join()
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert in_use[0] == 0, "a stream that waits holds no connection"
    told = events(answer.text)
    assert next(kind for kind, _ in told) == "queued"
    assert (told[-1][0], told[-1][1]["stored"]) == ("done", 3)
    assert all(before != after for before, after in itertools.pairwise(told))


def test_a_stream_of_a_round_that_nobody_runs_ends_by_itself(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "LOOK_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(routes, "LOOKS", 3)
    alliance = Alliance(database)
    client = alliance.client("sending")
    asked = client.post(f"{V1}/rounds", json={"call": "2027"}).json()
    with transaction(database) as session:
        session.get_one(models.Round, uuid.UUID(asked["id"])).status = RoundStatus.QUEUED
    assert [kind for kind, _ in events(client.get(f"{V1}/rounds/{asked['id']}/events").text)] == [
        "queued"
    ]
    assert client.get(f"{V1}/rounds/{uuid.uuid4()}/events").status_code == 404
