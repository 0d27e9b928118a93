"""Placements for whoever asks: a page of the list, and one of them."""

import uuid

from sqlmodel import Session, col, select

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchPlacementError
from api.policy import Scope
from api.services.showing_placements import shown, shown_all
from api.store.scopes import cases_in
from models.placement_views import PlacementPage, PlacementShown, PlacementsWanted


def page(session: Session, caller: Caller, scope: Scope, wanted: PlacementsWanted) -> PlacementPage:
    """The placements that somebody may see, by id."""
    narrowed = [cases_in(scope, caller.scope_id)]
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
    items = shown_all(session, caller, found[: wanted.limit])
    return PlacementPage(items=items, next=items[-1].id if len(found) > wanted.limit else None)


def one(session: Session, caller: Caller, scope: Scope, placement_id: uuid.UUID) -> PlacementShown:
    """One placement that somebody may see. Raises NoSuchPlacementError."""
    mine = cases_in(scope, caller.scope_id)
    found = store.placements.placements(session, col(models.Placement.id) == placement_id, mine)
    if not found:
        raise NoSuchPlacementError(placement_id)
    return shown(session, caller, *found[0])
