"""How far a region has come in the calls that are open: counts, one query for each."""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import Session, col, select

import models
from api.store.cases import with_case
from models import EnrolmentStatus, PlacementStatus


def selected(session: Session, calls: Collection[uuid.UUID], mine: ColumnElement[bool]) -> int:
    """How many people (`people_in`) are selected in these calls."""
    status = col(models.Enrolment.status) == EnrolmentStatus.SELECTED
    found = _enrolled(select(func.count()), calls, mine).where(status)
    return int(session.execute(found).scalar_one())


def by_status(
    session: Session, calls: Collection[uuid.UUID], mine: ColumnElement[bool]
) -> dict[EnrolmentStatus, int]:
    """How many people (`people_in`) take part in these calls, by how they do."""
    status = col(models.Enrolment.status)
    found = _enrolled(select(status, func.count()), calls, mine).group_by(status)
    return {EnrolmentStatus(one): count for one, count in session.execute(found)}


def taking_part(
    session: Session, calls: Collection[uuid.UUID], mine: ColumnElement[bool]
) -> int:  # fmt: skip
    """How many people take part in one of these calls and have not left it."""
    people = select(func.count(func.distinct(col(models.Enrolment.apprentice_id))))
    there = col(models.Enrolment.status) != EnrolmentStatus.WITHDRAWN
    return int(session.execute(_enrolled(people, calls, mine).where(there)).scalar_one())


def people(session: Session, mine: ColumnElement[bool]) -> int:
    """How many people there are."""
    found = _with_centre(select(func.count()).select_from(models.Apprentice))
    return int(session.execute(found.where(mine)).scalar_one())


def without_guardian(
    session: Session, mine: ColumnElement[bool], born_after: datetime.date, limit: int
) -> list[models.Apprentice]:
    """People born later than a day for whom nobody answers, by name."""
    person = models.Apprentice
    named = exists().where(col(models.Guardian.apprentice_id) == person.id)
    found = _with_centre(select(person)).where(mine, col(person.birth_date) > born_after, ~named)
    order = col(person.last_name), col(person.first_name), col(person.id)
    return list(session.exec(found.order_by(*order).limit(limit)))


def _enrolled(found: Any, calls: Collection[uuid.UUID], mine: ColumnElement[bool]) -> Any:
    of_person = col(models.Apprentice.id) == models.Enrolment.apprentice_id
    joined = found.select_from(models.Enrolment).join(models.Apprentice, of_person)
    return _with_centre(joined).where(mine, col(models.Enrolment.call_id).in_(calls))


def _with_centre(found: Any) -> Any:
    return found.join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)


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
