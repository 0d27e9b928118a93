"""Proposals: those that a round may make anew, those that somebody refused."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, update
from sqlmodel import Session, col, exists, select

import models
from api.store.rows import changed, hold, parts
from models import ProposalStatus


def unanswered_proposals(session: Session, call_id: uuid.UUID) -> list[models.Proposal]:
    """A call's proposals that a round may make anew.

    Only coordinators know of them, and none has spoken.
    """
    found = select(models.Proposal).where(*_unanswered(call_id))
    return list(session.exec(found.order_by(col(models.Proposal.id))))


def refused_proposals(
    session: Session, people: Collection[uuid.UUID] | None = None
) -> list[models.Proposal]:
    """Proposals that somebody rejected or declined, in any call; of some people, or of all."""
    said_no = ProposalStatus.REJECTED, ProposalStatus.DECLINED
    found = select(models.Proposal).where(col(models.Proposal.status).in_(said_no))
    if people is not None:
        found = found.where(col(models.Proposal.apprentice_id).in_(people))
    return list(session.exec(found.order_by(col(models.Proposal.id))))


def live_proposals(
    session: Session, call_id: uuid.UUID, *, of: uuid.UUID | None = None
) -> list[models.Proposal]:
    """The live proposals of a call, those of one apprentice where it is said `of` whom."""
    found = select(models.Proposal).where(
        models.Proposal.call_id == call_id, col(models.Proposal.status).in_(models.LIVE)
    )
    if of is not None:
        found = found.where(models.Proposal.apprentice_id == of)
    return list(session.exec(found.order_by(col(models.Proposal.id))))


def current_placements(
    session: Session, call_id: uuid.UUID, apprentice_id: uuid.UUID
) -> list[models.Placement]:
    """The placements of a call that somebody has ahead or is on."""
    return list(
        session.exec(
            select(models.Placement)
            .join(models.Proposal, col(models.Proposal.id) == models.Placement.proposal_id)
            .where(
                models.Proposal.call_id == call_id,
                models.Placement.apprentice_id == apprentice_id,
                col(models.Placement.status).in_(models.CURRENT),
            )
        )
    )


def hold_unanswered(session: Session, call_id: uuid.UUID) -> set[uuid.UUID]:
    """The ids of a call's proposals that a round may make anew; nobody answers them meanwhile."""
    identity = col(models.Proposal.id)
    hold(session, select(identity).where(*_unanswered(call_id)).order_by(identity))
    return set(session.exec(select(identity).where(*_unanswered(call_id))))  # as they are now


def replace_proposals(session: Session, ids: Collection[uuid.UUID], now: datetime.datetime) -> None:
    """A later round proposes something else."""
    for part in parts(ids):
        changed(
            session,
            update(models.Proposal)
            .where(col(models.Proposal.id).in_(part))
            .values(
                status=ProposalStatus.REPLACED, changed_at=now,
                version=models.Proposal.version + 1,
            ),
        )  # fmt: skip


def add_proposals(
    session: Session, rows: list[dict[str, Any]], details: list[dict[str, Any]]
) -> None:
    """Store proposals of which every column is given. Their places are taken apart from this."""
    if rows:
        tables: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
            (models.Proposal, rows), (models.ProposalDetail, details),
        )  # fmt: skip
        for table, values in tables:
            session.connection().execute(insert(table.__table__), values)


def _unanswered(call_id: uuid.UUID) -> tuple[Any, ...]:
    answered = exists().where(
        col(models.Approval.proposal_id) == models.Proposal.id,
        col(models.Approval.answer).is_not(None),
    )
    return (
        models.Proposal.call_id == call_id,
        models.Proposal.status == ProposalStatus.PROPOSED,
        col(models.Proposal.round_id).is_not(None),
        ~col(models.Proposal.kept),
        ~answered,
    )


def made_by_round(session: Session, round_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """How many proposals a round has made for each sending region that still stand as it made."""
    found = session.execute(
        select(models.Centre.region_id, func.count())
        .join(models.Apprentice, col(models.Apprentice.centre_id) == models.Centre.id)
        .join(models.Proposal, col(models.Proposal.apprentice_id) == models.Apprentice.id)
        .where(models.Proposal.round_id == round_id)
        .where(models.Proposal.status == ProposalStatus.PROPOSED)
        .group_by(col(models.Centre.region_id))
        .order_by(col(models.Centre.region_id))
    )
    return {region: int(count) for region, count in found}


@dataclass(frozen=True)
class Stay:
    """What tells of a proposal where somebody stood, and when."""

    id: uuid.UUID
    apprentice_id: uuid.UUID
    window_id: uuid.UUID
    first_day: datetime.date
    last_day: datetime.date
    status: ProposalStatus
    created_at: datetime.datetime
    changed_at: datetime.datetime


def stays_of_call(session: Session, call_id: uuid.UUID) -> list[Stay]:
    """Every proposal that a call ever had, the oldest first; no rows are kept of them."""
    table = models.Proposal
    found = session.execute(
        select(
            table.id, table.apprentice_id, table.window_id, table.first_day, table.last_day,
            table.status, table.created_at, table.changed_at,
        )  # type: ignore[call-overload]  # the stubs stop at four
        .where(table.call_id == call_id)
        .order_by(col(table.created_at), col(table.id))
    )  # fmt: skip
    return [Stay(*row) for row in found]
