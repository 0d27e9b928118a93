"""What can go wrong with rounds."""

import uuid
from typing import ClassVar

from api.errors.base import ServiceError


class NoSuchRoundError(ServiceError):
    """There is no such round."""

    status, kind = 404, "no-such-round"
    text = "There is no round {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class RoundUnfinishedError(ServiceError):
    """A call has one round at a time."""

    status, kind = 409, "round-unfinished"
    text = "A round of call {code!r} is queued or running; wait for it, or cancel it."

    def __init__(self, code: str) -> None:
        """The call whose round is queued or running."""
        super().__init__(code=code)


class LeaseLostError(ServiceError):
    """Another worker took the round over, or somebody cancelled it: nothing of it is stored."""

    status, kind = 409, "lease-lost"
    text = "Round {identity} is no longer this worker's; nothing of it was stored."

    def __init__(self, identity: uuid.UUID) -> None:
        """The round that is somebody else's now."""
        super().__init__(identity=identity)


class RoundHasNoResultError(ServiceError):
    """Only a round that is done can be shown or exported."""

    status, kind = 409, "round-has-no-result"
    text = "Round {identity} is {status}; there is a result once it is done."
    codes: ClassVar[dict[str, str]] = {"status": "round_status"}

    def __init__(self, identity: uuid.UUID, status: str) -> None:
        """The round and how it stands."""
        super().__init__(identity=identity, status=status)


class RoundFinishedError(ServiceError):
    """Only a round that is queued or running can be cancelled."""

    status, kind = 409, "round-finished"
    text = "Round {identity} is {status}; only a queued or running one can be cancelled."
    codes: ClassVar[dict[str, str]] = {"status": "round_status"}

    def __init__(self, identity: uuid.UUID, status: str) -> None:
        """The round and how it stands."""
        super().__init__(identity=identity, status=status)


class NoFairnessReportError(ServiceError):
    """A round has no fairness report."""

    status = 404
    kind = "no-fairness-report"
    text = (
        "The round {round_id} has no fairness report: only rounds that made proposals have one,"
        " previews have none."
    )

    def __init__(self, round_id: uuid.UUID) -> None:
        """Previews have none, and rounds that are not done."""
        super().__init__(round_id=round_id)


class RoundsNotComparableError(ServiceError):
    """Two rounds are compared where both made proposals of one call, one after the other."""

    status, kind = 409, "rounds-not-comparable"
    text = (
        "These two rounds cannot be compared: both must be of the same call, be done, and have"
        " made proposals; the earlier one is named second."
    )
