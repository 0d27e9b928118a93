"""Windows of offers: added, changed, taken away."""

import uuid

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchWindowError, PlacesTakenError, WindowInUseError
from api.services import records
from api.services.checking import check_offer
from api.services.offers import held
from api.services.placements import check_again
from api.store.offers import OfferOf
from models import OfferFields, OfferWindowFields
from models.base import as_stored

Mine = ColumnElement[bool]


def add(
    session: Session, caller: Caller, offer_id: uuid.UUID, asked: OfferWindowFields, mine: Mine
) -> models.OfferWindow:
    """Another window of an offer. Raises NoSuchOfferError, RecordFaultyError, KeyTakenError."""
    found = held(session, offer_id, None, mine)
    _check(caller, found, asked)
    values = as_stored(asked, models.OfferWindow)
    row = models.OfferWindow(**records.stamps(caller), offer_id=offer_id, **values)
    with records.unique(session, "window"):
        records.made(session, caller, row)
    return row


def change(
    session: Session, caller: Caller, window_id: uuid.UUID, asked: OfferWindowFields,
    seen: int | None, mine: Mine,
) -> models.OfferWindow:  # fmt: skip
    """Replace dates and places of a window, and look again at what rests on it.

    Raises NoSuchWindowError, StaleVersionError, RecordFaultyError, KeyTakenError,
    PlacesTakenError.
    """
    window, found = _held(session, window_id, seen, mine)
    _check(caller, found, asked)
    values = as_stored(asked, models.OfferWindow)
    changed = sorted(name for name in values if getattr(window, name) != values[name])
    if not changed:
        return window
    with records.unique(session, "window"):
        done = store.offers.change_window(session, window, values, caller.now)
    if not done:
        raise PlacesTakenError(window.taken)
    session.refresh(window)
    records.note(session, caller, "offer_window.changed", window, columns=changed)
    check_again(session, caller, windows=[window_id])
    return window


def delete(
    session: Session, caller: Caller, window_id: uuid.UUID, seen: int | None, mine: Mine
) -> None:
    """Take a window away that nothing rests on.

    Raises NoSuchWindowError, StaleVersionError, WindowInUseError.
    """
    window, found = _held(session, window_id, seen, mine)
    try:
        with session.begin_nested():
            session.delete(window)
    except IntegrityError:
        raise WindowInUseError from None
    records.note(session, caller, "offer_window.deleted", window, offer=found.offer.id)
    session.flush()


def _held(
    session: Session, window_id: uuid.UUID, seen: int | None, mine: Mine
) -> tuple[models.OfferWindow, OfferOf]:
    found = store.offers.hold_window(session, window_id, mine)
    if found is None:
        raise NoSuchWindowError(window_id)
    records.check_version("window", found[0], seen)
    return found


def _check(caller: Caller, found: OfferOf, asked: OfferWindowFields) -> None:
    values = {name: getattr(found.offer, name) for name in OfferFields.model_fields}
    check_offer(values, [as_stored(asked, models.OfferWindow)], caller.today, at="")
