"""Questions of companies about proposals."""

import uuid

from sqlmodel import Session, col, select

import models


def questions_of(session: Session, proposal_id: uuid.UUID) -> list[models.Question]:
    """Everything that was asked about a proposal, the oldest first."""
    found = select(models.Question).where(models.Question.proposal_id == proposal_id)
    oldest = col(models.Question.created_at), col(models.Question.id)
    return list(session.exec(found.order_by(*oldest)))
