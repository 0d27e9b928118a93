"""What becomes of a proposal that everybody approved."""

import datetime
import uuid
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, among, check, listed, unique_where, word


class PlacementStatus(StrEnum):
    """How a placement stands. Who has finished or cancelled one may have another."""

    BOOKED = "booked"
    ABROAD = "abroad"
    FINISHED = "finished"
    CANCELLED = "cancelled"


CURRENT = (PlacementStatus.BOOKED, PlacementStatus.ABROAD)
"""While a placement stands like this it keeps its place, and the person has no other one."""


class Placement(ChangingRow, table=True):
    """A proposal that every party approved and the sending coordinator booked.

    `held_for` are hard rules that it breaks since something was edited, as far as the hosting
    side may know them (all of them: `ProposalDetail`); `reason` says why it
    was cancelled.
    """

    __table_args__ = (
        UniqueConstraint("proposal_id"),
        check("dates", "first_day <= last_day"),
        unique_where("uq_placement_current", "apprentice_id", among("status", CURRENT)),
    )

    proposal_id: uuid.UUID = Field(foreign_key="proposal.id")
    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    window_id: uuid.UUID = Field(foreign_key="offer_window.id", index=True)
    first_day: datetime.date
    last_day: datetime.date
    status: PlacementStatus = word(PlacementStatus, default=PlacementStatus.BOOKED)
    mentor: str = Field(min_length=1, max_length=200)
    booked_by: uuid.UUID = Field(foreign_key="account.id")
    held_for: list[str] = listed(default_factory=list)
    reason: str = Field(default="", max_length=60)
