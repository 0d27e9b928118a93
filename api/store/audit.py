"""The audit: who did what to which row, the newest first."""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import Session, col, or_, select

import models
from api.store.pages import AUDIT


def events(
    session: Session, *conditions: ColumnElement[bool], after: tuple[Any, uuid.UUID] | None,
    limit: int,
) -> list[models.AuditEvent]:  # fmt: skip
    """The events that meet the conditions, `after` a time and an id."""
    narrowed = [*conditions, *([AUDIT.after(*after)] if after is not None else [])]
    found = select(models.AuditEvent).where(*narrowed).order_by(*AUDIT.order).limit(limit)
    return list(session.exec(found))


def last_of(
    session: Session, noun: str, row_ids: Collection[uuid.UUID], actions: Collection[str]
) -> dict[uuid.UUID, datetime.datetime]:
    """When one of these things was last done to each row; rows of which nothing is are left out."""
    event = models.AuditEvent
    found = (
        select(event.row_id, func.max(event.created_at))
        .where(event.noun == noun, col(event.row_id).in_(row_ids), col(event.action).in_(actions))
        .group_by(col(event.row_id))
    )
    return {row_id: moment for row_id, moment in session.exec(found) if row_id is not None}


def about_people_of(region_id: uuid.UUID | None) -> ColumnElement[bool]:
    """The condition that an event is about a person of the region, or a case of one."""
    people = (
        select(models.Apprentice.id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .where(models.Centre.region_id == region_id)
    )
    proposals = select(models.Proposal.id).where(col(models.Proposal.apprentice_id).in_(people))

    def of_people(table: Any) -> Any:
        return select(table.id).where(col(table.apprentice_id).in_(people))

    def of_proposals(table: Any) -> Any:
        return select(table.id).where(col(table.proposal_id).in_(proposals))

    rows = {
        "apprentice": people,
        "guardian": of_people(models.Guardian),
        "support_needs": of_people(models.SupportNeeds),
        "enrolment": of_people(models.Enrolment),
        "pair_wish": of_people(models.PairWish),
        "proposal": proposals,
        "approval": of_proposals(models.Approval),
        "question": of_proposals(models.Question),
        "placement": of_proposals(models.Placement),
    }
    return or_(
        col(models.AuditEvent.about_id).in_(people),
        *(
            and_(col(models.AuditEvent.noun) == noun, col(models.AuditEvent.row_id).in_(ids))
            for noun, ids in rows.items()
        ),
    )
