"""The database is gone, breaks off, is locked or has no connection left: 503, and nothing half.

Nobody has to start anything again afterwards.
"""

import datetime
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, event
from sqlmodel import col, func, select

import models
from api import database as databases
from api.caller import Caller
from api.database import connect, transaction
from api.edge import COOKIE
from api.main import create_app
from api.scheduler import Scheduler
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.faults import CAMPAIGN
from tests.api.pages.browsing import sent, token
from tests.api.roles.decisions import asked
from tests.api.test_scheduler import TICK, address_of, all_rounds

V1 = "/api/v1"
SOME = dict.fromkeys(("name", "code", "number", "key", "kind", "party", "country"), "x")


@pytest.fixture
def on_postgresql(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine of its own on PostgreSQL, as a web process has one."""
    copies = request.getfixturevalue("copies")
    engine = connect(copies.one())
    engine.get_execution_options()["vault"].look_again()
    yield engine
    engine.dispose()
    copies.give_back()


def dsn(engine: Engine, database: str | None = None) -> str:
    """The address as the driver itself reads it."""
    url = engine.url.set(drivername="postgresql", database=database or engine.url.database)
    return url.render_as_string(hide_password=False)


@contextmanager
def gone(engine: Engine) -> Iterator[None]:
    """The server breaks off every connection to the database and lets nobody in."""
    name = engine.url.database
    with psycopg.connect(dsn(engine, "postgres"), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def asks(answer: Any) -> str:
    """What is wrong with an answer of a service without its database; empty where it is right."""
    if answer.status_code != 503:
        return f"{answer.status_code}"
    if not answer.headers.get("retry-after", "").isdecimal():
        return "no Retry-After"
    kind = answer.headers["content-type"]
    if kind == "application/problem+json":
        return "" if answer.json()["type"] == "urn:doallvet:database" else answer.text
    return "" if "Please try again in some seconds." in answer.text else answer.text


def test_every_request_is_told_to_come_later_and_is_served_again_by_itself(
    on_postgresql: Engine,
) -> None:
    """Every fifth route in an ordinary run."""
    alliance = Alliance(on_postgresql)
    program, browser = alliance.client("sending"), alliance.browser("sending")
    assert browser.get("/").status_code == 200
    form = {"form_token": token(browser)}
    served = list(iter_route_contexts(alliance.app().routes))[:: 1 if CAMPAIGN else 5]
    wrong: dict[tuple[str, str], str] = {}
    with gone(on_postgresql):
        for route in served:
            path = str(route.path)
            names = {
                part: SOME.get(part, str(uuid.UUID(int=7)))
                for part in (piece.partition("}")[0] for piece in path.split("{")[1:])
            }
            for method in set(route.methods or ()) - {"HEAD"}:
                address = path.format_map(names)
                if path.startswith(("/api/", "/health", "/metrics")):
                    answer = program.request(method, address, headers={"If-Match": "*"}, json={})
                elif method == "GET":
                    answer = browser.get(address, follow_redirects=False)
                else:
                    answer = browser.post(
                        address, data=form, headers={"Origin": "https://testserver"},
                        follow_redirects=False,
                    )  # fmt: skip
                wrong[method, path] = asks(answer)
        assert alliance.client(None).get("/health/live").status_code == 200
        assert asks(alliance.client(None).get("/health/ready")) == ""
    unlike = {key: what for key, what in wrong.items() if what and what[0] not in "234"}
    assert unlike == {}
    assert len([what for what in wrong.values() if not what]) > 0.8 * len(wrong)
    assert program.get(f"{V1}/session").status_code == 200
    assert browser.get("/").status_code == 200
    assert alliance.client(None).get("/health/ready").status_code == 200


class Breaker:
    """Ends the server's side of a connection right before one of its statements."""

    def __init__(self, engine: Engine) -> None:
        self.left = -1
        self.server = psycopg.connect(dsn(engine), autocommit=True)
        for one in (engine, engine.get_execution_options()["vault"].store.engine):
            event.listen(one, "before_cursor_execute", self._statement)
            event.listen(one, "commit", self._count)

    def _statement(self, connection: Connection, *_: Any) -> None:
        self._count(connection)

    def _count(self, connection: Connection) -> None:
        self.left -= 1
        if self.left == 0:
            driver: Any = connection.connection.driver_connection
            self.server.execute(
                "SELECT pg_terminate_backend(%s, 5000)", [driver.info.backend_pid]
            )  # fmt: skip


STORED = (
    models.Proposal, models.Approval, models.Placement, models.OutboxMail, models.IdempotencyKey,
    models.LoginSession,
)  # fmt: skip


def stored(engine: Engine) -> list[Any]:
    """How much there is of everything that these requests write, and how the case stands."""
    with transaction(engine, writes=False) as session:
        counts = [session.exec(select(func.count()).select_from(one)).one() for one in STORED]
        found = session.exec(select(models.Proposal.status, models.Proposal.version)).all()
        taken = session.exec(
            select(models.OfferWindow.taken).order_by(col(models.OfferWindow.id))
        ).all()
        yes = session.exec(select(func.count(col(models.Approval.answered_at)))).one()
    return [counts, list(found), list(taken), yes]


def last_yes(alliance: Alliance, named: dict[str, Any]) -> Any:
    path = f"{V1}/proposals/{named['proposal_id']}/answer"
    return alliance.client("company").post(path, json={"answer": "yes"}, headers={"If-Match": "*"})


def by_hand(alliance: Alliance, _named: dict[str, Any]) -> Any:
    asked = {
        "call_id": str(alliance.call.id), "apprentice_id": str(alliance.eetu.id),
        "window_id": str(alliance.other_window.id), "override_reason": "they asked for it",
    }  # fmt: skip
    return alliance.client("sending").post(
        f"{V1}/proposals", json=asked, headers={"Idempotency-Key": "one"}
    )


def a_page(_: Alliance, named: dict[str, Any]) -> Any:
    return named["browser"].get(f"/proposals/{named['proposal_id']}")


@pytest.mark.parametrize("ask", [last_yes, by_hand, a_page])
def test_a_request_is_stored_whole_or_not_at_all_wherever_the_connection_breaks(
    on_postgresql: Engine, ask: Callable[[Alliance, dict[str, Any]], Any]
) -> None:
    """Before each statement and each commit; in an ordinary run before every eleventh."""
    alliance = Alliance(on_postgresql)
    named = asked(alliance) | {"browser": alliance.browser("sending")}
    for who in ("company", "sending"):
        alliance.client(who)
    breaker = Breaker(on_postgresql)
    broken, step = 0, 1 if CAMPAIGN else 11
    for number in range(1, 1000, step):
        before = stored(on_postgresql)
        breaker.left = number
        answer = ask(alliance, named)
        ended, breaker.left = breaker.left > 0, -1
        if ended:
            break
        assert answer.status_code in (200, 201, 503), (number, answer.text)
        if answer.status_code == 503:
            broken += 1
            assert asks(answer) == "", number
            assert stored(on_postgresql) == before, number
        elif ask is not a_page:  # pool_pre_ping found the dead connection: nothing was lost
            raise AssertionError(f"{number}: {answer.text}")
    breaker.server.close()
    assert broken > (20 if CAMPAIGN else 1)
    assert answer.status_code in (200, 201), answer.text
    assert ask is a_page or stored(on_postgresql) != before


def test_a_scheduler_that_lost_its_database_stands_by_and_goes_on_by_itself(
    on_postgresql: Engine,
) -> None:
    done: list[datetime.datetime] = []

    def due(_session: Any, caller: Caller) -> int:
        done.append(caller.now)
        return 1

    with transaction(on_postgresql) as session:
        session.add(rows.call(status="open"))
    clock = [TICK - datetime.timedelta(minutes=1)]
    scheduler = Scheduler(address_of(on_postgresql), now=lambda: clock[0], due=[due])
    scheduler.look()
    scheduler.do_what_is_due()
    assert (scheduler.leading, len(done)) == (True, 1)
    with gone(on_postgresql):
        clock[0] = TICK + datetime.timedelta(minutes=1)
        for _ in range(3):
            scheduler.look()
            scheduler.do_what_is_due()
            scheduler.post()
        assert (scheduler.leading, len(done)) == (False, 1)
    clock[0] += datetime.timedelta(minutes=1)
    scheduler._ask_for_due_tick()
    scheduler.look()
    scheduler.do_what_is_due()
    assert (scheduler.leading, len(done)) == (True, 2)
    assert [row.scheduled_for for row in all_rounds(on_postgresql)] == [TICK]
    scheduler.stop(grace=0)


def served_by(engine: Engine, alliance: Alliance) -> TestClient:
    headers = dict(alliance.client("sending").headers)
    app = create_app(engine, now=lambda: NOW)
    return TestClient(app, base_url="https://testserver", headers=headers)


def test_who_finds_no_connection_free_is_told_to_come_later_while_the_process_lives(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance = Alliance(database)
    monkeypatch.setattr(
        databases, "POOL", {"pool_size": 2, "max_overflow": 0, "pool_timeout": 0.1}
    )  # fmt: skip
    engine = connect(address_of(database))
    client = served_by(engine, alliance)
    with engine.connect(), engine.connect():
        answer = client.get(f"{V1}/session")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["type"] == "urn:doallvet:busy"
        assert client.get("/health/ready").status_code == 503
        assert client.get("/health/live").status_code == 200
        page = client.get("/sign-in", headers={"Cookie": f"{COOKIE}=x"})
        assert (page.status_code, page.headers.get("retry-after")) in ((503, "5"), (200, None))
    assert client.get(f"{V1}/session").status_code == 200
    engine.dispose()


@contextmanager
def held(database: Engine) -> Iterator[None]:
    """Somebody else writes for a long time: the file, or the proposals."""
    if database.dialect.name == "sqlite":
        other = sqlite3.connect(str(database.url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    with psycopg.connect(dsn(database)) as one:
        one.execute("LOCK TABLE proposal IN ACCESS EXCLUSIVE MODE")
        yield


def test_who_waits_too_long_for_a_lock_is_told_to_come_later(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance = Alliance(database)
    named = asked(alliance)
    monkeypatch.setattr(databases, "BUSY_SECONDS", 0.3)
    engine = connect(address_of(database))
    client = served_by(engine, alliance)
    ask = f"{V1}/proposals/{named['proposal_id']}/withdrawal"
    before = stored(database)
    with held(database):
        answer = client.post(ask, json={"reason": "other"}, headers={"If-Match": "*"})
        assert client.get("/health/live").status_code == 200
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"] == "urn:doallvet:busy"
    assert stored(database) == before
    again = client.post(ask, json={"reason": "other"}, headers={"If-Match": "*"})
    assert again.status_code == 200
    engine.dispose()


def test_a_transaction_that_hangs_lets_others_go_on_after_some_time(
    on_postgresql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance = Alliance(on_postgresql)
    named = asked(alliance)
    monkeypatch.setattr(databases, "IDLE_SECONDS", 0.3)
    engine = connect(address_of(on_postgresql))
    one = alliance.client("sending")
    with engine.connect() as hangs:
        hangs.exec_driver_sql("UPDATE proposal SET version = version + 1")
        answers: list[Any] = []
        asking = threading.Thread(
            target=lambda: answers.append(
                one.post(f"{V1}/proposals/{named['proposal_id']}/withdrawal",
                         json={"reason": "other"}, headers={"If-Match": "*"})
            )
        )  # fmt: skip
        asking.start()
        asking.join()
        with pytest.raises(Exception, match="idle-in-transaction"):
            hangs.exec_driver_sql("SELECT 1")
    assert answers[0].status_code == 200
    engine.dispose()


def test_a_form_is_answered_by_a_page_that_says_when_to_come_back(on_postgresql: Engine) -> None:
    alliance = Alliance(on_postgresql)
    named = asked(alliance)
    browser = alliance.browser("company")
    assert browser.get("/").status_code == 200
    with gone(on_postgresql):
        answer = sent(browser, f"/proposals/{named['proposal_id']}/answer", {"answer": "yes"})
    assert asks(answer) == ""
    assert "look first whether it is there already" in answer.text
