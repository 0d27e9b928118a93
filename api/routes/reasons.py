"""Where people could go and why, and what the last round left open."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query

from api.edge import Permit, Reading, may
from api.errors import ApprenticeMissingError
from api.policy import Action
from api.services import explaining, outcomes
from api.services.proposals import seen_case
from api.store.scopes import cases_in, companies_in, people_in
from models import Role
from models.base import Code
from models.pair_views import (
    Alternatives,
    ExplanationList,
    IdlePage,
    OtherHostList,
    SuggestionList,
    UnmatchedPage,
)

router = APIRouter(tags=["reasons"])

CallCode = Annotated[Code, Query(alias="call", examples=["demo-2027"])]


@router.get("/suggestions")
def suggestions(
    session: Reading,
    call: CallCode,
    permit: Permit = may(Action.SUGGESTION_READ),
    apprentice: uuid.UUID | None = None,
) -> SuggestionList:
    """The best windows of a person in a call, best first. Without `apprentice`: one's own.

    Apprentices see theirs as the setting `suggestions_visible` says.
    """
    who = _who(permit, apprentice)
    mine = people_in(permit.scope, permit.caller.scope_id)
    return SuggestionList(items=explaining.suggestions(session, permit.caller, who, call, mine))


@router.get("/explanations")
def explanations(
    session: Reading,
    call: CallCode,
    offer: uuid.UUID,
    permit: Permit = may(Action.EXPLANATION_READ),
    apprentice: uuid.UUID | None = None,
) -> ExplanationList:
    """Why a person could go to an offer, or what stands against it, for each of its windows."""
    who = _who(permit, apprentice)
    mine = people_in(permit.scope, permit.caller.scope_id)
    return ExplanationList(
        items=explaining.explanations(session, permit.caller, who, offer, call, mine)
    )


@router.get("/proposals/{proposal_id}/alternatives")
def alternatives(
    proposal_id: uuid.UUID, session: Reading, permit: Permit = may(Action.ALTERNATIVE_READ)
) -> Alternatives:
    """Where else the person of a proposal could go, for the sending coordinators."""
    case = seen_case(session, proposal_id, cases_in(permit.scope, permit.caller.scope_id))
    return explaining.alternatives(session, permit.caller, case)


@router.get("/proposals/{proposal_id}/other-hosts")
def other_hosts(
    proposal_id: uuid.UUID, session: Reading, permit: Permit = may(Action.ALTERNATIVE_READ)
) -> OtherHostList:
    """Where the person could go whose proposal was withdrawn or whose placement was cancelled."""
    case = seen_case(session, proposal_id, cases_in(permit.scope, permit.caller.scope_id))
    return OtherHostList(items=explaining.other_hosts(session, permit.caller, case))


@router.get("/unmatched")
def unmatched(
    session: Reading,
    call: CallCode,
    permit: Permit = may(Action.UNMATCHED_READ),
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> UnmatchedPage:
    """Who of one's own region the last done round left without a place, and why."""
    mine = people_in(permit.scope, permit.caller.scope_id)
    return outcomes.unmatched(session, permit.caller, call, mine, after=after, limit=limit)


@router.get("/idle-offers")
def idle_offers(
    session: Reading,
    call: CallCode,
    permit: Permit = may(Action.IDLE_READ),
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> IdlePage:
    """Windows of one's own region that the last done round left with places."""
    mine = companies_in(permit.scope, permit.caller.scope_id)
    return outcomes.idle(session, permit.caller, call, mine, after=after, limit=limit)


def _who(permit: Permit, apprentice: uuid.UUID | None) -> uuid.UUID:
    """Whom a question is about: apprentices need not say that it is themselves."""
    own = permit.caller.scope_id if permit.caller.role == Role.APPRENTICE else None
    found = apprentice or own
    if found is None:
        raise ApprenticeMissingError
    return found
