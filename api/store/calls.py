"""Calls, and who takes part in them."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, and_, cast, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

import models
from api.store.rows import hold
from models import Answer, CallStatus, EnrolmentStatus, ProposalStatus


def call_by_code(session: Session, code: str) -> models.Call | None:
    """The call with this code."""
    return session.exec(select(models.Call).where(models.Call.code == code)).first()


def calls(
    session: Session, *conditions: Any, after: uuid.UUID | None = None, limit: int
) -> list[models.Call]:
    """The calls that meet the conditions, by their ids."""
    wanted = [*conditions] if after is None else [*conditions, col(models.Call.id) > after]
    found = select(models.Call).where(*wanted).order_by(col(models.Call.id))
    return list(session.exec(found.limit(limit)))


def hold_call(session: Session, call_id: uuid.UUID) -> models.Call:
    """The call as it stands now; nobody else holds it until the transaction ends.

    Raises NoResultFound for no such call.
    """
    return session.exec(
        select(models.Call)
        .where(models.Call.id == call_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def hold_enrolments(
    session: Session, call_id: uuid.UUID, people: Collection[uuid.UUID]
) -> list[models.Enrolment]:
    """How these people take part in a call; nobody else holds those rows until the end."""
    held = _enrolments(call_id, people).with_for_update()
    return list(session.exec(held.execution_options(populate_existing=True)))


def enrolments_of(
    session: Session, call_id: uuid.UUID, people: Collection[uuid.UUID]
) -> list[models.Enrolment]:
    """How these people take part in a call."""
    return list(session.exec(_enrolments(call_id, people)))


def enrolments_ending_in(
    session: Session, call_id: uuid.UUID, digits: str
) -> list[models.Enrolment]:
    """The enrolments of a call whose ids end in these hexadecimal digits, twelve at most."""
    ends = cast(col(models.Enrolment.id), String).like(f"%{digits}")
    return list(
        session.exec(select(models.Enrolment).where(models.Enrolment.call_id == call_id, ends))
    )


Taking = tuple[models.Enrolment, models.Apprentice]
"""How somebody takes part, and the person."""


def taking_part(
    session: Session, *conditions: Any, by: Any = models.Enrolment.id, limit: int | None = None
) -> list[Taking]:
    """Who takes part and meets the conditions, ordered `by` a column."""
    found = session.execute(
        select(models.Enrolment, models.Apprentice)
        .join(models.Apprentice, col(models.Apprentice.id) == models.Enrolment.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .where(*conditions)
        .order_by(col(by))
        .limit(limit)
    )
    return [(enrolment, person) for enrolment, person in found]


def calls_of_people(
    session: Session, people: Collection[uuid.UUID]
) -> list[tuple[models.Enrolment, models.Call]]:
    """How these people take part in calls that are not finished, the last to begin first."""
    found = session.execute(
        select(models.Enrolment, models.Call)
        .join(models.Call, col(models.Call.id) == models.Enrolment.call_id)
        .where(
            col(models.Enrolment.apprentice_id).in_(people),
            models.Call.status != CallStatus.FINISHED,
        )
        .order_by(col(models.Call.stays_from).desc(), col(models.Call.id))
    )
    return [(enrolment, call) for enrolment, call in found]


def people(
    session: Session, ids: Collection[uuid.UUID], *conditions: Any
) -> list[models.Apprentice]:
    """Who of these people, joined with the centre, meets the conditions."""
    return list(
        session.exec(
            select(models.Apprentice)
            .join(models.Centre)
            .where(col(models.Apprentice.id).in_(ids), *conditions)
            .order_by(col(models.Apprentice.id))
        )
    )


def queue(
    session: Session, call_id: uuid.UUID, region_id: uuid.UUID, activity: str
) -> list[models.Enrolment]:
    """Who waits in a call for a place of a region and activity, the next one first."""
    order = (
        col(models.Enrolment.place_in_queue),
        col(models.Enrolment.changed_at),
        col(models.Enrolment.id),
    )
    return list(
        session.exec(
            select(models.Enrolment)
            .join(models.Apprentice)
            .join(models.Centre)
            .where(
                models.Enrolment.call_id == call_id,
                models.Enrolment.status == EnrolmentStatus.WAITING,
                models.Centre.region_id == region_id,
                models.Apprentice.activity == activity,
            )
            .order_by(*order)
        )
    )


def open_calls(session: Session, there_at: datetime.datetime) -> list[models.Call]:
    """The open calls that were there at a time."""
    return list(
        session.exec(
            select(models.Call)
            .where(models.Call.status == CallStatus.OPEN, models.Call.created_at <= there_at)
            .order_by(col(models.Call.id))
        )
    )


def free_apprentices(
    session: Session, call_id: uuid.UUID, *, besides: list[uuid.UUID]
) -> list[models.Apprentice]:
    """Who is selected in the call, has no live proposal `besides` these and no placement."""
    person = col(models.Apprentice.id)
    found = select(models.Apprentice).join(models.Enrolment)
    return list(session.exec(found.where(*_free(person, call_id, besides)).order_by(person)))


def free_people(session: Session, call_id: uuid.UUID) -> set[uuid.UUID]:
    """The ids of those who are selected in the call, without live proposal and placement."""
    person = col(models.Enrolment.apprentice_id)
    return set(session.exec(select(person).where(*_free(person, call_id))))


def is_free(session: Session, call_id: uuid.UUID, apprentice_id: uuid.UUID) -> bool:
    """Whether somebody is selected in the call, without live proposal and placement."""
    person = col(models.Enrolment.apprentice_id)
    asked = select(person).where(person == apprentice_id, *_free(person, call_id))
    return session.exec(asked).first() is not None


def hold_people(
    session: Session, call_id: uuid.UUID, apprentice_id: uuid.UUID | None = None
) -> None:
    """Nobody else gives these people a proposal, or takes them out of the call, until the end.

    One person, or everybody who is selected in the call. Whoever makes a proposal takes what it
    needs in one order, so that two of them never wait for each other: people, proposals,
    companies, regions, windows, funding, each by id.
    """
    selected = select(models.Enrolment.apprentice_id).where(
        models.Enrolment.call_id == call_id, models.Enrolment.status == EnrolmentStatus.SELECTED
    )
    person = col(models.Apprentice.id)
    who = person.in_(selected) if apprentice_id is None else person == apprentice_id
    hold(session, select(person).where(who).order_by(person))
    whose = col(models.Enrolment.apprentice_id)
    theirs = whose.in_(selected) if apprentice_id is None else whose == apprentice_id
    row = col(models.Enrolment.id)
    hold(session, select(row).where(models.Enrolment.call_id == call_id, theirs).order_by(row))


ENDED = (
    ProposalStatus.REJECTED, ProposalStatus.DECLINED, ProposalStatus.EXPIRED,
    ProposalStatus.WITHDRAWN,
)  # fmt: skip
"""How a proposal ends that leaves somebody without a place."""


@dataclass(frozen=True)
class EndedProposal:
    """A proposal that ended, of somebody who is free again; `at` is when it ended."""

    apprentice_id: uuid.UUID
    first_name: str
    last_name: str
    proposal_id: uuid.UUID
    status: ProposalStatus
    at: datetime.datetime


def ended_proposals(session: Session, call_id: uuid.UUID, *mine: Any) -> list[EndedProposal]:
    """The ended proposals of a call's free people (`people_in`), by when they ended."""
    person, ended = models.Apprentice, aliased(models.Proposal)
    refusal = and_(
        col(models.Approval.proposal_id) == ended.id, col(models.Approval.answer) == Answer.NO
    )  # a settled reason changes the proposal later, not when it ended
    at = func.coalesce(col(models.Approval.answered_at), col(ended.changed_at))
    found = session.execute(
        select(person.id, person.first_name, person.last_name, ended.id, ended.status, at)  # type: ignore[call-overload]  # the stubs stop at four
        .select_from(models.Enrolment)
        .join(person, col(person.id) == models.Enrolment.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == person.centre_id)
        .join(ended, col(ended.apprentice_id) == person.id)
        .outerjoin(models.Approval, refusal)
        .where(
            ended.call_id == call_id, col(ended.status).in_(ENDED), *mine,
            *_free(col(models.Enrolment.apprentice_id), call_id),
        )
        .order_by(at, ended.id)
    )  # fmt: skip
    return [EndedProposal(*row) for row in found]


def _free(person: Any, call_id: uuid.UUID, besides: Collection[uuid.UUID] = ()) -> tuple[Any, ...]:
    """The conditions that an enrolment is one of the call, of a `person` who is free."""
    live = exists().where(
        col(models.Proposal.apprentice_id) == person,
        col(models.Proposal.status).in_(models.LIVE),
    )
    if besides:
        live = live.where(col(models.Proposal.id).not_in(besides))
    placed = exists().where(
        col(models.Placement.apprentice_id) == person,
        col(models.Placement.status).in_(models.CURRENT),
    )
    return (
        models.Enrolment.call_id == call_id,
        models.Enrolment.status == EnrolmentStatus.SELECTED,
        ~live,
        ~placed,
    )


def _enrolments(
    call_id: uuid.UUID, people: Collection[uuid.UUID]
) -> SelectOfScalar[models.Enrolment]:
    return (
        select(models.Enrolment)
        .where(
            models.Enrolment.call_id == call_id,
            col(models.Enrolment.apprentice_id).in_(people),
        )
        .order_by(col(models.Enrolment.id))
    )


def applied_on(session: Session, call_id: uuid.UUID) -> dict[str, datetime.date]:
    """The day on which each person of a call applied, by the person's id as a text."""
    found = select(models.Enrolment.apprentice_id, models.Enrolment.created_at).where(
        models.Enrolment.call_id == call_id
    )
    return {str(person): at.date() for person, at in session.exec(found)}
