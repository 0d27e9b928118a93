"""Which of several workers on one database leads: it alone looks for what is due.

Rounds would stay right with two leaders, as ticks are unique and rounds have leases. One leader
saves work. Leadership ends with the process, however it ends.
"""

import fcntl
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from api.sealing.key_store import NOTICE_A_DEAD_LINE

LEADER_LOCK = 7_365_117_003
"""The number of the advisory lock; any that nothing else in the database uses."""


class Leadership(Protocol):
    """The claim of one worker."""

    def held(self) -> bool:
        """Whether this worker leads now. One that does not tries to."""

    def give_up(self) -> None:
        """Let another one lead."""


def leadership(engine: Engine) -> Leadership:
    """The claim of this process to lead on a database."""
    if engine.dialect.name == "postgresql":
        return _AdvisoryLock(engine)
    database = engine.url.database
    alone = not database or database == ":memory:"
    return _LockedFile(None if alone else Path(f"{database}.leading"))


class _AdvisoryLock:
    """On PostgreSQL: an advisory lock on a connection of its own, outside of any pool.

    A pooler between (PgBouncer) must not hand this connection to others. Who has lost the
    database must not believe to lead it: a dead line is noticed in some seconds.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = create_engine(
            engine.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=NOTICE_A_DEAD_LINE,
        )
        self.connection: Connection | None = None
        self.locked = False

    def held(self) -> bool:
        try:
            if self.connection is None:
                self.connection = self.engine.connect()
            if self.locked:
                self.connection.execute(text("SELECT 1"))
            else:
                asked = text("SELECT pg_try_advisory_lock(:n)")
                self.locked = bool(self.connection.execute(asked, {"n": LEADER_LOCK}).scalar_one())
        except SQLAlchemyError:
            self._forget()
        return self.locked

    def give_up(self) -> None:
        if self.connection is not None:
            with suppress(SQLAlchemyError):
                self.connection.execute(text("SELECT pg_advisory_unlock_all()"))
        self._forget()

    def _forget(self) -> None:
        connection, self.connection, self.locked = self.connection, None, False
        if connection is not None:
            connection.invalidate()
            connection.close()


class _LockedFile:
    """On SQLite: a locked file beside the database; no file, nobody else."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.file: IO[str] | None = None

    def held(self) -> bool:
        if self.path is None or self.file is not None:
            return True
        file = self.path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self.file = file
        return True

    def give_up(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None
