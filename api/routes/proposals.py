"""Proposals: seen, made by hand, answered, changed, booked."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlmodel import Session

from api import store
from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.errors import NotYoursToAnswerError
from api.policy import Action
from api.services import by_hand, case_lists, proposals
from api.services.asking import open_turn
from api.services.proposals import Heard
from api.services.showing import shown
from api.store.cases import Case
from api.store.scopes import cases_in
from models.base import Shape
from models.pair_views import HandMade
from models.proposal_changes import (
    Answered,
    Booking,
    Days,
    Deadline,
    Kept,
    Recorded,
    Withdrawn,
)
from models.proposal_views import ProposalShown, ProposalsWanted

router = APIRouter(prefix="/proposals", tags=["proposals"])


class ProposalPage(Shape):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[ProposalShown]
    next: str | None


class ByHand(HandMade):
    """A proposal that a coordinator makes. Without days the engine chooses them."""

    call_id: uuid.UUID
    apprentice_id: uuid.UUID
    window_id: uuid.UUID
    hours_to_answer: int | None = Field(default=None, ge=1, le=24 * 60)


@router.get("")
def list_proposals(
    session: Reading, wanted: Annotated[ProposalsWanted, Query()],
    permit: Permit = may(Action.PROPOSAL_READ),
) -> ProposalPage:  # fmt: skip
    """The proposals that one may see: narrowed, sorted, a page at a time."""
    items, after = case_lists.page(session, permit.caller, permit.scope, wanted)
    return ProposalPage(items=items, next=after)


@router.get("/{proposal_id}")
def one_proposal(
    proposal_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.PROPOSAL_READ),
) -> ProposalShown:  # fmt: skip
    """One proposal, with the ETag that changes ask for."""
    case = proposals.seen_case(session, proposal_id, cases_in(permit.scope, permit.caller.scope_id))
    response.headers["ETag"] = tag(case.proposal.version)
    return shown(session, permit.caller, case)


@router.post("", status_code=201, response_model=ProposalShown)
def make_proposal(
    asked: ByHand, once: OnlyOnce, permit: Permit = may(Action.PROPOSAL_MAKE)
) -> JSONResponse:
    """Make a proposal by hand, through the same rules as a round's."""
    stay = (asked.first_day, asked.last_day) if asked.first_day and asked.last_day else None

    def make() -> ProposalShown:
        case = by_hand.propose(
            once.session, permit.caller, asked.call_id, asked.apprentice_id, asked.window_id,
            stay=stay, override_reason=asked.override_reason,
            hours_to_answer=asked.hours_to_answer,
        )  # fmt: skip
        return shown(once.session, permit.caller, case)

    return once(
        asked.model_dump(mode="json"), 201, make, headers=lambda made: {"ETag": tag(made.version)}
    )


@router.post("/{proposal_id}/answer")
def answer(
    proposal_id: uuid.UUID, asked: Answered, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.PROPOSAL_ANSWER),
) -> ProposalShown:  # fmt: skip
    """Say yes or no, for one's own side."""
    permit, case = _held(session, permit, proposal_id, seen)
    parties = sorted(proposals.parties_of(session, permit.caller, case))
    if not parties:
        raise NotYoursToAnswerError("anybody")
    open_to = open_turn(session, case, store.cases.approvals(session, proposal_id))
    party = ([party for party in parties if party in open_to] or parties)[0]
    proposals.answer(session, permit.caller, case, party, asked.answer, reason=asked.reason)
    return _changed(session, permit, case, response)


@router.post("/{proposal_id}/recorded-answer")
def record_answer(
    proposal_id: uuid.UUID, asked: Recorded, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.PROPOSAL_RECORD),
) -> ProposalShown:  # fmt: skip
    """Record what somebody of one's own side said by phone, on paper or by mail."""
    permit, case = _held(session, permit, proposal_id, seen)
    heard = Heard(asked.channel, asked.heard_from, asked.heard_on)
    proposals.answer(
        session, permit.caller, case, asked.party, asked.answer, reason=asked.reason, heard=heard
    )
    return _changed(session, permit, case, response)


@router.post("/{proposal_id}/withdrawal")
def withdraw(
    proposal_id: uuid.UUID, asked: Withdrawn, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> ProposalShown:  # fmt: skip
    """Take a live proposal back; its place is free again."""
    permit, case = _held(session, permit, proposal_id, seen)
    proposals.withdraw(session, permit.caller, case, asked.reason)
    return _changed(session, permit, case, response)


@router.post("/{proposal_id}/dates")
def move_dates(
    proposal_id: uuid.UUID, asked: Days, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> ProposalShown:  # fmt: skip
    """Move the stay inside both windows; who goes and who hosts is asked again."""
    permit, case = _held(session, permit, proposal_id, seen)
    proposals.move_dates(session, permit.caller, case, asked.first_day, asked.last_day)
    return _changed(session, permit, case, response)


@router.post("/{proposal_id}/deadline")
def extend(
    proposal_id: uuid.UUID, asked: Deadline, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> ProposalShown:  # fmt: skip
    """Give more time to answer."""
    permit, case = _held(session, permit, proposal_id, seen)
    proposals.extend(session, permit.caller, case, asked.deadline)
    return _changed(session, permit, case, response)


@router.post("/{proposal_id}/placement", status_code=201)
def book(
    proposal_id: uuid.UUID, asked: Booking, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.PROPOSAL_BOOK),
) -> ProposalShown:  # fmt: skip
    """Book what everybody agreed to on a funded place."""
    permit, case = _held(session, permit, proposal_id, seen)
    proposals.book(session, permit.caller, case, asked.mentor)
    return _changed(session, permit, case, response)


@router.put("/{proposal_id}/kept")
def keep(
    proposal_id: uuid.UUID, asked: Kept, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> ProposalShown:  # fmt: skip
    """Let later rounds leave the proposal as it is, or make it anew."""
    permit, case = _held(session, permit, proposal_id, seen)
    proposals.keep(session, permit.caller, case, asked.kept)
    return _changed(session, permit, case, response)


@router.post("/{proposal_id}/reason-resolved")
def resolve_reason(
    proposal_id: uuid.UUID, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> ProposalShown:  # fmt: skip
    """Say that the reason of a no is settled: rounds may propose the pair again."""
    permit, case = _held(session, permit, proposal_id, seen)
    proposals.resolve_reason(session, permit.caller, case)
    return _changed(session, permit, case, response)


def _held(
    session: Session, permit: Permit, proposal_id: uuid.UUID, seen: int | None
) -> tuple[Permit, Case]:
    """The case for a change, if it is in the caller's scope and as it was seen.

    The caller acts for the colleague who answers for it, where that is another one.
    """
    mine = cases_in(permit.scope, permit.caller.scope_id)
    case = proposals.load(session, proposal_id, mine, version=seen)
    caller = proposals.speaking_for(session, permit.caller, case)
    return Permit(caller, permit.scope), case


def _changed(session: Session, permit: Permit, case: Case, response: Response) -> ProposalShown:
    session.flush()
    response.headers["ETag"] = tag(case.proposal.version)
    return shown(session, permit.caller, case)
