"""Calls and their funding: seen, made, changed, opened, finished, funded."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from sqlmodel import Session, col

import models
from api import store
from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.services import calls
from models import CallStatus
from models.call import IN_ADDRESSES
from models.call_views import CallForAll, CallPage, CallShown, FundedShown, FundingAsked

router = APIRouter(prefix="/calls", tags=["calls"])

Code = Annotated[str, Path(max_length=60, pattern=IN_ADDRESSES, examples=["2027-spring"])]
"""A code in an address: of a call, a region or an activity type."""


@router.get("")
def list_calls(
    session: Reading,
    permit: Permit = may(Action.CALL_READ),
    status: CallStatus | None = None,
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CallPage:
    """The calls, by id. Drafts are there for those who may change them."""
    wanted = []
    if status is not None:
        wanted.append(col(models.Call.status) == status)
    if not calls.makes_calls(permit.caller):
        wanted.append(col(models.Call.status) != CallStatus.DRAFT)
    found = store.calls.calls(session, *wanted, after=after, limit=limit + 1)
    items = [
        CallForAll(**{name: getattr(row, name) for name in CallForAll.model_fields})
        for row in found[:limit]
    ]
    return CallPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.post("", status_code=201, response_model=CallShown)
def make_call(
    asked: models.CallFields, once: OnlyOnce, permit: Permit = may(Action.CALL_CHANGE)
) -> JSONResponse:
    """Make a call, as a draft."""

    def make() -> CallShown:
        call = calls.create_call(once.session, permit.caller, asked)
        return calls.shown(once.session, permit.caller, call)

    return once(
        asked.model_dump(mode="json"), 201, make,
        headers=lambda made: {
            "ETag": tag(made.version), "Location": f"/api/v1/calls/{made.code}"
        },
    )  # fmt: skip


@router.get("/{code}")
def one_call(
    code: Code, session: Reading, response: Response, permit: Permit = may(Action.CALL_READ)
) -> CallShown:
    """One call, with what it funds for those who may know, and the ETag that changes ask for."""
    return _answer(session, permit, calls.load(session, permit.caller, code), response)


@router.put("/{code}")
def change_call(
    code: Code, asked: models.CallFields, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.CALL_CHANGE),
) -> CallShown:  # fmt: skip
    """Change a call. What was proposed or booked and lies outside of its new period is held."""
    call = calls.load(session, permit.caller, code, change=True, seen=seen)
    calls.change_call(session, permit.caller, call, asked)
    return _answer(session, permit, call, response)


@router.post("/{code}/opening")
def open_call(
    code: Code, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.CALL_CHANGE),
) -> CallShown:  # fmt: skip
    """Open a draft: people apply, rounds run."""
    call = calls.load(session, permit.caller, code, change=True, seen=seen)
    return _answer(session, permit, calls.open_call(session, permit.caller, call), response)


@router.post("/{code}/finish")
def finish_call(
    code: Code, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.CALL_CHANGE),
) -> CallShown:  # fmt: skip
    """Finish an open call without live proposals: nothing more is proposed."""
    call = calls.load(session, permit.caller, code, change=True, seen=seen)
    return _answer(session, permit, calls.finish_call(session, permit.caller, call), response)


@router.put("/{code}/funding/{region}/{activity}")
def fund(
    code: Code, region: Code, activity: Code, asked: FundingAsked, session: Writing,
    seen: SeenVersion, response: Response, permit: Permit = may(Action.CALL_FUND),
) -> FundedShown:  # fmt: skip
    """Fund that many stays of an activity type for a sending region.

    If-Match is the version of that line in the call's funding, "0" where there is none yet.
    """
    caller = permit.caller
    home = calls.region_in_scope(session, caller, permit.scope, region)
    call = calls.load(session, caller, code)
    funded = calls.fund(session, caller, call, home, activity, asked.places, seen=seen)
    response.headers["ETag"] = tag(funded.version)
    return calls.funded_shown(funded, home)


def _answer(session: Session, permit: Permit, call: models.Call, response: Response) -> CallShown:
    session.flush()
    response.headers["ETag"] = tag(call.version)
    return calls.shown(session, permit.caller, call)
