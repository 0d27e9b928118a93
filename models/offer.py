"""One kind of work at one site, with its windows of dates."""

import datetime
import uuid
from enum import StrEnum
from typing import Any

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Shape, check, listed, word


class OfferStatus(StrEnum):
    """How an offer stands. Only published ones enter rounds."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    CLOSED = "closed"


class OfferFields(Shape):
    """What the engine asks of an offer, dates and places apart; codes are those of its lists.

    The four fields about hours are given together or not at all: unknown hours take no minors.
    """

    key: str = Field(min_length=1, max_length=60)
    title: str = Field(min_length=1, max_length=200)
    occupations: list[str] = listed(min_length=1, max_length=20)
    isced_f: str | None = Field(default=None, max_length=4)
    outcomes: list[Any] = listed(default_factory=list)
    languages: dict[str, str] = listed(min_length=1)
    language_support: bool = False
    days_min: int = Field(ge=1, le=3660)
    days_max: int = Field(ge=1, le=3660)
    provisions: dict[str, str] = listed(default_factory=dict)
    min_age: int | None = Field(default=None, ge=0, le=99)
    hours_start: str | None = Field(default=None, max_length=5)
    hours_end: str | None = Field(default=None, max_length=5)
    hours_per_day: float | None = Field(default=None, gt=0, le=24)
    days_per_week: int | None = Field(default=None, ge=1, le=7)
    statuses: list[str] = listed(default_factory=list)
    modes: list[str] = listed(default_factory=lambda: ["physical"])
    tasks: list[str] = listed(default_factory=list)
    licences: list[str] = listed(default_factory=list)
    quality: float | None = Field(default=None, ge=0, le=1)


class Offer(OfferFields, ChangingRow, table=True):
    """The table of offers."""

    __table_args__ = (
        UniqueConstraint("site_id", "key"),
        check("days", "1 <= days_min AND days_min <= days_max"),
        check(
            "hours",
            "(hours_start IS NULL) = (hours_end IS NULL)"
            " AND (hours_start IS NULL) = (hours_per_day IS NULL)"
            " AND (hours_start IS NULL) = (days_per_week IS NULL)",
        ),
        check("quality", "quality BETWEEN 0 AND 1"),
    )

    site_id: uuid.UUID = Field(foreign_key="site.id", index=True)
    status: OfferStatus = word(OfferStatus, default=OfferStatus.DRAFT)


class OfferWindow(ChangingRow, table=True):
    """Dates of an offer with places of their own; what the engine calls an offer.

    `taken` counts live proposals and placements; it moves only by guarded updates.
    """

    __tablename__ = "offer_window"
    __table_args__ = (
        UniqueConstraint("offer_id", "available_from", "available_to"),
        check("dates", "available_from <= available_to"),
        check("places", "places >= 0"),
        check("taken", "taken BETWEEN 0 AND places"),
    )

    offer_id: uuid.UUID = Field(foreign_key="offer.id", index=True)
    available_from: datetime.date
    available_to: datetime.date
    places: int
    taken: int = 0
