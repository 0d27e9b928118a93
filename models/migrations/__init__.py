"""The history of the tables (Alembic). `upgrade`, `downgrade` and `state` are what others call.

Two who migrate at once wait for each other: by an advisory lock on PostgreSQL, by a locked
file beside the database on SQLite.
"""

import fcntl
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from models import METADATA

FOLDER = Path(__file__).parent

MIGRATION_LOCK = 7_365_117_002
"""The number of the advisory lock; any that nothing else in the database uses."""


@dataclass(frozen=True)
class State:
    """Where a database stands, and where this release wants it: revisions, None for empty."""

    current: str | None
    newest: str | None

    @property
    def up_to_date(self) -> bool:
        """Whether the tables are those that this release knows."""
        return self.current == self.newest


def state(engine: Engine) -> State:
    """Where the database stands. Nothing is changed."""
    with engine.connect() as connection:
        return state_on(connection)


def state_on(connection: Connection) -> State:
    """The same on a connection that is there already."""
    current = MigrationContext.configure(connection).get_current_revision()
    return State(current, _newest())


@functools.cache
def _newest() -> str | None:
    """The newest revision, which stands in the code; finding it reads every revision there is."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revisions() -> frozenset[str | None]:
    """Every revision that this release knows, and None for no tables at all."""
    known = ScriptDirectory.from_config(_config()).walk_revisions()
    return frozenset({None, *(one.revision for one in known)})


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision, the newest unless said otherwise; keeps all rows."""
    vault = _vault(engine)
    with alone(engine) as connection:
        command.upgrade(_config(connection, vault), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the tables back to a revision, to none unless said otherwise."""
    vault = _vault(engine)
    with alone(engine) as connection:
        command.downgrade(_config(connection, vault), revision)


def differences(engine: Engine) -> list[object]:
    """What the tables of this release have that the database has not, and the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, METADATA))


def _vault(engine: Engine) -> Any:
    """What seals and opens rows on the way; a key store is made where there is none."""
    vault = engine.get_execution_options().get("vault")
    if vault is not None:
        vault.ready()
    return vault


def _config(connection: Connection | None = None, vault: Any = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["vault"] = vault
    return config


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction in which nobody else migrates; all of it happens, or nothing.

    SQLite rebuilds a table to change it, and dropping the old one would take rows of other
    tables along: foreign keys are off meanwhile, and looked at before the end.
    """
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": MIGRATION_LOCK})
            yield connection
        return
    with _locked_file(engine), engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101  # a live connection has one
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                broken = connection.execute(text("PRAGMA foreign_key_check")).all()
                if broken:
                    raise RuntimeError(
                        f"the migration would leave {len(broken)} rows that point nowhere"
                    )
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _locked_file(engine: Engine) -> Iterator[None]:
    database = engine.url.database
    if not database or database == ":memory:":
        yield
        return
    with Path(f"{database}.migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
