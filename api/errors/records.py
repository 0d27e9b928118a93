"""What can go wrong with people, companies and offers, imported or edited."""

import uuid
from collections.abc import Sequence
from typing import ClassVar, Literal

from api.errors.base import ServiceError
from api.faults import Fault

UniqueRecord = Literal["apprentice", "company", "site", "offer", "window", "accepted_need"]
"""Of what there is one with the same key, name or dates."""


class NoSuchApprenticeError(ServiceError):
    """There is no such apprentice, or not for the one who asks."""

    status, kind = 404, "no-such-apprentice"
    text = "There is no apprentice {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NoSuchCompanyError(ServiceError):
    """There is no such company, or not for the one who asks."""

    status, kind = 404, "no-such-company"
    text = "There is no company {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NoSuchSiteError(ServiceError):
    """There is no such workplace, or not for the one who asks."""

    status, kind = 404, "no-such-site"
    text = "There is no site {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NoSuchOfferError(ServiceError):
    """There is no such offer, or not for the one who asks."""

    status, kind = 404, "no-such-offer"
    text = "There is no offer {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NoSuchWindowError(ServiceError):
    """There is no such window of an offer, or not for the one who asks."""

    status, kind = 404, "no-such-window"
    text = "There is no window {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NoSuchCentreError(ServiceError):
    """There is no such school or training centre, or not for the one who asks."""

    status, kind = 404, "no-such-centre"
    text = "There is no centre {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NoSuchGuardianError(ServiceError):
    """There is no such guardian, or not for the one who asks."""

    status, kind = 404, "no-such-guardian"
    text = "There is no guardian {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class RecordFaultyError(ServiceError):
    """Fields of a record cannot be stored: `faults` has each with what is wrong with it."""

    status, kind = 422, "record-faulty"
    texts: ClassVar[dict[str, str]] = {
        "fields": "Nothing was stored. Correct what is wrong: {fields}.",
        "record": "Nothing was stored. Correct what is wrong: the record.",
    }
    codes: ClassVar[dict[str, str]] = {"fields": "field"}

    MOST = 100
    """So many faults are named."""

    def __init__(self, faults: Sequence[tuple[str, Fault]]) -> None:
        """Fields and faults, which repeat codes, nothing that is personal."""
        fields = list(dict.fromkeys(field for field, _ in faults if field))
        super().__init__("fields" if fields else "record", fields=fields)
        self.faults = list(faults[: self.MOST])


class KeyTakenError(ServiceError):
    """Another record has the same key, name or dates already."""

    status, kind = 409, "key-taken"
    texts: ClassVar[dict[str, str]] = {
        "apprentice": (
            "There is somebody with this key in the centre already; change that one, or choose"
            " another."
        ),
        "company": (
            "There is a company with this key in the region already; change that one, or choose"
            " another."
        ),
        "site": "There is a site with this name already; change that one, or choose another.",
        "offer": (
            "There is an offer with this key at this site already; change that one, or choose"
            " another."
        ),
        "window": (
            "There is a window of this offer with these dates already; change that one, or choose"
            " another."
        ),
        "accepted_need": (
            "There is an acceptance of this need at this offer already; change that one, or choose"
            " another."
        ),
    }

    def __init__(self, what: UniqueRecord) -> None:
        """`what` there is already."""
        super().__init__(what)


class ActivityFixedError(ServiceError):
    """The activity of somebody with a live proposal or a placement stays: its funding is used.

    Whose it is stays out.
    """

    status, kind = 409, "activity-fixed"
    text = (
        "The activity cannot change while there is a live proposal or a placement; withdraw that"
        " first."
    )


class OfferChangeError(ServiceError):
    """An offer does not change in this way as it stands."""

    status, kind = 409, "offer-change"
    text = "'{event}' is not possible for an offer that is {status}."
    codes: ClassVar[dict[str, str]] = {"event": "offer_event", "status": "offer_status"}

    def __init__(self, event: str, status: str) -> None:
        """What was wanted, and how the offer stands."""
        super().__init__(event=event, status=status)


class PlacesTakenError(ServiceError):
    """A window has at least as many places as are taken."""

    status, kind = 409, "places-taken"
    text = (
        "{n} place of the window is taken; it keeps at least as many. Withdraw proposals first, or"
        " leave it at that."
    )
    plural = (
        "{n} places of the window are taken; it keeps at least as many. Withdraw proposals first,"
        " or leave it at that."
    )

    def __init__(self, taken: int) -> None:
        """So many are taken."""
        super().__init__(n=taken)


class WindowInUseError(ServiceError):
    """A window that proposals or locks rest on stays."""

    status, kind = 409, "window-in-use"
    text = "Proposals or locks rest on this window; set its places to what is taken instead."


class GuardianHasAccountError(ServiceError):
    """A guardian who can sign in stays, since the account answers as this person."""

    status, kind = 409, "guardian-has-account"
    text = "This guardian has an account; disable the account instead."


class ImportFaultyError(ServiceError):
    """Rows of an import are wrong: `problems` has the first of them, `total` counts them all."""

    status, kind = 422, "import-faulty"
    text = "{n} problem; nothing was imported. Correct the file and import it again."
    plural = "{n} problems; nothing was imported. Correct the file and import it again."

    MOST = 300
    """So many problems are named."""

    def __init__(self, problems: Sequence[dict[str, object]]) -> None:
        """Each problem with sheet, row, column, what is wrong and what would be right."""
        super().__init__(n=len(problems))
        self.problems, self.total = list(problems[: self.MOST]), len(problems)


class NoSuchCompaniesError(ServiceError):
    """Some of the companies are not there."""

    status, kind = 404, "no-such-companies"
    texts: ClassVar[dict[str, str]] = {
        "all": "There is no company {identities}; none was marked.",
        "first": "There is no company {identities} and {more} more; none was marked.",
    }

    MOST = 3
    """So many companies are named."""

    def __init__(self, identities: Sequence[uuid.UUID]) -> None:
        """`identities` that no company has."""
        more = max(0, len(identities) - self.MOST)
        named = list(identities[: self.MOST])
        super().__init__("first" if more else "all", identities=named, more=more)


class VerifierMissingError(ServiceError):
    """Who verified a company must be named."""

    status, kind = 422, "verifier-missing"
    text = "Say who verified the companies, in at most 200 letters."


class ImportOverlapError(ServiceError):
    """Somebody changed a row of the import while it was being written.

    Which row it was stays out: it may be about a person.
    """

    status, kind = 409, "import-overlap"
    text = "Somebody changed the same rows meanwhile; nothing was imported. Import the file again."
