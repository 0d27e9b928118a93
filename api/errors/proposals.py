"""What can go wrong with proposals, their answers and the links to them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from api.errors.base import ServiceError


class NoSuchProposalError(ServiceError):
    """There is no such proposal, or not for the one who asks."""

    status, kind = 404, "no-such-proposal"
    text = "There is no proposal {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NotNowError(ServiceError):
    """A proposal stands so that this cannot happen to it, or not by the one who wants it."""

    status, kind = 409, "not-now"
    texts: ClassVar[dict[str, str]] = {
        "proposal": (
            "A proposal that is '{status}' does not allow '{event}' from you; look at it again."
        ),
        "placement": (
            "A proposal that is '{placement}' does not allow '{step}' from you; look at it again."
        ),
        "other_hosts": (
            "A proposal that is '{status}' does not allow 'look for another host' from you; look at"
            " it again."
        ),
        "past_deadline": (
            "A proposal that is '{status}' does not allow 'a deadline that has passed' from you;"
            " look at it again."
        ),
        "request_to_come": (
            "A request is received today or before: give the day on which it came."
        ),
        "request_done": ("This request is answered already; look at it again."),
        "request_to_erase": ("A request to be erased is answered by erasing the person."),
    }
    codes: ClassVar[dict[str, str]] = {
        "status": "proposal_status",
        "event": "proposal_event",
        "placement": "placement_status",
        "step": "placement_status",
    }

    def __init__(
        self, event: str, status: str = "", of: Literal["proposal", "placement"] = "proposal"
    ) -> None:
        """What was wanted, and how the proposal stands, or the placement that it became."""
        if of == "placement":
            super().__init__("placement", placement=status, step=event)
        else:
            variant = event if event in self.texts else "proposal"
            super().__init__(variant, status=status, event=event)


class NotYourTurnError(ServiceError):
    """A party answers when it is asked, and once."""

    status, kind = 409, "not-your-turn"
    texts: ClassVar[dict[str, str]] = {
        "others": "The answer of {party} is not waited for now (waiting for: {waiting_for}).",
        "nobody": "The answer of {party} is not waited for now (waiting for: nobody).",
    }
    codes: ClassVar[dict[str, str]] = {"party": "party", "waiting_for": "party"}

    def __init__(self, party: str, waiting_for: Sequence[str]) -> None:
        """Who wants to answer, and whose answer is waited for."""
        variant = "others" if waiting_for else "nobody"
        super().__init__(variant, party=party, waiting_for=list(waiting_for))


class NotYoursToAnswerError(ServiceError):
    """Somebody may see a proposal, but not answer for this party."""

    status, kind = 403, "not-yours-to-answer"
    texts: ClassVar[dict[str, str]] = {
        "party": "You cannot answer for {party} here.",
        "coordinator": "You cannot answer for a coordinator here.",
        "anybody": "You cannot answer for anybody here.",
    }
    codes: ClassVar[dict[str, str]] = {"party": "party"}

    def __init__(self, party: str) -> None:
        """The party for whom the answer was meant; `coordinator` for either, or `anybody`."""
        super().__init__(party if party in self.texts else "party", party=party)


class UnknownReasonError(ServiceError):
    """A no has one of the reasons of the party's list."""

    status, kind = 422, "unknown-reason"
    text = "A no of {party} has one of these reasons: {reasons}."
    codes: ClassVar[dict[str, str]] = {"party": "party", "reasons": "reason"}

    def __init__(self, party: str, reasons: tuple[str, ...]) -> None:
        """The party, and the reasons that it may choose from."""
        super().__init__(party=party, reasons=list(reasons))


class RuleRefusesError(ServiceError):
    """A hard rule stands against a pair or its dates. Nobody can override one."""

    status, kind = 422, "rule-refuses"
    text = "These rules refuse it: {rules}. They cannot be overridden."
    codes: ClassVar[dict[str, str]] = {"rules": "rule"}

    def __init__(
        self, rules: list[str], sources: Mapping[str, Sequence[Mapping[str, object]]] | None = None
    ) -> None:
        """The codes of the rules, and the law behind those about age, by their codes."""
        super().__init__(rules=rules)
        self.rules, self.sources = rules, dict(sources or {})


class WarningsNeedReasonError(ServiceError):
    """Something speaks against a pair; it can be proposed all the same, with a reason."""

    status, kind = 422, "warnings-need-a-reason"
    text = "Say why all the same: {warnings}."
    codes: ClassVar[dict[str, str]] = {"warnings": "warning"}

    def __init__(self, warnings: list[str]) -> None:
        """The codes of the warnings."""
        super().__init__(warnings=warnings)
        self.warnings = warnings


class NotUndoableError(ServiceError):
    """It is not one's own rejection of the last minute, or somebody was told of it."""

    status, kind = 409, "not-undoable"
    text = (
        "This cannot be taken back any more: more than a minute has passed, somebody was told, or"
        " it was not your decision."
    )


class NotFreeError(ServiceError):
    """Somebody has a live proposal or a placement, or is not selected in the call.

    Which of these it is can be seen at the person.
    """

    status, kind = 409, "not-free"
    text = "Not free: not selected in this call, or with a live proposal or a placement."


class GoneError(ServiceError):
    """The last place or funding went to somebody else meanwhile, or a cap is reached."""

    status, kind = 409, "gone"
    text = "Nothing is left of it: {what}."
    codes: ClassVar[dict[str, str]] = {"what": "limit"}

    def __init__(self, what: str) -> None:
        """`place`, `funding`, `company_cap` or `region_cap`."""
        super().__init__(what=what)
        self.what = what


class NotRecordableError(ServiceError):
    """What came by account or link was given by the party itself; nobody records it."""

    status, kind = 422, "not-recordable"
    text = "A recorded answer was heard by one of these: {channels}."
    codes: ClassVar[dict[str, str]] = {"channels": "channel"}

    def __init__(self, channels: list[str]) -> None:
        """The ways in which a coordinator hears an answer."""
        super().__init__(channels=channels)


class NoSuchLinkError(ServiceError):
    """There is no such link or code. The secret is not repeated."""

    status, kind = 404, "no-such-link"
    text = "There is no such link or code. Look whether it is whole, or ask your coordinator."


class LinkUsedError(ServiceError):
    """A link or a code opens once."""

    status, kind = 410, "link-used"
    text = (
        "This was opened before, and it opens once. Ask your coordinator for a new one; if it was"
        " not you who opened it, say so."
    )


class LinkExpiredError(ServiceError):
    """The days of a link or a code are over, or a newer one was made."""

    status, kind = 410, "link-expired"
    text = (
        "This holds no longer: its days are over, or there is a newer one. Ask your coordinator for"
        " a new one."
    )


class LinkNotOpenError(ServiceError):
    """Who answers without an account opens a link or types a code first."""

    status, kind = 401, "link-not-open"
    text = (
        "Open your link or type your code first. Where half an hour has passed since then, ask your"
        " coordinator for a new one."
    )


class NotAskedNowError(ServiceError):
    """A party sees a proposal while its answer is asked for, or was given.

    Something was changed, and others are asked first.
    """

    status, kind = 403, "not-asked-now"
    text = "You are not asked at present; you will hear when you are."


class ScanKindError(ServiceError):
    """A scan is a file that every browser shows, and it is what it says that it is."""

    status, kind = 415, "scan-kind"
    text = "A scan is one of {kinds}, named in Content-Type, with such a file as the body."

    def __init__(self, kinds: list[str]) -> None:
        """The kinds of content that are taken."""
        super().__init__(kinds=kinds)


class NotRecordedError(ServiceError):
    """A scan stands behind an answer that a coordinator recorded, and behind no other."""

    status, kind = 409, "not-recorded"
    text = "No answer of {party} was recorded by a coordinator."
    codes: ClassVar[dict[str, str]] = {"party": "party"}

    def __init__(self, party: str) -> None:
        """Whose answer it would be about."""
        super().__init__(party=party)


class NoSuchScanError(ServiceError):
    """There is no paper behind this answer here."""

    status, kind = 404, "no-such-scan"
    text = "There is no scan behind the answer of {party}."
    codes: ClassVar[dict[str, str]] = {"party": "party"}

    def __init__(self, party: str) -> None:
        """Whose answer it is about."""
        super().__init__(party=party)


class OfferNotOpenError(ServiceError):
    """Nobody is proposed for a draft, nor for an offer that was closed."""

    status, kind = 409, "offer-not-open"
    text = "The offer is {status}; publish it first, or choose another one."
    codes: ClassVar[dict[str, str]] = {"status": "offer_status"}

    def __init__(self, status: str) -> None:
        """How the offer stands."""
        super().__init__(status=status)
