"""What a backup says of itself: versions, times, digests of its files, counts of its rows."""

import datetime
import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

NAME = "manifest.json"


class BackupFaultyError(ValueError):
    """A backup cannot be made or put back; the message says why, and what to do."""


class File(BaseModel):
    """One file of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    bytes: int
    sha256: str


class Contents(BaseModel):
    """What was in a database at the moment of its backup: rows by table, head of the audit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: dict[str, int]
    audit_position: int = 0
    audit_mac: str = ""


class Manifest(BaseModel):
    """The page of a backup. `part` says whether it holds the database or the key store.

    `keys` counts the keys that there were then. `answers` are digests of what the service
    answered (`api.operating.answers`), where they were asked for and nothing changed meanwhile.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["doallvet-backup/1"] = "doallvet-backup/1"
    part: Literal["database", "keys"]
    made_at: datetime.datetime
    release: str
    engine: Literal["sqlite", "postgresql"]
    engine_version: str
    migration: str | None
    keys: int
    file: File
    contents: Contents
    answers: dict[str, str] | None = None

    def write(self, folder: Path) -> None:
        """Store it beside its file."""
        write_private(folder / NAME, self.model_dump_json(indent=2) + "\n")

    @classmethod
    def read(cls, folder: Path, part: str) -> "Manifest":
        """The manifest of a folder, its file looked at byte for byte.

        Raises BackupFaultyError where something is missing or is not what was stored.
        """
        page = folder / NAME
        try:
            found = cls.model_validate_json(page.read_bytes())
        except FileNotFoundError:
            raise BackupFaultyError(f"{folder}: is no backup (it has no {NAME})") from None
        except OSError as error:
            raise BackupFaultyError(f"{page}: cannot be read ({error.strerror})") from None
        except ValidationError:
            raise BackupFaultyError(f"{page}: is no manifest of this release") from None
        if found.part != part:
            raise BackupFaultyError(f"{folder}: is a backup of the {found.part}, not the {part}")
        file = folder / Path(found.file.name).name
        try:
            same = sha256_of(file) == found.file.sha256
        except OSError as error:
            raise BackupFaultyError(f"{file}: cannot be read ({error.strerror})") from None
        if not same:
            raise BackupFaultyError(
                f"{file}: is not what was stored, its digest differs; take another backup"
            )
        return found


def write_private(path: Path, text: str) -> None:
    """A file that nobody else reads."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def described(path: Path) -> File:
    """A file with its size and digest."""
    return File(name=path.name, bytes=path.stat().st_size, sha256=sha256_of(path))


def sha256_of(path: Path) -> str:
    """The digest of a file in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
