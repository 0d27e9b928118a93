"""One apprentice with one offer and dates, and what coordinators say of pairs before a round."""

import datetime
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import LargeBinary
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

NOT_ENDED = (*LIVE, ProposalStatus.PLACEMENT)
"""The case goes on: the proposal is live, or became a placement."""


class PairWord(StrEnum):
    """What a coordinator says of a pair before a round."""

    LOCK = "lock"
    FORBID = "forbid"


class Proposal(ChangingRow, table=True):
    """The table of proposals, made by a round or by a coordinator's hand (no `round_id`).

    `kept` marks a proposal that rounds leave as it is. `held_for` are the rules that put it on
    hold, as far as the hosting side may know them; everything that depends on needs is in
    `ProposalDetail`. Who is asked has `hours_to_answer`, or what the settings say. A pair that was
    rejected or declined does not come back before `reason_resolved_at`.
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
    made_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")
    kept: bool = False
    held_for: list[str] = listed(default_factory=list)
    hours_to_answer: int | None = Field(default=None, ge=1)
    deadline: datetime.datetime | None = None
    paused_at: datetime.datetime | None = None
    reason: str = Field(default="", max_length=60)
    reason_resolved_at: datetime.datetime | None = None


class ProposalDetail(ChangingRow, table=True):
    """What of a proposal depends on the person's needs, sealed with the person's key.

    `details`: `ProposalDetails`; `held_for`: every rule that proposal or placement breaks now.
    It has a version of its own, so that nothing of it shows in the proposal's.
    """

    __tablename__ = "proposal_detail"
    __table_args__ = (UniqueConstraint("proposal_id"),)

    proposal_id: uuid.UUID = Field(foreign_key="proposal.id")
    details: bytes = Field(sa_type=LargeBinary)
    held_for: bytes = Field(sa_type=LargeBinary)


@dataclass(frozen=True)
class ProposalDetails:
    """An opened row of `ProposalDetail`; without a score where it could not be opened.

    `parts` are the points of each criterion as the engine gave them. `warnings` were there when
    the proposal was made by hand, and `override_reason` says why it was made all the same.
    """

    score: float | None = None
    lift: float = 0.0
    rank: int | None = None
    eligible: int | None = None
    parts: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    override_reason: str = ""
    held_for: list[str] = field(default_factory=list)


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
