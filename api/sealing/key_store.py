"""Where the wrapped keys are: apart from everything that they seal, so that backups differ.

Beside a SQLite database a second file, on PostgreSQL a schema of its own. Its backups are kept
for days only: a key that was destroyed lives on in them so long.
"""

import datetime
import sqlite3
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    bindparam,
    create_engine,
    event,
    func,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

SCHEMA = "doallvet_keys"
"""The schema on PostgreSQL: leave it out of a dump, and dump it apart (`pg_dump -n`, `-N`)."""

KEY_LOCK = 7_365_117_004
"""The number of the advisory lock of whoever makes keys or changes the master key."""

BUSY_SECONDS = 10

POOL_WAIT_SECONDS = 5
"""So long a request waits for a connection of a pool before it is told to come later."""

POOL: dict[str, Any] = {"pool_size": 20, "max_overflow": 25, "pool_timeout": POOL_WAIT_SECONDS}
"""More connections than a web process has threads for requests (40), each of which has one."""

NOTICE_A_DEAD_LINE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}
"""How PostgreSQL is reached. Seconds, the last in milliseconds: nobody waits for a dead line."""

SYNCHRONOUS = "FULL"
"""What SQLite has stored is on the disk before it is answered, a key before what it seals."""

AT_ONCE = 500
"""So many keys a query names."""


class KeyStore:
    """The tables of wrapped keys and of erasures. Every call is a transaction of its own."""

    def __init__(self, url: URL) -> None:
        """`url` is that of the database; nothing is connected yet."""
        self.is_file = url.get_backend_name() == "sqlite"
        where = url.set(database=keys_file(url.database)) if self.is_file else url
        reached = {"timeout": BUSY_SECONDS} if self.is_file else NOTICE_A_DEAD_LINE
        pool = {} if where.database == ":memory:" else POOL
        self.engine = create_engine(
            where, connect_args=reached, pool_pre_ping=not self.is_file, hide_parameters=True,
            **pool,
        )  # fmt: skip
        if self.is_file:
            event.listen(self.engine, "connect", lambda connection, _: strict(connection))
            event.listen(self.engine, "begin", _begin)
        metadata = MetaData(schema=None if self.is_file else SCHEMA)
        self.keys = Table(
            "sealing_key", metadata,
            Column("owner", Uuid, primary_key=True),
            Column("id", Uuid, nullable=False, unique=True),
            Column("master", String(40), nullable=False, index=True),
            Column("wrapped", LargeBinary, nullable=False),
        )  # fmt: skip
        self.erasures = Table(
            "erasure", metadata,
            Column("person", Uuid, primary_key=True),
            Column("erased_at", DateTime(timezone=True), nullable=False),
        )  # fmt: skip
        self.metadata = metadata
        self._of_owners = select(
            self.keys.c.owner, self.keys.c.master, self.keys.c.wrapped
        ).where(self.keys.c.owner.in_(bindparam("owners", expanding=True)))  # fmt: skip

    def is_there(self) -> bool:
        """Whether its tables are there. A missing file is not made by looking."""
        if self.is_file:
            file = self.engine.url.database or ""
            if file != ":memory:" and not Path(file).exists():
                return False
        schema = None if self.is_file else SCHEMA
        return inspect(self.engine).has_table("sealing_key", schema)

    def create(self) -> None:
        """Make what is missing."""
        if self.is_file and self.engine.url.database != ":memory:":
            # SQLite makes the files beside it with the rights of this one
            Path(self.engine.url.database or "").touch(mode=0o600)
        with self.writing() as connection:
            if not self.is_file:
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            self.metadata.create_all(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction in which nobody else makes keys or changes master keys."""
        options = self.engine.execution_options(writes=True)
        with options.begin() as connection:
            if not self.is_file:
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": KEY_LOCK})
            yield connection

    def find(self, owners: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[str, bytes]]:
        """Master key and wrapped key of those owners that have one."""
        wanted = list(owners)
        with self.engine.begin() as connection:
            return {
                owner: (master, wrapped)
                for begin in range(0, len(wanted), AT_ONCE)
                for owner, master, wrapped in connection.execute(
                    self._of_owners, {"owners": wanted[begin : begin + AT_ONCE]}
                )
            }

    def add(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        """Store keys; an owner that has one meanwhile keeps it."""
        connection.execute(self._insert(self.keys), rows)

    def _insert(self, table: Table) -> Any:
        """Add rows; those that are there stay as they are."""
        kind = sqlite if self.is_file else postgresql
        return kind.insert(table).on_conflict_do_nothing()

    def forget(self, owner: uuid.UUID, erased_at: datetime.datetime | None) -> None:
        """Destroy a key; `erased_at` writes the person into the ledger of erasures."""
        with self.writing() as connection:
            connection.execute(self.keys.delete().where(self.keys.c.owner == owner))
            if erased_at is not None:
                row = {"person": owner, "erased_at": erased_at}
                connection.execute(self._insert(self.erasures), row)

    def erased_among(self, owners: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of these owners who were erased."""
        wanted, person = list(owners), self.erasures.c.person
        with self.engine.begin() as connection:
            return {
                owner
                for begin in range(0, len(wanted), AT_ONCE)
                for owner in connection.execute(
                    select(person).where(person.in_(wanted[begin : begin + AT_ONCE]))
                ).scalars()
            }

    def erased(self) -> list[tuple[uuid.UUID, datetime.datetime]]:
        """Everybody who was erased, and when, in that order; nobody where there is no store."""
        if not self.is_there():
            return []
        when = self.erasures.c.erased_at
        query = select(self.erasures.c.person, when).order_by(when, self.erasures.c.person)
        with self.engine.begin() as connection:
            found = connection.execute(query).all()
        return [(person, at.replace(tzinfo=datetime.UTC)) for person, at in found]

    def masters(self) -> dict[str, tuple[uuid.UUID, bytes]]:
        """The ids of the master keys that wrapped something, each with one key to try."""
        with self.engine.begin() as connection:
            names = connection.execute(select(self.keys.c.master).distinct()).scalars().all()
            query = select(self.keys.c.owner, self.keys.c.wrapped).limit(1)
            tries = {n: connection.execute(query.where(self.keys.c.master == n)).one()
                     for n in sorted(names)}  # fmt: skip
        return {name: (owner, wrapped) for name, (owner, wrapped) in tries.items()}

    def wrapped_by_others(
        self, connection: Connection, master: str, most: int
    ) -> list[tuple[uuid.UUID, str, bytes]]:
        """Some keys that another master key wrapped, to be changed in this transaction."""
        table = self.keys
        query = select(table.c.owner, table.c.master, table.c.wrapped)
        found = connection.execute(query.where(table.c.master != master).limit(most))
        return [(owner, name, wrapped) for owner, name, wrapped in found]

    def change(self, connection: Connection, owner: uuid.UUID, master: str, wrapped: bytes) -> None:
        """The same key, wrapped anew."""
        values = {"master": master, "wrapped": wrapped}
        connection.execute(update(self.keys).where(self.keys.c.owner == owner).values(values))

    def count(self) -> int:
        """How many keys there are; none where there is no store."""
        if not self.is_there():
            return 0
        with self.engine.begin() as connection:
            return connection.execute(select(func.count()).select_from(self.keys)).scalar_one()

    def owners(self) -> list[uuid.UUID]:
        """Everybody who has a key."""
        with self.engine.begin() as connection:
            return list(connection.execute(select(self.keys.c.owner)).scalars())

    def vacuum(self) -> None:
        """Leave no trace of what was deleted in the file. PostgreSQL's dumps have none."""
        if self.is_file:
            with self.engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                driver.execute("VACUUM")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def keys_file(database: str | None) -> str:
    """The file of the keys beside that of the database: `NAME.keys.db`."""
    if not database or database == ":memory:":
        return ":memory:"
    return f"{database.removesuffix('.db')}.keys.db"


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch a file of SQLite to write-ahead logging, in which readers do not wait for writers.

    While somebody else writes to a new file, or switches it too, SQLite refuses at once, however
    long the connection would wait: so this looks again until BUSY_SECONDS are over.
    """
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def strict(connection: sqlite3.Connection) -> None:
    """A new connection to a file of SQLite: nothing is lost, and nothing deleted can be read."""
    connection.isolation_level = None  # transactions begin where we say, not where the driver does
    _write_ahead(connection)
    for pragma in (f"synchronous={SYNCHRONOUS}", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
