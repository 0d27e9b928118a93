"""What can go wrong with calls, their funding and who takes part."""

import datetime
import uuid

from api.errors.base import ServiceError


class NoSuchCallError(ServiceError):
    """There is no such call, or not for the one who asks."""

    status, kind = 404, "no-such-call"

    def __init__(self, code: str) -> None:
        """`code` as it was asked for."""
        super().__init__(f"There is no call {code!r}.")


class CallNotOpenError(ServiceError):
    """Rounds run while a call is open, neither before nor after."""

    status, kind = 409, "call-not-open"

    def __init__(self, code: str, status: str) -> None:
        """The call and how it stands."""
        super().__init__(f"Call {code!r} is {status}; rounds run while it is open.")


class DatesNotInOrderError(ServiceError):
    """A first day goes with a last day that is not before it."""

    status, kind = 422, "dates-not-in-order"

    def __init__(self, first: str, last: str) -> None:
        """The names of the two fields."""
        super().__init__(f"Give both {first} and {last}, {last} not before {first}.")


class DatesOutsideCallError(ServiceError):
    """Stays lie in the period of their call."""

    status, kind = 422, "dates-outside-call"

    def __init__(self, first: datetime.date, last: datetime.date) -> None:
        """The period of the call."""
        super().__init__(f"Stays of this call lie between {first} and {last}; choose days there.")


class UnknownRegionError(ServiceError):
    """No region has this code."""

    status, kind = 422, "unknown-region"

    def __init__(self, code: str) -> None:
        """`code` as it was given."""
        super().__init__(f"No region has the code {code!r}.")


class UnknownActivityError(ServiceError):
    """No activity type has this code."""

    status, kind = 422, "unknown-activity"

    def __init__(self, code: str) -> None:
        """`code` as it was given."""
        super().__init__(f"No activity type has the code {code!r}.")


class CallCodeTakenError(ServiceError):
    """Each call has a code of its own."""

    status, kind = 409, "call-code-taken"

    def __init__(self, code: str) -> None:
        """The code that another call has."""
        super().__init__(f"Another call has the code {code!r}; choose another one.")


class CallChangeError(ServiceError):
    """A call is opened from a draft and finished once it is open; a finished one stays so."""

    status, kind = 409, "call-change"

    def __init__(self, code: str, status: str, event: str) -> None:
        """The call, how it stands, and what was asked for, as in "you cannot … now"."""
        super().__init__(f"Call {code!r} is {status}; you cannot {event} now.")


class LiveProposalsError(ServiceError):
    """A call is not finished while proposals of it wait for an answer or a booking."""

    status, kind = 409, "live-proposals"

    def __init__(self, code: str, count: int) -> None:
        """The call, and how many of its proposals are live."""
        super().__init__(
            f"Call {code!r} has live proposals ({count}); book, withdraw or let them end first."
        )


class FundingTakenError(ServiceError):
    """A call does not fund fewer places than are taken."""

    status, kind = 409, "funding-taken"

    def __init__(self, places: int, taken: int) -> None:
        """How many places were asked for, and how many are taken."""
        super().__init__(
            f"{taken} funded places are taken, so there cannot be {places}; "
            f"fund at least {taken}, or withdraw proposals first."
        )


class NoSuchEnrolmentError(ServiceError):
    """There is no such enrolment, or not for the one who asks."""

    status, kind = 404, "no-such-enrolment"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no enrolment {identity}.")


class AlreadyEnrolledError(ServiceError):
    """A person takes part in a call once."""

    status, kind = 409, "already-enrolled"

    def __init__(self, status: str) -> None:
        """How the person takes part."""
        super().__init__(f"The person takes part in this call already ({status}).")


class ApplicationsClosedError(ServiceError):
    """People apply until the closing date; later a coordinator enrols them."""

    status, kind = 409, "applications-closed"

    def __init__(self, closed_on: datetime.date) -> None:
        """The last day on which people could apply."""
        super().__init__(f"Applications closed on {closed_on}; ask the coordinator.")


class EnrolmentChangeError(ServiceError):
    """Not every way to take part follows on every other."""

    status, kind = 409, "enrolment-change"

    def __init__(self, status: str, wanted: str, allowed: str) -> None:
        """How the person takes part, what was asked for, and what is allowed."""
        super().__init__(
            f"Who is {status} does not become {wanted}; possible: {allowed or 'nothing'}."
        )


class QueuePlaceError(ServiceError):
    """Only who waits has a place in the queue, one of those that there are."""

    status, kind = 422, "queue-place"

    def __init__(self, last: int) -> None:
        """The last place that can be given; 0 where the person does not wait."""
        super().__init__(
            f"The place in the queue is between 1 and {last}."
            if last
            else "Only who waits has a place in the queue."
        )


class NotEnrolledError(ServiceError):
    """Only who takes part in a call can be in its groups."""

    status, kind = 409, "not-enrolled"

    def __init__(self, people: int) -> None:
        """How many of the people take no part in the call, or have withdrawn."""
        who = "1 person takes" if people == 1 else f"{people} people take"
        super().__init__(f"{who} no part in this call; enrol them first.")


class CallFinishedError(ServiceError):
    """Nobody enters a call that is finished."""

    status, kind = 409, "call-finished"

    def __init__(self, code: str) -> None:
        """The call that is finished."""
        super().__init__(f"Call {code!r} is finished; import without it, or name another one.")
