"""Every error as problem+json (RFC 9457): a stable type, what happened, and nothing inside."""

from collections.abc import Callable
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from api.errors import ServiceError

LOG = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "Not understood", 401: "Sign in first", 403: "Not allowed", 404: "Not found",
    405: "Not possible here", 409: "Not now", 410: "Over", 412: "Changed meanwhile",
    413: "Too large", 415: "Another kind of content is needed", 422: "Something is not right",
    428: "Say which version you saw", 429: "Too many requests", 500: "Something went wrong here",
    503: "Not available now",
}  # fmt: skip


Handler = Callable[[Request, Exception], JSONResponse]

EXTRA = ("rules", "sources", "warnings", "what", "faults", "problems", "total")
"""Attributes of an error that its document has too."""


def problem(status: int, kind: str, detail: str, **more: Any) -> JSONResponse:
    """A problem document. `kind` becomes its `type`, stable for programs."""
    body = {"type": f"urn:doallvet:{kind}", "title": TITLES.get(status, "Refused"),
            "status": status, "detail": detail} | more  # fmt: skip
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


PageOf = Callable[[Request, int, Exception], Response | None]
"""What a person sees instead of a problem document; None where a program asked."""


def add_handlers(app: FastAPI, page: PageOf) -> None:
    """Let every error of the app answer like this, and to people by a page."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, _for_people_too(handler, page))


def _for_people_too(handler: Handler, page: PageOf) -> Callable[[Request, Exception], Response]:
    def handle(request: Request, error: Exception) -> Response:
        answer = handler(request, error)
        return page(request, answer.status_code, error) or answer

    return handle


def _service_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServiceError)  # noqa: S101  # registered for these
    extra = {name: getattr(error, name) for name in EXTRA if hasattr(error, name)}
    answer = problem(error.status, error.kind, str(error), **extra)
    if hasattr(error, "retry_after"):
        answer.headers["Retry-After"] = str(int(error.retry_after) + 1)
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _faulty_request(_request: Request, error: Exception) -> JSONResponse:
    """Every fault with its place; never what was sent, which may be personal."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = [
        {"where": ".".join(str(part) for part in one["loc"]), "what": one["msg"]}
        for one in error.errors()
    ]
    if any(one["type"] == "json_invalid" for one in error.errors()):
        return problem(400, "broken-json", "The body is not JSON.", faults=faults)
    return problem(422, "faulty-request", "The request has faults.", faults=faults)


def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    kinds = {404: "no-such-page", 405: "no-such-method", 413: "too-large"}
    kind = kinds.get(error.status_code, "refused")
    answer = problem(error.status_code, kind, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


def stale() -> JSONResponse:
    """Somebody else was faster."""
    return problem(409, "changed-meanwhile", "Somebody changed it at the same time; try again.")


def _stale(_request: Request, _error: Exception) -> JSONResponse:
    return stale()


def _busy(_request: Request, _error: Exception) -> JSONResponse:
    answer = problem(503, "busy", "Too much is going on; try again in some seconds.")
    answer.headers["Retry-After"] = "5"
    return answer


CONFLICTS = frozenset({"40001", "40P01"})
"""PostgreSQL broke a transaction off because of another one: serialization, deadlock."""


def is_conflict(error: DBAPIError) -> bool:
    """Whether the same request may succeed at once (`api.middleware.TriedAgain`)."""
    return (getattr(error.orig, "sqlstate", "") or "") in CONFLICTS


def _database_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DBAPIError)  # noqa: S101
    if is_conflict(error):
        raise error
    LOG.error("database.failed", kind=type(error).__name__, request=request.state.request_id)
    answer = problem(503, "database", "The database does not answer; try again in some seconds.")
    answer.headers["Retry-After"] = "5"
    return answer


def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    LOG.error("request.failed", kind=type(error).__name__, request=request.state.request_id)
    return problem(
        500, "unforeseen", f"Nothing was stored. Say this number when you ask for help:"
        f" {request.state.request_id}"
    )  # fmt: skip


HANDLERS: dict[type[Exception], Handler] = {
    ServiceError: _service_error,
    RequestValidationError: _faulty_request,
    HTTPException: _http_error,
    StaleDataError: _stale,
    PoolTimeoutError: _busy,
    DBAPIError: _database_error,
    Exception: _unforeseen,
}
"""What is answered to which error."""
