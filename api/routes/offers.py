"""Offers and their windows: seen, made, changed, published, paused, renewed, copied, closed."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy import ColumnElement
from sqlmodel import Session

from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.services import offer_lists, offers, windows
from api.services.offers import shown
from api.store.offers import OfferOf
from api.store.scopes import companies_in
from models import OfferEvent, OfferWindowFields
from models.offer_views import (
    Copying,
    OfferNew,
    OfferPage,
    OfferRecord,
    OfferShown,
    OffersWanted,
    OfferWindowShown,
    Renewal,
)

router = APIRouter(tags=["offers"])


@router.get("/offers")
def list_offers(
    session: Reading, wanted: Annotated[OffersWanted, Query()],
    permit: Permit = may(Action.OFFER_READ),
) -> OfferPage:  # fmt: skip
    """Offers by id: what is published anywhere, and everything of one's region or company.

    `company` is an id, `region` a code, `occupation` the beginning of an ISCO-08 or ESCO code.
    `provision` are codes of needs: offers that provide all of them, certified or declared;
    `provision_level` narrows it to what is certified.
    """
    return offer_lists.page(session, permit.caller, permit.scope, wanted)


@router.post("/offers", status_code=201, response_model=OfferShown)
def make_offer(
    asked: OfferNew, once: OnlyOnce, permit: Permit = may(Action.OFFER_CHANGE)
) -> JSONResponse:
    """A draft with its windows, at a workplace of one's own."""

    def make() -> OfferShown:
        found = offers.create(once.session, permit.caller, asked, _mine(permit))
        return shown(once.session, [found])[0]

    return once(asked.model_dump(mode="json"), 201, make, headers=_etag)


@router.get("/offers/{offer_id}")
def one_offer(
    offer_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.OFFER_READ),
) -> OfferShown:  # fmt: skip
    """One offer, with the ETag that changes ask for."""
    found = offer_lists.one(session, permit.caller, permit.scope, offer_id)
    response.headers["ETag"] = tag(found.version)
    return found


@router.put("/offers/{offer_id}")
def change_offer(
    offer_id: uuid.UUID, asked: OfferRecord, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.OFFER_CHANGE),
) -> OfferShown:  # fmt: skip
    """Replace an offer's fields. Live proposals and placements are looked at again.

    One that breaks a rule now is put on hold; whoever said yes to what has changed is asked
    again.
    """
    found = offers.change(session, permit.caller, offer_id, asked, seen, _mine(permit))
    return _answer(session, response, found)


@router.post("/offers/{offer_id}/publication")
def publish_offer(
    offer_id: uuid.UUID, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> OfferShown:  # fmt: skip
    """Let the offer enter rounds; with faults where the engine could not use it."""
    return _step(session, permit, response, offer_id, OfferEvent.PUBLISH, seen)


@router.post("/offers/{offer_id}/pause")
def pause_offer(
    offer_id: uuid.UUID, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> OfferShown:  # fmt: skip
    """Keep the offer out of rounds until it is published again; live proposals stay."""
    return _step(session, permit, response, offer_id, OfferEvent.PAUSE, seen)


@router.post("/offers/{offer_id}/close")
def close_offer(
    offer_id: uuid.UUID, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> OfferShown:  # fmt: skip
    """End the offer; live proposals and placements stay. Renewing opens it again."""
    return _step(session, permit, response, offer_id, OfferEvent.CLOSE, seen)


@router.post("/offers/{offer_id}/renewal")
def renew_offer(
    offer_id: uuid.UUID, asked: Renewal, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> OfferShown:  # fmt: skip
    """Publish the offer for another time, in new windows."""
    found = offers.renew(
        session, permit.caller, offer_id, asked.windows, asked.shift_days, seen, _mine(permit)
    )
    return _answer(session, response, found)


@router.post("/offers/{offer_id}/copy", status_code=201, response_model=OfferShown)
def copy_offer(
    offer_id: uuid.UUID, asked: Copying, once: OnlyOnce, permit: Permit = may(Action.OFFER_CHANGE)
) -> JSONResponse:
    """A draft that says the same, a year later or in windows of its own."""

    def make() -> OfferShown:
        mine = _mine(permit)
        found = offers.copy(once.session, permit.caller, offer_id, asked.key, asked.windows, mine)
        return shown(once.session, [found])[0]

    return once(asked.model_dump(mode="json"), 201, make, headers=_etag)


@router.post("/offers/{offer_id}/windows", status_code=201, response_model=OfferWindowShown)
def add_window(
    offer_id: uuid.UUID, asked: OfferWindowFields, once: OnlyOnce,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> JSONResponse:  # fmt: skip
    """Another window of an offer."""

    def make() -> OfferWindowShown:
        row = windows.add(once.session, permit.caller, offer_id, asked, _mine(permit))
        return offers.window_shown(row)

    return once(asked.model_dump(mode="json"), 201, make, headers=_etag)


@router.put("/windows/{window_id}")
def change_window(
    window_id: uuid.UUID, asked: OfferWindowFields, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.OFFER_CHANGE),
) -> OfferWindowShown:  # fmt: skip
    """Replace dates and places of a window; it keeps as many places as are taken."""
    row = windows.change(session, permit.caller, window_id, asked, seen, _mine(permit))
    response.headers["ETag"] = tag(row.version)
    return offers.window_shown(row)


@router.delete("/windows/{window_id}", status_code=204)
def delete_window(
    window_id: uuid.UUID, session: Writing, seen: SeenVersion,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> None:  # fmt: skip
    """Take a window away that no proposal rests on."""
    windows.delete(session, permit.caller, window_id, seen, _mine(permit))


def _mine(permit: Permit) -> ColumnElement[bool]:
    return companies_in(permit.scope, permit.caller.scope_id)


def _step(
    session: Session, permit: Permit, response: Response, offer_id: uuid.UUID, event: OfferEvent,
    seen: int | None,
) -> OfferShown:  # fmt: skip
    found = offers.take_step(session, permit.caller, offer_id, event, seen, _mine(permit))
    return _answer(session, response, found)


def _answer(session: Session, response: Response, found: OfferOf) -> OfferShown:
    response.headers["ETag"] = tag(found.offer.version)
    return shown(session, [found])[0]


def _etag(made: OfferShown | OfferWindowShown) -> dict[str, str]:
    return {"ETag": tag(made.version)}
