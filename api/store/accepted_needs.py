"""Hard needs that somebody accepted at an offer although they are not provided there.

The one place that reads and writes their rows for requests.
"""

import uuid
from collections.abc import Collection

from sqlmodel import Session, col, select

import models
from api.store.sealed import OF_ACCEPTED, accepted_of, sealed


def accepted(
    session: Session, why: str, people: Collection[uuid.UUID],
    offers: Collection[uuid.UUID] | None = None,
) -> list[models.NeedAccepted]:  # fmt: skip
    """What was accepted for these people, at some offers or at all, by offer and need."""
    table = models.AcceptedNeed
    found = select(table).where(col(table.apprentice_id).in_(people))
    if offers is not None:
        found = found.where(col(table.offer_id).in_(offers))
    opened = accepted_of(session, why, session.exec(found).all())
    return sorted(opened, key=lambda one: (str(one.offer_id), one.need))


def add(session: Session, new: models.NeedAccepted) -> None:
    """Store what somebody accepted, sealed with the person's key."""
    told = {name: getattr(new, name) for name in OF_ACCEPTED}
    columns = sealed(session, models.AcceptedNeed, new.id, new.apprentice_id, told)
    session.add(
        models.AcceptedNeed(
            id=new.id, created_at=new.created_at, apprentice_id=new.apprentice_id,
            offer_id=new.offer_id, accepted_by=new.accepted_by, **columns,
        )
    )  # fmt: skip
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
