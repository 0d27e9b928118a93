"""What happens to a proposal: answers, dates, withdrawal, booking. Each returns the case.

Who may see a proposal was decided before (the `conditions` of `load`); here is decided what
its status allows. Nothing here commits.
"""

import dataclasses
import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import (
    GroupIncompleteError,
    NoSuchProposalError,
    NotNowError,
    NotRecordableError,
    NotYoursToAnswerError,
    NotYourTurnError,
    UnknownReasonError,
)
from api.services.asking import (
    AT_ONCE,
    TIME_TO_UNDO,
    ask_again,
    change_status,
    drop_scan,
    go_on,
    new_approval,
    open_turn,
    tell_asked,
    tell_coordinators,
)
from api.services.groups import held_back
from api.services.laws import refusal
from api.services.pairs import as_said, for_hosting, look_at, problem_of_pair, stay_of
from api.services.records import check_version, note
from api.statuses import ASKED_AGAIN, Edit, Event, after
from api.store.cases import Case
from api.store.responsible import Whose
from models import REASONS, Answer, Channel, Party, ProposalStatus, Role

RECORDED = frozenset({Channel.PHONE, Channel.PAPER, Channel.MAIL, Channel.CODE})
"""How an answer reaches a coordinator who records it."""

RECORDED_BY = {
    Party.SENDING_COORDINATOR: frozenset({Party.APPRENTICE, Party.GUARDIAN, Party.EMPLOYER}),
    Party.HOSTING_COORDINATOR: frozenset({Party.COMPANY}),
}
"""Whose answers the coordinator of each side records."""


@dataclass(frozen=True)
class Heard:
    """From whom, on which day and how a coordinator heard an answer."""

    channel: Channel
    heard_from: str
    heard_on: datetime.date


def load(
    session: Session, proposal_id: uuid.UUID, *conditions: object, version: int | None = None
) -> Case:
    """The case, held until the end of the transaction.

    `version` is the one that was seen. Raises NoSuchProposalError, StaleVersionError.
    """
    case = store.cases.case_for_change(session, proposal_id, *conditions)
    if case is None:
        raise NoSuchProposalError(proposal_id)
    check_version("proposal", case.proposal, version)
    return case


def seen_case(session: Session, proposal_id: uuid.UUID, *conditions: object) -> Case:
    """The case, only to be looked at. Raises NoSuchProposalError."""
    found = store.cases.cases(session, col(models.Proposal.id) == proposal_id, *conditions)
    if not found:
        raise NoSuchProposalError(proposal_id)
    return found[0]


def parties_of(session: Session, caller: Caller, case: Case) -> frozenset[Party]:
    """As which parties somebody speaks in a case: as one of the sides, or none."""
    if caller.answers_for is not None:
        return frozenset({caller.answers_for})
    mine: dict[Role, tuple[tuple[Party, bool], ...]] = {
        Role.COORDINATOR: (
            (Party.SENDING_COORDINATOR, caller.scope_id == case.sending_region),
            (Party.HOSTING_COORDINATOR, caller.scope_id == case.hosting_region),
        ),
        Role.APPRENTICE: ((Party.APPRENTICE, caller.scope_id == case.apprentice.id),),
        Role.COMPANY: ((Party.COMPANY, caller.scope_id == case.company.id),),
    }
    if caller.role == Role.GUARDIAN:
        wards = {one.id for one in store.cases.guardians(session, case.apprentice.id)}
        return frozenset({Party.GUARDIAN} if caller.scope_id in wards else ())
    if caller.role not in mine:
        return frozenset()
    return frozenset(party for party, so in mine[caller.role] if so)


def speaking_for(session: Session, caller: Caller, case: Case) -> Caller:
    """The caller, acting for the colleague who answers for the case where that is another one."""
    if caller.role != Role.COORDINATOR:
        return caller
    whose = {
        Party.SENDING_COORDINATOR: Whose("apprentice_id", case.apprentice.id),
        Party.HOSTING_COORDINATOR: Whose("company_id", case.company.id),
    }
    for side in sorted(parties_of(session, caller, case)):
        named = store.responsible.lasting(session, whose[side])
        if named is not None and named.user_id != caller.user_id:
            return dataclasses.replace(caller, acting_for=named.user_id)
    return caller


def recordable(session: Session, caller: Caller, case: Case) -> frozenset[Party]:
    """Whose answers somebody records in a case: a coordinator those of the own side."""
    sides = parties_of(session, caller, case)
    return frozenset(one for side in sides for one in RECORDED_BY.get(side, ()))


def answer(
    session: Session, caller: Caller, case: Case, party: Party, said: Answer,
    *, reason: str = "", heard: Heard | None = None,
) -> Case:  # fmt: skip
    """One party's yes or no. After a yes whoever is next is asked; a no ends the proposal.

    A coordinator records answers of their own side (`heard`). A no can follow on an earlier yes
    until the placement is booked. Raises NotYoursToAnswerError, NotYourTurnError, NotNowError,
    NotRecordableError, UnknownReasonError, GroupIncompleteError.
    """
    speaks_for = recordable if heard else parties_of
    if party not in speaks_for(session, caller, case):
        raise NotYoursToAnswerError(party)
    if heard and heard.channel not in RECORDED:
        raise NotRecordableError(sorted(RECORDED))
    if said == Answer.NO and reason not in REASONS[party]:
        raise UnknownReasonError(party, REASONS[party])
    event = Event.APPROVE if said == Answer.YES else Event.REFUSE
    given = store.cases.approvals(session, case.proposal.id)
    waiting, row = open_turn(session, case, given), given.get(party)
    was_asked = party in waiting or (row is not None and row.asked_at is not None)
    if after(case.proposal.status, event, party) is None:
        raise NotNowError(event, case.proposal.status)
    if not was_asked or (said == Answer.YES and party not in waiting):
        raise NotYourTurnError(party, waiting)
    if said == Answer.YES and party == Party.SENDING_COORDINATOR:
        missing = held_back(session, case.apprentice.id, case.proposal.call_id)
        if missing:
            raise GroupIncompleteError(len(missing))
    if row is None:
        row = new_approval(session, caller, case, party)
        row.asked_at = caller.now
    drop_scan(session, caller, row)
    row.answer, row.answered_at, row.answered_by = said, caller.now, caller.user_id
    row.channel = heard.channel if heard else caller.channel
    row.heard_from, row.heard_on = (heard.heard_from, heard.heard_on) if heard else ("", None)
    row.reason = reason if said == Answer.NO else ""
    row.proposal_version, row.changed_at = case.proposal.version, caller.now
    if said == Answer.NO:
        case.proposal.reason = reason
    waits = case.proposal.status == ProposalStatus.PROPOSED  # coordinators alone know of it
    change_status(session, caller, case, event, party)
    if said == Answer.YES:
        go_on(session, caller, case)
    else:
        wait = TIME_TO_UNDO if waits else AT_ONCE
        tell_coordinators(session, caller, case, "proposal_refused", wait=wait)
    return case


def withdraw(
    session: Session, caller: Caller, case: Case, reason: str,
    *, told_otherwise: Collection[Party] = (),
) -> Case:  # fmt: skip
    """A coordinator takes a live proposal back; who was asked is told."""
    party = _side(session, caller, case, Event.WITHDRAW)
    case.proposal.reason = reason
    change_status(session, caller, case, Event.WITHDRAW, party)
    tell_asked(session, caller, case, "proposal_withdrawn", besides=told_otherwise)
    return case


def keep(session: Session, caller: Caller, case: Case, kept: bool) -> Case:
    """Later rounds leave the proposal as it is, or may make it anew."""
    party = _side(session, caller, case, Event.KEEP)
    case.proposal.kept = kept
    change_status(session, caller, case, Event.KEEP, party)
    return case


def extend(session: Session, caller: Caller, case: Case, deadline: datetime.datetime) -> Case:
    """A coordinator gives more time. Raises NotNowError for a time that has passed."""
    party = _side(session, caller, case, Event.EXTEND)
    if deadline <= caller.now:
        raise NotNowError("past_deadline", case.proposal.status)
    change_status(session, caller, case, Event.EXTEND, party)
    case.proposal.deadline = deadline
    return case


def move_dates(
    session: Session, caller: Caller, case: Case, first: datetime.date, last: datetime.date
) -> Case:
    """A coordinator moves the stay inside both windows.

    All rules are checked again; whose yes that voids stands in ASKED_AGAIN. Raises
    RuleRefusesError.
    """
    party = _side(session, caller, case, Event.MOVE)
    proposal = case.proposal
    problem = problem_of_pair(
        session, proposal.call_id, proposal.apprentice_id, proposal.window_id, caller.today
    )
    said = look_at(problem, (first, last))
    if not said.possible:
        hosting = party == Party.HOSTING_COORDINATOR
        activity = case.apprentice.activity
        told = for_hosting(said.failing, activity, (first, last))
        failing = told if hosting else list(said.failing)
        raise refusal(session, proposal.apprentice_id, proposal.window_id, failing, (first, last))
    if (first, last) == (proposal.first_day, proposal.last_day):
        return case
    proposal.first_day, proposal.last_day = stay_of(said)
    before = store.sealed.details_of(session, "proposal.move", [proposal])[proposal.id]
    moved = replace(
        as_said(said), warnings=before.warnings, override_reason=before.override_reason,
        held_for=before.held_for,
    )  # fmt: skip
    store.sealed.change_details(session, proposal, moved, caller.now)
    change_status(session, caller, case, Event.MOVE, party)
    ask_again(session, caller, case, ASKED_AGAIN[Edit.DATES])
    if proposal.status != ProposalStatus.ON_HOLD:
        go_on(session, caller, case)
    return case


def book(session: Session, caller: Caller, case: Case, mentor: str) -> models.Placement:
    """The sending coordinator makes a placement of what everybody agreed to.

    The place and the funding go over to it. Raises NotNowError.
    """
    party = _side(session, caller, case, Event.BOOK)
    assert caller.user_id is not None  # noqa: S101  # a coordinator has an account
    proposal = case.proposal
    change_status(session, caller, case, Event.BOOK, party)
    placement = models.Placement(
        id=caller.new_id(), created_at=caller.now, changed_at=caller.now,
        proposal_id=proposal.id, apprentice_id=proposal.apprentice_id,
        window_id=proposal.window_id, first_day=proposal.first_day, last_day=proposal.last_day,
        mentor=mentor, booked_by=caller.user_id,
    )  # fmt: skip
    session.add(placement)
    note(session, caller, "placement.booked", placement, proposal=proposal.id)
    tell_asked(session, caller, case, "placement_booked")
    session.flush()
    return placement


def resolve_reason(session: Session, caller: Caller, case: Case) -> Case:
    """What somebody said no for is settled: rounds may propose the pair again."""
    if case.proposal.status not in (ProposalStatus.REJECTED, ProposalStatus.DECLINED):
        raise NotNowError("resolve", case.proposal.status)
    _side(session, caller, case, Event.MOVE, needs_cell=False)
    case.proposal.reason_resolved_at = case.proposal.changed_at = caller.now
    note(session, caller, "proposal.reason_resolved", case.proposal)
    session.flush()
    return case


def _side(
    session: Session, caller: Caller, case: Case, event: Event, *, needs_cell: bool = True
) -> Party:
    """The side for which a coordinator acts, one that the status allows to do this.

    Raises NotYoursToAnswerError for others, NotNowError where the status stands against it.
    """
    sides = sorted(parties_of(session, caller, case) & RECORDED_BY.keys())
    if not sides:
        raise NotYoursToAnswerError("coordinator")
    for side in sides:
        if not needs_cell or after(case.proposal.status, event, side) is not None:
            return side
    raise NotNowError(event, case.proposal.status)
