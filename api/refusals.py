"""Every error as problem+json (RFC 9457): a stable type, what happened, and nothing inside.

What people read of it is in the language of who asked (`Accept-Language`, else the account's).
"""

import errno
import sqlite3
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

from api.edge import language_of
from api.errors import RecordFaultyError, ServiceError
from api.faults import of_value
from api.language import N_, Language
from api.pages import words

LOG = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: N_("Not understood"), 401: N_("Sign in first"), 403: N_("Not allowed"),
    404: N_("Not found"), 405: N_("Not possible here"), 408: N_("Too slow"),
    409: N_("Not now"), 410: N_("Over"),
    412: N_("Changed meanwhile"), 413: N_("Too large"),
    415: N_("Another kind of content is needed"), 422: N_("Something is not right"),
    428: N_("Say which version you saw"), 429: N_("Too many requests"),
    500: N_("Something went wrong here"), 503: N_("Not available now"),
}  # fmt: skip
"""What kind of refusal it is, by the status."""

REFUSED = N_("Refused")
"""The same where the status has no words of its own."""

BROKEN = N_("The body is not JSON.")
FAULTY = N_("The request has faults.")
CUT_OFF = N_("The body did not come to its end, or cannot be read.")
NO_PAGE = N_("There is nothing at this address.")
NO_METHOD = N_("This cannot be done at this address.")
STALE = N_("Somebody changed it at the same time; try again.")
BUSY = N_("Too much is going on; try again in some seconds.")
NO_DATABASE = N_("The database does not answer; try again in some seconds.")
NO_ROOM = N_(
    "The service has no room left on its disk. Nothing of this was stored; try again later."
)
TOO_SLOW = N_("What was sent came too slowly. Nothing of it was stored; try again.")
UNFORESEEN = N_("Nothing was stored. Say this number when you ask for help: {request_id}")
"""Details of what is no error of the service's own."""

Handler = Callable[[Request, Exception], JSONResponse]

EXTRA = ("rules", "sources", "warnings", "what", "problems", "total")
"""Attributes of an error that its document has too."""


def problem(language: Language, status: int, kind: str, detail: str, **more: Any) -> JSONResponse:
    """A problem document. `kind` becomes its `type`, stable for programs.

    `detail` is in the language already.
    """
    title = language.phrase(TITLES.get(status, REFUSED))
    body = {"type": f"urn:doallvet:{kind}", "title": title, "status": status,
            "detail": detail} | more  # fmt: skip
    headers = {"Content-Language": language.code}
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


FOR_PEOPLE_TOO = frozenset({"retry-after", "connection"})
"""Headers that the page has as well."""

PageOf = Callable[[Request, int, Exception], Response | None]
"""What a person sees instead of a problem document; None where a program asked."""


def add_handlers(app: FastAPI, page: PageOf) -> None:
    """Let every error of the app answer like this, and to people by a page."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, _for_people_too(handler, page))


def unforeseen(page: PageOf) -> Callable[[Request, Exception], Response]:
    """What is answered to an error that nobody foresaw, to people by a page (`api.middleware`)."""
    return _for_people_too(_unforeseen, page)


def _for_people_too(handler: Handler, page: PageOf) -> Callable[[Request, Exception], Response]:
    def handle(request: Request, error: Exception) -> Response:
        answer = handler(request, error)
        shown = page(request, answer.status_code, error)
        if shown is None:
            return answer
        for name in FOR_PEOPLE_TOO.intersection(answer.headers):
            shown.headers[name] = answer.headers[name]
        return shown

    return handle


def _language(request: Request) -> Language:
    return Language(language_of(request))


def refused(language: Language, error: ServiceError) -> JSONResponse:
    """The problem document of an error of the service's own."""
    extra = {name: getattr(error, name) for name in EXTRA if hasattr(error, name)}
    if isinstance(error, RecordFaultyError):
        extra["faults"] = [
            {"field": field, "sentence": fault.line(language)} for field, fault in error.faults
        ]
    return problem(language, error.status, error.kind, words.whole(language, error), **extra)


def _service_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServiceError)  # noqa: S101  # registered for these
    answer = refused(_language(request), error)
    if hasattr(error, "retry_after"):
        answer.headers["Retry-After"] = str(int(error.retry_after) + 1)
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _faulty_request(request: Request, error: Exception) -> JSONResponse:
    """Every fault with its place; never what was sent, which may be personal."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    language = _language(request)
    faults = [
        {"where": ".".join(str(part) for part in one["loc"]),
         "what": of_value(one).line(language)}
        for one in error.errors()
    ]  # fmt: skip
    if any(one["type"] == "json_invalid" for one in error.errors()):
        return problem(language, 400, "broken-json", language.phrase(BROKEN), faults=faults)
    return problem(language, 422, "faulty-request", language.phrase(FAULTY), faults=faults)


def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    if _is_full_disk(error.__cause__):  # while the body was read
        return _no_room(request)
    kind, text = {
        400: ("refused", CUT_OFF), 404: ("no-such-page", NO_PAGE),
        405: ("no-such-method", NO_METHOD), 408: ("too-slow", TOO_SLOW),
        413: ("too-large", TITLES[413]),
    }.get(error.status_code, ("refused", REFUSED))  # fmt: skip
    language = _language(request)
    answer = problem(language, error.status_code, kind, language.phrase(text))
    answer.headers.update(error.headers or {})
    return answer


def stale(language: Language) -> JSONResponse:
    """Somebody else was faster."""
    return problem(language, 409, "changed-meanwhile", language.phrase(STALE))


def _stale(request: Request, _error: Exception) -> JSONResponse:
    return stale(_language(request))


def _come_later(request: Request, kind: str, text: str, seconds: int = 5) -> JSONResponse:
    language = _language(request)
    answer = problem(language, 503, kind, language.phrase(text))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _busy(request: Request, _error: Exception) -> JSONResponse:
    return _come_later(request, "busy", BUSY)


CONFLICTS = frozenset({"40001", "40P01"})
"""PostgreSQL broke a transaction off because of another one: serialization, deadlock."""


LOCKED = frozenset({"55P03", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"})
"""What somebody waited for is held by others for longer than anybody waits."""

FULL = frozenset({"53100", "SQLITE_FULL", "SQLITE_IOERR_WRITE"})
"""There is no room for what was to be stored."""

FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def reason_of(error: DBAPIError) -> str:
    """What the database itself calls a fault: a code, never what was asked."""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorname", "")
    return getattr(error.orig, "sqlstate", "") or ""


def is_conflict(error: DBAPIError) -> bool:
    """Whether the same request may succeed at once (`api.middleware.TriedAgain`)."""
    return reason_of(error) in CONFLICTS


def _database_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DBAPIError)  # noqa: S101
    if is_conflict(error):
        raise error
    reason = reason_of(error)
    LOG.error(
        "database.failed", kind=type(error).__name__, reason=reason,
        request=request.state.request_id,
    )  # fmt: skip
    if reason in LOCKED:
        return _come_later(request, "busy", BUSY)
    if reason in FULL:
        return _come_later(request, "no-room", NO_ROOM, seconds=60)
    return _come_later(request, "database", NO_DATABASE)


def _system_error(request: Request, error: Exception) -> JSONResponse:
    """A file cannot be written: what was uploaded is kept in one while it is read."""
    return _no_room(request) if _is_full_disk(error) else _unforeseen(request, error)


def _no_room(request: Request) -> JSONResponse:
    LOG.error("disk.full", request=request.state.request_id)
    return _come_later(request, "no-room", NO_ROOM, seconds=60)


def _is_full_disk(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in FULL_DISK


def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    LOG.error("request.failed", kind=type(error).__name__, request=request.state.request_id)
    language = _language(request)
    told = language.phrase(UNFORESEEN, request_id=request.state.request_id)
    return problem(language, 500, "unforeseen", told)


HANDLERS: dict[type[Exception], Handler] = {
    ServiceError: _service_error,
    RequestValidationError: _faulty_request,
    HTTPException: _http_error,
    StaleDataError: _stale,
    PoolTimeoutError: _busy,
    DBAPIError: _database_error,
    OSError: _system_error,
}
"""What is answered to which error, besides those that nobody foresaw."""
