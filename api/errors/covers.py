"""What can go wrong with responsible coordinators and who covers for them."""

import uuid

from api.errors.base import ServiceError


class NoSuchCaseError(ServiceError):
    """There is no such apprentice or company, or not for the one who asks."""

    status, kind = 404, "no-such-case"
    text = "There is no apprentice and no company {identity} that you answer for."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NotCoordinatorHereError(ServiceError):
    """Only coordinators of a region answer for its people and companies.

    Whether there is such an account is not said.
    """

    status, kind = 422, "not-coordinator-here"
    text = "Name an account of a coordinator of this region that is in use."


class CoverFaultyError(ServiceError):
    """A cover that would cover nothing."""

    status, kind = 422, "cover-faulty"
    text = "A cover is by somebody else, and its last day is neither before the first nor past."


class NothingToCoverError(ServiceError):
    """Somebody answers for nobody lastingly, so there is nothing to cover.

    Where nobody is named, everybody of the region answers.
    """

    status, kind = 409, "nothing-to-cover"
    text = (
        "This coordinator is named for no apprentice and no company; where nobody is named, all"
        " coordinators of the region answer."
    )


class CoverOverlapsError(ServiceError):
    """One covers for the other on some of these days already."""

    status, kind = 409, "cover-overlaps"
    text = "There is a cover by the same person on some of these days; end it first."


class NoSuchCoverError(ServiceError):
    """There is no such cover, or not for the one who asks."""

    status, kind = 404, "no-such-cover"
    text = "There is no cover {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)
