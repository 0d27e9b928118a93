"""Figures of a call: flows between regions, what each sends and hosts, places and people."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session

import models
from api.edge import Permit, Reading, may
from api.errors import NoSuchCallError
from api.policy import Action
from api.services import figures
from models.figure_views import BalanceShown, FlowsShown, MonthsShown

router = APIRouter(tags=["figures"])

OfCall = Annotated[str, Query(max_length=60, pattern=r"^[^\x00]+$", examples=["demo-2027"])]


@router.get("/figures/flows")
def flows(call: OfCall, session: Reading, permit: Permit = may(Action.FIGURES_READ)) -> FlowsShown:
    """How many people go from which region to which: placed, and being asked.

    One to four people between two other regions are told as `low` 1 and `high` 4.
    """
    found = _call(session, call)
    return figures.flows(session, found, permit.scope, permit.caller.scope_id)


@router.get("/figures/balance")
def balance(
    call: OfCall, session: Reading, permit: Permit = may(Action.FIGURES_READ)
) -> BalanceShown:
    """How many people each region sent and hosted: the sums of the flows as they are told."""
    found = _call(session, call)
    return figures.balance(figures.flows(session, found, permit.scope, permit.caller.scope_id))


@router.get("/figures/months")
def months(
    call: OfCall, session: Reading, permit: Permit = may(Action.FIGURES_READ)
) -> MonthsShown:
    """Places that are open and people who can be away in each month of the call, by sector."""
    found = _call(session, call)
    return figures.months(session, found, permit.scope, permit.caller.scope_id)


def _call(session: Session, code: str) -> models.Call:
    found = figures.call_of(session, code)
    if found is None:
        raise NoSuchCallError(code)
    return found
