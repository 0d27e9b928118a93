"""What is refused of sealed rows."""

import uuid

from api.errors.base import ServiceError


class SealBrokenError(ServiceError):
    """A sealed row was changed outside of the service, or its key is gone."""

    status = 409
    kind = "seal-broken"
    text = (
        "The row {row} of {table} cannot be opened: it was changed outside of this service, or its"
        " key is gone. Put the row back from a backup, or write it anew."
    )

    def __init__(self, table: str, row: uuid.UUID) -> None:
        """`row` is its id."""
        super().__init__(table=table, row=row)


class NotTheirNeedError(ServiceError):
    """A need is confirmed that the person has not.

    Which one is not said: the message may be logged.
    """

    status = 422
    kind = "not-their-need"
    text = "One of these is not among the person's needs. Read them again."


class BarrierNotAskedError(ServiceError):
    """Barrier or evidence is given although no National Agency asks for it."""

    status = 409
    kind = "barrier-not-asked"
    text = (
        "Barrier and evidence are stored only where the National Agency asks for them: the setting"
        " barrier_category says so. Leave both out."
    )
