"""One kind of work at one site, with its windows of dates."""

import datetime
import uuid
from enum import StrEnum
from typing import Any

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Code, Shape, check, listed, word


class OfferStatus(StrEnum):
    """How an offer stands. Only published ones enter rounds."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    CLOSED = "closed"


class OfferEvent(StrEnum):
    """What somebody does with an offer as a whole."""

    PUBLISH = "publish"
    PAUSE = "pause"
    RENEW = "renew"
    CLOSE = "close"


_S, _E = OfferStatus, OfferEvent
OFFER_CHANGES: dict[tuple[OfferStatus, OfferEvent], OfferStatus] = {
    (_S.DRAFT, _E.PUBLISH): _S.PUBLISHED,
    (_S.PAUSED, _E.PUBLISH): _S.PUBLISHED,
    (_S.PUBLISHED, _E.PAUSE): _S.PAUSED,
    (_S.PUBLISHED, _E.RENEW): _S.PUBLISHED,
    (_S.PAUSED, _E.RENEW): _S.PUBLISHED,
    (_S.CLOSED, _E.RENEW): _S.PUBLISHED,
    (_S.DRAFT, _E.CLOSE): _S.CLOSED,
    (_S.PUBLISHED, _E.CLOSE): _S.CLOSED,
    (_S.PAUSED, _E.CLOSE): _S.CLOSED,
}
"""What becomes of an offer by which event; what is not here is refused.

None of them touches live proposals and placements: a paused or closed offer is only kept out of
rounds. A host that takes nobody after all drops out instead.
"""


class OfferFields(Shape):
    """What the engine asks of an offer, dates and places apart; codes are those of its lists.

    The four fields about hours are given together or not at all: unknown hours take no minors.
    `is_public`: the company agreed that everybody may see it on the page of open offers; the engine
    does not ask for it.
    """

    key: str = Field(min_length=1, max_length=60)
    title: str = Field(min_length=1, max_length=200)
    occupations: list[Code] = listed(min_length=1, max_length=20)
    isced_f: str | None = Field(default=None, max_length=4)
    outcomes: list[Any] = listed(default_factory=list, max_length=200)
    languages: dict[Code, Code] = listed(min_length=1, max_length=50)
    language_support: bool = False
    days_min: int = Field(ge=1, le=3660)
    days_max: int = Field(ge=1, le=3660)
    provisions: dict[Code, Code] = listed(default_factory=dict, max_length=50)
    min_age: int | None = Field(default=None, ge=0, le=99)
    hours_start: str | None = Field(default=None, max_length=5)
    hours_end: str | None = Field(default=None, max_length=5)
    hours_per_day: float | None = Field(default=None, gt=0, le=24)
    days_per_week: int | None = Field(default=None, ge=1, le=7)
    statuses: list[Code] = listed(default_factory=list, max_length=50)
    modes: list[Code] = listed(default_factory=lambda: ["physical"], min_length=1, max_length=5)
    tasks: list[Code] = listed(default_factory=list, max_length=50)
    licences: list[Code] = listed(default_factory=list, max_length=50)
    quality: float | None = Field(default=None, ge=0, le=1)
    is_public: bool = False


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


class OfferWindowFields(Shape):
    """First and last day on which somebody can be there, and for how many there is place.

    `reserved` of the places are kept for people with fewer opportunities: a round gives them to
    nobody else.
    """

    available_from: datetime.date
    available_to: datetime.date
    places: int = Field(ge=0, le=10_000)
    reserved: int = Field(default=0, ge=0, le=10_000)


class OfferWindow(OfferWindowFields, ChangingRow, table=True):
    """Dates of an offer with places of their own; what the engine calls an offer.

    `taken` counts live proposals and placements; it moves only by guarded updates.
    """

    __tablename__ = "offer_window"
    __table_args__ = (
        UniqueConstraint("offer_id", "available_from", "available_to"),
        check("dates", "available_from <= available_to"),
        check("places", "places >= 0"),
        check("taken", "taken BETWEEN 0 AND places"),
        check("reserved", "reserved BETWEEN 0 AND places"),
    )

    offer_id: uuid.UUID = Field(foreign_key="offer.id", index=True)
    taken: int = 0
