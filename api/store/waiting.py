"""How much waits for somebody: one query for each kind of thing, never a loop over cases."""

import datetime
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

import models
from api.store.cases import guardian_missing, waits_for
from api.store.placements import is_held
from models import GroupKind, OfferStatus, Party, ProposalStatus


def turns(
    session: Session, mine: ColumnElement[bool], sides: Mapping[Party, ColumnElement[bool]],
    first_turn: Collection[str],
) -> dict[Party, int]:  # fmt: skip
    """How many proposals wait for each party that somebody is, on that side of the case."""
    if not sides:
        return {}
    counts = [
        func.count().filter(waits_for(party, first_turn), side) for party, side in sides.items()
    ]
    found = session.execute(_of_cases(*counts).where(mine)).one()
    return dict(zip(sides, found, strict=True))


def proposals(
    session: Session, mine: ColumnElement[bool], soon: datetime.datetime
) -> tuple[int, int]:
    """How many proposals are on hold, and how many deadlines end until then and do not rest."""
    held = col(models.Proposal.status) == ProposalStatus.ON_HOLD
    ends = (
        col(models.Proposal.status) == ProposalStatus.ASKED,
        col(models.Proposal.deadline) <= soon,
        col(models.Proposal.paused_at).is_(None),
    )
    counts = func.count().filter(held), func.count().filter(*ends)
    on_hold, ending = session.execute(_of_cases(*counts).where(mine)).one()
    return on_hold, ending


def guardians_missing(session: Session, mine: ColumnElement[bool]) -> int:
    """How many proposals of people under age there are without anybody who answers for them."""
    found = _of_cases(func.count()).where(mine, guardian_missing())
    return int(session.execute(found).scalar_one())


def open_questions(session: Session, mine: ColumnElement[bool]) -> int:
    """How many questions of companies nobody has answered."""
    found = _of_cases(func.count()).join(
        models.Question, col(models.Question.proposal_id) == models.Proposal.id
    )
    return int(
        session.execute(found.where(mine, col(models.Question.answered_at).is_(None))).scalar_one()
    )


def held_placements(session: Session, mine: ColumnElement[bool]) -> int:
    """How many placements that are ahead or on break a rule since something was edited."""
    found = _of_cases(func.count()).join(
        models.Placement, col(models.Placement.proposal_id) == models.Proposal.id
    )
    current = col(models.Placement.status).in_(models.CURRENT)
    return int(session.execute(found.where(mine, current, is_held())).scalar_one())


def friend_wishes(session: Session, apprentice_id: uuid.UUID) -> int:
    """How many friends wait for somebody's word whether to travel together."""
    return session.exec(
        select(func.count())
        .select_from(models.GroupMember)
        .join(models.TravelGroup, col(models.TravelGroup.id) == models.GroupMember.group_id)
        .where(
            models.GroupMember.apprentice_id == apprentice_id,
            col(models.GroupMember.wished_at).is_(None),
            col(models.TravelGroup.kind) == GroupKind.FRIENDS,
            col(models.TravelGroup.split_at).is_(None),
        )
    ).one()


def ending_offers(
    session: Session, mine: ColumnElement[bool], today: datetime.date, until: datetime.date
) -> int:
    """How many published offers have their last window end in these days."""
    last = func.max(models.OfferWindow.available_to)
    ending = (
        select(models.Offer.id)
        .join(models.OfferWindow, col(models.OfferWindow.offer_id) == models.Offer.id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .where(mine, col(models.Offer.status) == OfferStatus.PUBLISHED)
        .group_by(col(models.Offer.id))
        .having(last >= today, last <= until)
    )
    return session.exec(select(func.count()).select_from(ending.subquery())).one()


def provision_questions(session: Session, mine: ColumnElement[bool]) -> int:
    """How many questions about what offers provide are open at these companies."""
    found = (
        select(func.count())
        .select_from(models.ProvisionQuestion)
        .join(models.Offer, col(models.Offer.id) == models.ProvisionQuestion.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .where(mine, col(models.ProvisionQuestion.answered_at).is_(None))
    )
    return session.exec(found).one()


def _of_cases(*counts: Any) -> Any:
    return (
        select(*counts)
        .select_from(models.Proposal)
        .join(models.Apprentice, col(models.Apprentice.id) == models.Proposal.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .join(models.OfferWindow, col(models.OfferWindow.id) == models.Proposal.window_id)
        .join(models.Offer, col(models.Offer.id) == models.OfferWindow.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
    )
