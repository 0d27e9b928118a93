"""Who waits for whom: connections of the pool, the turn to write, and rows held in one order."""

import threading
import time
import uuid

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

import models
from api import database as databases
from api.database import connect, transaction
from api.main import create_app
from api.services import by_hand, deadlines, proposals
from models import Answer, Party
from tests.api.alliance import NOW, Alliance
from tests.api.test_proposals import DAY


def test_a_request_has_one_connection_at_a_time(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance = Alliance(database)
    token = alliance.client("sending").headers["Authorization"]
    monkeypatch.setattr(
        databases, "POOL", {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.2}
    )  # fmt: skip
    engine = connect(database.url.render_as_string(hide_password=False))
    client = TestClient(
        create_app(engine, now=lambda: NOW), base_url="https://testserver",
        headers={"Authorization": token, "Idempotency-Key": "1", "If-Match": "*"},
    )  # fmt: skip
    asked = {
        "call_id": str(alliance.call.id), "apprentice_id": str(alliance.aino.id),
        "window_id": str(alliance.window.id), "override_reason": "they asked for it",
    }  # fmt: skip
    made = client.post("/api/v1/proposals", json=asked)
    assert made.status_code == 201, made.text
    one = f"/api/v1/proposals/{made.json()['id']}"
    assert client.post(f"{one}/answer", json={"answer": "yes"}).status_code == 200
    assert [client.get(path).status_code for path in (one, "/api/v1/proposals")] == [200, 200]
    engine.dispose()


def test_whoever_wrote_or_failed_to_lets_the_next_one_write(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite the threads of a process write in turn; a turn that is kept lets nobody write."""
    monkeypatch.setattr(databases, "BUSY_SECONDS", 0.2)
    engine = connect(database.url.render_as_string(hide_password=False))
    with transaction(engine) as session:
        session.execute(text("DELETE FROM idempotency_key"))
    with pytest.raises(DBAPIError), transaction(engine) as session:
        session.execute(text("DELETE FROM no_table"))
    if database.dialect.name == "sqlite":
        with transaction(database) as other:
            other.execute(text("DELETE FROM idempotency_key"))
            with pytest.raises(DBAPIError, match="locked"), transaction(engine) as session:
                session.execute(text("DELETE FROM idempotency_key"))
    monkeypatch.setattr(databases, "BUSY_SECONDS", 60)
    begin = time.monotonic()
    with transaction(engine) as session:
        session.execute(text("DELETE FROM idempotency_key"))
    assert time.monotonic() - begin < 30
    engine.dispose()


def test_who_ends_many_proposals_does_not_wait_for_each_other(database: Engine) -> None:
    """One proposal is withdrawn while the clock ends both; they use the same funding."""
    alliance = Alliance(database)
    with transaction(database) as session:
        both = [_asked(session, alliance, who) for who in (alliance.aino, alliance.eetu)]
    later = alliance.service(NOW + 20 * DAY)
    first, second = sorted(both)
    ended: list[int] = []

    def expire() -> None:
        with transaction(database) as session:
            ended.append(deadlines.expire(session, later))

    clock = threading.Thread(target=expire)
    with transaction(database) as session:
        case = proposals.load(session, second)
        clock.start()
        time.sleep(0.3)  # it holds the first one now, and waits
        proposals.withdraw(session, alliance.caller("sending"), case, "other_place_found")
    clock.join()
    assert ended == [1]
    with transaction(database, writes=False) as session:
        found = [session.get_one(models.Proposal, one).status for one in (first, second)]
    assert found == ["expired", "withdrawn"]
    assert alliance.funded_places() == (0, 0, 0)


def _asked(session: Session, alliance: Alliance, who: models.Apprentice) -> uuid.UUID:
    case = by_hand.propose(
        session, alliance.caller("sending"), alliance.call.id, who.id, alliance.other_window.id,
        stay=None, override_reason="they asked for it",
    )  # fmt: skip
    for side in (Party.SENDING_COORDINATOR, Party.HOSTING_COORDINATOR):
        caller = alliance.caller(side.removesuffix("_coordinator"))
        proposals.answer(session, caller, case, side, Answer.YES)
    return case.proposal.id
