"""Places of windows and funded places, taken and given back by guarded updates."""

import datetime
import uuid
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

import models
from api.store.rows import changed


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
    """What a call funds for a sending region and an activity type."""
    return session.exec(
        select(models.FundedPlaces).where(
            models.FundedPlaces.call_id == call_id,
            models.FundedPlaces.region_id == region_id,
            models.FundedPlaces.activity == activity,
        )
    ).first()


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
