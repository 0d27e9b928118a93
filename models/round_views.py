"""What is asked for and shown of rounds. A field that is not here is not shown."""

import datetime
import uuid
from enum import StrEnum
from typing import Any

from sqlmodel import Field

from models.base import Shape, Shown
from models.round import RoundKind, RoundStatus


class RoundAsked(Shape):
    """Which call, and whether it is only to be looked at."""

    call: str = Field(max_length=60, schema_extra={"examples": ["demo-2027"]})
    kind: RoundKind = RoundKind.PROPOSING


class RoundShown(Shown):
    """How a round stands, and its certificate once it is done."""

    id: uuid.UUID
    call_id: uuid.UUID
    kind: RoundKind
    status: RoundStatus
    created_at: datetime.datetime
    scheduled_for: datetime.datetime | None
    step: str
    done: int
    total: int
    stored: int
    dropped: dict[str, int]
    failure: str
    finished_at: datetime.datetime | None
    certificate: dict[str, Any] | None


class RoundList(Shown):
    """The rounds of a call, the newest first."""

    items: list[RoundShown]


class Fate(StrEnum):
    """What has become of somebody's place between two rounds."""

    STAYED = "stayed"
    OTHER_DATES = "other_dates"
    MOVED = "moved"
    NEW = "new"
    LOST = "lost"


class Standing(Shape):
    """Where somebody stood after a round; `fit` in points, None where it cannot be told."""

    proposal_id: uuid.UUID
    title: str
    company: str
    town: str
    first_day: datetime.date
    last_day: datetime.date
    status: str
    fit: float | None


class Difference(Shape):
    """One person of the own region whose place is another one after the later round."""

    apprentice_id: uuid.UUID
    name: str
    fate: Fate
    before: Standing | None
    after: Standing | None


class Comparison(Shape):
    """What changed between two rounds of a call: the whole alliance in counts, own people by name.

    `counts` has every fate. `settings_changed` names the settings that the two were not both run
    with: then points of both are not the same measure.
    """

    earlier: RoundShown
    later: RoundShown
    counts: dict[Fate, int]
    settings_changed: list[str]
    differences: list[Difference]
