"""Calls for those who make them: the list, one of them, what it funds, who waits."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from sqlmodel import Session

import models
from api.edge import Permit, Reading, Writing, may
from api.language import N_, Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.pages.person_form import named
from api.policy import Action, Scope, scope_of
from api.services import calls, enrolments, people
from models import CallFields, Role
from models.call import IN_ADDRESSES
from models.call_views import FundingAsked

router = APIRouter()

Code = Annotated[str, Path(max_length=60, pattern=IN_ADDRESSES)]

LABELS: dict[str, str] = {
    "name": N_("Name"), "code": N_("Short name in addresses"), "closes_on": N_("Apply until"),
    "stays_from": N_("First day of stays"), "stays_to": N_("Last day of stays"),
    "places": N_("Funded places"),
}  # fmt: skip

MOVES = {"open": calls.open_call, "finish": calls.finish_call}
"""What brings a call on, by the button that was pressed."""

MOST_WAITING = 200


@router.get("/calls")
def listed(
    request: Request, session: Reading, _permit: Permit = may(Action.CALL_CHANGE)
) -> Response:
    """All calls, the last to begin first."""
    return show(request, "calls.html", items=calls.every(session))


@router.get("/calls/new")
def new(request: Request, _permit: Permit = may(Action.CALL_CHANGE)) -> Response:
    """The form for a call."""
    return _form(request, _permit)


@router.post("/calls/new")
def make(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.CALL_CHANGE)
) -> Response:
    """Make a call, as a draft."""
    language = Language(permit.caller.language)
    asked, faults = read(CallFields, _given(form), language)
    if asked is not None:
        with attempt(session, faults, language):
            calls.create_call(session, permit.caller, asked)
        if not faults:
            return go_to(request, f"/calls/{asked.code}")
    return _form(request, permit, form=form, faults=faults)


@router.get("/calls/{code}")
def one(
    code: Code, request: Request, session: Reading, permit: Permit = may(Action.CALL_CHANGE)
) -> Response:
    """A call: its days, what is funded and taken, who waits."""
    return _page(request, session, permit, calls.load(session, permit.caller, code))


@router.get("/calls/{code}/edit")
def edit(
    code: Code, request: Request, session: Reading, permit: Permit = may(Action.CALL_CHANGE)
) -> Response:
    """The form of a call."""
    return _form(request, permit, call=calls.load(session, permit.caller, code))


@router.post("/calls/{code}/edit")
def change(
    code: Code, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.CALL_CHANGE),
) -> Response:  # fmt: skip
    """Change a call; stays outside of its new period are put on hold."""
    caller, language = permit.caller, Language(permit.caller.language)
    call = calls.load(session, caller, code)
    asked, faults = read(CallFields, _given(form), language)
    if asked is not None:
        with attempt(session, faults, language):
            held = calls.load(session, caller, code, change=True, seen=version_seen(form))
            calls.change_call(session, caller, held, asked)
        if not faults:
            return go_to(request, f"/calls/{asked.code}")
    return _form(request, permit, call=call, form=form, faults=faults)


@router.post("/calls/{code}/status")
def move(
    code: Code, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.CALL_CHANGE),
) -> Response:  # fmt: skip
    """Open a draft, or finish an open call."""
    caller, faults = permit.caller, Faults()
    call = calls.load(session, caller, code)
    do = MOVES.get(str(form.get("do", "")))
    if do is not None:
        with attempt(session, faults, Language(caller.language)):
            held = calls.load(session, caller, code, change=True, seen=version_seen(form))
            do(session, caller, held)
    if faults:
        return _page(request, session, permit, call, faults=faults)
    return go_to(request, f"/calls/{code}")


@router.post("/calls/{code}/funding/{region}/{activity}")
def fund(
    code: Code, region: Code, activity: Code, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.CALL_FUND),
) -> Response:  # fmt: skip
    """Fund so many stays of a kind for a region, in place of what was funded before."""
    caller, language = permit.caller, Language(permit.caller.language)
    home = calls.region_in_scope(session, caller, permit.scope, region)
    call = calls.load(session, caller, code)
    asked, faults = read(FundingAsked, {"places": form.get("places", "")}, language)
    if asked is not None:
        with attempt(session, faults, language):
            calls.fund(session, caller, call, home, activity, asked.places, seen=version_seen(form))
        if not faults:
            return go_to(request, f"/calls/{code}")
    return _page(request, session, permit, call, faults=faults)


def _page(
    request: Request, session: Session, permit: Permit, call: models.Call, *,
    faults: Faults | None = None,
) -> Response:  # fmt: skip
    caller, language = permit.caller, Language(permit.caller.language)
    activities = named(language, "activities")
    sending = scope_of(caller.role, Action.ENROLMENT_CHANGE)
    queues = [
        (name, found)
        for code, name in activities
        if sending is not None
        and (found := enrolments.waiting(
            session, caller, sending, call, code, after=0, limit=MOST_WAITING
        ))
    ]  # fmt: skip
    funding = scope_of(caller.role, Action.CALL_FUND) or Scope.OWN
    return show(
        request, "call.html", status=422 if faults else 200, call=call,
        lines=calls.lines(session, call), activities=activities, queues=queues,
        regions=people.regions(session, caller, Scope.ALL),
        funds={one.code for one in people.regions(session, caller, funding)},
        is_coordinator=caller.role == Role.COORDINATOR, labels=_labels(language),
        faults=faults or Faults(),
    )  # fmt: skip


def _form(
    request: Request, permit: Permit, *, call: models.Call | None = None, form: Any = None,
    faults: Faults | None = None,
) -> Response:  # fmt: skip
    return show(
        request, "call_form.html", status=422 if faults else 200, call=call, typed=form or {},
        labels=_labels(Language(permit.caller.language)), faults=faults or Faults(),
    )  # fmt: skip


def _labels(language: Language) -> dict[str, str]:
    return {name: language.phrase(text) for name, text in LABELS.items()}


def _given(form: Any) -> dict[str, str]:
    names = CallFields.model_fields
    return {name: text for name in names if (text := str(form.get(name, "")).strip())}
