"""How offers come in and go out, with their windows."""

import datetime
import uuid

from sqlmodel import Field

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
