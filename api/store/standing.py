"""How far a region has come in the calls that are open: counts, one query for each."""

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

import models
from api.store.cases import with_case
from models import EnrolmentStatus, PlacementStatus


def selected(session: Session, calls: Collection[uuid.UUID], mine: ColumnElement[bool]) -> int:
    """How many people (`people_in`) are selected in these calls."""
    found = (
        select(func.count())
        .select_from(models.Enrolment)
        .join(models.Apprentice, col(models.Apprentice.id) == models.Enrolment.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .where(
            mine,
            col(models.Enrolment.call_id).in_(calls),
            models.Enrolment.status == EnrolmentStatus.SELECTED,
        )
    )
    return session.exec(found).one()


def placed(session: Session, calls: Collection[uuid.UUID], mine: ColumnElement[bool]) -> int:
    """How many stays of these calls were booked and not cancelled, of cases on one side."""
    found = with_case(
        select(func.count())
        .select_from(models.Placement)
        .join(models.Proposal, col(models.Proposal.id) == models.Placement.proposal_id)
    ).where(
        mine,
        col(models.Proposal.call_id).in_(calls),
        models.Placement.status != PlacementStatus.CANCELLED,
    )
    return int(session.execute(found).scalar_one())
