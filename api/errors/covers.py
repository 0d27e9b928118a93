"""What can go wrong with responsible coordinators and who covers for them."""

import uuid

from api.errors.base import ServiceError


class NoSuchCaseError(ServiceError):
    """There is no such apprentice or company, or not for the one who asks."""

    status, kind = 404, "no-such-case"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no apprentice and no company {identity} that you answer for.")


class NotCoordinatorHereError(ServiceError):
    """Only coordinators of a region answer for its people and companies."""

    status, kind = 422, "not-coordinator-here"

    def __init__(self) -> None:
        """Whether there is such an account is not said."""
        super().__init__("Name an account of a coordinator of this region that is in use.")


class CoverFaultyError(ServiceError):
    """A cover that would cover nothing."""

    status, kind = 422, "cover-faulty"

    def __init__(self) -> None:
        """What a right one is like."""
        super().__init__(
            "A cover is by somebody else, and its last day is neither before the first nor past."
        )


class NothingToCoverError(ServiceError):
    """Somebody answers for nobody lastingly, so there is nothing to cover."""

    status, kind = 409, "nothing-to-cover"

    def __init__(self) -> None:
        """Where nobody is named, everybody of the region answers."""
        super().__init__(
            "This coordinator is named for no apprentice and no company; where nobody is named,"
            " all coordinators of the region answer."
        )


class CoverOverlapsError(ServiceError):
    """One covers for the other on some of these days already."""

    status, kind = 409, "cover-overlaps"

    def __init__(self) -> None:
        """What to do about it."""
        super().__init__("There is a cover by the same person on some of these days; end it first.")


class NoSuchCoverError(ServiceError):
    """There is no such cover, or not for the one who asks."""

    status, kind = 404, "no-such-cover"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no cover {identity}.")
