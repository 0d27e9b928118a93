"""Placements: seen, begun, finished, cancelled; and a host that drops out."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlmodel import Session, col, select

import models
from api import store
from api.edge import Permit, Reading, SeenVersion, Writing, may, tag
from api.errors import NoSuchPlacementError
from api.policy import Action
from api.services import drop_outs, placements
from api.services.showing_placements import shown, shown_all
from api.store.scopes import cases_in, companies_in
from models import PlacementStatus
from models.base import REASON, Shape
from models.pair_views import DroppedOut
from models.placement_views import PlacementPage, PlacementShown, PlacementsWanted

router = APIRouter(tags=["placements"])


class Cancelled(Shape):
    """Why a placement does not take place, or ends early, as a code."""

    reason: str = Field(min_length=1, max_length=60, pattern=REASON, examples=["illness"])


class DropOut(Cancelled):
    """Why a host takes nobody any more, and in which windows; all of the offer when absent."""

    window_ids: list[uuid.UUID] | None = Field(default=None, min_length=1, max_length=100)


@router.get("/placements")
def list_placements(
    session: Reading, wanted: Annotated[PlacementsWanted, Query()],
    permit: Permit = may(Action.PLACEMENT_READ),
) -> PlacementPage:  # fmt: skip
    """The placements that one may see, by id."""
    narrowed = [cases_in(permit.scope, permit.caller.scope_id)]
    if wanted.status:
        narrowed.append(col(models.Placement.status).in_(wanted.status))
    if wanted.held is not None:
        held = store.placements.is_held()
        narrowed.append(held if wanted.held else ~held)
    if wanted.call is not None:
        of_code = select(models.Call.id).where(models.Call.code == wanted.call)
        narrowed.append(col(models.Proposal.call_id).in_(of_code))
    if wanted.after is not None:
        narrowed.append(col(models.Placement.id) > wanted.after)
    found = store.placements.placements(session, *narrowed, limit=wanted.limit + 1)
    items = shown_all(session, permit.caller, found[: wanted.limit])
    return PlacementPage(items=items, next=items[-1].id if len(found) > wanted.limit else None)


@router.get("/placements/{placement_id}")
def one_placement(
    placement_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.PLACEMENT_READ),
) -> PlacementShown:  # fmt: skip
    """One placement, with the ETag that changes ask for."""
    mine = cases_in(permit.scope, permit.caller.scope_id)
    found = store.placements.placements(session, col(models.Placement.id) == placement_id, mine)
    if not found:
        raise NoSuchPlacementError(placement_id)
    response.headers["ETag"] = tag(found[0][0].version)
    return shown(session, permit.caller, *found[0])


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
