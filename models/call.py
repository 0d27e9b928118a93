"""A funded period, what it funds, and who takes part in it."""

import datetime
import uuid
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints
from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Shape, check, word


class CallStatus(StrEnum):
    """How far a call has come. Rounds of an open call are previews until its closing date."""

    DRAFT = "draft"
    OPEN = "open"
    FINISHED = "finished"


class EnrolmentStatus(StrEnum):
    """How an apprentice takes part in a call. Only who is selected enters rounds."""

    APPLIED = "applied"
    SELECTED = "selected"
    WAITING = "waiting"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


IN_ADDRESSES = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
"""A code that stands in addresses, as a pattern."""

MOST_PLACES = 100_000
"""More places are not funded at once, nor waited for."""


class CallFields(Shape):
    """What a call says: people apply until `closes_on`, stays lie in its period.

    Its code stands in addresses.
    """

    code: Annotated[str, StringConstraints(pattern=IN_ADDRESSES)] = Field(
        min_length=1, max_length=60, schema_extra={"examples": ["2027-spring"]}
    )
    name: str = Field(min_length=1, max_length=200, schema_extra={"examples": ["Spring 2027"]})
    closes_on: datetime.date
    stays_from: datetime.date
    stays_to: datetime.date


class Call(CallFields, ChangingRow, table=True):
    """The table of calls."""

    __table_args__ = (
        UniqueConstraint("code"),
        check("stays_in_order", "stays_from <= stays_to"),
        check("closes_before_stays_end", "closes_on <= stays_to"),
    )

    status: CallStatus = word(CallStatus, default=CallStatus.DRAFT)


class FundedPlaces(ChangingRow, table=True):
    """How many stays of an activity type a call funds for a sending region, and how many are used.

    `taken` counts live proposals and placements that were not cancelled; a finished stay has
    used its grant. It moves only by guarded updates.
    """

    __tablename__ = "funded_places"
    __table_args__ = (
        UniqueConstraint("call_id", "region_id", "activity"),
        check("places", "places >= 0"),
        check("taken", "taken BETWEEN 0 AND places"),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id")
    region_id: uuid.UUID = Field(foreign_key="region.id")
    activity: str = Field(max_length=40)
    places: int
    taken: int = 0


class Enrolment(ChangingRow, table=True):
    """An apprentice in a call; `place_in_queue` orders those who wait."""

    __table_args__ = (
        UniqueConstraint("call_id", "apprentice_id"),
        check("queue", "place_in_queue IS NULL OR place_in_queue >= 1"),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id")
    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    status: EnrolmentStatus = word(EnrolmentStatus, default=EnrolmentStatus.APPLIED)
    place_in_queue: int | None = None


__all__ = [
    "IN_ADDRESSES",
    "MOST_PLACES",
    "Call",
    "CallFields",
    "CallStatus",
    "Enrolment",
    "EnrolmentStatus",
    "FundedPlaces",
]
