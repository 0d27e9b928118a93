"""Apprentices, what they need, and who answers for them."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, exists, or_, select

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


def by_name(
    session: Session, *conditions: ColumnElement[bool], after: uuid.UUID | None, limit: int
) -> list[tuple[models.Apprentice, models.Centre]]:
    """Apprentices that meet the conditions, by last and first name, those who come after one.

    From the beginning where that one is not there.
    """
    last, first, row = (
        col(models.Apprentice.last_name), col(models.Apprentice.first_name),
        col(models.Apprentice.id),
    )  # fmt: skip
    wanted = list(conditions)
    before = session.get(models.Apprentice, after) if after is not None else None
    if before is not None:
        same = and_(last == before.last_name, first == before.first_name)
        later = and_(last == before.last_name, first > before.first_name)
        wanted.append(or_(last > before.last_name, later, and_(same, row > before.id)))
    found = session.execute(
        select(models.Apprentice, models.Centre)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .where(*wanted)
        .order_by(last, first, row)
        .limit(limit)
    )
    return [(person, centre) for person, centre in found]


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


def has_place(*known: Any) -> ColumnElement[bool]:
    """The condition that an apprentice has a live proposal or a current placement.

    Live proposals count that meet what is `known`, a condition.
    """
    whose = col(models.Apprentice.id)
    live = exists().where(
        col(models.Proposal.apprentice_id) == whose,
        col(models.Proposal.status).in_(models.LIVE),
        *known,
    )
    current = exists().where(
        col(models.Placement.apprentice_id) == whose,
        col(models.Placement.status).in_(models.CURRENT),
    )
    return or_(live, current)


def proposed_and_placed(
    session: Session, people: Collection[uuid.UUID], *known: Any
) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Who of these people has a live proposal that meets what is `known`, and a placement."""
    proposed = session.exec(
        select(models.Proposal.apprentice_id).where(
            col(models.Proposal.apprentice_id).in_(people),
            col(models.Proposal.status).in_(models.LIVE),
            *known,
        )
    )
    placed = session.exec(
        select(models.Placement.apprentice_id).where(
            col(models.Placement.apprentice_id).in_(people),
            col(models.Placement.status).in_(models.CURRENT),
        )
    )
    return set(proposed), set(placed)


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
