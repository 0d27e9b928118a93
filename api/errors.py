"""What can go wrong, a class for each fact, built from the data of the case.

`status` is the HTTP status, `kind` the stable name that programs read, the message what
people read: what happened and what to do. No message holds personal data.
"""

import uuid
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


class NoSuchProposalError(ServiceError):
    """There is no such proposal, or not for the one who asks."""

    status, kind = 404, "no-such-proposal"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no proposal {identity}.")


class NotNowError(ServiceError):
    """A proposal stands so that this cannot happen to it, or not by the one who wants it."""

    status, kind = 409, "not-now"

    def __init__(self, event: str, status: str) -> None:
        """What was wanted, and how the proposal stands."""
        super().__init__(
            f"A proposal that is {status!r} does not allow {event!r} from you; look at it again."
        )


class NotYourTurnError(ServiceError):
    """A party answers when it is asked, and once."""

    status, kind = 409, "not-your-turn"

    def __init__(self, party: str, waiting_for: list[str]) -> None:
        """Who wants to answer, and whose answer is waited for."""
        waited = ", ".join(waiting_for) or "nobody"
        super().__init__(f"The answer of {party} is not waited for now (waiting for: {waited}).")


class NotYoursToAnswerError(ServiceError):
    """Somebody may see a proposal, but not answer for this party."""

    status, kind = 403, "not-yours-to-answer"

    def __init__(self, party: str) -> None:
        """The party for whom the answer was meant."""
        super().__init__(f"You cannot answer for {party} here.")


class UnknownReasonError(ServiceError):
    """A no has one of the reasons of the party's list."""

    status, kind = 422, "unknown-reason"

    def __init__(self, party: str, reasons: tuple[str, ...]) -> None:
        """The party, and the reasons that it may choose from."""
        super().__init__(f"A no of {party} has one of these reasons: {', '.join(reasons)}.")


class StaleVersionError(ServiceError):
    """Somebody changed the row after it was read."""

    status, kind = 412, "stale-version"

    def __init__(self, seen: int, now: int) -> None:
        """The version that was seen, and the one it has now."""
        super().__init__(
            f"It was changed meanwhile (you saw version {seen}, it is {now}); look at it again."
        )


class RuleRefusesError(ServiceError):
    """A hard rule stands against a pair or its dates. Nobody can override one."""

    status, kind = 422, "rule-refuses"

    def __init__(self, rules: list[str]) -> None:
        """The codes of the rules."""
        super().__init__(f"These rules refuse it: {', '.join(rules)}. They cannot be overridden.")
        self.rules = rules


class WarningsNeedReasonError(ServiceError):
    """Something speaks against a pair; it can be proposed all the same, with a reason."""

    status, kind = 422, "warnings-need-a-reason"

    def __init__(self, warnings: list[str]) -> None:
        """The codes of the warnings."""
        super().__init__(f"Say why all the same: {', '.join(warnings)}.")
        self.warnings = warnings


class NotFreeError(ServiceError):
    """Somebody has a live proposal or a placement, or is not selected in the call."""

    status, kind = 409, "not-free"

    def __init__(self) -> None:
        """Which of these it is can be seen at the person."""
        super().__init__(
            "Not free: not selected in this call, or with a live proposal or a placement."
        )


class GoneError(ServiceError):
    """The last place or funding went to somebody else meanwhile, or a cap is reached."""

    status, kind = 409, "gone"

    def __init__(self, what: str) -> None:
        """`place`, `funding`, `company_cap` or `region_cap`."""
        super().__init__(f"Nothing is left of it: {what}.")
        self.what = what
