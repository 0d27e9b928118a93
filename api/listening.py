"""How `serve` listens: the slow, the idle and the too many are let go, a stop ends what runs.

uvicorn limits how long a connection rests between two requests, not how long somebody takes for
the head of one. Bodies are limited by `api.middleware`.
"""

import asyncio
import json
import signal
import sys
from types import FrameType
from typing import Any

import h11
import structlog
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.refusals import BUSY, MEDIA_TYPE, TITLES

LOG = structlog.get_logger(__name__)

GRACE = 10
"""Seconds that running requests get when the service is stopped."""

HEAD_SECONDS = 20.0
"""So long a connection may take until the head of a request is whole, from its first byte on."""

REST_SECONDS = 5
"""So long a connection may rest between two requests."""

MOST_HEAD_BYTES = 32_768
"""The largest head of a request."""

MOST_CONNECTIONS = 800
"""So many connections at once; each is an open file, of which most systems allow 1,024."""

_TOLD = json.dumps(
    {"type": "urn:doallvet:busy", "title": TITLES[503], "status": 503, "detail": BUSY}
).encode()
TOO_MANY = (
    f"HTTP/1.1 503 Service Unavailable\r\nContent-Type: {MEDIA_TYPE}\r\nRetry-After: 5\r\n"
    f"Content-Length: {len(_TOLD)}\r\nConnection: close\r\n\r\n"
).encode() + _TOLD
"""What a connection above that number is told, before anything is read."""


class Connection(H11Protocol):
    """A connection that has to say what it wants."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the head, unless there are too many already."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            LOG.warning("connection.too_many", most=MOST_CONNECTIONS)
            transport.write(TOO_MANY)
            transport.close()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting while the head is not whole."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait()
        else:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(HEAD_SECONDS, self._let_go)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _let_go(self) -> None:
        self._late = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            LOG.info("connection.too_slow")
            self.transport.close()


class Server(uvicorn.Server):
    """A server that tells its application when it is asked to stop."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        """`app` stands in the configuration too, where it may be the name of one."""
        super().__init__(config)
        self.app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no new requests; streams end, and what runs goes on until it is done."""
        self.app.state.stopping.set()
        super().handle_exit(sig, frame)


def server_of(app: FastAPI, host: str, port: int, proxies: str = "127.0.0.1") -> Server:
    """The server of an application; `run` serves until SIGTERM or SIGINT.

    `proxies` are the addresses whose word is taken for where a request comes from.
    """
    config = uvicorn.Config(
        app, host=host, port=port, http=Connection, ws="none", access_log=False, log_config=None,
        server_header=False, timeout_keep_alive=REST_SECONDS, timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=MOST_HEAD_BYTES, forwarded_allow_ips=proxies,
    )  # fmt: skip
    return Server(config, app)


def end_well_at_a_signal() -> None:
    """Let a signal to stop end this process with 0, through everything that waits for its end.

    uvicorn raises the signal again once it has stopped: without this it would kill the process
    before the scheduler beside it has handed its round back.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
