"""Who answers for an apprentice or a company, lastingly or as cover."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

import models
from api.store.rows import changed


@dataclass(frozen=True)
class Whose:
    """An apprentice or a company, by the column that names it."""

    column: Literal["apprentice_id", "company_id"]
    id: uuid.UUID

    @property
    def is_meant(self) -> Any:
        """The condition that a row is about it."""
        return getattr(models.Responsibility, self.column) == self.id


def home_of(
    session: Session, whose: Whose, condition: Any, *, hold: bool = False
) -> uuid.UUID | None:
    """The region that somebody belongs to, where the condition holds.

    With `hold` nobody else names who answers until the end of the transaction.
    """
    table: type[models.Apprentice] | type[models.Company] = models.Company
    found = select(models.Company.region_id)
    if whose.column == "apprentice_id":
        table, found = models.Apprentice, select(models.Centre.region_id).join(models.Apprentice)
    found = found.where(table.id == whose.id, condition)
    return session.exec(found.with_for_update(of=table) if hold else found).first()


def lasting(session: Session, whose: Whose) -> models.Responsibility | None:
    """Who answers lastingly."""
    return session.exec(
        select(models.Responsibility)
        .where(whose.is_meant, col(models.Responsibility.covers_from).is_(None))
        .order_by(col(models.Responsibility.id))
        .execution_options(populate_existing=True)
    ).first()


def lasting_of(session: Session, user_id: uuid.UUID) -> list[models.Responsibility]:
    """For whom somebody answers lastingly."""
    return list(
        session.exec(
            select(models.Responsibility)
            .where(
                models.Responsibility.user_id == user_id,
                col(models.Responsibility.covers_from).is_(None),
            )
            .order_by(col(models.Responsibility.id))
        )
    )


def covers(
    session: Session, today: datetime.date, *conditions: Any
) -> list[tuple[models.Responsibility, uuid.UUID]]:
    """The covers that last or are to come, a row for each case, and who is covered.

    The conditions may be about the account of who covers.
    """
    away = aliased(models.Responsibility)
    same = or_(
        col(away.apprentice_id) == models.Responsibility.apprentice_id,
        col(away.company_id) == models.Responsibility.company_id,
    )
    found = session.execute(
        select(models.Responsibility, away.user_id)
        .join(away, same)
        .join(models.User, col(models.User.id) == models.Responsibility.user_id)
        .where(
            col(models.Responsibility.covers_to) >= today, col(away.covers_from).is_(None),
            *conditions,
        )
        .order_by(col(models.Responsibility.covers_from), col(models.Responsibility.id))
    )  # fmt: skip
    return [(row, user_id) for row, user_id in found]


def drop(session: Session, rows: Collection[uuid.UUID]) -> None:
    """Delete these rows."""
    theirs = col(models.Responsibility.id).in_(rows)
    changed(session, delete(models.Responsibility).where(theirs))


def drop_covers(session: Session, whose: Whose) -> None:
    """Nobody covers for this case any more."""
    theirs = whose.is_meant, col(models.Responsibility.covers_from).is_not(None)
    changed(session, delete(models.Responsibility).where(*theirs))
