"""The ledger of erasures as a file: who was erased, and when, a line each."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path

from api.operating.manifest import write_private

NAME = "erasures.txt"
"""Its name beside backups: it stands outside of each of them."""

Ledger = Mapping[uuid.UUID, datetime.datetime]


def line(person: uuid.UUID, at: datetime.datetime) -> str:
    """One line of it."""
    return f"{person} {at.isoformat()}"


def read(file: Path) -> Ledger:
    """The ledger of a file. Raises OSError, and ValueError for what is none."""
    lines = [one.split() for one in file.read_text(encoding="utf-8").splitlines() if one.strip()]
    found = {uuid.UUID(person): datetime.datetime.fromisoformat(at) for person, at in lines}
    if any(at.tzinfo is None for at in found.values()):
        raise ValueError("a time without a time zone")
    return found


def add(file: Path, known: Iterable[tuple[uuid.UUID, datetime.datetime]]) -> int:
    """Write these into the file with those that stand in it: it only ever grows.

    Says how many stand in it. Raises OSError, ValueError.
    """
    whole = dict(known) | (dict(read(file)) if file.exists() else {})
    lines = [line(person, at) for person, at in sorted(whole.items(), key=lambda one: one[::-1])]
    unfinished = file.with_name(f".{file.name}.part")
    write_private(unfinished, "".join(f"{one}\n" for one in lines))
    unfinished.replace(file)
    return len(whole)
