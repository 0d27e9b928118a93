"""What can go wrong, a class for each fact, built from the data of the case.

`status` is the HTTP status, `kind` the stable name that programs read, the message what
people read: what happened and what to do. No message holds personal data.
"""

import uuid
from collections.abc import Sequence
from typing import ClassVar


class ServiceError(Exception):
    """Something that the service refuses or cannot do."""

    status: ClassVar[int] = 400
    kind: ClassVar[str] = "service-error"


class NoSuchCallError(ServiceError):
    """There is no such call, or not for the one who asks."""

    status, kind = 404, "no-such-call"

    def __init__(self, code: str) -> None:
        """`code` as it was asked for."""
        super().__init__(f"There is no call {code!r}.")


class NoSuchRoundError(ServiceError):
    """There is no such round."""

    status, kind = 404, "no-such-round"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no round {identity}.")


class CallNotOpenError(ServiceError):
    """Rounds run while a call is open, neither before nor after."""

    status, kind = 409, "call-not-open"

    def __init__(self, code: str, status: str) -> None:
        """The call and how it stands."""
        super().__init__(f"Call {code!r} is {status}; rounds run while it is open.")


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


class CallFinishedError(ServiceError):
    """Nobody enters a call that is finished."""

    status, kind = 409, "call-finished"

    def __init__(self, code: str) -> None:
        """The call that is finished."""
        super().__init__(f"Call {code!r} is finished; import without it, or name another one.")


class NoSuchCompaniesError(ServiceError):
    """Some of the companies are not there."""

    status, kind = 404, "no-such-companies"

    def __init__(self, identities: Sequence[uuid.UUID]) -> None:
        """`identities` that no company has."""
        first = ", ".join(str(identity) for identity in identities[:3])
        rest = f" and {len(identities) - 3} more" if len(identities) > 3 else ""
        super().__init__(f"There is no company {first}{rest}; none was marked.")


class VerifierMissingError(ServiceError):
    """Who verified a company must be named."""

    status, kind = 422, "verifier-missing"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__("Say who verified the companies, in at most 200 letters.")


class ImportOverlapError(ServiceError):
    """Somebody changed a row of the import while it was being written."""

    status, kind = 409, "import-overlap"

    def __init__(self) -> None:
        """Which row it was stays out: it may be about a person."""
        super().__init__(
            "Somebody changed the same rows meanwhile; nothing was imported. Import the file again."
        )
