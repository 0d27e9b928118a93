"""What can go wrong with day rates."""

from api.errors.base import ServiceError


class NoSuchRateError(ServiceError):
    """Nobody has entered this rate."""

    status, kind = 404, "no-such-rate"
    text = "This amount is not in the list any more; look at the list again."
