"""How many go from where to where, and how many places and people there are in a month."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal
from sqlmodel import Session, col, exists, select

import models
from api.store.scopes import known_outside
from models import CallStatus, EnrolmentStatus, OfferStatus, PlacementStatus, ProposalStatus

Month = tuple[datetime.date, datetime.date]
"""Its first and last day."""

Pair = tuple[uuid.UUID, uuid.UUID]
"""The region that sends and the one that hosts."""


@dataclass(frozen=True)
class InMonths:
    """How many of a region learn or teach an occupation in each of the months asked for."""

    region_id: uuid.UUID
    occupation: str
    counts: tuple[int, ...]


def newest_call(session: Session) -> models.Call | None:
    """The call whose stays begin last, of those that are open if there is one."""
    open_first = case((col(models.Call.status) == CallStatus.OPEN, 0), else_=1)
    found = select(models.Call).order_by(
        open_first, col(models.Call.stays_from).desc(), col(models.Call.id)
    )
    return session.exec(found.limit(1)).first()


def placed(session: Session, call_id: uuid.UUID) -> dict[Pair, int]:
    """Placements that were not cancelled, by sending and hosting region."""
    kept = col(models.Placement.status) != PlacementStatus.CANCELLED
    is_placement = col(models.Placement.proposal_id) == models.Proposal.id
    return _by_pair(session, call_id, exists().where(is_placement, kept))


def asked(session: Session, call_id: uuid.UUID) -> dict[Pair, int]:
    """Live proposals of which others than coordinators know, by sending and hosting region."""
    return _by_pair(session, call_id, _is_asked())


def proposed(session: Session, call_id: uuid.UUID, mine: ColumnElement[bool]) -> dict[Pair, int]:
    """The other live proposals, of cases that somebody sees (`cases_in`), in the same way."""
    live = col(models.Proposal.status).in_(models.LIVE)
    return _by_pair(session, call_id, mine, live, ~_is_asked())


def _is_asked() -> ColumnElement[bool]:
    under_way = (ProposalStatus.ASKED, ProposalStatus.AGREED, ProposalStatus.ON_HOLD)
    return and_(known_outside(), col(models.Proposal.status).in_(under_way))


def _by_pair(session: Session, call_id: uuid.UUID, *conditions: Any) -> dict[Pair, int]:
    sending, hosting = col(models.Centre.region_id), col(models.Company.region_id)
    found = session.execute(
        select(sending, hosting, func.count())
        .select_from(models.Proposal)
        .join(models.Apprentice, col(models.Apprentice.id) == models.Proposal.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .join(models.OfferWindow, col(models.OfferWindow.id) == models.Proposal.window_id)
        .join(models.Offer, col(models.Offer.id) == models.OfferWindow.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .where(col(models.Proposal.call_id) == call_id, *conditions)
        .group_by(sending, hosting)
    )
    return {(one, other): count for one, other, count in found}


def places_in(session: Session, months: Sequence[Month]) -> list[InMonths]:
    """Places of windows of published offers that are open in a month, for each month."""
    window = models.OfferWindow
    rows = (
        select(
            col(models.Company.region_id).label("region_id"),
            col(models.Offer.occupations)[0].as_string().label("occupation"),
            col(window.available_from).label("first"), col(window.available_to).label("last"),
            col(window.places).label("amount"),
        )  # type: ignore[call-overload]  # the stubs stop at four
        .select_from(window)
        .join(models.Offer, col(models.Offer.id) == window.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .where(col(models.Offer.status) == OfferStatus.PUBLISHED)
    )  # fmt: skip
    return _in_months(session, rows, months)


def people_in(session: Session, call_id: uuid.UUID, months: Sequence[Month]) -> list[InMonths]:
    """People who are selected in the call and can be away in a month, for each month."""
    person = models.Apprentice
    rows = (
        select(
            col(models.Centre.region_id).label("region_id"),
            col(person.occupations)[0].as_string().label("occupation"),
            col(person.available_from).label("first"), col(person.available_to).label("last"),
            literal(1).label("amount"),
        )  # type: ignore[call-overload]  # the stubs stop at four
        .select_from(models.Enrolment)
        .join(person, col(person.id) == models.Enrolment.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == person.centre_id)
        .where(
            col(models.Enrolment.call_id) == call_id,
            col(models.Enrolment.status) == EnrolmentStatus.SELECTED,
        )
    )  # fmt: skip
    return _in_months(session, rows, months)


def _in_months(session: Session, rows: Any, months: Sequence[Month]) -> list[InMonths]:
    if not months:
        return []
    row = rows.subquery().c
    sums = [
        func.sum(case((and_(row.first <= last, row.last >= first), row.amount), else_=0))
        for first, last in months
    ]
    found = session.execute(
        select(row.region_id, row.occupation, *sums).group_by(row.region_id, row.occupation)
    )
    return [InMonths(region, work or "", tuple(counts)) for region, work, *counts in found]
