"""Databases for tests: a file of SQLite, and a PostgreSQL cluster that is thrown away."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Engine, create_engine, text

from api.sealing.key_store import SCHEMA, keys_file

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
"""Debian keeps the server's programs here, a folder a version, and not on the path."""

UNPRIVILEGED = "postgres"
"""The server refuses to run as root; Debian's packages bring this user along."""


def server_programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, None where there is no server."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = sorted(DEBIAN_PROGRAMS.glob("*/bin/initdb"))
    return found[-1].parent if found else None


def copied(template: Path, file: Path) -> Path:
    """A copy of a SQLite database with its keys."""
    shutil.copy(template, file)
    shutil.copy(keys_file(str(template)), keys_file(str(file)))
    return file


def forget(engine: Engine) -> None:
    """What this process keeps of a database in memory: other rows stand there now."""
    options = engine.get_execution_options()
    options["vault"].look_again()
    options["remembered"].clear()


class Cluster:
    """A running PostgreSQL server that is reached by a socket in its own folder only."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder
        self.data = folder / "data"

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of the server, as somebody who is not root."""
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", UNPRIVILEGED, "--", *command]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")

    def address(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{UNPRIVILEGED}@/{database}?host={self.folder}"

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a new copy of a database, an empty one unless said otherwise."""
        name = f"t{uuid.uuid4().hex}"
        engine = create_engine(
            self.address("postgres").replace("postgresql:", "postgresql+psycopg:"),
            isolation_level="AUTOCOMMIT",
        )
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
            yield self.address(name)
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def emptied(address: str, tables: Iterable[str]) -> bool:
    """Whether a database has no rows any more and its tables are as they were.

    Much faster than a new copy, whose end is a checkpoint. False where a test changed the
    tables or left a lock: then a new copy is needed.
    """
    known = list(tables)
    gone = [*known, f"{SCHEMA}.sealing_key", f"{SCHEMA}.erasure"]
    quoted = (
        f'DELETE FROM "{name}"' if "." not in name else f"DELETE FROM {name}" for name in gone
    )
    try:
        with psycopg.connect(address) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid();"
                " SET LOCAL lock_timeout = '5s'; SET LOCAL session_replication_role = replica; "
                + "; ".join(quoted)
            )
            there = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
        return {name for (name,) in there} == {*known, "alembic_version"}
    except psycopg.Error:
        return False


@contextmanager
def running_cluster(programs: Path) -> Iterator[Cluster]:
    """A new cluster, stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="doallvet-"))
    if os.geteuid() == 0:
        user = pwd.getpwnam(UNPRIVILEGED)
        os.chown(folder, user.pw_uid, user.pw_gid)
    cluster = Cluster(programs, folder)
    try:
        data = str(cluster.data)
        cluster.run("initdb", "-D", data, "-U", UNPRIVILEGED, "-A", "trust", "-E", "UTF8")
        options = f"-c listen_addresses='' -c fsync=off -k {folder}"
        cluster.run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
        yield cluster
        cluster.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
