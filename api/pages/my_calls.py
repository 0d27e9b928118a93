"""Where an apprentice takes part: applied for by oneself, and left."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.pages.frame import Faults, Form, attempt, go_to, show, version_seen
from api.pages.own import Own, own
from api.policy import Action
from api.services import calls, enrolments
from api.services.own_calls import own_calls

router = APIRouter()


@router.get("/my-calls")
def my_calls(
    request: Request, session: Reading, permit: Permit = may(Action.ENROLMENT_READ), done: str = ""
) -> Response:
    """Every call that one can know of, and how one takes part."""
    return _page(request, session, own(session, permit, Action.ENROLMENT_READ), done=done)


@router.post("/my-calls/{code}/application")
def apply(
    request: Request, code: str, _form: Form, session: Writing,
    permit: Permit = may(Action.ENROLMENT_APPLY),
) -> Response:  # fmt: skip
    """Apply for oneself, until the closing date."""
    me, faults = own(session, permit, Action.ENROLMENT_APPLY), Faults()
    with attempt(session, faults, me.language):
        call = calls.load(session, me.caller, code)
        enrolments.enrol(session, me.caller, call, me.person)
    if faults:
        return _page(request, session, me, faults=faults)
    return go_to(request, "/my-calls?done=applied")


@router.post("/my-calls/{enrolment_id}/withdrawal")
def withdraw(
    request: Request, enrolment_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.ENROLMENT_WITHDRAW),
) -> Response:  # fmt: skip
    """Leave a call. What was proposed or booked there still stands."""
    me, faults = own(session, permit, Action.ENROLMENT_WITHDRAW), Faults()
    with attempt(session, faults, me.language):
        row = enrolments.load(
            session, me.caller, permit.scope, enrolment_id,
            seen=version_seen(form),
        )  # fmt: skip
        enrolments.withdraw(session, me.caller, row)
    if faults:
        return _page(request, session, me, faults=faults)
    return go_to(request, "/my-calls?done=withdrawn")


def _page(
    request: Request, session: Session, me: Own, *, done: str = "", faults: Faults | None = None
) -> Response:
    return show(
        request, "my_calls.html", status=422 if faults else 200, done=done,
        calls=own_calls(session, me.caller, me.person), faults=faults or Faults(),
    )  # fmt: skip
