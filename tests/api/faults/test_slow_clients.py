"""Slow, idle and too many clients, at a raw socket; the limits are shortened, not the clients."""

import asyncio
import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, PoolProxiedConnection, QueuePool

from api import database as databases
from api import listening, middleware
from api.main import create_app
from tests.api.alliance import NOW, Alliance
from tests.api.pages.browsing import sent
from tests.api.test_scheduler import address_of, until

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.parametrize("address", ["sqlite"], indirect=True),
]
SECONDS = 60
"""So long a test waits for what should come at once, on a machine that has other things to do."""

THREADS = 40
"""So many requests are worked on at once by threads: the library's limit."""

LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


class Served:
    """The application at a port of this machine."""

    def __init__(self, app: FastAPI) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.server = listening.server_of(app, "127.0.0.1", self.port)
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve()))
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join()

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def asked(self, request: bytes) -> bytes:
        with self.connected() as line:
            line.sendall(request)
            return line.recv(65_536)


def rest_of(line: socket.socket) -> bytes:
    """What still comes until the other side hangs up."""
    parts = []
    try:
        while part := line.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


@pytest.fixture
def served(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(listening, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(listening, "REST_SECONDS", 1)
    monkeypatch.setattr(listening, "MOST_CONNECTIONS", 20)
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.5)
    running = Served(create_app(database, now=lambda: NOW))
    yield running
    running.stop()


def is_let_go(line: socket.socket, content: bytes) -> bool:
    """Send a byte every now and then: whether the other side ends it before all of it is said."""
    for number in range(len(content)):
        try:
            line.sendall(content[number : number + 1])
            line.settimeout(0.1)
            line.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            continue
        except (BrokenPipeError, ConnectionResetError):
            pass
        line.settimeout(SECONDS)
        return True
    return False


def test_who_says_nothing_or_drips_its_head_is_let_go(served: Served) -> None:
    begin = time.monotonic()
    with served.connected() as silent, served.connected() as slow:
        assert is_let_go(slow, b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 1000)
        assert rest_of(slow) == rest_of(silent) == b""
    assert time.monotonic() - begin > 0.4
    assert served.asked(LIVE).startswith(b"HTTP/1.1 200")


def test_who_drips_its_next_head_is_let_go_too(served: Served) -> None:
    with served.connected() as line:
        line.sendall(LIVE)
        answer = b""
        while not answer.endswith(b'{"status":"live"}'):
            answer += line.recv(1)
        assert is_let_go(line, b"GET /health/live HTTP/1.1\r\nX-Long: " + b"a" * 1000)
        assert rest_of(line) == b""


def test_a_connection_that_rests_is_closed(served: Served) -> None:
    with served.connected() as line:
        line.sendall(LIVE)
        begin = time.monotonic()
        assert rest_of(line).endswith(b'{"status":"live"}')
        assert time.monotonic() - begin > 0.5


def test_a_body_that_drips_is_refused_and_nothing_of_it_is_done(
    served: Served, database: Engine
) -> None:
    token = Alliance(database).client("sending").headers["Authorization"]
    body = json.dumps({"call": "2027"}).encode()
    head = (
        "POST /api/v1/rounds HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with served.connected() as line:
        line.sendall(head)
        assert is_let_go(line, body)
        answer = rest_of(line)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"urn:doallvet:too-slow" in answer
    assert b"connection: close" in answer.lower()
    whole = served.asked(head + body)
    assert whole.startswith(b"HTTP/1.1 202"), whole


def test_too_long_a_head_is_refused(served: Served) -> None:
    long = b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 200_000
    with served.connected() as line:
        try:
            line.sendall(long)
        except (BrokenPipeError, ConnectionResetError):
            return
        assert rest_of(line).startswith((b"HTTP/1.1 400", b""))


def test_more_connections_than_there_may_be_are_told_so_and_those_before_are_served(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "HEAD_SECONDS", SECONDS)
    lines: list[Any] = [served.connected() for _ in range(listening.MOST_CONNECTIONS)]
    with served.connected() as one_more:
        told = rest_of(one_more)
    assert told.startswith(b"HTTP/1.1 503")
    assert b"Retry-After: 5" in told
    assert json.loads(told.partition(b"\r\n\r\n")[2])["type"] == "urn:doallvet:busy"
    for line in lines:
        line.sendall(LIVE)
        assert line.recv(65_536).startswith(b"HTTP/1.1 200")
        line.close()
    until(lambda: served.asked(LIVE).startswith(b"HTTP/1.1 200"), "a free connection")


def test_who_asks_too_often_is_told_when_to_come_back_on_pages_too(database: Engine) -> None:
    browser = Alliance(database).client(None)
    form = {"message": "The button is too small.", "reply_to": ""}
    answers = [sent(browser, "/accessibility", form) for _ in range(6)]
    assert [one.status_code == 429 for one in answers] == [False] * 5 + [True]
    assert answers[-1].headers["content-type"].startswith("text/html")
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 901


def test_the_process_is_seen_to_live_while_every_thread_of_it_waits_for_a_connection(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance = Alliance(database)
    token = alliance.client("sending").headers["Authorization"]
    asked_for = threading.Semaphore(0)

    class Counted(QueuePool):
        def connect(self) -> PoolProxiedConnection:
            asked_for.release()
            return super().connect()

    pool = {"poolclass": Counted, "pool_size": 1, "max_overflow": 0, "pool_timeout": SECONDS}
    monkeypatch.setattr(databases, "POOL", pool)
    engine = databases.connect(address_of(database))
    running = Served(create_app(engine, now=lambda: NOW))
    ask = f"GET /api/v1/session HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode()
    lines = [running.connected() for _ in range(THREADS + 5)]
    try:
        with engine.connect():
            assert asked_for.acquire()
            for line in lines:
                line.sendall(ask)
            for _ in range(THREADS):
                assert asked_for.acquire(timeout=SECONDS)
            assert running.asked(LIVE).startswith(b"HTTP/1.1 200")
            assert select.select(lines, [], [], 0)[0] == []
        for line in lines:
            assert line.recv(65_536).startswith(b"HTTP/1.1 200")
    finally:
        for line in lines:
            line.close()
        running.stop()
        engine.dispose()
