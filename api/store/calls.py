"""Calls, and who takes part in them."""

import datetime
import uuid

from sqlmodel import Session, col, exists, select

import models
from models import CallStatus, EnrolmentStatus


def call_by_code(session: Session, code: str) -> models.Call | None:
    """The call with this code."""
    return session.exec(select(models.Call).where(models.Call.code == code)).first()


def open_calls(session: Session, there_at: datetime.datetime) -> list[models.Call]:
    """The open calls that were there at a time."""
    return list(
        session.exec(
            select(models.Call)
            .where(models.Call.status == CallStatus.OPEN, models.Call.created_at <= there_at)
            .order_by(col(models.Call.id))
        )
    )


def free_apprentices(
    session: Session, call_id: uuid.UUID, *, besides: list[uuid.UUID]
) -> list[models.Apprentice]:
    """Who is selected in the call, has no live proposal `besides` these and no placement."""
    live = exists().where(
        col(models.Proposal.apprentice_id) == models.Apprentice.id,
        col(models.Proposal.status).in_(models.LIVE),
        col(models.Proposal.id).not_in(besides),
    )
    placed = exists().where(
        col(models.Placement.apprentice_id) == models.Apprentice.id,
        col(models.Placement.status).in_(models.CURRENT),
    )
    return list(
        session.exec(
            select(models.Apprentice)
            .join(models.Enrolment)
            .where(
                models.Enrolment.call_id == call_id,
                models.Enrolment.status == EnrolmentStatus.SELECTED,
                ~live,
                ~placed,
            )
            .order_by(col(models.Apprentice.id))
        )
    )
