"""Backups of PostgreSQL: by its own programs, from one moment of the database."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from api.operating.manifest import BackupFaultyError, Contents
from api.sealing.key_store import SCHEMA

DATABASE, KEYS = "database.dump", "keys.dump"

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
"""Debian keeps the programs of each release here."""


def version(connection: Connection) -> str:
    """The release of the server."""
    return str(connection.execute(text("SHOW server_version")).scalar_one())


def take(engine: Engine, file: Path) -> Contents:
    """Dump everything but the keys, and count what is in it."""
    return _dump(engine, file, "public", "--exclude-schema", SCHEMA)


def take_keys(engine: Engine, file: Path) -> Contents:
    """Dump the keys alone."""
    return _dump(engine, file, SCHEMA, "--schema", SCHEMA)


def is_empty(engine: Engine) -> bool:
    """Whether there is no table yet, the keys apart."""
    with engine.connect() as connection:
        return not _tables(connection, "public")


def in_use(engine: Engine) -> bool:
    """Whether anybody else is connected to the database."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    engine.dispose()  # our own connections are nobody else
    with engine.connect() as connection:
        return bool(connection.execute(text(others)).scalar_one())


def put(engine: Engine, file: Path) -> None:
    """Restore the tables; those that were there are gone then."""
    with engine.begin() as connection:
        tables = _tables(connection, "public")
        if tables:
            named = ", ".join(f'public."{name}"' for name in tables)
            connection.execute(text(f"DROP TABLE {named} CASCADE"))
    _restore(engine, file)


def put_keys(engine: Engine, file: Path) -> None:
    """Restore the schema of the keys."""
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    _restore(engine, file)


def contents(engine: Engine) -> Contents:
    """What is in the database now."""
    with engine.connect() as connection:
        return _contents(connection, "public")


def _tables(connection: Connection, schema: str) -> list[str]:
    ask = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema ORDER BY tablename")
    return list(connection.execute(ask, {"schema": schema}).scalars())


def _contents(connection: Connection, schema: str) -> Contents:
    tables = _tables(connection, schema)
    rows = {
        name: connection.execute(text(f'SELECT count(*) FROM {schema}."{name}"')).scalar_one()  # noqa: S608  # the database's own names
        for name in tables
    }
    head = None
    if "audit_head" in tables:
        head = connection.execute(text("SELECT position, mac FROM audit_head")).first()
    position, mac = head or (0, "")
    return Contents(rows=rows, audit_position=position, audit_mac=mac)


def _dump(engine: Engine, file: Path, schema: str, *options: str) -> Contents:
    """A dump and the counts of the same snapshot."""
    file.touch(mode=0o600)
    at_one_moment = engine.execution_options(isolation_level="REPEATABLE READ")
    with at_one_moment.connect() as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        found = _contents(connection, schema)
        _run(engine, "pg_dump", "--format", "custom", "--snapshot", str(snapshot),
             "--file", str(file), *options)  # fmt: skip
    return found


def _restore(engine: Engine, file: Path) -> None:
    engine.dispose()
    _run(engine, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
         "--single-transaction", str(file))  # fmt: skip


def _run(engine: Engine, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database. A password is in no list of processes."""
    url = engine.url.set(drivername="postgresql", password=None)
    known = {"PGPASSWORD": str(engine.url.password)} if engine.url.password else {}
    where = ["--dbname", url.render_as_string(hide_password=False)]
    done = subprocess.run(  # noqa: S603  # PostgreSQL's own program, no shell
        [str(program_at(program)), *where, *arguments],
        env={**os.environ, **known}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["it says nothing"])[0]
        raise BackupFaultyError(f"{program} failed: {told}")


def program_at(name: str) -> Path:
    """Where a program of PostgreSQL is, the newest of several.

    Raises BackupFaultyError with what to install.
    """
    on_path = shutil.which(name)
    if on_path:
        return Path(on_path)
    found = sorted(DEBIAN_PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: _number(path.parts[-3]))
    if not found:
        raise BackupFaultyError(
            f"{name} is missing; install PostgreSQL's client programs, of the server's release or"
            " a newer one (Debian and Ubuntu: apt install postgresql-client)"
        )
    return found[-1]


def _number(release: str) -> int:
    return int(release) if release.isdecimal() else 0
