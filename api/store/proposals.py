"""Proposals: those that a round may make anew, those that somebody refused."""

import datetime
import uuid
from collections.abc import Collection

from sqlmodel import Session, col, exists, select

import models
from models import ProposalStatus


def unanswered_proposals(session: Session, call_id: uuid.UUID) -> list[models.Proposal]:
    """A call's proposals that a round may make anew.

    Only coordinators know of them, and none has spoken.
    """
    answered = exists().where(
        col(models.Approval.proposal_id) == models.Proposal.id,
        col(models.Approval.answer).is_not(None),
    )
    return list(
        session.exec(
            select(models.Proposal)
            .where(
                models.Proposal.call_id == call_id,
                models.Proposal.status == ProposalStatus.PROPOSED,
                col(models.Proposal.round_id).is_not(None),
                ~col(models.Proposal.kept),
                ~answered,
            )
            .order_by(col(models.Proposal.id))
        )
    )


def refused_proposals(
    session: Session, of: Collection[uuid.UUID] | None = None
) -> list[models.Proposal]:
    """Proposals that somebody rejected or declined, in any call; those `of` a few people."""
    said_no = ProposalStatus.REJECTED, ProposalStatus.DECLINED
    found = select(models.Proposal).where(col(models.Proposal.status).in_(said_no))
    if of is not None:
        found = found.where(col(models.Proposal.apprentice_id).in_(of))
    return list(session.exec(found.order_by(col(models.Proposal.id))))


def live_proposals(
    session: Session, call_id: uuid.UUID, *, of: uuid.UUID | None = None
) -> list[models.Proposal]:
    """The live proposals of a call, those of one apprentice where it is said `of` whom."""
    found = select(models.Proposal).where(
        models.Proposal.call_id == call_id, col(models.Proposal.status).in_(models.LIVE)
    )
    if of is not None:
        found = found.where(models.Proposal.apprentice_id == of)
    return list(session.exec(found.order_by(col(models.Proposal.id))))


def current_placements(
    session: Session, call_id: uuid.UUID, apprentice_id: uuid.UUID
) -> list[models.Placement]:
    """The placements of a call that somebody has ahead or is on."""
    return list(
        session.exec(
            select(models.Placement)
            .join(models.Proposal, col(models.Proposal.id) == models.Placement.proposal_id)
            .where(
                models.Proposal.call_id == call_id,
                models.Placement.apprentice_id == apprentice_id,
                col(models.Placement.status).in_(models.CURRENT),
            )
        )
    )


def replace_proposal(session: Session, proposal_id: uuid.UUID, now: datetime.datetime) -> None:
    """A later round proposes something else."""
    found = session.get_one(models.Proposal, proposal_id)
    found.status, found.changed_at = ProposalStatus.REPLACED, now
    session.flush()
