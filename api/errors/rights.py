"""What is refused of requests about one's own data."""

import uuid

from api.errors.base import ServiceError


class NoSuchRightsRequestError(ServiceError):
    """There is no such request, or it is about somebody else's people."""

    status = 404
    kind = "no-such-rights-request"
    text = "There is no request {identity} about one of your people."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` is what was asked for."""
        super().__init__(identity=identity)


class StillPlacedError(ServiceError):
    """Somebody is to be erased who has a current placement."""

    status = 409
    kind = "still-placed"
    text = (
        "This person has a placement that is booked or under way. Cancel or finish it first: host"
        " and school must know who is there."
    )


class AlreadyErasedError(ServiceError):
    """Somebody is erased already."""

    status = 409
    kind = "already-erased"
    text = "This person has been erased; nothing is left that could be."
