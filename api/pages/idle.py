"""Places that the last matching left, and why."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.edge import Permit, Reading, may
from api.pages.frame import show
from api.policy import Action
from api.services import calls, clock, outcomes
from api.store.scopes import companies_in
from models.call import IN_ADDRESSES

router = APIRouter()


@router.get("/idle")
def idle_places(
    request: Request, session: Reading,
    call: Annotated[str | None, Query(max_length=60, pattern=IN_ADDRESSES)] = None,
    after: uuid.UUID | None = None,
    permit: Permit = may(Action.IDLE_READ),
) -> Response:  # fmt: skip
    """Dates of one's own hosts with places left, in the call of the address or the newest."""
    known = calls.known(session, permit.caller)
    code = call or (known[0].code if known else "")
    page = None
    if code:
        mine = companies_in(permit.scope, permit.caller.scope_id)
        page = outcomes.idle(session, permit.caller, code, mine, after=after, limit=50)
    return show(
        request, "idle.html", block="rows", calls=[(one.code, one.name) for one in known],
        chosen=code, page=page, zone=clock.zone_of(session, permit.caller),
    )  # fmt: skip
