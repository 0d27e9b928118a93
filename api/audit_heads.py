"""The head of the audit, written down outside of the database once a day.

Whoever could change the database could make a new chain; with a head that was recorded before it
is found. Keep the file where the database's administrator cannot write.
"""

import datetime
import errno
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlmodel import Session

from api import chain
from api.caller import Caller


def recorder(file: Path) -> Callable[[Session, Caller], int]:
    """A function that appends the head once a day."""

    def record_head(session: Session, caller: Caller) -> int:
        """One line a day: the day, the position of the last event, and its HMAC."""
        if _last_day(file) == caller.today:
            return 0
        position, mac = chain.head(session)
        if position == 0:
            return 0
        write(file, caller.today, position, mac)
        return 1

    return record_head


def write(file: Path, day: datetime.date, position: int, mac: str) -> None:
    """Append a head, all of it or nothing. Raises OSError where the file cannot be written."""
    line = json.dumps({"day": day.isoformat(), "position": position, "mac": mac})
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(number, "ab", buffering=0) as open_file:
        before, whole = os.fstat(number).st_size, f"{line}\n".encode()
        try:
            if open_file.write(whole) != len(whole):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            with suppress(OSError):  # no file that can be truncated, as /dev/full
                os.ftruncate(number, before)
            raise


def read(file: Path) -> list[chain.Head]:
    """The heads of a file. Raises ValueError for a line that is none, OSError without the file."""
    heads = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        try:
            told = json.loads(line)
            heads.append((int(told["position"]), str(told["mac"])))
        except (ValueError, KeyError, TypeError):
            raise ValueError(f"{file}: line {number} is no recorded head") from None
    return heads


def _last_day(file: Path) -> datetime.date | None:
    try:
        lines = file.read_text().splitlines()
        return datetime.date.fromisoformat(json.loads(lines[-1])["day"]) if lines else None
    except (OSError, ValueError, KeyError):
        return None
