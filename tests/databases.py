"""Databases for tests: a file of SQLite, and a PostgreSQL cluster that is thrown away."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

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
