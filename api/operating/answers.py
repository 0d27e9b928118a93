"""Whether a service answers as it did: a fixed set of questions, as each role, by their digests.

They are asked within this process, by the service itself: what is opened for it stands in the
audit as read by nobody's account. The answers are not kept, their digests are.
"""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller, caller_of
from api.database import transaction
from api.edge import signed_in
from api.main import create_app
from models import Role

ASKED = (
    "/account", "/accounts", "/apprentices", "/calls", "/centres", "/companies",
    "/companies/hours-questions", "/consent-texts", "/covers", "/offers", "/placements",
    "/proposals", "/provision-questions", "/reference/needs", "/regions", "/rights-requests",
    "/settings", "/waiting", "/wishes",
)  # fmt: skip
"""What everybody is asked for; a role that may not have it gets a refusal, which counts too."""

OF_CALL = (
    "/calls/{call}", "/calls/{call}/enrolments", "/calls/{call}/groups", "/calls/{call}/rounds",
    "/figures/balance?call={call}", "/figures/flows?call={call}", "/idle-offers?call={call}",
    "/proposals?call={call}", "/unmatched?call={call}",
)  # fmt: skip
"""The same of each call."""

MOST_CALLS = 5

REQUEST = "same-answers"
"""The id of these requests in the audit."""

Answer = tuple[int, bytes]


def digests(engine: Engine, now: datetime.datetime) -> dict[str, str]:
    """A digest for each role and question, `ROLE PATH`, as if it were `now`.

    Of each role the first account that is not disabled is asked for.
    """
    app = create_app(engine, now=lambda: now)
    with transaction(engine, writes=False) as session:
        people, paths = dict(_people(session)), list(_paths(session))
    return {
        f"{role} {path}": digest(answer)
        for role, user in people.items()
        for path, answer in zip(
            paths, asked(app, caller_of(user, now, app.state.new_id), paths), strict=True
        )
    }


def _people(session: Session) -> Iterator[tuple[Role, models.User]]:
    active = col(models.User.disabled_at).is_(None)
    for role in Role:
        found = store.accounts.accounts(session, active, col(models.User.role) == role, limit=1)
        yield from ((role, user) for user in found)


def _paths(session: Session) -> Iterator[str]:
    yield from ASKED
    for call in store.calls.calls(session, limit=MOST_CALLS):
        yield from (path.format(call=call.code) for path in OF_CALL)


def digest(answer: Answer) -> str:
    """What stands for an answer: its status and its bytes."""
    status, body = answer
    return hashlib.sha256(f"{status} ".encode() + body).hexdigest()


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The questions that were not answered alike, or by one of both alone."""
    return sorted(one for one in before.keys() | after.keys() if before.get(one) != after.get(one))


def asked(app: FastAPI, caller: Caller, paths: Sequence[str]) -> list[Answer]:
    """What the service answers to somebody, without a cookie or a token of theirs."""
    app.dependency_overrides[signed_in] = lambda: caller
    try:
        with start_blocking_portal() as portal:
            return portal.call(_all, app, paths)
    finally:
        del app.dependency_overrides[signed_in]


async def _all(app: FastAPI, paths: Iterable[str]) -> list[Answer]:
    return [await _one(app, path) for path in paths]


async def _one(app: FastAPI, path: str) -> Answer:
    where, _, query = f"/api/v1{path}".partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "https", "path": where, "raw_path": where.encode(), "root_path": "",
        "query_string": query.encode(), "client": ("127.0.0.1", 0), "server": ("localhost", 443),
        "headers": [(b"host", b"localhost"), (b"accept-language", b"en"),
                    (b"x-request-id", REQUEST.encode())],
    }  # fmt: skip
    status, body = 500, b""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, body
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body += message.get("body", b"")

    await app(scope, receive, send)
    return status, body
