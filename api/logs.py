"""Logs: an event name with ids and codes on a line of standard error, never personal data.

What an exception says may hold somebody's data, as may the values of a failed statement. So a
log has the class of an exception and the lines of code it came through, not its words.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import structlog

LAST_LINES = 5
"""So many lines of code of an exception are kept, those next to the fault."""


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing but warnings and errors: for a command that asks the service many things."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        yield
    finally:
        structlog.configure(**before)


def configure(*, json: bool) -> None:
    """Write logs as lines of JSON, or as text for somebody at a terminal."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        where_it_failed,
    ]
    shown: Any = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, shown], logger_factory=structlog.WriteLoggerFactory(sys.stderr)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def where_it_failed(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Put the class of an exception and where it came from in the place of the exception."""
    given = event.pop("exc_info", None)
    error = sys.exc_info() if given is True else given
    if isinstance(error, BaseException):
        error = type(error), error, error.__traceback__
    if error and error[0] is not None:
        event["error"] = error[0].__name__
        event["at"] = _lines(error[2])
    return event


def _lines(way: TracebackType | None) -> list[str]:
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(way)[-LAST_LINES:]
    ]
