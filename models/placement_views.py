"""What each role is shown of a placement. A field that is not here is not shown."""

import datetime
import uuid
from typing import Annotated

from pydantic import Field

from models.base import REASON, Code, Shape, Shown
from models.placement import PlacementStatus
from models.proposal_views import Contact, Person, Work


class PlacementsWanted(Shape):
    """Which placements a list shows, by id; `call` is a code, `held` those that break a rule."""

    call: Code | None = None
    status: Annotated[list[PlacementStatus], Field(max_length=4)] = Field(default_factory=list)
    held: bool | None = None
    after: uuid.UUID | None = None
    limit: int = Field(default=50, ge=1, le=200)


class PlacementForAll(Shown):
    """What everybody sees who may see the placement at all. `version` goes into If-Match."""

    id: uuid.UUID
    version: int
    proposal_id: uuid.UUID
    status: PlacementStatus
    first_day: datetime.date
    last_day: datetime.date
    mentor: str
    work: Work


class HostContact(Shape):
    """How the company is reached, and where one goes."""

    name: str | None
    email: str | None
    phone: str | None
    address: str


class PlacementForCompany(PlacementForAll):
    """For the company: who comes, and how the person is reached while the stay is ahead or on.

    `provisions_asked` are codes that the person agrees to share with this company.
    """

    person: Person
    contact: Contact | None
    provisions_asked: list[str]


class PlacementForApprentice(PlacementForAll):
    """For the apprentice and the guardian: where to go and whom to ask there."""

    host: HostContact


class PlacementForCentre(PlacementForAll):
    """For the school: who goes where."""

    apprentice_id: uuid.UUID
    first_name: str
    last_name: str


class PlacementForHosting(PlacementForAll):
    """For the hosting coordinator. Rules about what only the sending side knows are one word.

    `provisions_asked` as the company sees them.
    """

    apprentice_id: uuid.UUID
    person: Person
    provisions_asked: list[str]
    held_for: list[str]


class PlacementForSending(PlacementForAll):
    """For the sending coordinator: everything."""

    apprentice_id: uuid.UUID
    first_name: str
    last_name: str
    contact: Contact
    host: HostContact
    booked_by: uuid.UUID
    held_for: list[str]
    reason: str


PlacementShown = (
    PlacementForSending
    | PlacementForHosting
    | PlacementForCentre
    | PlacementForCompany
    | PlacementForApprentice
)


class PlacementPage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[PlacementShown]
    next: uuid.UUID | None


class Cancelled(Shape):
    """Why a placement does not take place, or ends early, as a code."""

    reason: str = Field(min_length=1, max_length=60, pattern=REASON, examples=["illness"])


class DropOut(Cancelled):
    """Why a host takes nobody any more, and in which windows; all of the offer when absent."""

    window_ids: list[uuid.UUID] | None = Field(default=None, min_length=1, max_length=100)
