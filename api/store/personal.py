"""The rows about one person, in every table (`api.personal`)."""

import datetime
import uuid
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, SQLModel, col, select

import models
from api.personal import PLACES, Ids, Place
from models import CURRENT

AT_ONCE = 500


def ids_of(session: Session, person: uuid.UUID) -> Ids:
    """The ids of everything that belongs to somebody."""

    def found(column: Any, *conditions: Any) -> frozenset[uuid.UUID]:
        return frozenset(session.exec(select(column).where(*conditions)))

    guardians = found(models.Guardian.id, models.Guardian.apprentice_id == person)
    proposals = found(models.Proposal.id, models.Proposal.apprentice_id == person)
    return Ids(
        person=person,
        guardians=guardians,
        users=found(models.User.id, models.User.apprentice_id == person)
        | found(models.User.id, col(models.User.guardian_id).in_(guardians)),
        enrolments=found(models.Enrolment.id, models.Enrolment.apprentice_id == person),
        proposals=proposals,
        approvals=found(models.Approval.id, col(models.Approval.proposal_id).in_(proposals)),
        placements=found(models.Placement.id, models.Placement.apprentice_id == person),
    )


def rows_of(session: Session, place: Place, ids: Ids) -> list[Any]:
    """The rows of a table that are about the person, by their ids."""
    table: Any = place.table
    return list(session.exec(select(table).where(place.find(ids)).order_by(table.id)))


def erase_rows(session: Session, ids: Ids, now: datetime.datetime) -> None:
    """Delete what goes and blank what stays, in every table."""
    for place in PLACES:
        table: Any = place.table
        if place.gone:
            session.execute(_untouched(delete(table).where(place.find(ids))))
        elif place.erased:
            values = dict(place.erased)
            if "changed_at" in table.model_fields:
                values |= {"changed_at": now, "version": table.version + 1}
            session.execute(_untouched(update(table).where(place.find(ids)).values(values)))
    session.expire_all()


def _untouched(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)


def has_placement(session: Session, person: uuid.UUID) -> bool:
    """Whether somebody has a placement that is booked or under way."""
    current = col(models.Placement.status).in_(CURRENT)
    mine = select(models.Placement.id).where(models.Placement.apprentice_id == person, current)
    return session.exec(mine.limit(1)).first() is not None


def every_row(session: Session, table: type[SQLModel], *conditions: Any) -> Iterator[Any]:
    """All rows of a table, some at a time."""
    rows: Any = table
    last: uuid.UUID | None = None
    while True:
        after = [] if last is None else [rows.id > last]
        found = session.exec(
            select(rows).where(*conditions, *after).order_by(rows.id).limit(AT_ONCE)
        ).all()
        yield from found
        if len(found) < AT_ONCE:
            return
        last = found[-1].id


def delete_rows(session: Session, table: type[SQLModel], ids: Collection[uuid.UUID]) -> None:
    """Delete the rows with these ids."""
    if ids:
        rows: Any = table
        session.execute(_untouched(delete(rows).where(rows.id.in_(ids))))
