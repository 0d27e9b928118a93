"""Proposals: those that a round may make anew, those that somebody refused."""

import datetime
import uuid

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


def refused_proposals(session: Session) -> list[models.Proposal]:
    """Proposals that somebody rejected or declined, in any call."""
    said_no = ProposalStatus.REJECTED, ProposalStatus.DECLINED
    return list(
        session.exec(
            select(models.Proposal)
            .where(col(models.Proposal.status).in_(said_no))
            .order_by(col(models.Proposal.id))
        )
    )


def replace_proposal(session: Session, proposal_id: uuid.UUID, now: datetime.datetime) -> None:
    """A later round proposes something else."""
    found = session.get_one(models.Proposal, proposal_id)
    found.status, found.changed_at = ProposalStatus.REPLACED, now
    session.flush()
