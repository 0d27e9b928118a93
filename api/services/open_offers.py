"""Offers that everybody may see: made public by their company, verified, with free places."""

import datetime
import uuid
from dataclasses import dataclass

from sqlmodel import Session

from api import store
from api.caller import Caller
from api.store.offers import OfferOf

AT_ONCE = 30
"""So many offers stand on a page."""


@dataclass(frozen=True)
class Dates:
    """A window that is to come or under way, and how many of its places are free."""

    first: datetime.date
    last: datetime.date
    free: int


@dataclass(frozen=True)
class OpenOffer:
    """What the public page says of an offer: no contact, no needs, nobody's name."""

    id: uuid.UUID
    title: str
    occupations: tuple[str, ...]
    company: str
    town: str
    country: str
    region: str
    languages: dict[str, str]
    days_min: int
    days_max: int
    min_age: int | None
    dates: tuple[Dates, ...]


def page(
    session: Session, caller: Caller, *, country: str = "", after: uuid.UUID | None = None
) -> tuple[list[OpenOffer], uuid.UUID | None]:
    """The next offers by id, of one country where it is given, and what `after` is then."""
    found = store.offers.open_to_everybody(
        session, caller.today, country=country, after=after, limit=AT_ONCE + 1
    )
    windows = store.offers.windows_of(session, [one.offer.id for one in found])
    shown = [
        _shown(one, tuple(
            Dates(row.available_from, row.available_to, row.places - row.taken)
            for row in windows[one.offer.id]
            if row.available_to >= caller.today and row.places > row.taken
        ))
        for one in found[:AT_ONCE]
    ]  # fmt: skip
    return shown, shown[-1].id if len(found) > AT_ONCE else None


def countries(session: Session, caller: Caller) -> list[str]:
    """The countries in which there are such offers."""
    return store.offers.countries_open_to_everybody(session, caller.today)


def _shown(one: OfferOf, dates: tuple[Dates, ...]) -> OpenOffer:
    offer = one.offer
    return OpenOffer(
        offer.id, offer.title, tuple(offer.occupations), one.company.name, one.site.town,
        one.region.country, one.region.name, dict(offer.languages), offer.days_min,
        offer.days_max, offer.min_age, dates,
    )  # fmt: skip
