"""Places of windows and funded places, taken and given back by guarded updates."""

import datetime
import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

import models
from api.store.rows import changed, hold, parts

Kind = tuple[uuid.UUID, str]
"""What funding is for: the sending region and the activity type."""


def take_place(session: Session, window_id: uuid.UUID) -> bool:
    """Take a place of a window. False where none is left."""
    return changed(
        session,
        update(models.OfferWindow)
        .where(
            col(models.OfferWindow.id) == window_id,
            col(models.OfferWindow.taken) < models.OfferWindow.places,
        )
        .values(taken=models.OfferWindow.taken + 1),
    )


def take_funding(session: Session, proposal: models.Proposal) -> bool:
    """Take a funded place of a call for a sending region. False where none is left."""
    return changed(
        session,
        update(models.FundedPlaces)
        .where(
            *_funding(proposal),
            col(models.FundedPlaces.taken) < models.FundedPlaces.places,
        )
        .values(taken=models.FundedPlaces.taken + 1),
    )


def funded_places(
    session: Session, call_id: uuid.UUID, region_id: uuid.UUID, activity: str
) -> models.FundedPlaces | None:
    """What a call funds for a sending region and an activity type.

    Nobody else holds the row until the end of the transaction.
    """
    return session.exec(
        select(models.FundedPlaces)
        .where(
            models.FundedPlaces.call_id == call_id,
            models.FundedPlaces.region_id == region_id,
            models.FundedPlaces.activity == activity,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def funding_of_call(
    session: Session, call_id: uuid.UUID
) -> list[tuple[models.FundedPlaces, models.Region]]:
    """What a call funds, with the region, by the regions' codes and the activity types."""
    found = session.execute(
        select(models.FundedPlaces, models.Region)
        .join(models.Region, col(models.Region.id) == models.FundedPlaces.region_id)
        .where(models.FundedPlaces.call_id == call_id)
        .order_by(col(models.Region.code), col(models.FundedPlaces.activity))
    )
    return [(funded, region) for funded, region in found]


def set_funding(
    session: Session, funded_id: uuid.UUID, places: int, now: datetime.datetime
) -> bool:
    """Fund that many places. False where more than that are taken."""
    return changed(
        session,
        update(models.FundedPlaces)
        .where(
            col(models.FundedPlaces.id) == funded_id, col(models.FundedPlaces.taken) <= places
        )
        .values(places=places, changed_at=now, version=models.FundedPlaces.version + 1),
    )  # fmt: skip


def give_back(session: Session, proposal: models.Proposal) -> None:
    """Give the place and the funding of a proposal back."""
    for statement in (
        update(models.OfferWindow)
        .where(col(models.OfferWindow.id) == proposal.window_id)
        .values(taken=models.OfferWindow.taken - 1),
        update(models.FundedPlaces)
        .where(*_funding(proposal))
        .values(taken=models.FundedPlaces.taken - 1),
    ):
        changed(session, statement)


def close_windows(session: Session, windows: Collection[uuid.UUID], now: datetime.datetime) -> None:
    """Leave windows no place beside those that are taken."""
    changed(
        session,
        update(models.OfferWindow)
        .where(col(models.OfferWindow.id).in_(windows))
        .values(
            places=models.OfferWindow.taken, changed_at=now,
            version=models.OfferWindow.version + 1,
        ),
    )  # fmt: skip


def full_cap(session: Session, window_id: uuid.UUID) -> str | None:
    """`company_cap` or `region_cap` where no more may come to a window's host, else None.

    Holds the company and its region until the end of the transaction, so that two who look
    at once do not both find the last place.
    """
    company, region = session.execute(
        select(models.Company, models.Region)
        .join(models.Site, col(models.Site.company_id) == models.Company.id)
        .join(models.Offer, col(models.Offer.site_id) == models.Site.id)
        .join(models.OfferWindow, col(models.OfferWindow.offer_id) == models.Offer.id)
        .join(models.Region, col(models.Region.id) == models.Company.region_id)
        .where(col(models.OfferWindow.id) == window_id)
        .with_for_update(of=(models.Company, models.Region), key_share=True)
    ).one()  # fmt: skip
    used = (
        select(func.coalesce(func.sum(models.OfferWindow.taken), 0))
        .join(models.Offer, col(models.Offer.id) == models.OfferWindow.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
    )
    for name, cap, condition in (
        ("company_cap", company.max_placements, models.Company.id == company.id),
        ("region_cap", region.hosting_cap, models.Company.region_id == region.id),
    ):
        if cap is not None and session.exec(used.where(condition)).one() >= cap:
            return name
    return None


def hold_windows(session: Session, windows: Collection[uuid.UUID]) -> None:
    """Nobody else takes or gives back places of these windows until the end."""
    row = col(models.OfferWindow.id)
    for part in parts(windows):
        hold(session, select(row).where(row.in_(part)).order_by(row))


def hold_places(session: Session, call_id: uuid.UUID, windows: Collection[uuid.UUID]) -> None:
    """Nobody else takes or gives back anything that a round may touch, until the end.

    That is companies and regions with a cap, these windows, and the funding of the call.
    """
    company, region, funded = (
        col(table.id) for table in (models.Company, models.Region, models.FundedPlaces)
    )
    with_cap = col(models.Company.max_placements).is_not(None)
    hold(session, select(company).where(with_cap).order_by(company))
    with_cap = col(models.Region.hosting_cap).is_not(None)
    hold(session, select(region).where(with_cap).order_by(region))
    hold_windows(session, windows)
    of_call = models.FundedPlaces.call_id == call_id
    hold(session, select(funded).where(of_call).order_by(funded))


def places_left(session: Session) -> dict[uuid.UUID, int]:
    """How many places of each window are left."""
    table = models.OfferWindow
    rows = session.execute(select(table.id, col(table.places), col(table.taken)))
    return {window: places - taken for window, places, taken in rows}


def funding_left(session: Session, call_id: uuid.UUID) -> dict[Kind, int]:
    """How many funded places of a call are left."""
    rows = session.exec(select(models.FundedPlaces).where(models.FundedPlaces.call_id == call_id))
    return {(row.region_id, row.activity): row.places - row.taken for row in rows}


def caps_left(session: Session) -> dict[uuid.UUID, int]:
    """How many more may come to each company and each region that has a cap."""
    used: Counter[uuid.UUID] = Counter()
    taken = (
        select(models.Company.id, models.Company.region_id, func.sum(models.OfferWindow.taken))
        .join(models.Site, col(models.Site.company_id) == models.Company.id)
        .join(models.Offer, col(models.Offer.site_id) == models.Site.id)
        .join(models.OfferWindow, col(models.OfferWindow.offer_id) == models.Offer.id)
        .where(models.OfferWindow.taken > 0)
        .group_by(col(models.Company.id), col(models.Company.region_id))
    )
    for company, region, persons in session.execute(taken):
        used[company] += persons
        used[region] += persons
    caps = [
        *session.execute(select(models.Company.id, models.Company.max_placements)),
        *session.execute(select(models.Region.id, models.Region.hosting_cap)),
    ]
    return {identity: cap - used[identity] for identity, cap in caps if cap is not None}


def give_back_all(session: Session, call_id: uuid.UUID, proposals: Collection[uuid.UUID]) -> None:
    """Give the places and the funding of many proposals of a call back."""
    windows: Counter[uuid.UUID] = Counter()
    kinds: Counter[Kind] = Counter()
    for part in parts(proposals):
        rows = session.execute(
            select(models.Proposal.window_id, models.Centre.region_id, models.Apprentice.activity)
            .join(models.Apprentice, col(models.Apprentice.id) == models.Proposal.apprentice_id)
            .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
            .where(col(models.Proposal.id).in_(part))
        )
        for window, region, activity in rows:
            windows[window] -= 1
            kinds[region, activity] -= 1
    take_all(session, call_id, windows, kinds)


def take_all(
    session: Session, call_id: uuid.UUID, windows: Mapping[uuid.UUID, int],
    kinds: Mapping[Kind, int],
) -> None:  # fmt: skip
    """Take so many places and so much funding, which are held and were seen to be there."""
    alike: dict[int, list[uuid.UUID]] = {}
    for window, number in windows.items():
        alike.setdefault(number, []).append(window)
    for number, ids in alike.items():
        for part in parts(ids):
            changed(
                session,
                update(models.OfferWindow)
                .where(col(models.OfferWindow.id).in_(part))
                .values(taken=models.OfferWindow.taken + number),
            )
    for (region, activity), number in kinds.items():
        changed(
            session,
            update(models.FundedPlaces)
            .where(
                col(models.FundedPlaces.call_id) == call_id,
                col(models.FundedPlaces.region_id) == region,
                col(models.FundedPlaces.activity) == activity,
            )
            .values(taken=models.FundedPlaces.taken + number),
        )


def _funding(proposal: models.Proposal) -> tuple[Any, ...]:
    """The funded places that a proposal uses: those of the person's region and activity."""
    person = col(models.Apprentice.id) == proposal.apprentice_id
    region = select(models.Centre.region_id).join(models.Apprentice).where(person)
    activity = select(models.Apprentice.activity).where(person)
    return (
        col(models.FundedPlaces.call_id) == proposal.call_id,
        col(models.FundedPlaces.region_id) == region.scalar_subquery(),
        col(models.FundedPlaces.activity) == activity.scalar_subquery(),
    )
