"""Connections to the database: SQLite, the embedded default, and PostgreSQL.

SQLite is made as strict as it can be: foreign keys on, a write-ahead log, and writing
transactions that take the lock before they read, so that no two of them overlap.
"""

import datetime
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlmodel import Session

from api import chain
from api.caller import Caller
from api.sealing import Vault
from api.sealing.key_store import NOTICE_A_DEAD_LINE, POOL, strict
from api.settings import Settings

BUSY_SECONDS = 10
"""So long a connection waits for what another one holds."""

IDLE_SECONDS = 300
"""So long a transaction on PostgreSQL may do nothing: what a worker that hangs holds is free then.

Far longer than anything is computed in a transaction.
"""


def connect(address: str) -> Engine:
    """An engine for a database address, `sqlite:///FILE` or `postgresql://…`, with its vault.

    Its execution option `remembered` is for what this process keeps of the database in memory.
    Raises ValueError for any other kind of address.
    """
    url = _normalised(make_url(address))
    given = Settings()
    vault = Vault(url, given.master_key, given.master_key_file)
    engine = _engine(url)
    if engine.dialect.name == "postgresql":
        for one in (engine, vault.store.engine):
            event.listen(one, "connect", _impatient)
    engine.update_execution_options(vault=vault, remembered={})
    event.listen(engine, "engine_disposed", lambda _: vault.store.engine.dispose())
    return engine


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True, **POOL
        )
        event.listen(engine, "connect", _strict_sqlite)
        turns = _Turns()
        event.listen(engine, "begin", turns.begin)
        event.listen(engine, "commit", turns.end)
        event.listen(engine, "rollback", turns.end)
        return engine
    return create_engine(
        url, pool_pre_ping=True, connect_args=NOTICE_A_DEAD_LINE, hide_parameters=True, **POOL
    )


def without_password(address: str) -> str:
    """The address as it may be shown."""
    return make_url(address).render_as_string(hide_password=True)


def _normalised(url: URL) -> URL:
    """The address with the driver that is installed."""
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite":
        return url
    if kind in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    raise ValueError(f"{kind!r} is no database that this works with; sqlite and postgresql are")


MAPPED_BYTES = 2**30
"""So much of a SQLite file is read where the system keeps it, without a copy for each connection.

What a connection has copied is worth nothing once another one has written, which happens at every
request that is written into the audit. The system counts what is mapped once for each connection
(`RssFile`), though it is there once and can be taken away at any time.
"""


def _strict_sqlite(connection: Any, _record: Any) -> None:
    strict(connection)
    for pragma in ("foreign_keys=ON", f"mmap_size={MAPPED_BYTES}"):
        connection.execute(f"PRAGMA {pragma}")


def _impatient(connection: Any, _record: Any) -> None:
    for name, seconds in (
        ("lock_timeout", BUSY_SECONDS), ("idle_in_transaction_session_timeout", IDLE_SECONDS)
    ):  # fmt: skip
        connection.execute(f"SET {name} = {int(seconds * 1000)}")
    connection.commit()


class _Turns:
    """Lets the threads of a process write to SQLite one after the other.

    SQLite itself lets those who wait look again now and then, up to ten times a second, and
    whoever looks at the right moment is next: of many threads some would wait in vain.
    """

    def __init__(self) -> None:
        self.turn = threading.Lock()

    def begin(self, connection: Connection) -> None:
        """Begin a transaction; one that writes waits for its turn, then for other processes."""
        if not connection.get_execution_options().get("writes", True):
            connection.exec_driver_sql("BEGIN")
            return
        if self.turn.acquire(timeout=BUSY_SECONDS):
            connection.info[self] = True
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            self.end(connection)
            raise

    def end(self, connection: Connection) -> None:
        """Let the next one begin."""
        if connection.info.pop(self, False):
            self.turn.release()


def the_service() -> Caller:
    """The service itself, where nobody asked: a job, a command."""
    return Caller(now=datetime.datetime.now(datetime.UTC), new_id=uuid.uuid4)


@contextmanager
def transaction(
    engine: Engine, *, writes: bool = True, read_by: chain.ReadBy = the_service
) -> Iterator[Session]:
    """A session in one transaction: all of it is stored at the end, or nothing.

    One that only reads (`writes` false) does not wait for those that write. The connection is
    taken at the first query: a request that asks who calls before its own first query holds one
    connection at a time. With two for each, requests wait for each other once the pool is empty.

    The events of the audit are written last. Whose sealed values were opened is one of them: of
    a transaction that only reads, or that fails, in one of its own, before anything that was
    read goes out. `read_by` says who read.
    """
    options = engine.execution_options(writes=writes)
    readings: dict[str, set[uuid.UUID]] = {}
    try:
        with Session(bind=options, expire_on_commit=False) as session, session.begin() as whole:
            try:
                yield session
            finally:
                readings = chain.take_readings(session)
            written = writes and whole.is_active  # somebody may have rolled it back
            if written:
                chain.note_readings(session, read_by(), readings)
                chain.write(session)
        if written:
            readings = {}
    finally:
        if readings:
            with transaction(engine) as session:
                chain.note_readings(session, read_by(), readings)
