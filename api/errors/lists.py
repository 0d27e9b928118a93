"""What can go wrong with lists: where they go on, what they are narrowed by."""

from api.errors.base import ServiceError


class BadCursorError(ServiceError):
    """A list goes on after the `next` of its last page, with the same sort."""

    status, kind = 422, "bad-cursor"
    text = "`after` is not the `next` of a page of this list in this order; begin without it."


class NotShownToYouError(ServiceError):
    """A list is narrowed and ordered only by what its reader is shown."""

    status, kind = 403, "not-shown-to-you"
    text = "Your account is not shown this, so no list goes by it: {names}."

    def __init__(self, names: list[str]) -> None:
        """The parameters that were refused."""
        super().__init__(names=names)
