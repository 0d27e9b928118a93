"""What can go wrong with people, companies and offers, imported or edited."""

import uuid
from collections.abc import Sequence

from api.errors.base import ServiceError


class NoSuchApprenticeError(ServiceError):
    """There is no such apprentice, or not for the one who asks."""

    status, kind = 404, "no-such-apprentice"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no apprentice {identity}.")


class NoSuchCompanyError(ServiceError):
    """There is no such company, or not for the one who asks."""

    status, kind = 404, "no-such-company"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no company {identity}.")


class NoSuchSiteError(ServiceError):
    """There is no such workplace, or not for the one who asks."""

    status, kind = 404, "no-such-site"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no site {identity}.")


class NoSuchOfferError(ServiceError):
    """There is no such offer, or not for the one who asks."""

    status, kind = 404, "no-such-offer"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no offer {identity}.")


class NoSuchWindowError(ServiceError):
    """There is no such window of an offer, or not for the one who asks."""

    status, kind = 404, "no-such-window"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no window {identity}.")


class NoSuchCentreError(ServiceError):
    """There is no such school or training centre, or not for the one who asks."""

    status, kind = 404, "no-such-centre"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no centre {identity}.")


class NoSuchGuardianError(ServiceError):
    """There is no such guardian, or not for the one who asks."""

    status, kind = 404, "no-such-guardian"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no guardian {identity}.")


class RecordFaultyError(ServiceError):
    """Fields of a record cannot be stored: `faults` has each with what is wrong with it."""

    status, kind = 422, "record-faulty"

    MOST = 100
    """So many faults are named."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        """Fields and sentences; a sentence repeats codes, nothing that is personal."""
        names = ", ".join(dict.fromkeys(field for field, _ in faults if field))
        super().__init__(f"Nothing was stored. Correct what is wrong: {names or 'the record'}.")
        self.faults = [{"field": f, "sentence": told} for f, told in faults[: self.MOST]]


class KeyTakenError(ServiceError):
    """Another record has the same key, name or dates already."""

    status, kind = 409, "key-taken"

    def __init__(self, what: str) -> None:
        """`what` there is already, as in "an offer with this key at this site"."""
        super().__init__(f"There is {what} already; change that one, or choose another.")


class ActivityFixedError(ServiceError):
    """The activity of somebody with a live proposal or a placement stays: its funding is used."""

    status, kind = 409, "activity-fixed"

    def __init__(self) -> None:
        """Whose it is stays out."""
        super().__init__(
            "The activity cannot change while there is a live proposal or a placement;"
            " withdraw that first."
        )


class OfferChangeError(ServiceError):
    """An offer does not change in this way as it stands."""

    status, kind = 409, "offer-change"

    def __init__(self, event: str, status: str) -> None:
        """What was wanted, and how the offer stands."""
        super().__init__(f"{event!r} is not possible for an offer that is {status}.")


class PlacesTakenError(ServiceError):
    """A window has at least as many places as are taken."""

    status, kind = 409, "places-taken"

    def __init__(self, taken: int) -> None:
        """So many are taken."""
        super().__init__(
            f"{taken} places of the window are taken; it keeps at least as many. Withdraw"
            " proposals first, or leave it at that."
        )


class WindowInUseError(ServiceError):
    """A window that proposals or locks rest on stays."""

    status, kind = 409, "window-in-use"

    def __init__(self) -> None:
        """It can be closed instead."""
        super().__init__(
            "Proposals or locks rest on this window; set its places to what is taken instead."
        )


class GuardianHasAccountError(ServiceError):
    """A guardian who can sign in stays, since the account answers as this person."""

    status, kind = 409, "guardian-has-account"

    def __init__(self) -> None:
        """The account can be disabled instead."""
        super().__init__("This guardian has an account; disable the account instead.")


class ImportFaultyError(ServiceError):
    """Rows of an import are wrong: `problems` has the first of them, `total` counts them all."""

    status, kind = 422, "import-faulty"

    MOST = 300
    """So many problems are named."""

    def __init__(self, problems: Sequence[dict[str, object]]) -> None:
        """Each problem with sheet, row, column, what is wrong and what would be right."""
        self.problems, self.total = list(problems[: self.MOST]), len(problems)
        count = f"{self.total} problem" + ("" if self.total == 1 else "s")
        super().__init__(f"{count}; nothing was imported. Correct the file and import it again.")


class NoSuchCompaniesError(ServiceError):
    """Some of the companies are not there."""

    status, kind = 404, "no-such-companies"

    def __init__(self, identities: Sequence[uuid.UUID]) -> None:
        """`identities` that no company has."""
        first = ", ".join(str(identity) for identity in identities[:3])
        rest = f" and {len(identities) - 3} more" if len(identities) > 3 else ""
        super().__init__(f"There is no company {first}{rest}; none was marked.")


class VerifierMissingError(ServiceError):
    """Who verified a company must be named."""

    status, kind = 422, "verifier-missing"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__("Say who verified the companies, in at most 200 letters.")


class ImportOverlapError(ServiceError):
    """Somebody changed a row of the import while it was being written."""

    status, kind = 409, "import-overlap"

    def __init__(self) -> None:
        """Which row it was stays out: it may be about a person."""
        super().__init__(
            "Somebody changed the same rows meanwhile; nothing was imported. Import the file again."
        )
