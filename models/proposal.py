"""One apprentice with one offer and dates, the answers to it, and what becomes of it."""

import datetime
import uuid
from enum import StrEnum
from typing import Any

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Row, among, check, listed, unique_where, word


class ProposalStatus(StrEnum):
    """How a proposal stands. Coordinators alone see it while it is proposed."""

    PROPOSED = "proposed"
    ASKED = "asked"
    AGREED = "agreed"
    PLACEMENT = "placement"
    ON_HOLD = "on_hold"
    REJECTED = "rejected"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


LIVE = (
    ProposalStatus.PROPOSED,
    ProposalStatus.ASKED,
    ProposalStatus.AGREED,
    ProposalStatus.ON_HOLD,
)
"""While a proposal stands like this it keeps its place, and the person has no other one."""


class Party(StrEnum):
    """Whose yes a proposal needs."""

    SENDING_COORDINATOR = "sending_coordinator"
    HOSTING_COORDINATOR = "hosting_coordinator"
    APPRENTICE = "apprentice"
    GUARDIAN = "guardian"
    EMPLOYER = "employer"
    COMPANY = "company"


class Answer(StrEnum):
    """What a party said."""

    YES = "yes"
    NO = "no"


class Channel(StrEnum):
    """How an answer came in."""

    ACCOUNT = "account"
    LINK = "link"
    CODE = "code"
    PHONE = "phone"
    PAPER = "paper"
    MAIL = "mail"


class PlacementStatus(StrEnum):
    """How a placement stands. Who has finished or cancelled one may have another."""

    BOOKED = "booked"
    ABROAD = "abroad"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class PairWord(StrEnum):
    """What a coordinator says of a pair before a round."""

    LOCK = "lock"
    FORBID = "forbid"


class Proposal(ChangingRow, table=True):
    """The table of proposals, made by a round or by a coordinator's hand (no `round_id`).

    `parts` are the points of each criterion as the engine gave them; `kept` marks a proposal
    that rounds leave as it is. A pair that was rejected or declined does not come back before
    `reason_resolved_at`.
    """

    __table_args__ = (
        check("dates", "first_day <= last_day"),
        check("deadline", "status <> 'asked' OR deadline IS NOT NULL OR paused_at IS NOT NULL"),
        unique_where("uq_proposal_live", "apprentice_id", among("status", LIVE)),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id", index=True)
    round_id: uuid.UUID | None = Field(default=None, foreign_key="round.id", index=True)
    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    window_id: uuid.UUID = Field(foreign_key="offer_window.id", index=True)
    status: ProposalStatus = word(ProposalStatus, default=ProposalStatus.PROPOSED)
    first_day: datetime.date
    last_day: datetime.date
    score: float
    lift: float = 0.0
    rank: int | None = None
    eligible: int | None = None
    parts: list[dict[str, Any]] = listed(default_factory=list)
    kept: bool = False
    deadline: datetime.datetime | None = None
    paused_at: datetime.datetime | None = None
    reason: str = Field(default="", max_length=60)
    reason_resolved_at: datetime.datetime | None = None


class Approval(ChangingRow, table=True):
    """One party's answer to a proposal, with the version that was seen."""

    __table_args__ = (
        UniqueConstraint("proposal_id", "party"),
        check("answered", "(answer IS NULL) = (answered_at IS NULL)"),
        check("has_channel", "(answer IS NULL) = (channel IS NULL)"),
        check("reason", "answer IS NULL OR answer = 'yes' OR reason <> ''"),
    )

    proposal_id: uuid.UUID = Field(foreign_key="proposal.id", index=True)
    party: Party = word(Party)
    turn: int = Field(ge=1)
    asked_at: datetime.datetime | None = None
    answer: Answer | None = word(Answer, default=None, nullable=True)
    answered_at: datetime.datetime | None = None
    answered_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")
    channel: Channel | None = word(Channel, default=None, nullable=True)
    reason: str = Field(default="", max_length=60)
    proposal_version: int | None = None


class Placement(ChangingRow, table=True):
    """A proposal that every party approved and the sending coordinator booked."""

    __table_args__ = (
        UniqueConstraint("proposal_id"),
        check("dates", "first_day <= last_day"),
        unique_where("uq_placement_current", "apprentice_id", "status IN ('booked', 'abroad')"),
    )

    proposal_id: uuid.UUID = Field(foreign_key="proposal.id")
    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    window_id: uuid.UUID = Field(foreign_key="offer_window.id", index=True)
    first_day: datetime.date
    last_day: datetime.date
    status: PlacementStatus = word(PlacementStatus, default=PlacementStatus.BOOKED)
    mentor: str = Field(min_length=1, max_length=200)
    booked_by: uuid.UUID = Field(foreign_key="account.id")


class PairWish(Row, table=True):
    """A pair that a coordinator locked or forbade, with the reason. One lock a person."""

    __tablename__ = "pair_wish"
    __table_args__ = (
        UniqueConstraint("apprentice_id", "window_id"),
        unique_where("uq_pair_wish_lock", "apprentice_id", "wish = 'lock'"),
    )

    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id")
    window_id: uuid.UUID = Field(foreign_key="offer_window.id", index=True)
    wish: PairWord = word(PairWord)
    reason: str = Field(min_length=1, max_length=300)
    made_by: uuid.UUID = Field(foreign_key="account.id")
