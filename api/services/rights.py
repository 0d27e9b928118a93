"""Requests about one's own data, each with its deadline."""

import calendar
import datetime
import uuid
from typing import Any

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchApprenticeError, NoSuchRightsRequestError, NotNowError
from api.services import erasing, records
from api.services.records import check_version
from models.rights_views import (
    ErasureShown,
    RightsAsked,
    RightsRequestPage,
    RightsRequestShown,
)

KEPT = ["apprentice", "guardian", "enrolment", "proposal", "approval", "placement", "audit_event"]
"""Tables whose rows stay, without names: what grant rules ask for."""


def ask(
    session: Session, caller: Caller, person: uuid.UUID, asked: RightsAsked, mine: Any
) -> models.RightsRequest:
    """Write down what somebody asks for. Raises NoSuchApprenticeError, NotNowError.

    It is to be answered within one month of the day it came in (GDPR art. 12(3)).
    """
    if store.people.person(session, person, mine) is None:
        raise NoSuchApprenticeError(person)
    received = asked.received_on or caller.today
    if received > caller.today:
        raise NotNowError("request_to_come")
    row = models.RightsRequest(
        **records.stamps(caller), apprentice_id=person, kind=asked.kind, received_on=received,
        due_on=a_month_after(received),
    )  # fmt: skip
    records.made(session, caller, row, kind=asked.kind)
    return row


def a_month_after(day: datetime.date) -> datetime.date:
    """The same day of the next month, or its last one (Regulation 1182/71 art. 3)."""
    year, month = (day.year + day.month // 12, day.month % 12 + 1)
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def listed(
    session: Session, caller: Caller, mine: Any, *, done: bool | None
) -> RightsRequestPage:  # fmt: skip
    """The requests of one's people, those first whose deadline comes first."""
    found = store.people.rights_requests(session, mine, done=done)
    return RightsRequestPage(items=[shown(caller, row) for row in found])


def answer(
    session: Session, caller: Caller, request_id: uuid.UUID, seen: int | None, mine: Any
) -> models.RightsRequest:
    """Say that a request was met. Raises NoSuchRightsRequestError, NotNowError.

    An erasure is met by erasing, which answers it.
    """
    found = store.people.rights_requests(
        session, mine, col(models.RightsRequest.id) == request_id, done=None
    )
    if not found:
        raise NoSuchRightsRequestError(request_id)
    row = found[0]
    check_version("request", row, seen)
    if row.done_at is not None:
        raise NotNowError("request_done")
    if row.kind == models.RequestKind.ERASURE:
        raise NotNowError("request_to_erase")
    row.done_at = row.changed_at = caller.now
    row.done_by = caller.user_id
    records.note(session, caller, "rights_request.answered", row)
    session.flush()
    return row


def erase(session: Session, caller: Caller, person: uuid.UUID, mine: Any) -> ErasureShown:
    """Erase one of one's people. Raises what `erasing.erase` raises."""
    if store.people.person(session, person, mine) is None:
        raise NoSuchApprenticeError(person)
    done = erasing.erase(session, caller, person, "request")
    return ErasureShown(
        apprentice_id=person, erased_at=done.created_at,
        key_destroyed=done.key_destroyed_at is not None, scrubbed=done.scrubbed_at is not None,
        kept=KEPT,
    )  # fmt: skip


def shown(caller: Caller, row: models.RightsRequest) -> RightsRequestShown:
    """A request as coordinators and the person see it."""
    names = RightsRequestShown.model_fields.keys() - {"overdue"}
    overdue = row.done_at is None and row.due_on < caller.today
    return RightsRequestShown(**{name: getattr(row, name) for name in names}, overdue=overdue)
