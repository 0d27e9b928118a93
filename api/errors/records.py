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
