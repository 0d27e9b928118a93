"""What coordinators said of pairs before a round."""

import uuid

from sqlmodel import Session, col, select

import models
from models import PairWord

WishRow = tuple[models.PairWish, models.Apprentice, models.Offer, models.Site, models.Company]
"""A wish, the person, and where it is about."""


def wishes(session: Session, *conditions: object, limit: int | None = None) -> list[WishRow]:
    """The wishes whose rows meet the conditions, by their ids."""
    found = session.execute(
        select(
            models.PairWish, models.Apprentice, models.Offer, models.Site, models.Company
        )  # type: ignore[call-overload]  # the stubs stop at four
        .join(models.Apprentice, col(models.Apprentice.id) == models.PairWish.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .join(models.OfferWindow, col(models.OfferWindow.id) == models.PairWish.window_id)
        .join(models.Offer, col(models.Offer.id) == models.OfferWindow.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .where(*conditions)
        .order_by(col(models.PairWish.id))
        .limit(limit)
    )  # fmt: skip
    return [tuple(row) for row in found]


def wish_of(
    session: Session, apprentice_id: uuid.UUID, window_id: uuid.UUID
) -> models.PairWish | None:
    """What was said of a pair."""
    return session.exec(
        select(models.PairWish).where(
            models.PairWish.apprentice_id == apprentice_id,
            models.PairWish.window_id == window_id,
        )
    ).first()


def locked_elsewhere(session: Session, apprentice_id: uuid.UUID, window_id: uuid.UUID) -> bool:
    """Whether somebody is locked to another window."""
    found = select(models.PairWish.id).where(
        models.PairWish.apprentice_id == apprentice_id,
        models.PairWish.window_id != window_id,
        models.PairWish.wish == PairWord.LOCK,
    )
    return session.exec(found).first() is not None
