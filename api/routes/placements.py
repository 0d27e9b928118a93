"""Placements: seen, begun, finished, cancelled; and a host that drops out."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.edge import Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.services import drop_outs, placement_lists, placements
from api.services.showing_placements import shown
from api.store.scopes import cases_in, companies_in
from models import PlacementStatus
from models.pair_views import DroppedOut
from models.placement_views import (
    Cancelled,
    DropOut,
    PlacementPage,
    PlacementShown,
    PlacementsWanted,
)

router = APIRouter(tags=["placements"])


@router.get("/placements")
def list_placements(
    session: Reading, wanted: Annotated[PlacementsWanted, Query()],
    permit: Permit = may(Action.PLACEMENT_READ),
) -> PlacementPage:  # fmt: skip
    """The placements that one may see, by id."""
    return placement_lists.page(session, permit.caller, permit.scope, wanted)


@router.get("/placements/{placement_id}")
def one_placement(
    placement_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.PLACEMENT_READ),
) -> PlacementShown:  # fmt: skip
    """One placement, with the ETag that changes ask for."""
    found = placement_lists.one(session, permit.caller, permit.scope, placement_id)
    response.headers["ETag"] = tag(found.version)
    return found


@router.post("/placements/{placement_id}/begin")
def begin(
    placement_id: uuid.UUID, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.PLACEMENT_CHANGE),
) -> PlacementShown:  # fmt: skip
    """The apprentice has arrived."""
    return _step(session, permit, placement_id, seen, response, PlacementStatus.ABROAD)


@router.post("/placements/{placement_id}/finish")
def finish(
    placement_id: uuid.UUID, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.PLACEMENT_CHANGE),
) -> PlacementShown:  # fmt: skip
    """The stay is over; the person may have another one."""
    return _step(session, permit, placement_id, seen, response, PlacementStatus.FINISHED)


@router.post("/placements/{placement_id}/cancellation")
def cancel(
    placement_id: uuid.UUID, asked: Cancelled, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.PLACEMENT_CHANGE),
) -> PlacementShown:  # fmt: skip
    """Cancel a placement; place and funding are free again, and everybody involved is told."""
    mine = cases_in(permit.scope, permit.caller.scope_id)
    row, case = placements.load_placement(session, placement_id, mine, version=seen)
    placements.cancel(session, permit.caller, row, case, asked.reason)
    response.headers["ETag"] = tag(row.version)
    return shown(session, permit.caller, row, case)


@router.post("/offers/{offer_id}/drop-out")
def drop_out(
    offer_id: uuid.UUID, asked: DropOut, session: Writing, seen: SeenVersion,
    permit: Permit = may(Action.OFFER_DROP_OUT),
) -> DroppedOut:  # fmt: skip
    """The host takes nobody any more: end what rests on it, and say where people could go."""
    mine = companies_in(permit.scope, permit.caller.scope_id)
    return drop_outs.drop_out(
        session, permit.caller, offer_id, asked.window_ids, asked.reason, mine, version=seen
    )


def _step(
    session: Session, permit: Permit, placement_id: uuid.UUID, seen: int | None,
    response: Response, then: PlacementStatus,
) -> PlacementShown:  # fmt: skip
    mine = cases_in(permit.scope, permit.caller.scope_id)
    row, case = placements.load_placement(session, placement_id, mine, version=seen)
    placements.step(session, permit.caller, row, then)
    response.headers["ETag"] = tag(row.version)
    return shown(session, permit.caller, row, case)
