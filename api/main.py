"""The web application: routes under /api/v1, health, errors, limits."""

import datetime
import re
import secrets
import uuid
from collections.abc import Callable

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Engine, text
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import refusals
from api.edge import Reading
from api.routes import (
    audit,
    placements,
    proposals,
    questions,
    reasons,
    rounds,
    sessions,
    waiting,
    wishes,
)
from api.throttle import Throttle

MOST_BYTES = 1_000_000
"""The largest body that a request may have."""

VERSION = "0.1.0"

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def create_app(
    engine: Engine,
    *,
    now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
    new_id: Callable[[], uuid.UUID] = uuid.uuid4,
) -> FastAPI:
    """The application on a database whose tables are up to date."""
    app = FastAPI(
        title="doALLVET", version=VERSION, openapi_url="/api/v1/openapi.json",
        docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.state.engine, app.state.now, app.state.new_id = engine, now, new_id
    app.state.throttle = Throttle()
    api = APIRouter(prefix="/api/v1")
    for noun in (
        sessions, proposals, rounds, questions, wishes, reasons, placements, waiting, audit,
    ):  # fmt: skip
        api.include_router(noun.router)
    app.include_router(api)
    app.include_router(health)
    refusals.add_handlers(app)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BYTES)
    app.add_middleware(Answers)
    return app


health = APIRouter(prefix="/health", tags=["health"])


@health.get("/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@health.get("/ready")
def ready(session: Reading, _request: Request) -> JSONResponse:
    """The database answers."""
    session.execute(text("SELECT 1"))
    return JSONResponse({"status": "ready"})


class Answers:
    """Gives every request an id, and every answer the headers that all have."""

    def __init__(self, app: ASGIApp) -> None:
        """Around the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through. An id that came along is kept if it is a plain word."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        too_large = False

        async def with_headers(message: Message) -> None:
            nonlocal too_large
            if too_large:
                return
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"")
                if message["status"] == 413 and kind != refusals.MEDIA_TYPE.encode():
                    too_large = True  # the limit answers in plain text, before any handler
                    answer = refusals.problem(
                        413, "too-large", f"A body has at most {MOST_BYTES} bytes here."
                    )
                    await answer(scope, receive, with_id)
                    return
                await with_id(message)
                return
            await send(message)

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    (b"cache-control", b"no-store"),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                    (b"x-frame-options", b"DENY"),
                ]
            await send(message)

        await self.app(scope, receive, with_headers)
