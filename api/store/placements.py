"""Placements, each with its case."""

import uuid
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

import models
from api.store.cases import Case, with_case


def placements(
    session: Session, *conditions: Any, limit: int | None = None
) -> list[tuple[models.Placement, Case]]:
    """The placements whose rows meet the conditions, by their ids."""
    found = session.execute(
        with_case(
            select(
                models.Placement, models.Proposal, models.Apprentice, models.Centre,
                models.OfferWindow, models.Offer, models.Site, models.Company,
            )  # type: ignore[call-overload]  # the stubs stop at four
            .join(models.Proposal, col(models.Proposal.id) == models.Placement.proposal_id)
        )
        .where(*conditions)
        .order_by(col(models.Placement.id))
        .limit(limit)
        .execution_options(populate_existing=True)  # as they are now, not as they were read
    )  # fmt: skip
    return [(placement, Case(*rest)) for placement, *rest in found]


def hold(session: Session, placement_id: uuid.UUID) -> None:
    """Nobody else changes the placement until the end of the transaction."""
    mine = col(models.Placement.id) == placement_id
    session.exec(select(models.Placement.id).where(mine).with_for_update())


def placement_of(session: Session, proposal_id: uuid.UUID) -> models.Placement | None:
    """The placement that a proposal became."""
    found = select(models.Placement).where(models.Placement.proposal_id == proposal_id)
    return session.exec(found).first()


def is_held() -> Any:
    """The condition that a placement breaks a rule."""
    return func.json_array_length(models.Placement.held_for) > 0
