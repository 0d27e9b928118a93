"""What each role is shown of calls and of who takes part. A field that is not here is not shown."""

import datetime
import uuid

from sqlmodel import Field

from models.base import Shape, Shown
from models.call import MOST_PLACES, CallFields, CallStatus, EnrolmentStatus


class FundedShown(Shown):
    """How many stays of an activity type a call funds for a region, and how many are taken.

    `version` goes into If-Match; what is not listed is not funded and has version 0.
    """

    region: str
    activity: str
    places: int
    taken: int
    version: int


class CallForAll(CallFields):
    """For everybody who is signed in."""

    id: uuid.UUID
    version: int
    status: CallStatus


class CallForOffice(CallForAll):
    """For coordinators, admins and schools: what is funded too."""

    funding: list[FundedShown]


CallShown = CallForOffice | CallForAll


class CallPage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[CallForAll]
    next: uuid.UUID | None


class FundingAsked(Shape):
    """So many stays, in place of what was funded before."""

    places: int = Field(ge=0, le=MOST_PLACES, schema_extra={"examples": [20]})


class EnrolmentAsked(Shape):
    """Who takes part."""

    apprentice_id: uuid.UUID


class EnrolmentChange(Shape):
    """How somebody takes part from now on; who waits may get a place in the queue, 1 is next."""

    status: EnrolmentStatus
    place_in_queue: int | None = Field(default=None, ge=1, le=MOST_PLACES)


class EnrolmentShown(Shown):
    """How somebody takes part, for the person and those who answer for the person.

    `version` goes into If-Match. Queues are those of a region and an activity type.
    """

    id: uuid.UUID
    version: int
    call_id: uuid.UUID
    apprentice_id: uuid.UUID
    centre_id: uuid.UUID
    first_name: str
    last_name: str
    activity: str
    status: EnrolmentStatus
    place_in_queue: int | None
    created_at: datetime.datetime


class EnrolmentPage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[EnrolmentShown]
    next: uuid.UUID | None


class Queue(Shape):
    """Who waits, in the order of the queue; `next` is what `after` is for the following part."""

    items: list[EnrolmentShown]
    next: int | None


class WithdrawalForApprentice(Shape):
    """What a withdrawal leaves, for the person: the own proposals and placements still stand."""

    enrolment: EnrolmentShown
    live_proposals: list[uuid.UUID]
    current_placements: list[uuid.UUID]


class WithdrawalForSending(WithdrawalForApprentice):
    """The same for the sending coordinator, and who could come in next."""

    next_waiting: list[EnrolmentShown]


WithdrawalShown = WithdrawalForSending | WithdrawalForApprentice
