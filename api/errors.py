"""What can go wrong, a class for each fact, built from the data of the case.

`status` is the HTTP status, `kind` the stable name that programs read, the message what
people read: what happened and what to do. No message holds personal data.
"""

import uuid
from collections.abc import Iterable
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


class RoundFinishedError(ServiceError):
    """Only a round that is queued or running can be cancelled."""

    status, kind = 409, "round-finished"

    def __init__(self, identity: uuid.UUID, status: str) -> None:
        """The round and how it stands."""
        super().__init__(
            f"Round {identity} is {status}; only a queued or running one can be cancelled."
        )


class NoSuchSettingError(ServiceError):
    """There is no setting of that name."""

    status, kind = 404, "no-such-setting"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """The name as it was asked for, and those that are there."""
        super().__init__(f"There is no setting {name!r}; there are {', '.join(sorted(known))}.")


class BadSettingError(ServiceError):
    """A setting cannot have this value."""

    status, kind = 422, "bad-setting"

    def __init__(self, name: str, right: str) -> None:
        """The setting, and what would be right."""
        super().__init__(f"The setting {name!r} was not changed: {right}")


class StaleVersionError(ServiceError):
    """Somebody changed it since it was read; nothing was stored."""

    status, kind = 412, "stale-version"

    def __init__(self, what: str, seen: int, now: int) -> None:
        """What it is about, the version that was read and the one that holds."""
        super().__init__(
            f"{what} was changed meanwhile (version {seen} was read, {now} holds);"
            " read it again and repeat the change."
        )
