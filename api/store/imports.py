"""What an import compares its rows with, and what coordinators ask companies for afterwards."""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

import models
from models import OfferStatus

AT_ONCE = 1000
"""So many ids are asked for in one query."""


@dataclass(frozen=True)
class OfferName:
    """What an offer is called, from its region down to its key."""

    id: uuid.UUID
    region_id: uuid.UUID
    company: str
    key: str


@dataclass(frozen=True)
class Busy:
    """Who and what a live proposal or a current placement rests on."""

    apprentices: frozenset[uuid.UUID]
    offers: frozenset[uuid.UUID]
    companies: frozenset[uuid.UUID]


def sites_of(session: Session, companies: Collection[uuid.UUID]) -> list[models.Site]:
    """The workplaces of these companies."""
    return [
        row
        for ids in _parts(companies)
        for row in session.exec(
            select(models.Site)
            .where(col(models.Site.company_id).in_(ids))
            .order_by(col(models.Site.id))
        )
    ]


def offers_at(session: Session, sites: Collection[uuid.UUID]) -> list[models.Offer]:
    """The offers at these workplaces."""
    return [
        row
        for ids in _parts(sites)
        for row in session.exec(
            select(models.Offer).where(col(models.Offer.site_id).in_(ids))
            .order_by(col(models.Offer.id))
        )
    ]  # fmt: skip


def windows_of(
    session: Session, offers: Collection[uuid.UUID], *, lock: bool
) -> list[models.OfferWindow]:
    """The windows of these offers; with `lock` their places stay as they are until the end."""
    found: list[models.OfferWindow] = []
    for ids in _parts(offers):
        asked = (
            select(models.OfferWindow)
            .where(col(models.OfferWindow.offer_id).in_(ids))
            .order_by(col(models.OfferWindow.id))
        )
        found += session.exec(asked.with_for_update() if lock else asked)
    return found


def offer_names(session: Session) -> list[OfferName]:
    """What every offer is called."""
    rows = session.execute(
        select(models.Offer.id, models.Company.region_id, models.Company.key, models.Offer.key)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .order_by(col(models.Offer.id))
    )
    return [OfferName(*row) for row in rows]


def apprentices_of(session: Session, centres: Collection[uuid.UUID]) -> list[models.Apprentice]:
    """The people of these centres."""
    return [
        row
        for ids in _parts(centres)
        for row in session.exec(
            select(models.Apprentice).where(col(models.Apprentice.centre_id).in_(ids))
        )
    ]


def needs_of(session: Session, centres: Collection[uuid.UUID]) -> list[models.SupportNeeds]:
    """What the people of these centres need."""
    return [
        row
        for ids in _parts(centres)
        for row in session.exec(
            select(models.SupportNeeds)
            .join(models.Apprentice)
            .where(col(models.Apprentice.centre_id).in_(ids))
        )
    ]


def guardians_of(session: Session, centres: Collection[uuid.UUID]) -> list[models.Guardian]:
    """Who answers for the people of these centres."""
    return [
        row
        for ids in _parts(centres)
        for row in session.exec(
            select(models.Guardian)
            .join(models.Apprentice)
            .where(col(models.Apprentice.centre_id).in_(ids))
        )
    ]


def enrolled(session: Session, call_id: uuid.UUID) -> set[uuid.UUID]:
    """Who takes part in a call, in whatever way."""
    asked = select(models.Enrolment.apprentice_id).where(models.Enrolment.call_id == call_id)
    return set(session.exec(asked))


def busy(session: Session) -> Busy:
    """Who and what a live proposal or a current placement rests on."""
    live = select(models.Proposal.apprentice_id, models.Proposal.window_id).where(
        col(models.Proposal.status).in_(models.LIVE)
    )
    current = select(models.Placement.apprentice_id, models.Placement.window_id).where(
        col(models.Placement.status).in_(models.CURRENT)
    )
    pairs = [*session.execute(live), *session.execute(current)]
    windows = {window for _, window in pairs}
    behind = [
        row
        for ids in _parts(windows)
        for row in session.execute(
            select(models.Offer.id, models.Site.company_id)
            .join(models.Site, col(models.Site.id) == models.Offer.site_id)
            .join(models.OfferWindow, col(models.OfferWindow.offer_id) == models.Offer.id)
            .where(col(models.OfferWindow.id).in_(ids))
        )
    ]
    return Busy(
        apprentices=frozenset(person for person, _ in pairs),
        offers=frozenset(offer for offer, _ in behind),
        companies=frozenset(company for _, company in behind),
    )


def companies_by_id(session: Session, ids: Collection[uuid.UUID]) -> list[models.Company]:
    """These companies, as far as they are there."""
    return [
        row
        for part in _parts(ids)
        for row in session.exec(
            select(models.Company)
            .where(col(models.Company.id).in_(part))
            .order_by(col(models.Company.id))
        )
    ]


def offers_without_hours(
    session: Session, region_id: uuid.UUID
) -> list[tuple[models.Company, models.Offer]]:
    """The published offers of a region that say nothing of working hours, by company and key."""
    rows = session.execute(
        select(models.Company, models.Offer)
        .join(models.Site, col(models.Site.company_id) == models.Company.id)
        .join(models.Offer, col(models.Offer.site_id) == models.Site.id)
        .where(
            models.Company.region_id == region_id,
            models.Offer.status == OfferStatus.PUBLISHED,
            col(models.Offer.hours_start).is_(None),
        )
        .order_by(models.Company.name, col(models.Company.id), models.Offer.key)
    )
    return [(company, offer) for company, offer in rows]


def _parts(ids: Collection[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    ordered = sorted(ids)
    for first in range(0, len(ordered), AT_ONCE):
        yield ordered[first : first + AT_ONCE]
