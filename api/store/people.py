"""People, by what is asked of them one at a time."""

import uuid
from typing import Any

from sqlmodel import Session, col, select

import models
from models import EnrolmentStatus


def person(
    session: Session, apprentice_id: uuid.UUID, *conditions: object
) -> models.Apprentice | None:
    """Somebody whose rows (apprentice, centre) meet the conditions."""
    found = select(models.Apprentice).join(models.Centre)
    return session.exec(
        found.where(models.Apprentice.id == apprentice_id, *conditions)  # type: ignore[arg-type]
    ).first()


def enrolments_of_person(
    session: Session, apprentice_id: uuid.UUID
) -> dict[uuid.UUID, EnrolmentStatus]:
    """How somebody takes part in each call."""
    found = select(models.Enrolment).where(models.Enrolment.apprentice_id == apprentice_id)
    return {row.call_id: row.status for row in session.exec(found)}


def names_in_call(
    session: Session, call_id: uuid.UUID, *conditions: object
) -> dict[uuid.UUID, tuple[str, str]]:
    """First and last names of those who are enrolled in a call, whose rows meet the conditions."""
    found = session.execute(
        select(models.Apprentice.id, models.Apprentice.first_name, models.Apprentice.last_name)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .join(models.Enrolment, col(models.Enrolment.apprentice_id) == models.Apprentice.id)
        .where(models.Enrolment.call_id == call_id, *conditions)  # type: ignore[arg-type]
    )
    return {identity: (first, last) for identity, first, last in found}


def rights_requests(
    session: Session, *conditions: Any, done: bool | None
) -> list[models.RightsRequest]:
    """What people asked for whose rows meet the conditions, the nearest deadline first."""
    answered = col(models.RightsRequest.done_at).is_not(None)
    narrowed = [] if done is None else [answered if done else ~answered]
    found = (
        select(models.RightsRequest)
        .join(models.Apprentice, col(models.Apprentice.id) == models.RightsRequest.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .where(*conditions, *narrowed)
        .order_by(col(models.RightsRequest.due_on), col(models.RightsRequest.id))
        .execution_options(populate_existing=True)
    )
    return list(session.exec(found))
