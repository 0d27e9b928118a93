"""How apprentices and their guardians come in and go out. A field that is not here is not shown.

What somebody needs is in none of them but its own: `SupportNeedsShown`.
"""

import datetime
import uuid
from typing import Any

from models.apprentice import (
    ApprenticeFields,
    ApprenticeRecord,
    GuardianFields,
    Interest,
    SupportNeedsFields,
)
from models.base import Code, Shape, listed
from models.provision_views import TextWarning


class ApprenticeNew(ApprenticeRecord):
    """A new apprentice of a centre."""

    centre_id: uuid.UUID


class ApprenticeOwn(ApprenticeFields):
    """For the school, the sending coordinators and the apprentice. `version` is for If-Match."""

    id: uuid.UUID
    version: int
    centre_id: uuid.UUID
    centre: str


class ApprenticeStored(ApprenticeOwn):
    """The answer to who writes the record. `warnings` are about texts; they are stored as they are.

    `looks_like_health_data`: say it with needs, which companies do not read.
    """

    warnings: list[TextWarning]


class ApprenticeForGuardian(Shape):
    """For the guardian: who goes, when, and what is looked for."""

    id: uuid.UUID
    version: int
    centre: str
    first_name: str
    last_name: str
    birth_date: datetime.date
    introduction: str
    occupations: list[str]
    isced_f: str | None
    outcomes: list[Any]
    languages: dict[str, str]
    available_from: datetime.date
    available_to: datetime.date
    not_available: list[tuple[datetime.date, datetime.date]]
    days_min: int
    days_ideal: int
    days_max: int
    activity: str
    status: str
    destinations: list[str]


ApprenticeShown = ApprenticeOwn | ApprenticeForGuardian


class SupportNeedsShown(SupportNeedsFields):
    """What somebody needs. `version` goes into If-Match; it is 0 where nothing was ever said.

    `confirmed` are the needs that the sending coordinator confirmed.
    """

    confirmed: list[str] = listed(default_factory=list)
    apprentice_id: uuid.UUID
    version: int


class NeedsConfirmed(Shape):
    """Which of the needs the coordinator has confirmed."""

    needs: list[Code] = listed(max_length=50, schema_extra={"examples": [["STEP_FREE_ACCESS"]]})


class InterestSaid(Shape):
    """What an apprentice says of an offer, null to take it back."""

    interest: Interest | None


class InterestShown(InterestSaid):
    """What holds now."""

    apprentice_id: uuid.UUID
    offer_id: uuid.UUID


class GuardianShown(GuardianFields):
    """Somebody who answers for an apprentice under age. `version` goes into If-Match."""

    id: uuid.UUID
    version: int
    apprentice_id: uuid.UUID
