"""Hard needs that somebody accepted at an offer although they are not provided there.

The one place that reads and writes their rows for requests.
"""

import uuid
from collections.abc import Collection

from sqlmodel import Session, col, select

import models


def accepted(
    session: Session, people: Collection[uuid.UUID], offers: Collection[uuid.UUID] | None = None
) -> list[models.AcceptedNeed]:
    """What was accepted for these people, at some offers or at all, by offer and need."""
    table = models.AcceptedNeed
    found = select(table).where(col(table.apprentice_id).in_(people))
    if offers is not None:
        found = found.where(col(table.offer_id).in_(offers))
    return sorted(session.exec(found), key=lambda row: (str(row.offer_id), row.need))


def add(session: Session, row: models.AcceptedNeed) -> None:
    """Store what somebody accepted."""
    session.add(row)
    session.flush()


def one(
    session: Session, apprentice_id: uuid.UUID, accepted_id: uuid.UUID
) -> models.AcceptedNeed | None:
    """One of those of a person."""
    row = session.get(models.AcceptedNeed, accepted_id)
    return row if row is not None and row.apprentice_id == apprentice_id else None


def drop(session: Session, row: models.AcceptedNeed) -> None:
    """It is accepted no longer."""
    session.delete(row)
    session.flush()
