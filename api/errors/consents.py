"""What is refused of consents."""

import uuid
from collections.abc import Collection
from typing import ClassVar

from api.errors.base import ServiceError


class NoSuchConsentError(ServiceError):
    """There is no such consent, or not for the one who asks."""

    status, kind = 404, "no-such-consent"
    text = "There is no consent {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class UnknownNeedError(ServiceError):
    """A consent is about something that is no need of the vocabulary.

    Which one it was is not repeated.
    """

    status, kind = 422, "unknown-need"
    text = "The item is no need of the vocabulary: see the list of needs."


class ConsentTextError(ServiceError):
    """There is no such text in this language, or not on that day."""

    status, kind = 422, "consent-text"
    texts: ClassVar[dict[str, str]] = {
        "another": (
            "Nobody can have agreed to this text: there is version {version} in {languages}. Read"
            " the consent texts again and show the one that is used."
        ),
        "none": (
            "Nobody can have agreed to this text: there is no text. Read the consent texts again"
            " and show the one that is used."
        ),
    }
    codes: ClassVar[dict[str, str]] = {"languages": "language"}

    def __init__(self, version: int | None, languages: Collection[str]) -> None:
        """The version that is used then, None where there was none; and its languages."""
        variant = "another" if version else "none"
        super().__init__(variant, version=version, languages=sorted(languages))


class ConsentHeardError(ServiceError):
    """How a consent was heard is missing, or given where nobody heard it."""

    status, kind = 422, "consent-heard"
    texts: ClassVar[dict[str, str]] = {
        "recorded": (
            "Say who consented (given_by), how you heard it (channel), from whom and on which day"
            " up to today."
        ),
        "own": "Consent for yourself: leave channel, heard_from and heard_on out.",
    }

    def __init__(self, *, recorded: bool) -> None:
        """Whether a coordinator records it."""
        super().__init__("recorded" if recorded else "own")


class GuardianNotAskedError(ServiceError):
    """No guardian's consent is waited for.

    The same for every reason: what somebody needs is not to be found out by asking.
    """

    status, kind = 409, "guardian-not-asked"
    text = (
        "No consent of a guardian is waited for here: the apprentice agrees first, and from a"
        " certain age on that is enough."
    )
