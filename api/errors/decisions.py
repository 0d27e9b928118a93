"""What can go wrong with questions, wishes, suggestions and placements."""

import uuid
from typing import ClassVar

from api.errors.base import ServiceError


class NoSuchQuestionError(ServiceError):
    """There is no such question, or not for the one who asks."""

    status, kind = 404, "no-such-question"
    text = "There is no question {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NoSuchMessageError(ServiceError):
    """There is no such message, or none of the region of the one who asks."""

    status, kind = 404, "no-such-message"
    text = "There is no message {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class MessageEndedError(ServiceError):
    """A message that waits for nothing: it went out, or nobody needs it any more."""

    status, kind = 409, "message-ended"
    text = "This message waits for nothing any more."


class NoSuchPlacementError(ServiceError):
    """There is no such placement, or not for the one who asks."""

    status, kind = 404, "no-such-placement"
    text = "There is no placement {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NoSuchPairWishError(ServiceError):
    """A person is neither locked to a window nor forbidden there."""

    status, kind = 404, "no-such-pair-wish"
    text = "This person and this window are neither locked nor forbidden."


class AlreadyLockedError(ServiceError):
    """A person has one lock. Where to is seen in the list of wishes."""

    status, kind = 409, "already-locked"
    text = "This person is locked to another window; take that lock away first."


class SuggestionsHiddenError(ServiceError):
    """The alliance does not show apprentices their best offers, or not yet."""

    status, kind = 403, "suggestions-hidden"
    texts: ClassVar[dict[str, str]] = {
        "never": "Apprentices are not shown suggestions here. Ask your coordinator.",
        "selected": ("Suggestions are shown to who is selected in the call. Ask your coordinator."),
    }

    def __init__(self, visible: str) -> None:
        """What the setting `suggestions_visible` says: `never` or `selected`."""
        super().__init__(visible)
        self.visible = visible


class ApprenticeMissingError(ServiceError):
    """Whom a coordinator asks about must be named."""

    status, kind = 422, "apprentice-missing"
    text = "Say which apprentice: ?apprentice= with the id."


class UnreadableRowsError(ServiceError):
    """A person or an offer holds something that the engine cannot read.

    What it is stays out: it may be personal.
    """

    status, kind = 409, "unreadable-rows"
    text = (
        "A person or an offer has values that the rules cannot read (a code that is not in the"
        " lists, dates out of order); correct the record and try again."
    )
