"""What each role is shown of companies and workplaces. A field that is not here is not shown."""

import datetime
import uuid

from models.base import Shape
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
