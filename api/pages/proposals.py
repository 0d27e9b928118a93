"""Proposals: the list, one of them, and what is decided there."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.edge import Permit, Reading, may
from api.pages.frame import show
from api.policy import Action
from api.services import case_lists
from models.proposal_views import ProposalsWanted

router = APIRouter()


@router.get("/proposals")
def proposals(
    request: Request, session: Reading, wanted: Annotated[ProposalsWanted, Query()],
    permit: Permit = may(Action.PROPOSAL_READ),
) -> Response:  # fmt: skip
    """The proposals that somebody may see, as the address narrows and sorts them."""
    items, after = case_lists.page(session, permit.caller, permit.scope, wanted)
    return show(request, "proposals.html", items=items, after=after, wanted=wanted)
