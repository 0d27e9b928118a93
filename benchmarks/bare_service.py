"""The service with routes beside its own that only read rows, to measure its own against.

`python -m benchmarks.bare_service PORT` serves the database of the settings with its scheduler.
"""

import sys
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection, event, func, select, update
from sqlmodel import SQLModel

import models
from api import logs
from api.database import connect
from api.edge import Permit, Reading, Writing, may
from api.listening import end_well_at_a_signal, server_of
from api.main import create_app
from api.memory import settle_memory
from api.policy import Action
from api.scheduler import Scheduler
from api.settings import Settings

BARE = "/api/v1/bare"
WINDOWS: Any = SQLModel.metadata.tables[models.OfferWindow.__tablename__]

router = APIRouter(prefix=BARE)


@router.get("")
def read(
    session: Reading, rows: int, shown: int, _permit: Permit = may(Action.PROPOSAL_READ)
) -> list[dict[str, Any]]:
    """Read so many rows behind the check of every route, and answer some of them."""
    return _rows(session, rows)[:shown]


@router.post("")
def write(
    session: Writing, rows: int, shown: int, permit: Permit = may(Action.PROPOSAL_ANSWER)
) -> list[dict[str, Any]]:
    """Read so many rows, change one, and answer some of them."""
    found = _rows(session, rows)
    one = found[permit.caller.new_id().int % len(found)]
    changed = update(WINDOWS).where(WINDOWS.c.id == one["id"])
    session.execute(changed.values(changed_at=permit.caller.now))
    return found[:shown]


@router.get("/windows")
def windows(session: Reading, _permit: Permit = may(Action.PROPOSAL_READ)) -> int:
    """How many windows there are."""
    return session.execute(select(func.count()).select_from(WINDOWS)).scalar_one()


@router.put("/counted")
def count(request: Request) -> None:
    """Count from now on how many rows the statements of requests read."""
    request.app.state.counted = 0

    def add(
        connection: Connection, _cursor: Any, statement: str, parameters: Any,
        _context: Any, _many: bool,
    ) -> None:  # fmt: skip
        if statement.startswith(("SELECT", "WITH")) and "AS counted" not in statement:
            again = f"SELECT count(*) FROM ({statement}) AS counted"  # noqa: S608  # it was just run
            found = connection.exec_driver_sql(again, parameters)
            request.app.state.counted += found.scalar_one()

    request.app.state.add = add
    event.listen(request.app.state.engine, "after_cursor_execute", add)


@router.delete("/counted")
def counted(request: Request) -> int:
    """Count no more; how many there were."""
    event.remove(request.app.state.engine, "after_cursor_execute", request.app.state.add)
    number: int = request.app.state.counted
    return number


def _rows(session: Any, rows: int) -> list[dict[str, Any]]:
    """Rows of windows, from the first on again where there are not as many."""
    found: list[dict[str, Any]] = []
    while len(found) < rows:
        read = session.execute(select(WINDOWS).limit(rows - len(found))).mappings().all()
        found += [dict(one) for one in read]
    return found


def main() -> None:
    """Serve until it is stopped."""
    settings = Settings()
    engine = connect(settings.database)
    app = create_app(engine, given=settings)
    app.include_router(router)
    logs.configure(json=True)
    beside = Scheduler(engine.url.render_as_string(hide_password=False))
    end_well_at_a_signal()
    settle_memory()
    beside.start()
    try:
        server_of(app, "127.0.0.1", int(sys.argv[1])).run()
    finally:
        beside.stop()


if __name__ == "__main__":
    main()
