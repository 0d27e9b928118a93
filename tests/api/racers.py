"""One of two processes of a race: `python -m tests.api.racers`, at DOALLVET_DATABASE.

A line of requests comes in, as many as there are threads; each thread waits with one of them
at a barrier until the line `go` lets all of them run. Then the answers go out, in one line.
"""

import asyncio
import json
import logging
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from fastapi import FastAPI

from api import database
from api.main import create_app
from api.settings import Settings
from tests import rows

THREADS = 24


async def post(app: FastAPI, asked: dict[str, Any]) -> tuple[int, Any]:
    """Status and answer of one request, as a web server hands it to the application."""
    body = json.dumps(asked["body"]).encode()
    headers = {"host": "testserver", "content-type": "application/json"} | asked["headers"]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "https", "path": asked["path"], "raw_path": asked["path"].encode(),
        "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("testserver", 443),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    status, parts = 0, []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, json.loads(b"".join(parts))


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),  # answers go out at stdout
    )
    database.BUSY_SECONDS = 120  # who wins is what counts here, however slow the machine is
    given = Settings(requests_per_minute=1_000_000)
    app = create_app(database.connect(given.database), now=lambda: rows.NOW, given=given)
    loop = asyncio.new_event_loop()  # one for all, as in a web process; it has threads of its own
    threading.Thread(target=loop.run_forever, daemon=True).start()
    start = threading.Barrier(THREADS + 1)

    def run(asked: dict[str, Any]) -> dict[str, Any]:
        start.wait()
        begin = time.perf_counter()
        status, said = asyncio.run_coroutine_threadsafe(post(app, asked), loop).result()
        kind = "" if status < 400 else said["type"].removeprefix("urn:doallvet:")
        return {"status": status, "kind": kind, "seconds": time.perf_counter() - begin}

    with ThreadPoolExecutor(THREADS) as pool:
        tell("ready")
        for line in sys.stdin:
            running = [pool.submit(run, asked) for asked in json.loads(line)]
            sys.stdin.readline()
            start.wait()
            tell(json.dumps([one.result() for one in running]))


if __name__ == "__main__":
    main()
