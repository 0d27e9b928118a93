"""What can go wrong with provisions, their certificates, and needs that are not met."""

import datetime
import difflib
import uuid
from collections.abc import Iterable
from typing import ClassVar

from api.errors.base import ServiceError


class UnknownProvisionError(ServiceError):
    """No need and no provision has this code."""

    status, kind = 422, "unknown-provision"
    texts: ClassVar[dict[str, str]] = {
        "near": (
            "{code!r} is no code of the reference list 'needs', which needs and provisions share;"
            " did you mean {near!r}?"
        ),
        "far": (
            "{code!r} is no code of the reference list 'needs', which needs and provisions share"
        ),
    }

    def __init__(self, code: str, known: Iterable[str]) -> None:
        """`code` as it was given, and the codes that there are."""
        near = difflib.get_close_matches(code.upper(), list(known), n=1)
        super().__init__("near" if near else "far", code=code, near=near[0] if near else None)


class NoSuchCertificateError(ServiceError):
    """Nobody certified this provision of the offer."""

    status, kind = 404, "no-such-certificate"
    text = "The offer {offer_id} has no certificate of this provision."

    def __init__(self, offer_id: uuid.UUID) -> None:
        """Of which offer."""
        super().__init__(offer_id=offer_id)


class NoSuchProvisionQuestionError(ServiceError):
    """There is no such question about a provision, or not for the one who asks."""

    status, kind = 404, "no-such-provision-question"
    text = "There is no question {identity} about what an offer provides."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class ProvisionKnownError(ServiceError):
    """Nothing is to be asked: what the offer provides is known."""

    status, kind = 409, "provision-known"
    texts: ClassVar[dict[str, str]] = {
        "provided": "The offer provides it already; nothing is to be asked.",
        "refused": (
            "The company answered on {answered} that it is not provided; talk to the region's"
            " coordinator if that has changed."
        ),
    }

    def __init__(self, answered: datetime.date | None = None) -> None:
        """The day on which the company said no; None where the offer provides it."""
        super().__init__("refused" if answered else "provided", answered=answered)


class ProvisionAnsweredError(ServiceError):
    """The question was answered before."""

    status, kind = 409, "provision-answered"
    text = "This question was answered already; change what the offer provides instead."


class NoSuchAcceptedNeedError(ServiceError):
    """There is no such acceptance, or not for the one who asks."""

    status, kind = 404, "no-such-accepted-need"
    text = "There is no accepted need {identity} of this person."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NeedNotHardError(ServiceError):
    """Only what somebody needs as hard can be accepted. Whose need it is, and which, stays out."""

    status, kind = 409, "need-not-hard"
    text = "It is none of the hard needs of the person; only those keep somebody from an offer."


class NeedBlockingError(ServiceError):
    """A need that nothing but the host's provision meets cannot be accepted.

    Whose need it is, and which, stays out.
    """

    status, kind = 409, "need-blocking"
    text = (
        "It is BLOCKING: neither money of the programme nor an adjustment closes it, only a host"
        " that provides it. Ask the host, or look for another offer."
    )


class NeedProvidedError(ServiceError):
    """What the offer provides needs no acceptance. Whose need it is, and which, stays out."""

    status, kind = 409, "need-provided"
    text = "The offer provides it; there is nothing to accept."
