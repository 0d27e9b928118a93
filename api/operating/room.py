"""How much room there is where the service writes. That of a database server is not seen here."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from api.settings import Settings

FULL = 200 * 2**20
NEARLY_FULL = 2 * 2**30
"""So few bytes free are a fault, so few a warning."""


@dataclass(frozen=True)
class Room:
    """A folder that fills up: what is in it, and how many bytes its disk has."""

    name: str
    path: Path
    free: int
    total: int


def rooms(settings: Settings, engine: Engine, backups: Path | None = None) -> list[Room]:
    """The folders that the service writes to; one that is not there yet is made on that disk."""
    database = engine.url.database if engine.dialect.name == "sqlite" else None
    wanted = {
        "database": Path(database).absolute().parent if database else None,
        "messages": Path(settings.mail_folder),
        "rounds": Path(tempfile.gettempdir()),
        "backups": backups,
    }
    found = []
    for name, path in wanted.items():
        if path is not None:
            there = nearest(path)
            usage = shutil.disk_usage(there)
            found.append(Room(name, there, usage.free, usage.total))
    return found


def nearest(path: Path) -> Path:
    """The path, or the first folder above that is there: it will be made below."""
    path = path.absolute()
    while not path.exists():
        path = path.parent
    return path
