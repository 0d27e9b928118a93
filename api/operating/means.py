"""What a backup does by the engine of the database."""

from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from api.operating import postgres_dumps, sqlite_files
from api.operating.manifest import Contents


class Means(Protocol):
    """What each of the two modules has."""

    DATABASE: str
    KEYS: str

    def version(self, _connection: Connection, /) -> str:
        """The release of the engine."""

    def take(self, engine: Engine, file: Path, /) -> Contents:
        """Copy the database as it is at one moment."""

    def take_keys(self, engine: Engine, file: Path, /) -> Contents:
        """Copy the key store."""

    def is_empty(self, engine: Engine, /) -> bool:
        """Whether there is no table yet."""

    def in_use(self, engine: Engine, /) -> bool:
        """Whether anybody else works on the database."""

    def put(self, engine: Engine, file: Path, /) -> None:
        """Put the database back; what was there is gone then."""

    def put_keys(self, engine: Engine, file: Path, /) -> None:
        """Put the key store back."""

    def contents(self, engine: Engine, /) -> Contents:
        """What is in the database now."""


MEANS: dict[str, Means] = {"sqlite": sqlite_files, "postgresql": postgres_dumps}
"""By the name of the engine."""


def means_of(engine: Engine) -> Means:
    """Those of a database."""
    return MEANS[engine.dialect.name]
