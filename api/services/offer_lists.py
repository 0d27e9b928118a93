"""Offers for whoever asks: a page of the list, and one of them."""

import uuid
from collections.abc import Iterable

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchOfferError
from api.policy import Scope
from api.services import provisions
from api.services.offers import shown
from api.store.offers import with_occupation
from api.store.pages import Keys, after_row, by_id
from api.store.provisions import with_provision
from api.store.scopes import cases_in, companies_in, offers_in
from models import Role
from models.offer_views import OfferPage, OfferShown, OffersWanted


def page(
    session: Session, caller: Caller, scope: Scope, wanted: OffersWanted, *, keys: Keys = by_id
) -> OfferPage:
    """What is published anywhere, and everything of one's region or company, ordered by `keys`.

    Raises UnknownProvisionError.
    """
    given = {
        col(models.Offer.status): wanted.status,
        col(models.Company.id): wanted.company,
        col(models.Region.code): wanted.region,
        col(models.Company.sector): wanted.sector,
    }
    narrowed = [offers_in(scope, caller.scope_id)]
    narrowed += [column == value for column, value in given.items() if value is not None]
    if wanted.occupation is not None:
        narrowed.append(with_occupation(wanted.occupation))
    for code in wanted.provision or ():
        provisions.row_of(code)
        levels = [wanted.provision_level] if wanted.provision_level else provisions.MET
        narrowed.append(with_provision(code, levels))
    if wanted.after is not None:
        narrowed.append(after_row(models.Offer, keys, wanted.after))
    order = keys(models.Offer)
    found = store.offers.offers(session, *narrowed, limit=wanted.limit + 1, order=order)
    items = shown(session, found[: wanted.limit])
    return OfferPage(items=items, next=items[-1].id if len(found) > wanted.limit else None)


def one(session: Session, caller: Caller, scope: Scope, offer_id: uuid.UUID) -> OfferShown:
    """One offer that somebody may see. Raises NoSuchOfferError."""
    mine = offers_in(scope, caller.scope_id)
    found = store.offers.offers(session, col(models.Offer.id) == offer_id, mine)
    if not found:
        raise NoSuchOfferError(offer_id)
    return shown(session, found)[0]


def held(
    session: Session, caller: Caller, offers: Iterable[OfferShown]
) -> dict[uuid.UUID, int]:  # fmt: skip
    """How many taken places of each window are for people whom a company was not asked about yet.

    By the ids of the windows that have some; nothing for anybody but a company.
    """
    if caller.role != Role.COMPANY:
        return {}
    windows = [window for offer in offers for window in offer.windows if window.taken]
    mine = cases_in(Scope.COMPANY, caller.scope_id)
    known = store.cases.count_by_window(session, [window.id for window in windows], mine)
    left = {window.id: window.taken - known[window.id] for window in windows}
    return {window: number for window, number in left.items() if number > 0}


def own(session: Session, caller: Caller, scope: Scope, offer_id: uuid.UUID) -> OfferShown:
    """One offer of a company that somebody may change. Raises NoSuchOfferError."""
    mine = companies_in(scope, caller.scope_id)
    found = store.offers.offers(session, col(models.Offer.id) == offer_id, mine)
    if not found:
        raise NoSuchOfferError(offer_id)
    return shown(session, found)[0]
