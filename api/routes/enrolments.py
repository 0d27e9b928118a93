"""Who takes part in a call: applications, the queue, leaving."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlmodel import Session

import models
from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.routes.calls import Code
from api.services import calls, enrolments
from models import EnrolmentStatus
from models.call import IN_ADDRESSES, MOST_PLACES
from models.call_views import (
    EnrolmentAsked,
    EnrolmentChange,
    EnrolmentPage,
    EnrolmentShown,
    Queue,
    WithdrawalShown,
)

router = APIRouter(tags=["enrolments"])


@router.get("/calls/{code}/enrolments")
def list_enrolments(
    code: Code,
    session: Reading,
    permit: Permit = may(Action.ENROLMENT_READ),
    status: EnrolmentStatus | None = None,
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EnrolmentPage:
    """Who of one's own people takes part in a call and how, by id."""
    call = calls.load(session, permit.caller, code)
    found = enrolments.page(
        session, permit.caller, permit.scope, call, status=status, after=after, limit=limit + 1
    )
    items = found[:limit]
    return EnrolmentPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/calls/{code}/waiting")
def list_waiting(
    code: Code,
    activity: Annotated[
        str, Query(max_length=40, pattern=IN_ADDRESSES, examples=["SHORT_TERM"])
    ],
    session: Reading,
    permit: Permit = may(Action.ENROLMENT_READ),
    after: Annotated[int, Query(ge=0, le=MOST_PLACES)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Queue:  # fmt: skip
    """The queue of one's own region for an activity type; schools and people see their part."""
    call = calls.load(session, permit.caller, code)
    found = enrolments.waiting(
        session, permit.caller, permit.scope, call, activity, after=after, limit=limit + 1
    )
    items = found[:limit]
    return Queue(items=items, next=items[-1].place_in_queue if len(found) > limit else None)


@router.post("/calls/{code}/enrolments", status_code=201, response_model=EnrolmentShown)
def enrol(
    code: Code, asked: EnrolmentAsked, once: OnlyOnce,
    permit: Permit = may(Action.ENROLMENT_APPLY),
) -> JSONResponse:  # fmt: skip
    """Apply for oneself until the closing date, or enrol somebody of one's own people."""
    session, caller = once.session, permit.caller

    def make() -> EnrolmentShown:
        person = enrolments.person_in(session, caller, permit.scope, asked.apprentice_id)
        call = calls.load(session, caller, code)
        return enrolments.shown(enrolments.enrol(session, caller, call, person), person)

    return once(
        asked.model_dump(mode="json"), 201, make, headers=lambda made: {"ETag": tag(made.version)}
    )


@router.put("/enrolments/{enrolment_id}/status")
def change_status(
    enrolment_id: uuid.UUID, asked: EnrolmentChange, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.ENROLMENT_CHANGE),
) -> EnrolmentShown:  # fmt: skip
    """Select somebody, let somebody wait or pause; leaving has an address of its own."""
    caller = permit.caller
    row = enrolments.load(session, caller, permit.scope, enrolment_id, seen=seen)
    enrolments.change_enrolment(
        session, caller, row, asked.status, place_in_queue=asked.place_in_queue
    )
    return _answer(session, row, response)


@router.post("/enrolments/{enrolment_id}/withdrawal")
def withdraw(
    enrolment_id: uuid.UUID, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.ENROLMENT_WITHDRAW),
) -> WithdrawalShown:  # fmt: skip
    """Leave a call. What the person has there still stands; who could come in is named."""
    caller = permit.caller
    row = enrolments.load(session, caller, permit.scope, enrolment_id, seen=seen)
    left = enrolments.withdraw(session, caller, row)
    session.flush()
    response.headers["ETag"] = tag(row.version)
    return enrolments.withdrawal_shown(session, caller, row, left)


def _answer(session: Session, row: models.Enrolment, response: Response) -> EnrolmentShown:
    session.flush()
    response.headers["ETag"] = tag(row.version)
    return enrolments.shown(row, session.get_one(models.Apprentice, row.apprentice_id))
