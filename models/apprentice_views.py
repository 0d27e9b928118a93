"""How apprentices and their guardians come in and go out. A field that is not here is not shown.

What somebody needs is in none of them but its own: `SupportNeedsShown`.
"""

import datetime
import uuid
from enum import StrEnum
from typing import Any

from pydantic import Field

from models.apprentice import (
    ApprenticeFields,
    ApprenticeRecord,
    GuardianFields,
    Interest,
    SupportNeedsFields,
)
from models.base import Code, Shape, Shown, listed
from models.call import EnrolmentStatus
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


class ApprenticeForGuardian(Shown):
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


class PeopleWanted(Shape):
    """Which people a list shows, and after whom it goes on.

    `call` and `centre` are codes, `status` is how people take part in the call (in any where none
    is named), `has_place` whether they have a live proposal or a current placement.
    """

    call: Code | None = None
    status: EnrolmentStatus | None = None
    centre: Code | None = None
    activity: Code | None = None
    has_place: bool | None = None
    after: uuid.UUID | None = None
    limit: int = Field(default=50, ge=1, le=200)


class PlaceState(StrEnum):
    """How far somebody has come, as far as who asks knows of it."""

    NONE = "none"
    PROPOSED = "proposed"
    PLACED = "placed"


class TakesPart(Shape):
    """How somebody takes part in a call; `version` is the enrolment's."""

    id: uuid.UUID
    version: int
    call: str
    call_name: str
    status: EnrolmentStatus
    place_in_queue: int | None


class PersonListed(Shape):
    """Somebody in a list of those who answer for the person."""

    id: uuid.UUID
    first_name: str
    last_name: str
    birth_date: datetime.date
    centre: str
    activity: str
    available_from: datetime.date
    available_to: datetime.date
    takes_part: list[TakesPart]
    place: PlaceState
