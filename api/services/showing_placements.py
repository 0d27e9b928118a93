"""Which view of a placement somebody gets."""

from collections.abc import Sequence
from typing import Any

import models
from api.caller import Caller
from api.services.showing import contact, person, work
from api.store.cases import Case
from matcher.explanation import NOT_SUITABLE
from models import Party, Role
from models import placement_views as views

RULES_FOR_HOSTING = frozenset(
    {"occupation", "language", "dates", "minimum_age", "working_time", "hazards", "host_verified"}
)
"""Rules about what the hosting side knows anyway: the offer, and a person as companies read it.
All others are one word to it, so that it does not learn of needs."""


def shown(caller: Caller, placement: models.Placement, case: Case) -> views.PlacementShown:
    """The view of a placement for who asks; whether they may see it was decided before."""
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
            booked_by=placement.booked_by, held_for=placement.held_for, reason=placement.reason,
        )  # fmt: skip
    if side == Party.HOSTING_COORDINATOR:
        return views.PlacementForHosting(
            **common, apprentice_id=who.id, person=person(case),
            held_for=_without_needs(placement.held_for),
        )  # fmt: skip
    if caller.role == Role.COMPANY:
        current = placement.status in models.CURRENT
        return views.PlacementForCompany(
            **common, person=person(case), contact=contact(case) if current else None
        )
    if caller.role == Role.CENTRE:
        return views.PlacementForCentre(**common, **named)
    return views.PlacementForApprentice(**common, host=_host(case))


def _side(caller: Caller, case: Case) -> Party:
    """The side of a coordinator; who is of both is of the sending one."""
    sides = {case.hosting_region: Party.HOSTING_COORDINATOR}
    sides |= {case.sending_region: Party.SENDING_COORDINATOR}
    assert caller.scope_id in sides  # noqa: S101  # the scope has looked
    return sides[caller.scope_id]


def _without_needs(rules: Sequence[str]) -> list[str]:
    told = [rule for rule in rules if rule in RULES_FOR_HOSTING]
    return told + ([NOT_SUITABLE] if len(told) < len(rules) else [])


def _host(case: Case) -> views.HostContact:
    return views.HostContact(
        name=case.company.contact_name, email=case.company.email, phone=case.company.phone,
        address=case.site.address,
    )  # fmt: skip
