"""Apprentices, what they need, and who answers for them."""

import uuid

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, exists, select

import models


def apprentices(
    session: Session, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[tuple[models.Apprentice, models.Centre]]:
    """The first apprentices that meet the conditions, by id, each with the centre."""
    rows = session.execute(
        select(models.Apprentice, models.Centre)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .where(*conditions)
        .order_by(col(models.Apprentice.id))
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [(person, centre) for person, centre in rows]


def hold_apprentice(
    session: Session, apprentice_id: uuid.UUID, *conditions: ColumnElement[bool]
) -> tuple[models.Apprentice, models.Centre] | None:
    """An apprentice whom nobody else changes until the end of the transaction."""
    mine = col(models.Apprentice.id) == apprentice_id
    session.exec(select(models.Apprentice.id).where(mine).with_for_update())
    found = apprentices(session, mine, *conditions)
    return found[0] if found else None


def enrolled_in(
    code: str | None, status: models.EnrolmentStatus | None
) -> ColumnElement[bool]:  # fmt: skip
    """The condition that an apprentice takes part in a call, in one of them where none is named."""
    found = (
        exists()
        .where(col(models.Enrolment.apprentice_id) == models.Apprentice.id)
        .where(col(models.Call.id) == models.Enrolment.call_id)
    )
    if code is not None:
        found = found.where(col(models.Call.code) == code)
    if status is not None:
        found = found.where(col(models.Enrolment.status) == status)
    return found


def needs_row(session: Session, apprentice_id: uuid.UUID) -> models.SupportNeeds | None:
    """The sealed record of what somebody needs, None where nothing was ever said."""
    found = select(models.SupportNeeds).where(models.SupportNeeds.apprentice_id == apprentice_id)
    return session.exec(found.execution_options(populate_existing=True)).first()


def is_busy(session: Session, apprentice_id: uuid.UUID) -> bool:
    """Whether somebody has a live proposal or a current placement."""
    live = exists().where(
        col(models.Proposal.apprentice_id) == apprentice_id,
        col(models.Proposal.status).in_(models.LIVE),
    )
    current = exists().where(
        col(models.Placement.apprentice_id) == apprentice_id,
        col(models.Placement.status).in_(models.CURRENT),
    )
    return bool(session.execute(select(live | current)).scalar_one())


def centre(
    session: Session, centre_id: uuid.UUID, *conditions: ColumnElement[bool]
) -> models.Centre | None:
    """A centre that meets the conditions."""
    return session.exec(
        select(models.Centre).where(models.Centre.id == centre_id, *conditions)
    ).first()


def guardian(
    session: Session, guardian_id: uuid.UUID, *conditions: ColumnElement[bool]
) -> models.Guardian | None:
    """A guardian whose apprentice, joined with the centre, meets the conditions."""
    return session.exec(
        select(models.Guardian)
        .join(models.Apprentice, col(models.Apprentice.id) == models.Guardian.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .where(models.Guardian.id == guardian_id, *conditions)
        .with_for_update(of=models.Guardian)
        .execution_options(populate_existing=True)
    ).first()


def has_account(session: Session, guardian_id: uuid.UUID) -> bool:
    """Whether a guardian can sign in, or could."""
    account = exists().where(col(models.User.guardian_id) == guardian_id)
    return bool(session.execute(select(account)).scalar_one())
