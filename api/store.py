"""Every query, named by what is asked. Nothing here decides or commits."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, exists, or_, select

import models
from models import EnrolmentStatus, OfferStatus, PlacementStatus, ProposalStatus
from models.base import Row

T = TypeVar("T", bound=Row)
OfPerson = TypeVar("OfPerson", models.SupportNeeds, models.AcceptedNeed)


def add_in_order(session: Session, rows: Iterable[SQLModel]) -> None:
    """Add rows that point to earlier ones, a table after the other."""
    last: type[SQLModel] | None = None
    for row in rows:
        if last not in (None, type(row)):
            session.flush()
        session.add(row)
        last = type(row)
    session.flush()


@dataclass(frozen=True)
class Snapshot:
    """What a round rests on, read in one transaction.

    `apprentices` are those who are selected in the call and free, `windows` all of published
    offers; `recalculated` the proposals that nobody has answered, kept or been asked about:
    their people count as free and their places as not taken.
    """

    call: models.Call
    regions: list[models.Region]
    centres: list[models.Centre]
    apprentices: list[models.Apprentice]
    needs: list[models.SupportNeeds]
    accepted_needs: list[models.AcceptedNeed]
    companies: list[models.Company]
    sites: list[models.Site]
    offers: list[models.Offer]
    windows: list[models.OfferWindow]
    refused: list[models.Proposal]
    recalculated: list[models.Proposal]
    wishes: list[models.PairWish]
    settings: dict[str, Any]


def snapshot(session: Session, call_id: uuid.UUID) -> Snapshot:
    """Everything a round of this call needs to know. Raises NoResultFound for no such call."""
    again = unanswered_proposals(session)
    people = free_apprentices(session, call_id, besides=[proposal.id for proposal in again])
    ids = [person.id for person in people]
    published = col(models.Offer.status) == OfferStatus.PUBLISHED
    offers = session.exec(select(models.Offer).where(published).order_by(col(models.Offer.id)))
    windows = session.exec(
        select(models.OfferWindow).join(models.Offer).where(published)
        .order_by(col(models.OfferWindow.id))
    )  # fmt: skip
    return Snapshot(
        call=session.exec(select(models.Call).where(models.Call.id == call_id)).one(),
        regions=_every(session, models.Region),
        centres=_every(session, models.Centre),
        apprentices=people,
        needs=_of_people(session, models.SupportNeeds, ids),
        accepted_needs=_of_people(session, models.AcceptedNeed, ids),
        companies=_every(session, models.Company),
        sites=_every(session, models.Site),
        offers=list(offers),
        windows=list(windows),
        refused=refused_proposals(session),
        recalculated=again,
        wishes=_every(session, models.PairWish),
        settings=current_settings(session),
    )


def unanswered_proposals(session: Session) -> list[models.Proposal]:
    """Proposals that a round may make anew: only coordinators know them, and none has spoken."""
    answered = exists().where(
        col(models.Approval.proposal_id) == models.Proposal.id,
        col(models.Approval.answer).is_not(None),
    )
    return list(
        session.exec(
            select(models.Proposal)
            .where(
                models.Proposal.status == ProposalStatus.PROPOSED,
                col(models.Proposal.round_id).is_not(None),
                ~col(models.Proposal.kept),
                ~answered,
            )
            .order_by(col(models.Proposal.id))
        )
    )


def free_apprentices(
    session: Session, call_id: uuid.UUID, *, besides: list[uuid.UUID]
) -> list[models.Apprentice]:
    """Who is selected in the call, has no live proposal `besides` these and no placement."""
    live = exists().where(
        col(models.Proposal.apprentice_id) == models.Apprentice.id,
        col(models.Proposal.status).in_(models.LIVE),
        col(models.Proposal.id).not_in(besides),
    )
    placed = exists().where(
        col(models.Placement.apprentice_id) == models.Apprentice.id,
        or_(
            col(models.Placement.status) == PlacementStatus.BOOKED,
            col(models.Placement.status) == PlacementStatus.ABROAD,
        ),
    )
    return list(
        session.exec(
            select(models.Apprentice)
            .join(models.Enrolment)
            .where(
                models.Enrolment.call_id == call_id,
                models.Enrolment.status == EnrolmentStatus.SELECTED,
                ~live,
                ~placed,
            )
            .order_by(col(models.Apprentice.id))
        )
    )


def refused_proposals(session: Session) -> list[models.Proposal]:
    """Proposals that somebody rejected or declined, in any call."""
    said_no = ProposalStatus.REJECTED, ProposalStatus.DECLINED
    return list(
        session.exec(
            select(models.Proposal)
            .where(col(models.Proposal.status).in_(said_no))
            .order_by(col(models.Proposal.id))
        )
    )


def current_settings(session: Session) -> dict[str, Any]:
    """The value of every setting that was ever made, as it holds now."""
    rows = session.exec(select(models.Setting).order_by(col(models.Setting.revision)))
    return {row.name: row.value for row in rows}


def _every(session: Session, table: type[T]) -> list[T]:
    return list(session.exec(select(table).order_by(col(table.id))))


def _of_people(session: Session, table: type[OfPerson], ids: list[uuid.UUID]) -> list[OfPerson]:
    known = set(ids)
    return [row for row in _every(session, table) if row.apprentice_id in known]
