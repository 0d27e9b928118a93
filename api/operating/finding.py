"""What a check looks at, and what it finds."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path

from sqlalchemy import Engine

from api.settings import Settings


class State(StrEnum):
    """How it stands: well, to be looked at some day, not as it may be."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


class Needs(IntEnum):
    """What must be well before a check makes sense."""

    NOTHING = 0
    DATABASE = 1
    TABLES = 2


@dataclass(frozen=True)
class Finding:
    """What was found: `told` is how it stands or what is wrong, `do` what helps."""

    state: State
    told: str
    do: str = ""


@dataclass(frozen=True)
class Around:
    """What there is to look at. `backups` is a folder of backups, where one is named."""

    settings: Settings
    engine: Engine
    now: datetime.datetime
    environ: Mapping[str, str] = field(default_factory=dict)
    backups: Path | None = None

    @property
    def in_production(self) -> bool:
        """Whether people's cases are in it."""
        return self.settings.env == "production"


@dataclass(frozen=True)
class Check:
    """One row of the table: its name, what it needs, what it does."""

    name: str
    look: Callable[[Around], Iterable[Finding]]
    needs: Needs = Needs.NOTHING


def ok(told: str) -> Finding:
    """All is well."""
    return Finding(State.OK, told)


def warning(told: str, do: str) -> Finding:
    """Something to be looked at."""
    return Finding(State.WARNING, told, do)


def fault(told: str, do: str) -> Finding:
    """Something that may not stay so."""
    return Finding(State.FAULT, told, do)
