"""Windows of dates with the work that they are of."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, union_all
from sqlmodel import Session, col, or_, select

import models
from api.store.rows import parts
from models.base import ChangingRow

Versions = tuple[int, ...]
"""How often the rows that a window rests on were changed: itself, offer, site, company, region."""


@dataclass(frozen=True)
class Place:
    """A window, the work, and where it is."""

    window: models.OfferWindow
    offer: models.Offer
    site: models.Site
    company: models.Company
    region: models.Region

    @property
    def versions(self) -> Versions:
        """How often each of them was changed."""
        rows = (self.window, self.offer, self.site, self.company, self.region)
        return tuple(row.version for row in rows)


def places(session: Session, *conditions: object) -> list[Place]:
    """The windows whose rows meet the conditions, by their first day."""
    found = session.execute(_PLACES.where(*conditions))
    return [Place(*row) for row in found]


def _with_place(windows: Any) -> Any:
    """A query of windows, joined with everything that a place consists of."""
    return (
        windows.join(models.Offer, col(models.Offer.id) == models.OfferWindow.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .join(models.Region, col(models.Region.id) == models.Company.region_id)
    )


_PLACES = _with_place(
    select(
        models.OfferWindow, models.Offer, models.Site, models.Company, models.Region
    )  # type: ignore[call-overload]  # the stubs stop at four
).order_by(col(models.OfferWindow.available_from), col(models.OfferWindow.id))  # fmt: skip
"""Made once: making a query takes longer than a small one takes to answer."""

RESTS_ON: tuple[type[ChangingRow], ...] = (
    models.OfferWindow,
    models.Offer,
    models.Site,
    models.Company,
    models.Region,
)
"""The tables whose rows a window rests on, in the order of `Versions`."""

Stamp = tuple[Any, ...]
"""Another one after every change of a row that windows rest on."""


def stamp(session: Session) -> Stamp:
    """How many rows of each table there are, their versions together, and the newest change.

    Every change adds to the versions. Rows that take the place of others are newer.
    """
    return tuple(sorted(tuple(row) for row in session.execute(_STAMP)))


_STAMP = union_all(*(
    select(
        literal(number), func.count(),
        func.sum(col(table.version)), func.max(col(table.changed_at)),
    ).select_from(table)
    for number, table in enumerate(RESTS_ON)
))  # fmt: skip


def versions(session: Session) -> dict[uuid.UUID, Versions]:
    """The windows of published offers, each with its versions."""
    found = session.execute(
        _with_place(select(models.OfferWindow.id, *(table.version for table in RESTS_ON))).where(
            models.Offer.status == models.OfferStatus.PUBLISHED
        )
    )
    return {window: tuple(those) for window, *those in found}


def open_windows(session: Session) -> list[uuid.UUID]:
    """The windows of published offers that have a place left."""
    return list(session.exec(select(models.OfferWindow.id).join(models.Offer).where(is_open())))


def is_open(*, full: bool = False) -> ColumnElement[bool]:
    """The condition that a window is of a published offer and has a place left, or is `full`."""
    left = col(models.OfferWindow.taken) < models.OfferWindow.places
    published = col(models.Offer.status) == models.OfferStatus.PUBLISHED
    return and_(published, ~left if full else left)


def open_among(
    session: Session, windows: Iterable[uuid.UUID], *, full: bool = False
) -> set[uuid.UUID]:
    """Those of some windows that are of published offers and have a place left, or are `full`."""
    return {
        window
        for part in parts(windows)
        for window in session.exec(
            select(models.OfferWindow.id)
            .join(models.Offer)
            .where(col(models.OfferWindow.id).in_(part), is_open(full=full))
        )
    }


def named(
    session: Session, *, windows: Collection[uuid.UUID], offers: Collection[uuid.UUID],
    companies: Collection[uuid.UUID],
) -> set[uuid.UUID]:  # fmt: skip
    """These windows, and those of these offers and companies."""
    if not offers and not companies:
        return set(windows)
    found = session.exec(
        select(models.OfferWindow.id)
        .join(models.Offer, col(models.Offer.id) == models.OfferWindow.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .where(or_(col(models.Offer.id).in_(offers), col(models.Site.company_id).in_(companies)))
    )
    return {*windows, *found}


def places_of(
    session: Session, windows: Collection[uuid.UUID], *conditions: object
) -> dict[uuid.UUID, Place]:
    """Those of some windows that meet the conditions, by their ids."""
    return {
        place.window.id: place
        for part in parts(windows)
        for place in places(session, col(models.OfferWindow.id).in_(part), *conditions)
    }


def places_of_offer(
    session: Session, offer_id: uuid.UUID, *conditions: object
) -> Sequence[Place]:  # fmt: skip
    """The windows of an offer."""
    return places(session, col(models.Offer.id) == offer_id, *conditions)


def windows_of(
    session: Session, offer_id: uuid.UUID, *, besides: Collection[uuid.UUID] = ()
) -> list[uuid.UUID]:
    """The windows of an offer, without some of them."""
    found = select(models.OfferWindow.id).where(
        models.OfferWindow.offer_id == offer_id, col(models.OfferWindow.id).not_in(besides)
    )
    return list(session.exec(found))


def offer_in(session: Session, offer_id: uuid.UUID, *conditions: object) -> models.Offer | None:
    """An offer whose rows (offer, site, company) meet the conditions, held until the end."""
    found = (
        select(models.Offer)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .where(models.Offer.id == offer_id, *conditions)  # type: ignore[arg-type]
        .with_for_update(of=models.Offer)
    )
    return session.exec(found).first()
