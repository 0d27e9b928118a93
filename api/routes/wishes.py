"""Locks and forbidden pairs, for the sending coordinators."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import col

import models
from api import store
from api.edge import Permit, Reading, Writing, may
from api.policy import Action
from api.services import wishes
from api.store.scopes import people_in
from models import PairWord
from models.pair_views import WishAsked, WishPage, WishShown

router = APIRouter(tags=["wishes"])


@router.get("/wishes")
def list_wishes(
    session: Reading,
    permit: Permit = may(Action.WISH_READ),
    wish: PairWord | None = None,
    apprentice: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> WishPage:
    """What was said of pairs of one's own region's people, by id."""
    wanted = [people_in(permit.scope, permit.caller.scope_id)]
    if wish is not None:
        wanted.append(col(models.PairWish.wish) == wish)
    if apprentice is not None:
        wanted.append(col(models.PairWish.apprentice_id) == apprentice)
    if after is not None:
        wanted.append(col(models.PairWish.id) > after)
    found = store.wishes.wishes(session, *wanted, limit=limit + 1)
    items = [wishes.shown(row) for row in found[:limit]]
    return WishPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.put("/apprentices/{apprentice_id}/wishes/{window_id}")
def say(
    apprentice_id: uuid.UUID, window_id: uuid.UUID, asked: WishAsked, session: Writing,
    permit: Permit = may(Action.WISH_CHANGE),
) -> WishShown:  # fmt: skip
    """Lock a person to a window, or forbid the pair, from the next round on."""
    mine = people_in(permit.scope, permit.caller.scope_id)
    row = wishes.say(session, permit.caller, apprentice_id, window_id, asked, mine)
    (found,) = store.wishes.wishes(session, col(models.PairWish.id) == row.id)
    return wishes.shown(found)


@router.delete("/apprentices/{apprentice_id}/wishes/{window_id}", status_code=204)
def take_away(
    apprentice_id: uuid.UUID, window_id: uuid.UUID, session: Writing,
    permit: Permit = may(Action.WISH_CHANGE),
) -> None:  # fmt: skip
    """Say nothing of a pair any more."""
    mine = people_in(permit.scope, permit.caller.scope_id)
    wishes.take_away(session, permit.caller, apprentice_id, window_id, mine)
