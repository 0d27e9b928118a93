"""How offers come in and go out, with their windows."""

import datetime
import uuid
from typing import Annotated, Literal

from pydantic import StringConstraints
from sqlmodel import Field

from models.base import Code, Shape, Shown
from models.offer import OfferFields, OfferStatus, OfferWindowFields
from models.provision_views import CertificateShown

MOST_WINDOWS = 50
"""So many windows come in one request."""


class OfferRecord(OfferFields):
    """An offer as it is changed: all its fields, and the workplace that it is at."""

    site_id: uuid.UUID


class OfferNew(OfferRecord):
    """A new offer with its windows; it is a draft until it is published."""

    windows: list[OfferWindowFields] = Field(default_factory=list, max_length=MOST_WINDOWS)


class OfferWindowShown(OfferWindowFields):
    """A window; `taken` are places of live proposals and placements. `version`: for If-Match."""

    id: uuid.UUID
    version: int
    offer_id: uuid.UUID
    taken: int


class OfferShown(OfferRecord):
    """An offer, where it is, how it stands, and its windows. `version` goes into If-Match.

    `certificates` say who looked at what is `certified` among the provisions.
    """

    id: uuid.UUID
    version: int
    changed_at: datetime.datetime
    status: OfferStatus
    company_id: uuid.UUID
    company: str
    region: str
    town: str
    windows: list[OfferWindowShown]
    certificates: list[CertificateShown]


OccupationBegins = Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9][0-9.]*$")]
"""The beginning of an ISCO-08 or ESCO code."""


class OffersWanted(Shape):
    """Which offers a list shows, by id.

    `company` is an id, `region` a code, `occupation` the beginning of an ISCO-08 or ESCO code.
    `provision` are codes of needs: offers that provide all of them, certified or declared;
    `provision_level` narrows it to what is certified.
    """

    status: OfferStatus | None = None
    company: uuid.UUID | None = None
    region: Code | None = None
    occupation: (
        Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9][0-9.]*$")] | None
    ) = None
    sector: Code | None = None
    provision: list[Code] | None = Field(
        default=None, max_length=20, schema_extra={"examples": [["STEP_FREE_ACCESS"]]}
    )
    provision_level: Literal["certified"] | None = None
    after: uuid.UUID | None = None
    limit: int = Field(default=50, ge=1, le=200)


class OfferPage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[OfferShown]
    next: uuid.UUID | None


class Renewal(Shape):
    """Windows of another time; without any, those of the offer are moved by `shift_days`."""

    shift_days: int = Field(default=364, ge=1, le=3660)
    windows: list[OfferWindowFields] = Field(default_factory=list, max_length=MOST_WINDOWS)


class Copying(Shape):
    """The key of the copy, and its windows; without them those of the offer, a year later."""

    key: str = Field(min_length=1, max_length=60, schema_extra={"examples": ["cnc-2028"]})
    windows: list[OfferWindowFields] | None = Field(default=None, max_length=MOST_WINDOWS)
