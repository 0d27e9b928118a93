"""Companies and their workplaces."""

import datetime
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, distinct, func
from sqlmodel import Session, col, select

import models


def companies(
    session: Session, *conditions: ColumnElement[bool], limit: int, order: Sequence[Any] = ()
) -> list[tuple[models.Company, models.Region]]:
    """The first companies that meet the conditions, by id or in `order`, each with its region."""
    rows = session.execute(
        select(models.Company, models.Region)
        .join(models.Region, col(models.Region.id) == models.Company.region_id)
        .where(*conditions)
        .order_by(*order or [col(models.Company.id)])
        .limit(limit)
    )
    return [(company, region) for company, region in rows]


def published(
    session: Session, ids: Collection[uuid.UUID], today: datetime.date
) -> dict[uuid.UUID, tuple[int, int, int]]:
    """What these companies offer from today on: published offers, their places, those taken."""
    found = session.execute(
        select(
            models.Site.company_id, func.count(distinct(col(models.Offer.id))),
            func.sum(models.OfferWindow.places), func.sum(models.OfferWindow.taken),
        )
        .join(models.Offer, col(models.Offer.site_id) == models.Site.id)
        .join(models.OfferWindow, col(models.OfferWindow.offer_id) == models.Offer.id)
        .where(
            col(models.Site.company_id).in_(ids),
            col(models.Offer.status) == models.OfferStatus.PUBLISHED,
            col(models.OfferWindow.available_to) >= today,
        )
        .group_by(col(models.Site.company_id))
    )  # fmt: skip
    return {company: (offers, int(places), int(taken)) for company, offers, places, taken in found}


def offering(
    session: Session, *conditions: ColumnElement[bool], limit: int
) -> list[models.Company]:  # fmt: skip
    """The first companies that publish an offer, by name; the conditions may be about it."""
    found = (
        select(models.Company)
        .join(models.Site, col(models.Site.company_id) == models.Company.id)
        .join(models.Offer, col(models.Offer.site_id) == models.Site.id)
        .where(col(models.Offer.status) == models.OfferStatus.PUBLISHED, *conditions)
        .distinct()
        .order_by(col(models.Company.name), col(models.Company.id))
    )
    return list(session.exec(found.limit(limit)))


def hold_company(
    session: Session, company_id: uuid.UUID, *conditions: ColumnElement[bool]
) -> models.Company | None:
    """A company that nobody else changes until the end of the transaction."""
    return session.exec(
        select(models.Company)
        .where(models.Company.id == company_id, *conditions)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def ids_in(session: Session, *conditions: ColumnElement[bool]) -> set[uuid.UUID]:
    """The ids of the companies that meet the conditions."""
    return set(session.exec(select(models.Company.id).where(*conditions)))


def sites_of(session: Session, company_id: uuid.UUID) -> list[models.Site]:
    """The workplaces of a company, by name."""
    found = select(models.Site).where(models.Site.company_id == company_id)
    return list(session.exec(found.order_by(col(models.Site.name), col(models.Site.id))))


def site(
    session: Session, site_id: uuid.UUID, *conditions: ColumnElement[bool], hold: bool = False
) -> models.Site | None:
    """A workplace whose company meets the conditions."""
    found = (
        select(models.Site)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .where(models.Site.id == site_id, *conditions)
        .execution_options(populate_existing=True)
    )
    return session.exec(found.with_for_update(of=models.Site) if hold else found).first()
