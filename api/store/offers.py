"""Offers with their windows, and whose they are."""

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, update
from sqlmodel import Session, col, exists, select

import models
from api.store.rows import changed
from models import OfferStatus


@dataclass(frozen=True)
class OfferOf:
    """An offer, where it is and whose it is."""

    offer: models.Offer
    site: models.Site
    company: models.Company
    region: models.Region


def offers(
    session: Session, *conditions: ColumnElement[bool], limit: int | None = None,
    order: Sequence[Any] = (),
) -> list[OfferOf]:  # fmt: skip
    """The first offers that meet the conditions, by id or in `order`."""
    rows = session.execute(
        select(models.Offer, models.Site, models.Company, models.Region)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .join(models.Region, col(models.Region.id) == models.Company.region_id)
        .where(*conditions)
        .order_by(*order or [col(models.Offer.id)])
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [OfferOf(*row) for row in rows]


def _open_to_everybody(today: datetime.date) -> tuple[ColumnElement[bool], ...]:
    """Published, made public, of a verified company, with a free place that is to come."""
    window = models.OfferWindow
    return (
        col(models.Offer.status) == OfferStatus.PUBLISHED,
        col(models.Offer.is_public).is_(True),
        col(models.Company.verified_at).is_not(None),
        exists()
        .where(col(window.offer_id) == models.Offer.id)
        .where(col(window.available_to) >= today, col(window.taken) < window.places),
    )


def open_to_everybody(
    session: Session, today: datetime.date, *, country: str, after: uuid.UUID | None, limit: int
) -> list[OfferOf]:
    """The offers that people without an account may see, by id."""
    wanted = [*_open_to_everybody(today)]
    if country:
        wanted.append(col(models.Region.country) == country)
    if after is not None:
        wanted.append(col(models.Offer.id) > after)
    return offers(session, *wanted, limit=limit)


def countries_open_to_everybody(session: Session, today: datetime.date) -> list[str]:
    """The countries in which there are such offers."""
    found = session.exec(
        select(models.Region.country)
        .join(models.Company, col(models.Company.region_id) == models.Region.id)
        .join(models.Site, col(models.Site.company_id) == models.Company.id)
        .join(models.Offer, col(models.Offer.site_id) == models.Site.id)
        .where(*_open_to_everybody(today))
        .distinct()
    )
    return sorted(found)


def hold_offer(
    session: Session, offer_id: uuid.UUID, *conditions: ColumnElement[bool]
) -> OfferOf | None:
    """An offer that nobody else changes until the end of the transaction."""
    mine = col(models.Offer.id) == offer_id
    session.exec(select(models.Offer.id).where(mine).with_for_update())
    found = offers(session, mine, *conditions)
    return found[0] if found else None


def with_occupation(code: str) -> ColumnElement[bool]:
    """The condition that one of an offer's occupations begins with this code."""
    return cast(col(models.Offer.occupations), String).contains(f'"{code}', autoescape=True)


def windows_of(
    session: Session, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[models.OfferWindow]]:
    """The windows of these offers, the earliest first."""
    rows = session.exec(
        select(models.OfferWindow)
        .where(col(models.OfferWindow.offer_id).in_(ids))
        .order_by(
            col(models.OfferWindow.available_from),
            col(models.OfferWindow.available_to),
            col(models.OfferWindow.id),
        )
        .execution_options(populate_existing=True)
    )
    found: dict[uuid.UUID, list[models.OfferWindow]] = {identity: [] for identity in ids}
    for row in rows:
        found[row.offer_id].append(row)
    return found


def hold_window(
    session: Session, window_id: uuid.UUID, *conditions: ColumnElement[bool]
) -> tuple[models.OfferWindow, OfferOf] | None:
    """A window that nobody else changes until the end of the transaction, with its offer."""
    window = session.exec(
        select(models.OfferWindow)
        .where(models.OfferWindow.id == window_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    found = window and offers(session, col(models.Offer.id) == window.offer_id, *conditions)
    return (window, found[0]) if window and found else None


def change_window(
    session: Session, window: models.OfferWindow, values: Mapping[str, Any],
    now: datetime.datetime,
) -> bool:  # fmt: skip
    """Give a window these dates and places. False where more places than that are taken."""
    return changed(
        session,
        update(models.OfferWindow)
        .where(
            col(models.OfferWindow.id) == window.id,
            col(models.OfferWindow.taken) <= values["places"],
        )
        .values(**values, changed_at=now, version=models.OfferWindow.version + 1),
    )
