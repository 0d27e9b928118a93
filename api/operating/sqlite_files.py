"""Backups of SQLite: copies that are made while the service runs, and put back as files."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine

from api.operating.manifest import BackupFaultyError, Contents
from api.sealing.key_store import keys_file

DATABASE, KEYS = "database.db", "keys.db"
BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a file: it belongs to the file that it was made for."""


def version(_connection: Connection) -> str:
    """The release of SQLite."""
    return sqlite3.sqlite_version


def take(engine: Engine, file: Path) -> Contents:
    """Copy the database as it is at one moment; others go on to read and write."""
    return _copy(_path(engine), file)


def take_keys(engine: Engine, file: Path) -> Contents:
    """Copy the key store beside it."""
    return _copy(_keys(engine), file)


def is_empty(engine: Engine) -> bool:
    """Whether there is no table yet."""
    path = _path(engine)
    return not path.exists() or not _tables(path)


def in_use(engine: Engine) -> bool:
    """Whether somebody else has the database open."""
    path = _path(engine)
    if not path.exists():
        return False
    engine.dispose()  # our own connections are nobody else
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as there:
        try:
            there.execute("PRAGMA locking_mode=EXCLUSIVE")
            there.execute("BEGIN EXCLUSIVE")
            there.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return True
    return False


def put(engine: Engine, file: Path) -> None:
    """Put a copy back where the database belongs; what was there is gone then."""
    _replace(file, _path(engine), 0o644)


def put_keys(engine: Engine, file: Path) -> None:
    """Put back a copy of the key store."""
    _replace(file, _keys(engine), 0o600)


def contents(engine: Engine) -> Contents:
    """What is in the database now."""
    return _contents(_path(engine))


def _path(engine: Engine) -> Path:
    database = engine.url.database
    if not database or database == ":memory:":
        raise BackupFaultyError("database: lives in memory alone; there is no file to be kept")
    return Path(database)


def _keys(engine: Engine) -> Path:
    return Path(keys_file(str(_path(engine))))


def _copy(source: Path, file: Path) -> Contents:
    if not source.exists():
        raise BackupFaultyError(f"{source}: there is no such file")
    file.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(file)) as here:
        there.backup(here)
        # one file by itself: what reads the copy needs no log beside it
        here.execute("PRAGMA journal_mode=DELETE").fetchall()
    return _contents(file)


def _tables(path: Path) -> list[str]:
    ask = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    with closing(sqlite3.connect(path)) as connection:
        return sorted(name for (name,) in connection.execute(ask))


def _contents(path: Path) -> Contents:
    tables = _tables(path)
    with closing(sqlite3.connect(path)) as connection:
        rows = {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  # the database's own names
            for name in tables
        }
        head = None
        if "audit_head" in tables:
            head = connection.execute("SELECT position, mac FROM audit_head").fetchone()
    position, mac = head or (0, "")
    return Contents(rows=rows, audit_position=position, audit_mac=mac)


def _replace(file: Path, path: Path, mode: int) -> None:
    """All of it or nothing; the log of the file before does not fit any more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.restoring")
    shutil.copyfile(file, unfinished)
    unfinished.chmod(path.stat().st_mode & 0o777 if path.exists() else mode)
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    for end in BESIDE:
        path.with_name(path.name + end).unlink(missing_ok=True)
    unfinished.replace(path)
