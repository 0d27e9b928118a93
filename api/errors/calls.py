"""What can go wrong with calls, their funding and who takes part."""

import datetime
import uuid
from collections.abc import Sequence
from typing import ClassVar, Literal

from api.errors.base import ServiceError

CallEvent = Literal[
    "open", "finish", "change", "fund", "enrol", "change_enrolment", "group", "propose"
]
"""What somebody does with a call or in it."""


class NoSuchCallError(ServiceError):
    """There is no such call, or not for the one who asks."""

    status, kind = 404, "no-such-call"
    text = "There is no call {code!r}."

    def __init__(self, code: str) -> None:
        """`code` as it was asked for."""
        super().__init__(code=code)


class CallNotOpenError(ServiceError):
    """Rounds run while a call is open, neither before nor after."""

    status, kind = 409, "call-not-open"
    text = "Call {code!r} is {status}; rounds run while it is open."
    codes: ClassVar[dict[str, str]] = {"status": "call_status"}

    def __init__(self, code: str, status: str) -> None:
        """The call and how it stands."""
        super().__init__(code=code, status=status)


class DatesNotInOrderError(ServiceError):
    """A first day goes with a last day that is not before it."""

    status, kind = 422, "dates-not-in-order"
    text = "Give both {first} and {last}, {last} not before {first}."
    codes: ClassVar[dict[str, str]] = {"first": "field", "last": "field"}

    def __init__(self, first: str, last: str) -> None:
        """The names of the two fields."""
        super().__init__(first=first, last=last)


class DatesOutsideCallError(ServiceError):
    """Stays lie in the period of their call."""

    status, kind = 422, "dates-outside-call"
    text = "Stays of this call lie between {first} and {last}; choose days there."

    def __init__(self, first: datetime.date, last: datetime.date) -> None:
        """The period of the call."""
        super().__init__(first=first, last=last)


class UnknownRegionError(ServiceError):
    """No region has this code."""

    status, kind = 422, "unknown-region"
    text = "No region has the code {code!r}."

    def __init__(self, code: str) -> None:
        """`code` as it was given."""
        super().__init__(code=code)


class UnknownActivityError(ServiceError):
    """No activity type has this code."""

    status, kind = 422, "unknown-activity"
    text = "No activity type has the code {code!r}."

    def __init__(self, code: str) -> None:
        """`code` as it was given."""
        super().__init__(code=code)


class CallCodeTakenError(ServiceError):
    """Each call has a code of its own."""

    status, kind = 409, "call-code-taken"
    text = "Another call has the code {code!r}; choose another one."

    def __init__(self, code: str) -> None:
        """The code that another call has."""
        super().__init__(code=code)


class CallChangeError(ServiceError):
    """A call is opened from a draft and finished once it is open; a finished one stays so."""

    status, kind = 409, "call-change"
    texts: ClassVar[dict[str, str]] = {
        "open": "Call {code!r} is {status}; you cannot open it now.",
        "finish": "Call {code!r} is {status}; you cannot finish it now.",
        "change": "Call {code!r} is {status}; you cannot change it now.",
        "fund": "Call {code!r} is {status}; you cannot change its funding now.",
        "enrol": "Call {code!r} is {status}; you cannot enrol anybody now.",
        "change_enrolment": "Call {code!r} is {status}; you cannot change who takes part now.",
        "group": "Call {code!r} is {status}; you cannot change its travel groups now.",
        "propose": "Call {code!r} is {status}; you cannot propose anything in it now.",
    }
    codes: ClassVar[dict[str, str]] = {"status": "call_status"}

    def __init__(self, code: str, status: str, event: CallEvent) -> None:
        """The call, how it stands, and what was asked for."""
        super().__init__(event, code=code, status=status)


class LiveProposalsError(ServiceError):
    """A call is not finished while proposals of it wait for an answer or a booking."""

    status, kind = 409, "live-proposals"
    text = "Call {code!r} has live proposals ({count}); book, withdraw or let them end first."

    def __init__(self, code: str, count: int) -> None:
        """The call, and how many of its proposals are live."""
        super().__init__(code=code, count=count)


class FundingTakenError(ServiceError):
    """A call does not fund fewer places than are taken."""

    status, kind = 409, "funding-taken"
    text = (
        "{n} funded place is taken, so there cannot be {places}; fund at least {n}, or withdraw"
        " proposals first."
    )
    plural = (
        "{n} funded places are taken, so there cannot be {places}; fund at least {n}, or withdraw"
        " proposals first."
    )

    def __init__(self, places: int, taken: int) -> None:
        """How many places were asked for, and how many are taken."""
        super().__init__(n=taken, places=places)


class NoSuchEnrolmentError(ServiceError):
    """There is no such enrolment, or not for the one who asks."""

    status, kind = 404, "no-such-enrolment"
    text = "There is no enrolment {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class AlreadyEnrolledError(ServiceError):
    """A person takes part in a call once."""

    status, kind = 409, "already-enrolled"
    text = "The person takes part in this call already ({status})."
    codes: ClassVar[dict[str, str]] = {"status": "enrolment_status"}

    def __init__(self, status: str) -> None:
        """How the person takes part."""
        super().__init__(status=status)


class ApplicationsClosedError(ServiceError):
    """People apply until the closing date; later a coordinator enrols them."""

    status, kind = 409, "applications-closed"
    text = "Applications closed on {closed_on}; ask the coordinator."

    def __init__(self, closed_on: datetime.date) -> None:
        """The last day on which people could apply."""
        super().__init__(closed_on=closed_on)


class EnrolmentChangeError(ServiceError):
    """Not every way to take part follows on every other."""

    status, kind = 409, "enrolment-change"
    texts: ClassVar[dict[str, str]] = {
        "some": "Who is {status} does not become {wanted}; possible: {allowed}.",
        "none": "Who is {status} does not become {wanted}; possible: nothing.",
    }
    codes: ClassVar[dict[str, str]] = {
        "status": "enrolment_status",
        "wanted": "enrolment_status",
        "allowed": "enrolment_status",
    }

    def __init__(self, status: str, wanted: str, allowed: Sequence[str]) -> None:
        """How the person takes part, what was asked for, and what is allowed."""
        variant = "some" if allowed else "none"
        super().__init__(variant, status=status, wanted=wanted, allowed=list(allowed))


class QueuePlaceError(ServiceError):
    """Only who waits has a place in the queue, one of those that there are."""

    status, kind = 422, "queue-place"
    texts: ClassVar[dict[str, str]] = {
        "waits": "The place in the queue is between 1 and {last}.",
        "does_not_wait": "Only who waits has a place in the queue.",
    }

    def __init__(self, last: int) -> None:
        """The last place that can be given; 0 where the person does not wait."""
        super().__init__("waits" if last else "does_not_wait", last=last)


class NotEnrolledError(ServiceError):
    """Only who takes part in a call can be in its groups."""

    status, kind = 409, "not-enrolled"
    text = "{n} person takes no part in this call; enrol them first."
    plural = "{n} people take no part in this call; enrol them first."

    def __init__(self, people: int) -> None:
        """How many of the people take no part in the call, or have withdrawn."""
        super().__init__(n=people)


class CallFinishedError(ServiceError):
    """Nobody enters a call that is finished."""

    status, kind = 409, "call-finished"
    text = "Call {code!r} is finished; import without it, or name another one."

    def __init__(self, code: str) -> None:
        """The call that is finished."""
        super().__init__(code=code)
