"""What stands in the way of a place that suits: who has it, or that somebody has one already."""

import uuid
from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import Session, col, exists

import models
from api import store
from api.caller import Caller
from api.policy import Action, scope_of
from api.services import pairs
from api.services.explaining import work
from api.services.showing import shown_all
from api.store.cases import Case
from api.store.scopes import cases_in
from models.proposal_views import ProposalShown, Work


@dataclass(frozen=True)
class Full:
    """A place that suits and is taken, and the cases that have it, as far as one may see them."""

    work: Work
    held_by: list[ProposalShown]


def own_case(session: Session, caller: Caller, apprentice_id: uuid.UUID) -> ProposalShown | None:
    """The live proposal or the stay that somebody has, for who may see it."""
    found = _having(session, caller, col(models.Proposal.apprentice_id) == apprentice_id)
    return shown_all(session, caller, found[:1])[0] if found else None


def full_places(
    session: Session, caller: Caller, call_id: uuid.UUID, apprentice_id: uuid.UUID
) -> tuple[list[Full], int]:
    """The best places of a call that suit somebody and are full, and how many there are."""
    found = pairs.suitable_but_full(session, call_id, apprentice_id, caller.today)
    windows = [uuid.UUID(one.offer) for one in found]
    places = store.windows.places_of(session, windows)
    cases = _having(session, caller, col(models.Proposal.window_id).in_(windows))
    held: dict[uuid.UUID, list[ProposalShown]] = {one: [] for one in windows}
    for case, view in zip(cases, shown_all(session, caller, cases), strict=True):
        held[case.window.id].append(view)
    named = [Full(work(places[one]), held[one]) for one in windows]
    return named, found[0].eligible if found else 0


def full_count(
    session: Session, caller: Caller, call_id: uuid.UUID, apprentice_id: uuid.UUID
) -> int:
    """How many places of a call suit somebody and are full: all that the person is told."""
    found = pairs.suitable_but_full(session, call_id, apprentice_id, caller.today)
    return found[0].eligible if found else 0


def _having(session: Session, caller: Caller, condition: object) -> list[Case]:
    """The cases that keep a place and that somebody may see."""
    scope = scope_of(caller.role, Action.PROPOSAL_READ) if caller.role else None
    if scope is None:
        return []
    placed = exists().where(
        col(models.Placement.proposal_id) == models.Proposal.id,
        col(models.Placement.status).in_(models.CURRENT),
    )
    keeps = or_(col(models.Proposal.status).in_(models.LIVE), placed)
    return store.cases.cases(session, condition, keeps, cases_in(scope, caller.scope_id))
