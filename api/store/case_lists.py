"""Which cases a list shows: what somebody wants of those that they may see."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

import models
from api.store.cases import (
    Case,
    guardian_missing,
    listed,
    question_open,
    waits_for,
    with_case,
)
from api.store.pages import Sort
from models.proposal_views import ProposalsWanted


def page_of_cases(
    session: Session, wanted: ProposalsWanted, sort: Sort, *conditions: Any,
    first_turn: Collection[str], after: tuple[Any, uuid.UUID] | None,
) -> list[tuple[Case, Any]]:  # fmt: skip
    """One case more than the page has, where the list goes on, each with what it is sorted by.

    `after` are the value and the id of the last one of the page before.
    """
    narrowed = [*conditions, *narrowed_by(wanted, first_turn)]
    if after is not None:
        narrowed.append(sort.after(*after))
    return listed(session, *narrowed, beside=sort.value, order=sort.order, limit=wanted.limit + 1)


def ids_of_cases(
    session: Session, wanted: ProposalsWanted, sort: Sort, *conditions: Any,
    first_turn: Collection[str],
) -> list[uuid.UUID]:  # fmt: skip
    """The proposals of the whole list, in its order."""
    found = with_case(select(models.Proposal.id)).where(
        *conditions, *narrowed_by(wanted, first_turn)
    )
    return list(session.exec(found.order_by(*sort.order)))


def proposals(session: Session, *conditions: Any) -> list[models.Proposal]:
    """The proposals that meet the conditions, without their cases."""
    return list(session.exec(with_case(select(models.Proposal)).where(*conditions)))


def narrowed_by(wanted: ProposalsWanted, first_turn: Collection[str]) -> list[ColumnElement[bool]]:
    """The conditions that the parameters of a list make."""
    proposal, found = models.Proposal, []
    for column, value in (
        (proposal.apprentice_id, wanted.apprentice),
        (proposal.round_id, wanted.round),
        (models.Company.id, wanted.company),
    ):
        if value is not None:
            found.append(col(column) == value)
    if wanted.call is not None:
        of_code = select(models.Call.id).where(models.Call.code == wanted.call)
        found.append(col(proposal.call_id).in_(of_code))
    for region, code in (
        (models.Centre.region_id, wanted.sending_region),
        (models.Company.region_id, wanted.hosting_region),
    ):
        if code is not None:
            found.append(
                col(region).in_(select(models.Region.id).where(models.Region.code == code))
            )
    if wanted.status:
        found.append(col(proposal.status).in_(wanted.status))
    if wanted.on_hold is not None:
        held = col(proposal.status) == models.ProposalStatus.ON_HOLD
        found.append(held if wanted.on_hold else ~held)
    if wanted.guardian_missing is not None:
        missing = guardian_missing()
        found.append(missing if wanted.guardian_missing else ~missing)
    if wanted.question_open is not None:
        is_open = question_open()
        found.append(is_open if wanted.question_open else ~is_open)
    if wanted.deadline_before is not None:
        found.append(col(proposal.deadline) < wanted.deadline_before)
    if wanted.waiting_for is not None:
        found.append(waits_for(wanted.waiting_for, first_turn))
    return found
