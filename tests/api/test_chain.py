"""The chain of the audit: what was done with it is found, and who opened what stands in it."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from api import chain
from api.caller import Caller
from api.database import transaction
from models import AuditEvent, AuditHead
from tests import rows, sealing
from tests.api.alliance import Alliance
from tests.api.decided import V1, kind

EVENTS = 6
WRITERS, EACH = 3, 8


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


@pytest.fixture
def written(database: Engine) -> Engine:
    """Six events, each in a transaction of its own, about two people and about nobody."""
    people = [None, uuid.uuid4(), uuid.uuid4()]
    for number in range(EVENTS):
        with transaction(database) as session:
            about = people[number % 3]
            chain.note(session, caller(), f"a.{number}", "noun", rows_of(number), {"n": number},
                       about)  # fmt: skip
    return database


def caller() -> Caller:
    return Caller(now=rows.NOW, new_id=uuid.uuid4, request_id="r-1")


def rows_of(number: int) -> uuid.UUID:
    return uuid.UUID(int=100 + number)


@contextmanager
def tampered(engine: Engine) -> Iterator[Session]:
    """A transaction that is taken back at the end."""
    with Session(engine.execution_options(writes=True)) as session:
        yield session
        session.rollback()


def at(position: int) -> Any:
    return col(AuditEvent.position) == position


def verified(engine: Engine, *recorded: chain.Head) -> list[str]:
    with transaction(engine, writes=False) as session:
        return chain.verify(session, recorded)


def head_of(engine: Engine) -> chain.Head:
    with transaction(engine, writes=False) as session:
        return chain.head(session)


def test_a_chain_holds_and_a_changed_event_is_named(written: Engine) -> None:
    recorded = head_of(written)
    assert recorded[0] == EVENTS
    assert verified(written, recorded) == []
    with transaction(written, writes=False) as session:
        third, fourth = session.exec(select(AuditEvent).where(at(3) | at(4)).order_by("position"))
        told = [(one.action, one.data, one.request_id) for one in sealing.events(session)]
    assert told == [(f"a.{number}", {"n": number}, "r-1") for number in range(EVENTS)]
    for column, value in (
        ("details", third.details[:-1] + b"\0"), ("details", fourth.details), ("action", "b"),
        ("noun", "other"), ("row_id", rows_of(9)), ("about_id", None), ("request_id", "r-2"),
        ("created_at", rows.LATER), ("id", uuid.uuid4()), ("mac", "0" * 64),
    ):  # fmt: skip
        with tampered(written) as session:
            session.execute(update(AuditEvent).where(at(3)).values({column: value}))
            (fault,) = chain.verify(session, [recorded])
            assert fault.startswith("event 3 ("), column
            assert "was changed" in fault


def test_an_event_that_is_gone_moved_or_cut_off_is_named(written: Engine) -> None:
    recorded = head_of(written)
    with tampered(written) as session:
        session.execute(delete(AuditEvent).where(at(3)))
        assert chain.verify(session) == ["event 3 is missing"]
    with tampered(written) as session:
        for position, other in ((2, 99), (3, 2), (99, 3)):
            session.execute(update(AuditEvent).where(at(position)).values(position=other))
        (fault,) = chain.verify(session)
        assert fault.startswith("event 2 (")
    with tampered(written) as session:
        session.execute(delete(AuditEvent).where(col(AuditEvent.position) > 4))
        assert chain.verify(session) == ["the last event is 4, and the head says 6"]
        mac = session.exec(select(AuditEvent.mac).where(at(4))).one()
        session.execute(update(AuditHead).values(position=4, mac=mac))
        assert chain.verify(session) == []  # nothing in the database tells of what was cut off
        assert chain.verify(session, [recorded]) == ["events 5 to 6 were cut off: head 6 is known"]
    with tampered(written) as session:
        session.execute(delete(AuditEvent))
        session.execute(delete(AuditHead))
        assert chain.verify(session, [recorded]) == ["events 1 to 6 were cut off: head 6 is known"]
    assert verified(written, (4, "0" * 64)) == ["event 4 is not the one whose head was recorded"]


def test_events_of_whoever_was_forgotten_stay_in_the_chain_without_details(
    written: Engine,
) -> None:
    vault = written.get_execution_options()["vault"]
    with transaction(written, writes=False) as session:
        person = session.exec(select(AuditEvent.about_id).where(at(2))).one()
    vault.forget(person)
    with transaction(written, writes=False) as session:
        told = [one.data for one in sealing.events(session)]
    assert told == [{"n": 0}, {}, {"n": 2}, {"n": 3}, {}, {"n": 5}]
    assert verified(written) == []
    vault.forget(chain.AUDIT)
    assert verified(written) == ["the key that binds the events is gone"]


def test_what_a_savepoint_took_back_never_happened(database: Engine) -> None:
    def note(action: str) -> None:
        chain.note(session, caller(), action, "noun", rows_of(1), {})

    with transaction(database) as session:
        note("first")
        with session.begin_nested():
            note("kept")
        with suppress(KeyError), session.begin_nested():
            note("taken back")
            with session.begin_nested():
                note("taken back with it")
            raise KeyError
        with session.begin_nested():
            with suppress(KeyError), session.begin_nested():
                note("taken back alone")
                raise KeyError
            note("last")
    with suppress(KeyError), transaction(database) as session:
        note("of a transaction that failed")
        raise KeyError
    with transaction(database) as session:
        note("of a transaction that was taken back")
        session.rollback()
    with transaction(database, writes=False) as session:
        assert [one.action for one in sealing.events(session)] == ["first", "kept", "last"]
    assert verified(database) == []


def test_several_writers_make_one_chain_from_the_first_event_on(database: Engine) -> None:
    start, faults = threading.Barrier(WRITERS), []

    def write() -> None:
        start.wait()
        try:
            for number in range(EACH):
                with transaction(database) as session:
                    chain.note(session, caller(), "a", "noun", rows_of(number), {})
        except Exception as error:  # the test says what it was
            faults.append(error)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (faults, verified(database), head_of(database)[0]) == ([], [], WRITERS * EACH)


def test_whoever_opens_what_is_sealed_stands_in_the_audit_before_it_goes_out(
    alliance: Alliance,
) -> None:
    with transaction(alliance.engine) as session:
        for who in (alliance.eetu, alliance.aino):
            sealing.needing(session, who.id, needs={"QUIET_SPACE": "soft"})

    def opened(who: str, path: str, **body: Any) -> list[tuple[Any, str, str, Any]]:
        """What stands in the audit after a look that did not before."""
        client = alliance.client(who)
        with transaction(alliance.engine, writes=False) as session:
            before = len(sealing.events(session))
        if body:
            assert kind(client.post(f"{V1}{path}", json=body)) == (422, "rule-refuses")
        else:
            client.get(f"{V1}{path}")
        with transaction(alliance.engine, writes=False) as session:
            new = sealing.events(session)[before:]
        assert {one.action for one in new} <= {"sealed.read"}
        return [(one.actor_id, one.noun, one.row_id, one.data) for one in new]

    eetu, sending = alliance.eetu.id, alliance.users["sending"].id
    one = ("apprentice", eetu, {"why": "needs.read"})
    assert opened("sending", f"/apprentices/{eetu}/needs") == [(sending, *one)]
    assert opened("eetu", f"/apprentices/{eetu}/needs") == [(alliance.users["eetu"].id, *one)]
    for who, path in (
        ("tutor", f"/apprentices/{eetu}/needs"), ("hosting", f"/apprentices/{eetu}/needs"),
        ("sending", "/apprentices"), ("sending", f"/apprentices/{eetu}"), ("sending", "/audit"),
    ):  # fmt: skip
        assert opened(who, path) == [], (who, path)
    (look,) = opened("sending", f"/suggestions?call=2027&apprentice={eetu}")
    assert look == (sending, "apprentice", eetu, {"why": "pair"})
    with transaction(alliance.engine) as session:
        sealing.needing(session, alliance.leena.id, needs={"STEP_FREE_ACCESS": "hard"})
    (refused,) = opened(
        "sending", "/proposals", call_id=str(alliance.call.id),
        apprentice_id=str(alliance.leena.id), window_id=str(alliance.window.id),
    )  # fmt: skip
    assert refused == (sending, "apprentice", alliance.leena.id, {"why": "pair"})
    made = [
        rows.proposal(alliance.call, who, alliance.other_window)
        for who in (alliance.eetu, alliance.aino)
    ]
    with transaction(alliance.engine) as session:
        session.add_all(made)
        session.flush()
        sealing.detailed(session, *made)
    (listed,) = opened("sending", "/proposals")
    both = sorted(str(one.id) for one in (alliance.eetu, alliance.aino))
    assert (listed[:2], listed[3]) == (
        (sending, "reading"), {"why": "proposal.read", "people": both},
    )  # fmt: skip
    assert opened("hosting", "/proposals") == []
    assert verified(alliance.engine) == []
