"""A coordinator takes the own rejection of a proposal back, as long as nobody was told of it."""

import uuid

from sqlalchemy import ColumnElement
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import NotFreeError, NotUndoableError
from api.services import by_hand
from api.services.asking import TIME_TO_UNDO, change_status, open_turn
from api.services.history import history
from api.services.proposals import load, parties_of, seen_case
from api.statuses import Event
from api.store.cases import Case
from models import Answer, Party, ProposalStatus


def may_undo(session: Session, caller: Caller, case: Case) -> bool:
    """Whether a rejection can be taken back as things stand; another one may take the place."""
    return _rejection(session, caller, case) is not None


def undo_rejection(
    session: Session, caller: Caller, proposal_id: uuid.UUID, mine: ColumnElement[bool],
    *, version: int,
) -> Case:  # fmt: skip
    """The proposal waits for this coordinator again, on the place that it had.

    The messages about it that wait are not sent: `outbox` looks whether the no still stands. Held
    in the order of every proposal that is made, the messages first, so that none goes out
    meanwhile. Raises NoSuchProposalError, StaleVersionError, NotUndoableError where it is not the
    own rejection of the last minute or somebody was told, NotFreeError, GoneError.
    """
    seen = seen_case(session, proposal_id, mine)
    store.outbox.hold_about(session, proposal_id)
    store.calls.hold_people(session, seen.proposal.call_id, seen.apprentice.id)
    case = load(session, proposal_id, mine, version=version)
    found = _rejection(session, caller, case)
    if found is None:
        raise NotUndoableError
    party, row = found
    if not store.calls.is_free(session, case.proposal.call_id, case.apprentice.id):
        raise NotFreeError
    by_hand.take_what_it_needs(session, case.proposal)
    case.proposal.reason = ""
    if row.asked_at == row.answered_at:  # answered unasked: it waits as it did before
        session.delete(row)
    else:
        row.answer = row.answered_at = row.answered_by = row.channel = None
        row.reason, row.changed_at = "", caller.now
    change_status(session, caller, case, Event.UNDO, party)
    assert party in open_turn(session, case, store.cases.approvals(session, proposal_id))  # noqa: S101
    return case


def _rejection(
    session: Session, caller: Caller, case: Case
) -> tuple[Party, models.Approval] | None:
    """The caller's own rejection that may be taken back; None where there is no such one."""
    if case.proposal.status != ProposalStatus.REJECTED or case.proposal.reason_resolved_at:
        return None
    given = store.cases.approvals(session, case.proposal.id)
    for party in sorted(parties_of(session, caller, case)):
        row = given.get(party)
        if (
            row is not None and row.answer == Answer.NO and row.answered_at is not None
            and row.answered_by == caller.user_id
            and caller.now - row.answered_at <= TIME_TO_UNDO
            and _was_first_word(session, case, party)
            and not store.outbox.tried_about(session, case.proposal.id, row.answered_at)
        ):  # fmt: skip
            return party, row
    return None


def _was_first_word(session: Session, case: Case, party: Party) -> bool:
    """Whether the party had said nothing before, and coordinators alone knew of the proposal."""
    done = [one for one in history(session, case) if one.data.get("by") == str(party)]
    refused = [one for one in done if one.action == f"proposal.{Event.REFUSE}"]
    approved = any(one.action == f"proposal.{Event.APPROVE}" for one in done)
    before = refused[-1].data.get("before") if refused else None
    return before == ProposalStatus.PROPOSED and not approved
