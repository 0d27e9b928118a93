"""Who asks for rounds: people, the schedule, and who takes it back."""

import datetime
import threading
import uuid

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api import errors
from api.caller import Caller
from api.database import transaction
from api.services import rounds
from models import RoundStatus
from tests import rows
from tests.api.test_rounds import ask, live, worker

TICK = rows.NOW + datetime.timedelta(hours=15)


def tick(engine: Engine, seed: int = 50, at: datetime.datetime = TICK) -> list[uuid.UUID]:
    with transaction(engine) as session:
        return [row.id for row in rounds.ask_for_tick(session, at, worker(seed=seed, now=at))]


def audit(engine: Engine, round_id: uuid.UUID) -> list[str]:
    with transaction(engine, writes=False) as session:
        events = session.exec(
            select(models.AuditEvent).where(models.AuditEvent.row_id == round_id)
        ).all()
    return sorted(event.action for event in events)


def another_call(engine: Engine, **values: object) -> uuid.UUID:
    with transaction(engine) as session:
        call = rows.call(**{"code": "autumn", "status": "open"} | values)
        session.add(call)
    return call.id


def test_a_tick_asks_for_one_round_of_every_open_call(demo: Engine) -> None:
    another_call(demo)
    another_call(demo, code="draft", status="draft")
    another_call(demo, code="new", created_at=TICK + datetime.timedelta(seconds=1))
    assert len(tick(demo)) == 2
    with transaction(demo, writes=False) as session:
        found = session.exec(select(models.Round)).all()
        codes = {session.get_one(models.Call, row.call_id).code for row in found}
    assert codes == {"demo-2027", "autumn"}
    assert {(row.status, row.scheduled_for, row.requested_by) for row in found} == {
        ("queued", TICK, None)
    }
    assert audit(demo, found[0].id) == ["round.asked"]


def test_a_tick_that_was_asked_for_has_its_round_even_when_it_is_done(demo: Engine) -> None:
    (asked,) = tick(demo)
    assert tick(demo, seed=51) == []
    with transaction(demo) as session:
        rounds.cancel(session, Caller(TICK, uuid.uuid4), asked)
    assert tick(demo, seed=52) == []
    assert len(tick(demo, seed=53, at=TICK + datetime.timedelta(days=1))) == 1


def test_a_call_whose_round_is_not_finished_is_left_alone(demo: Engine) -> None:
    other = another_call(demo)
    by_hand = ask(demo)
    (asked,) = tick(demo)
    with transaction(demo, writes=False) as session:
        assert session.get_one(models.Round, asked).call_id == other != by_hand.call_id


def test_many_who_ask_for_one_tick_at_once_get_one_round(demo: Engine) -> None:
    start, got = threading.Barrier(6), []

    def one(seed: int) -> None:
        start.wait()
        got.extend(tick(demo, seed=seed))

    threads = [threading.Thread(target=one, args=(seed,)) for seed in range(60, 66)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction(demo, writes=False) as session:
        assert [row.id for row in session.exec(select(models.Round))] == got
    assert len(got) == 1


def test_a_queued_round_can_be_cancelled(demo: Engine) -> None:
    asked = ask(demo)
    with transaction(demo) as session:
        rounds.cancel(session, Caller(TICK, uuid.uuid4), asked.id)
    assert rounds.run_next(demo, worker(seed=8)) is None
    with transaction(demo, writes=False) as session:
        found = session.get_one(models.Round, asked.id)
    assert (found.status, found.finished_at, found.lease_until) == ("cancelled", TICK, None)
    assert audit(demo, asked.id) == ["round.asked", "round.cancelled"]
    ask(demo, seed=9)


def test_the_worker_of_a_cancelled_round_stores_nothing(demo: Engine) -> None:
    asked = ask(demo)
    seen = []

    def now() -> datetime.datetime:
        seen.append(1)
        if len(seen) == 4:  # it is taken and about to be computed
            with transaction(demo) as session:
                rounds.cancel(session, Caller(rows.NOW, uuid.uuid4), asked.id)
        return rows.NOW

    mine = rounds.Worker("w-1", rows.ids(8), now)
    with pytest.raises(errors.LeaseLostError):
        rounds.run_next(demo, mine)
    assert live(demo) == {}
    with transaction(demo, writes=False) as session:
        assert session.get_one(models.Round, asked.id).status == RoundStatus.CANCELLED


def test_what_is_finished_or_not_there_cannot_be_cancelled(demo: Engine) -> None:
    asked = ask(demo)
    with transaction(demo) as session:
        rounds.cancel(session, Caller(TICK, uuid.uuid4), asked.id)
    with transaction(demo) as session, pytest.raises(errors.RoundFinishedError) as refused:
        rounds.cancel(session, Caller(TICK, uuid.uuid4), asked.id)
    assert str(refused.value).endswith(
        "is cancelled; only a queued or running one can be cancelled."
    )
    with transaction(demo) as session, pytest.raises(errors.NoSuchRoundError):
        rounds.cancel(session, Caller(TICK, uuid.uuid4), uuid.UUID(int=5))
