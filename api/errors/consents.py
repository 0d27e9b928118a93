"""What is refused of consents."""

import uuid
from collections.abc import Collection

from api.errors.base import ServiceError


class NoSuchConsentError(ServiceError):
    """There is no such consent, or not for the one who asks."""

    status, kind = 404, "no-such-consent"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no consent {identity}.")


class UnknownNeedError(ServiceError):
    """A consent is about something that is no need of the vocabulary."""

    status, kind = 422, "unknown-need"

    def __init__(self) -> None:
        """Which one it was is not repeated."""
        super().__init__("The item is no need of the vocabulary: see the list of needs.")


class ConsentTextError(ServiceError):
    """There is no such text in this language, or not on that day."""

    status, kind = 422, "consent-text"

    def __init__(self, version: int | None, languages: Collection[str]) -> None:
        """The version that is used then, None where there was none; and its languages."""
        there = f"version {version} in {', '.join(sorted(languages))}" if version else "no text"
        super().__init__(
            f"Nobody can have agreed to this text: there is {there}. Read the consent texts again"
            " and show the one that is used."
        )


class ConsentHeardError(ServiceError):
    """How a consent was heard is missing, or given where nobody heard it."""

    status, kind = 422, "consent-heard"

    def __init__(self, *, recorded: bool) -> None:
        """Whether a coordinator records it."""
        super().__init__(
            "Say who consented (given_by), how you heard it (channel), from whom and on which day"
            " up to today."
            if recorded
            else "Consent for yourself: leave channel, heard_from and heard_on out."
        )


class GuardianNotAskedError(ServiceError):
    """No guardian's consent is waited for."""

    status, kind = 409, "guardian-not-asked"

    def __init__(self) -> None:
        """The same for every reason: what somebody needs is not to be found out by asking."""
        super().__init__(
            "No consent of a guardian is waited for here: the apprentice agrees first, and from a"
            " certain age on that is enough."
        )
