"""What each role is shown of companies and workplaces. A field that is not here is not shown."""

import datetime
import uuid

from pydantic import Field

from models.base import Code, Shape, Shown
from models.company import CompanyFields, CompanySize, SiteFields


class CompanyKnown(Shape):
    """What all coordinators and schools see: no contact data."""

    id: uuid.UUID
    version: int
    region: str
    name: str
    town: str
    sector: str | None
    size: CompanySize | None
    verified: bool


class CompanyOwn(CompanyFields):
    """For the coordinators of its region and the company itself: everything."""

    id: uuid.UUID
    version: int
    region: str
    verified: bool
    verified_at: datetime.datetime | None
    verified_by: str | None


CompanyShown = CompanyOwn | CompanyKnown


class SiteShown(SiteFields):
    """A workplace; `version` goes into If-Match."""

    id: uuid.UUID
    version: int
    company_id: uuid.UUID


class CompaniesWanted(Shape):
    """Which companies a list shows, by id: of the region with this code, verified or not."""

    region: Code | None = None
    verified: bool | None = None
    after: uuid.UUID | None = None
    limit: int = Field(default=50, ge=1, le=200)


class CompanyPage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[CompanyShown]
    next: uuid.UUID | None


class SiteList(Shown):
    """The workplaces of a company, by name."""

    items: list[SiteShown]


class Verified(Shape):
    """Companies that somebody of the hosting partner knows and has looked at."""

    ids: list[uuid.UUID] = Field(min_length=1, max_length=1000)
    name: str = Field(min_length=1, max_length=200, examples=["Jana Beispiel"])


class Marked(Shape):
    """The companies that were marked; those that were verified before are not among them."""

    ids: list[uuid.UUID]
