"""SIGTERM to `doallvet serve`: what runs is finished, or handed back, and the code is 0."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.caller import caller_of
from api.database import transaction
from api.services import records, rounds
from api.services.tokens import create_token
from models import MessageEnd, Role
from seed_data.tables import DEMO_CALL
from tests import rows
from tests.api.test_posting import Mailbox, listening
from tests.api.test_round_process import ROOT, ask_now
from tests.api.test_scheduler import process_of, running, until, without_schedule
from tests.api.test_serve import SERVE

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.parametrize("address", ["sqlite"], indirect=True),
]

GRACE = 40
"""Seconds within which a service that is asked to stop has stopped: those of its unit are more."""


class SlowMailbox(Mailbox):
    """It takes some seconds to take a message."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.begun.set()
        await asyncio.sleep(2)
        return await super().handle_DATA(server, session, envelope)


def a_letter(engine: Engine) -> None:
    with transaction(engine) as session:
        who = session.exec(select(models.Apprentice)).first()
        call = session.exec(select(models.Call)).one()
        assert who is not None
        caller = rounds.Worker("w", uuid.uuid4, rounds.utc_now).caller()
        records.tell(
            session, caller, "friend@example.org", "pl", "friend_wish", call=call.id,
            apprentice=who.id,
        )  # fmt: skip


def a_token(engine: Engine) -> str:
    """The token of a coordinator of the demo."""
    with transaction(engine) as session:
        region = session.exec(select(models.Region)).first()
        assert region is not None
        user = rows.account(role=Role.COORDINATOR, name="stops", region_id=region.id)
        session.add(user)
        session.flush()
        caller = caller_of(user, rounds.utc_now(), uuid.uuid4)
        return create_token(session, caller, "t", ["read", "write"], 90)[1]


def is_ready(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", "/health/ready")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def until_it_ends(line: socket.socket) -> bytes:
    parts = []
    while part := line.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def test_a_stop_finishes_requests_and_mail_ends_streams_and_hands_the_round_back(
    demo: Engine, address: str, tmp_path: Path, free_port: int
) -> None:
    asked, token, mailbox = ask_now(demo), a_token(demo), SlowMailbox()
    a_letter(demo)
    without_schedule(demo)
    said = f"Host: x\r\nAuthorization: Bearer {token}\r\n"
    body = json.dumps({"call": DEMO_CALL}).encode()
    with listening(mailbox) as server:
        process = subprocess.Popen(
            [*SERVE, "--port", str(free_port)], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DOALLVET_DATABASE": address,
                 "DOALLVET_SMTP": f"smtp://127.0.0.1:{server.port}"},
        )  # fmt: skip
        try:
            until(lambda: is_ready(free_port), "the service")
            os.kill(process_of(until(lambda: running(demo), "the round")), signal.SIGSTOP)
            stream, slow = (socket.create_connection(("127.0.0.1", free_port)) for _ in range(2))
            stream.sendall(f"GET /api/v1/rounds/{asked}/events HTTP/1.1\r\n{said}\r\n".encode())
            assert b"event: running" in stream.recv(65_536) + stream.recv(65_536)
            assert mailbox.begun.wait(120)
            slow.sendall(
                f"POST /api/v1/rounds HTTP/1.1\r\n{said}Content-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body[:5]
            )
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            slow.sendall(body[5:])
            answer = until_it_ends(slow)
            ended = until_it_ends(stream)
            _, log = process.communicate(timeout=GRACE)
        finally:
            process.kill()
            process.wait()
    assert process.returncode == 0, log
    assert answer.startswith(b"HTTP/1.1 409"), "the round that runs is in the way: it was asked"
    assert ended.endswith(b"0\r\n\r\n"), "whole, not cut off"
    with transaction(demo, writes=False) as session:
        (letter,) = session.exec(select(models.OutboxMail))
        left = session.get_one(models.Round, asked)
    assert (letter.ended_as, len(mailbox.taken)) == (MessageEnd.SENT, 1)
    assert (left.status, left.owner) == ("queued", None)
    assert "Traceback" not in log
    for line in (stream, slow):
        line.close()
