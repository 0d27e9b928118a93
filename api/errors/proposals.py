"""What can go wrong with proposals, their answers and the links to them."""

import uuid
from collections.abc import Mapping, Sequence

from api.errors.base import ServiceError


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


class RuleRefusesError(ServiceError):
    """A hard rule stands against a pair or its dates. Nobody can override one."""

    status, kind = 422, "rule-refuses"

    def __init__(
        self, rules: list[str], sources: Mapping[str, Sequence[Mapping[str, object]]] | None = None
    ) -> None:
        """The codes of the rules, and the law behind those about age, by their codes."""
        super().__init__(f"These rules refuse it: {', '.join(rules)}. They cannot be overridden.")
        self.rules, self.sources = rules, dict(sources or {})


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


class NotRecordableError(ServiceError):
    """What came by account or link was given by the party itself; nobody records it."""

    status, kind = 422, "not-recordable"

    def __init__(self, channels: list[str]) -> None:
        """The ways in which a coordinator hears an answer."""
        super().__init__(f"A recorded answer was heard by one of these: {', '.join(channels)}.")


class NoSuchLinkError(ServiceError):
    """There is no such link or code."""

    status, kind = 404, "no-such-link"

    def __init__(self) -> None:
        """The secret is not repeated."""
        super().__init__(
            "There is no such link or code. Look whether it is whole, or ask your coordinator."
        )


class LinkUsedError(ServiceError):
    """A link or a code opens once."""

    status, kind = 410, "link-used"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__(
            "This was opened before, and it opens once. Ask your coordinator for a new one;"
            " if it was not you who opened it, say so."
        )


class LinkExpiredError(ServiceError):
    """The days of a link or a code are over, or a newer one was made."""

    status, kind = 410, "link-expired"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__(
            "This holds no longer: its days are over, or there is a newer one."
            " Ask your coordinator for a new one."
        )


class LinkNotOpenError(ServiceError):
    """Who answers without an account opens a link or types a code first."""

    status, kind = 401, "link-not-open"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__(
            "Open your link or type your code first. Where half an hour has passed since then,"
            " ask your coordinator for a new one."
        )


class NotAskedNowError(ServiceError):
    """A party sees a proposal while its answer is asked for, or was given."""

    status, kind = 403, "not-asked-now"

    def __init__(self) -> None:
        """Something was changed, and others are asked first."""
        super().__init__("You are not asked at present; you will hear when you are.")


class ScanKindError(ServiceError):
    """A scan is a file that every browser shows, and it is what it says that it is."""

    status, kind = 415, "scan-kind"

    def __init__(self, kinds: list[str]) -> None:
        """The kinds of content that are taken."""
        super().__init__(
            f"A scan is one of {', '.join(kinds)}, named in Content-Type, with such a file as"
            " the body."
        )


class NotRecordedError(ServiceError):
    """A scan stands behind an answer that a coordinator recorded, and behind no other."""

    status, kind = 409, "not-recorded"

    def __init__(self, party: str) -> None:
        """Whose answer it would be about."""
        super().__init__(f"No answer of {party} was recorded by a coordinator.")


class NoSuchScanError(ServiceError):
    """There is no paper behind this answer here."""

    status, kind = 404, "no-such-scan"

    def __init__(self, party: str) -> None:
        """Whose answer it is about."""
        super().__init__(f"There is no scan behind the answer of {party}.")


class OfferNotOpenError(ServiceError):
    """Nobody is proposed for a draft, nor for an offer that was closed."""

    status, kind = 409, "offer-not-open"

    def __init__(self, status: str) -> None:
        """How the offer stands."""
        super().__init__(f"The offer is {status}; publish it first, or choose another one.")
