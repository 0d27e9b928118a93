"""Who takes part in a call: enrolled, selected, waiting, pausing, leaving."""

import uuid
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.language import Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.policy import Action
from api.services import calls, enrolments, people
from api.store.scopes import people_in
from models import EnrolmentStatus
from models.call_views import EnrolmentChange

router = APIRouter()


@router.post("/apprentices/{apprentice_id}/enrolments")
def enrol(
    apprentice_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> Response:  # fmt: skip
    """Enrol somebody of one's own in a call."""
    caller = permit.caller
    person = enrolments.person_in(session, caller, permit.scope, apprentice_id)
    call = calls.load(session, caller, str(form.get("call", "")))
    enrolments.enrol(session, caller, call, person)
    return go_to(request, f"/apprentices/{apprentice_id}")


@router.post("/enrolments/{enrolment_id}/status")
def change_status(
    enrolment_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.ENROLMENT_CHANGE),
) -> Response:  # fmt: skip
    """Select somebody, let somebody wait, at which place, or pause; back to where one was."""
    caller = permit.caller
    row = enrolments.load(session, caller, permit.scope, enrolment_id, seen=version_seen(form))
    given = {name: form[name] for name in ("status", "place_in_queue") if form.get(name)}
    asked, faults = read(EnrolmentChange, given, Language(caller.language))
    if asked is not None:
        with attempt(session, faults, Language(caller.language)):
            enrolments.change_enrolment(
                session, caller, row, asked.status, place_in_queue=asked.place_in_queue
            )
    if faults:
        return _left(request, session, permit, enrolment_id, faults)
    if asked is not None and asked.place_in_queue is not None:
        return go_to(request, f"/calls/{quote(people.code_of_call(session, row.call_id))}")
    return go_to(request, f"/apprentices/{row.apprentice_id}")


@router.get("/enrolments/{enrolment_id}/withdrawal")
def withdrawal_form(
    enrolment_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.ENROLMENT_CHANGE),
) -> Response:  # fmt: skip
    """What it means when somebody leaves a call, before it is done."""
    return _left(request, session, permit, enrolment_id)


@router.post("/enrolments/{enrolment_id}/withdrawal")
def withdraw(
    enrolment_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.ENROLMENT_CHANGE),
) -> Response:  # fmt: skip
    """Somebody leaves a call: what still stands, and who could come in."""
    caller, faults = permit.caller, Faults()
    row = enrolments.load(session, caller, permit.scope, enrolment_id, seen=version_seen(form))
    with attempt(session, faults, Language(caller.language)):
        left = enrolments.withdraw(session, caller, row)
        session.flush()
    if faults:
        return _left(request, session, permit, enrolment_id, faults)
    done = enrolments.withdrawal_shown(session, caller, row, left)
    return show(request, "enrolment_left.html", done=done, waiting=EnrolmentStatus.WAITING)


def _left(
    request: Request, session: Session, permit: Permit, enrolment_id: uuid.UUID,
    faults: Faults | None = None,
) -> Response:  # fmt: skip
    mine = people_in(permit.scope, permit.caller.scope_id)
    row, call, person = people.enrolment(session, enrolment_id, mine)
    return show(
        request, "enrolment_leave.html", status=422 if faults else 200, call=call, row=row,
        person=person, faults=faults or Faults(),
    )  # fmt: skip
