"""What stands around every request: an id, headers, limits, counting, another try."""

import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping

import anyio
import structlog
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import headers, refusals
from api.edge import language_of
from api.errors import TooLargeError
from api.language import Language
from api.metrics import Metrics

LOG = structlog.get_logger(__name__)

MOST_BYTES = 1_000_000
"""The largest body that a request may have."""

API = "/api/v1"
"""Where the routes for programs are."""

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

OF_EVENTS = (b"cache-control", b"no-cache")
"""What the library says of streams of events, which may be kept by that; ours are not."""

Unforeseen = Callable[[Request, Exception], Response]
"""What is answered to a fault that nobody foresaw."""


def _encoded(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


class Answers:
    """Gives every request an id, and every answer the headers that all have.

    Counts the answer, and writes it down: the route as its noun names it, never the address,
    which may hold what somebody typed. What nobody foresaw is answered here too, since the
    library would do it further out, without these headers.
    """

    def __init__(
        self, app: ASGIApp, metrics: Metrics, unforeseen: Unforeseen, address: str
    ) -> None:  # fmt: skip
        """Around the application, which people reach at `address`."""
        self.app, self.metrics, self.unforeseen = app, metrics, unforeseen
        plain = _encoded(headers.COMMON)
        secure = plain + _encoded(headers.HTTPS_ONLY)
        self.common = {
            "http": plain, "https": secure if address.startswith("https://") else plain,
        }  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through. An id that came along is kept if it is a plain word."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        began, status, has_begun = time.perf_counter(), 500, False

        async def with_headers(message: Message) -> None:
            nonlocal status, has_begun
            if message["type"] == "http.response.start":
                status, has_begun = message["status"], True
                given = [header for header in message["headers"] if header != OF_EVENTS]
                said = {name.lower() for name, _ in given}
                ours = self.common.get(scope["scheme"], self.common["http"])
                common = (header for header in ours if header[0] not in said)
                own = (b"x-request-id", request_id.encode())
                message["headers"] = [*given, own, *common]
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception as error:
            if not has_begun:
                answer = await run_in_threadpool(self.unforeseen, Request(scope), error)
                await answer(scope, receive, with_headers)
            raise  # to the server
        finally:
            seconds = time.perf_counter() - began
            route = _route_of(scope)
            self.metrics.answered(scope["method"], route, status, seconds)
            LOG.info(
                "request.answered", method=scope["method"], route=route, status=status,
                milliseconds=round(seconds * 1000, 1), request=request_id,
            )  # fmt: skip


def _route_of(scope: Scope) -> str:
    """The route of a request; pages and API have some of the same name below their prefixes."""
    path: str = getattr(scope.get("route"), "path", "unknown")
    of_api = scope.get("path", "").startswith(f"{API}/") and not path.startswith(API)
    return f"{API}{path}" if of_api and path != "unknown" else path


class Bounded:
    """Refuses bodies that are too large, as a problem document like every other refusal."""

    def __init__(
        self, app: ASGIApp, most_bytes: int, larger: Mapping[str, int] | None = None,
        page: refusals.PageOf | None = None,
    ) -> None:  # fmt: skip
        """Around the application. Addresses in `larger` have a limit of their own.

        People are answered by a `page`.
        """
        self.most_bytes, self.larger, self.page = most_bytes, dict(larger or {}), page
        self.limited = {
            limit: RequestBodyLimitMiddleware(app, max_body_size=limit)
            for limit in (most_bytes, *self.larger.values())
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through; the library's own refusal is plain text."""
        refused = False
        limit = self.larger.get(scope.get("path", ""), self.most_bytes)

        async def as_problem(message: Message) -> None:
            nonlocal refused
            if refused:
                return
            if message["type"] == "http.response.start" and message["status"] == 413:
                kind = dict(message["headers"]).get(b"content-type", b"").decode()
                if kind != refusals.MEDIA_TYPE:
                    refused = True
                    await self._too_large(scope, limit)(scope, receive, send)
                    return
            await send(message)

        await self.limited[limit](scope, receive, as_problem)

    def _too_large(self, scope: Scope, limit: int) -> ASGIApp:
        request, error = Request(scope), TooLargeError(limit)
        shown = self.page(request, 413, error) if self.page else None
        return shown or refusals.refused(Language(language_of(request)), error)


BODY_SECONDS = 20.0
"""So long a body may take to come, and a second more for each BYTES_A_SECOND of it."""

BYTES_A_SECOND = 1_000
"""The slowest line that is waited for: slower than any telephone."""


class InTime:
    """Refuses bodies that drip in: who sends one slowly holds nothing for long."""

    def __init__(self, app: ASGIApp) -> None:
        """Around the application; inside of what limits the size."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through. Once its body is there, waiting has no limit."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        until, whole = anyio.current_time() + BODY_SECONDS, False

        async def in_time() -> Message:
            nonlocal until, whole
            if whole:
                return await receive()
            try:
                with anyio.fail_after(max(until - anyio.current_time(), 0)):
                    message = await receive()
            except TimeoutError:
                LOG.info("request.too_slow", request=scope["state"]["request_id"])
                raise HTTPException(408, headers={"Connection": "close"}) from None
            until += len(message.get("body", b"")) / BYTES_A_SECOND
            whole = not message.get("more_body", False)
            return message

        await self.app(scope, in_time, send)


class TriedAgain:
    """Does a request once more that the database broke off because of another one.

    PostgreSQL ends one of two transactions that wait for each other; nothing of it is stored.
    Nothing has been answered then, since a route's transaction ends before its answer goes out.
    """

    TRIES = 4

    def __init__(self, app: ASGIApp) -> None:
        """Around the application, inside of what counts and limits."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through; its body is kept for the next try."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        before, kept = {**scope, "state": {**scope["state"]}}, deque[Message]()
        for left in reversed(range(self.TRIES)):
            scope.clear()
            scope.update(before)
            try:
                await self.app(scope, _replayed(kept, receive), send)
                return
            except DBAPIError as error:
                if not refusals.is_conflict(error):
                    raise
                LOG.info("request.conflict", tries_left=left, request=scope["state"]["request_id"])
        await refusals.stale(Language(language_of(Request(scope))))(scope, receive, send)


def _replayed(kept: deque[Message], receive: Receive) -> Receive:
    """Gives what came in before, then what comes in, which is kept too."""
    played = deque(kept)

    async def receive_again() -> Message:
        if played:
            return played.popleft()
        kept.append(await receive())
        return kept[-1]

    return receive_again
