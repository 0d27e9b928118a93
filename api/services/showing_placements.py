"""Which view of a placement somebody gets."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.services.disclosing import provisions_asked
from api.services.showing import contact, person, work
from api.store.cases import Case
from models import Party, Role
from models import placement_views as views


def shown(
    session: Session, caller: Caller, placement: models.Placement, case: Case
) -> views.PlacementShown:
    """The view of a placement for who asks; whether they may see it was decided before."""
    (view,) = shown_all(session, caller, [(placement, case)])
    return view


def shown_all(
    session: Session, caller: Caller, rows: Sequence[tuple[models.Placement, Case]]
) -> list[views.PlacementShown]:
    """The views of several placements, by the same number of queries as of one."""
    theirs = [
        case.proposal
        for _, case in rows
        if caller.role == Role.COORDINATOR and _side(caller, case) == Party.SENDING_COORDINATOR
    ]
    known = store.sealed.details_of(session, "placement.read", theirs)
    told = provisions_asked(session, [case for _, case in rows if _hosts(caller, case)])
    return [
        _view(caller, placement, case, known, told.get(case.proposal.id, []))
        for placement, case in rows
    ]


def _hosts(caller: Caller, case: Case) -> bool:
    """Whether somebody sees a case from the hosting side alone."""
    if caller.role == Role.COORDINATOR:
        return _side(caller, case) == Party.HOSTING_COORDINATOR
    return caller.role == Role.COMPANY


def _view(
    caller: Caller, placement: models.Placement, case: Case,
    known: Mapping[uuid.UUID, models.ProposalDetails], told: list[str],
) -> views.PlacementShown:  # fmt: skip
    common: dict[str, Any] = {
        name: getattr(placement, name)
        for name in ("id", "version", "proposal_id", "status", "first_day", "last_day", "mentor")
    } | {"work": work(case)}
    who = case.apprentice
    named: dict[str, Any] = {
        "apprentice_id": who.id,
        "first_name": who.first_name,
        "last_name": who.last_name,
    }
    side = _side(caller, case) if caller.role == Role.COORDINATOR else None
    if side == Party.SENDING_COORDINATOR:
        return views.PlacementForSending(
            **common, **named, contact=contact(case), host=_host(case),
            booked_by=placement.booked_by, held_for=known[case.proposal.id].held_for,
            reason=placement.reason,
        )  # fmt: skip
    if side == Party.HOSTING_COORDINATOR:
        return views.PlacementForHosting(
            **common, apprentice_id=who.id, person=person(case),
            provisions_asked=told, held_for=placement.held_for,
        )  # fmt: skip
    if caller.role == Role.COMPANY:
        current = placement.status in models.CURRENT
        return views.PlacementForCompany(
            **common, person=person(case), contact=contact(case) if current else None,
            provisions_asked=told,
        )  # fmt: skip
    if caller.role == Role.CENTRE:
        return views.PlacementForCentre(**common, **named)
    return views.PlacementForApprentice(**common, host=_host(case))


def _side(caller: Caller, case: Case) -> Party:
    """The side of a coordinator; who is of both is of the sending one."""
    sides = {case.hosting_region: Party.HOSTING_COORDINATOR}
    sides |= {case.sending_region: Party.SENDING_COORDINATOR}
    assert caller.scope_id in sides  # noqa: S101  # the scope has looked
    return sides[caller.scope_id]


def _host(case: Case) -> views.HostContact:
    return views.HostContact(
        name=case.company.contact_name, email=case.company.email, phone=case.company.phone,
        address=case.site.address,
    )  # fmt: skip
