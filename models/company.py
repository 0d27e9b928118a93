"""A host company and its workplaces."""

import datetime
import uuid
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Shape, check, word
from models.languages import MessageLanguage
from models.record import Means


class CompanySize(StrEnum):
    """How many people work there (EU recommendation 2003/361/EC)."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class CompanyFields(Shape):
    """What is known of a company. `max_placements`: most people over all its offers.

    `language` is the one of messages to `email`; left out it stays, of a new company it is the
    country's. `reached_by` left out: by mail, by a call where there is no address.
    """

    key: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=200)
    town: str = Field(min_length=1, max_length=200)
    sector: str | None = Field(default=None, max_length=40)
    size: CompanySize | None = word(CompanySize, default=None, nullable=True)
    contact_name: str | None = Field(default=None, max_length=200)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    language: MessageLanguage | None = None
    reached_by: Means | None = None
    max_placements: int | None = Field(default=None, ge=0, le=1_000_000)


class Company(CompanyFields, ChangingRow, table=True):
    """The table of companies. Somebody of the hosting partner verifies each, by name and date."""

    __table_args__ = (
        UniqueConstraint("region_id", "key"),
        check("max_placements", "max_placements >= 0"),
        check("verified", "(verified_at IS NULL) = (verified_by IS NULL)"),
    )

    region_id: uuid.UUID = Field(foreign_key="region.id", index=True)
    reached_by: Means | None = word(Means, named="reached_by", default=None, nullable=True)
    language: MessageLanguage = word(MessageLanguage, named="language", default=MessageLanguage.EN)
    verified_at: datetime.datetime | None = None
    verified_by: str | None = Field(default=None, max_length=200)


class SiteFields(Shape):
    """What is known of a workplace."""

    name: str = Field(min_length=1, max_length=200)
    town: str = Field(min_length=1, max_length=200)
    address: str = Field(default="", max_length=300)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


class Site(SiteFields, ChangingRow, table=True):
    """A place where a company works."""

    __table_args__ = (UniqueConstraint("company_id", "name"),)

    company_id: uuid.UUID = Field(foreign_key="company.id", index=True)
