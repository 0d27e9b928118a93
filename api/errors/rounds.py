"""What can go wrong with rounds."""

import uuid

from api.errors.base import ServiceError


class NoSuchRoundError(ServiceError):
    """There is no such round."""

    status, kind = 404, "no-such-round"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no round {identity}.")


class RoundUnfinishedError(ServiceError):
    """A call has one round at a time."""

    status, kind = 409, "round-unfinished"

    def __init__(self, code: str) -> None:
        """The call whose round is queued or running."""
        super().__init__(
            f"A round of call {code!r} is queued or running; wait for it, or cancel it."
        )


class LeaseLostError(ServiceError):
    """Another worker took the round over, or somebody cancelled it: nothing of it is stored."""

    status, kind = 409, "lease-lost"

    def __init__(self, identity: uuid.UUID) -> None:
        """The round that is somebody else's now."""
        super().__init__(f"Round {identity} is no longer this worker's; nothing of it was stored.")


class RoundHasNoResultError(ServiceError):
    """Only a round that is done can be shown or exported."""

    status, kind = 409, "round-has-no-result"

    def __init__(self, identity: uuid.UUID, status: str) -> None:
        """The round and how it stands."""
        super().__init__(f"Round {identity} is {status}; there is a result once it is done.")


class RoundFinishedError(ServiceError):
    """Only a round that is queued or running can be cancelled."""

    status, kind = 409, "round-finished"

    def __init__(self, identity: uuid.UUID, status: str) -> None:
        """The round and how it stands."""
        super().__init__(
            f"Round {identity} is {status}; only a queued or running one can be cancelled."
        )


class NoFairnessReportError(ServiceError):
    """A round has no fairness report."""

    status = 404
    kind = "no-fairness-report"

    def __init__(self, round_id: uuid.UUID) -> None:
        """Previews have none, and rounds that are not done."""
        super().__init__(
            f"The round {round_id} has no fairness report: only rounds that made proposals have"
            " one, previews have none."
        )
