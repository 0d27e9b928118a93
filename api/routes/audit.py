"""The audit, for who answers for what was done."""

import datetime
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import true
from sqlmodel import col

import models
from api import chain, store
from api.cursor import pack, unpack
from api.edge import Permit, Reading, may
from api.policy import Action, Scope
from models.base import Code, Shape

router = APIRouter(tags=["audit"])

SORT = "newest"


class EventShown(Shape):
    """Who did what to which row, and for whom: ids and codes, no names.

    `data` of events about people is sealed: only coordinators of their region read it.
    """

    id: uuid.UUID
    created_at: datetime.datetime
    actor_id: uuid.UUID | None
    acting_for_id: uuid.UUID | None
    action: str
    noun: str
    row_id: uuid.UUID
    data: dict[str, Any]
    request_id: str


class EventPage(Shape):
    """A part of the audit; `next` is what `after` is for the following part."""

    items: list[EventShown]
    next: str | None


@router.get("/audit")
def list_events(
    session: Reading,
    permit: Permit = may(Action.AUDIT_READ),
    noun: Annotated[Code | None, Query(examples=["proposal"])] = None,
    row: uuid.UUID | None = None,
    after: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EventPage:
    """What was done, the newest first; coordinators see what is about their region's people."""
    everything = permit.scope == Scope.ALL
    wanted = [
        true() if everything else store.audit.about_people_of(permit.caller.scope_id)
    ]  # fmt: skip
    if noun is not None:
        wanted.append(col(models.AuditEvent.noun) == noun)
    if row is not None:
        wanted.append(col(models.AuditEvent.row_id) == row)
    place = unpack(after, SORT, store.pages.AUDIT.kind) if after is not None else None
    found = store.audit.events(session, *wanted, after=place, limit=limit + 1)
    # whoever sees the events of every region may not know what somebody needs
    details = chain.details_of(session, found[:limit], besides_people=everything)
    names = EventShown.model_fields.keys() - {"data"}
    items = [
        EventShown(**{name: getattr(one, name) for name in names}, data=details[one.id])
        for one in found[:limit]
    ]
    last = items[-1] if len(found) > limit else None
    return EventPage(items=items, next=pack(SORT, last.created_at, last.id) if last else None)
