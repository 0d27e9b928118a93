"""Placements: how they begin and end, what an edit does to them, and a host that drops out."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import NotNowError
from api.services.asking import ask_again, change_status, go_on, tell_coordinators, tell_party
from api.services.pairs import OtherHost, other_hosts, rules_broken
from api.services.proposals import withdraw
from api.services.records import note
from api.statuses import ASKED_AGAIN, SERVICE, Edit, Event
from api.store.cases import Case
from models import Party, PlacementStatus, ProposalStatus

STEPS: Mapping[tuple[PlacementStatus, PlacementStatus], str] = {
    (PlacementStatus.BOOKED, PlacementStatus.ABROAD): "placement.begun",
    (PlacementStatus.ABROAD, PlacementStatus.FINISHED): "placement.finished",
    (PlacementStatus.BOOKED, PlacementStatus.CANCELLED): "placement.cancelled",
    (PlacementStatus.ABROAD, PlacementStatus.CANCELLED): "placement.cancelled",
}
"""From which status to which a placement goes, and how the audit calls it."""


def step(
    session: Session, caller: Caller, placement: models.Placement, then: PlacementStatus,
    reason: str = "",
) -> None:  # fmt: skip
    """Take a placement to its next status. Its funding is free again once it is cancelled.

    A cancelled one gives its place back too; a finished one keeps it, as the window's places
    are persons that a host takes in that time. Raises NotNowError.
    """
    action = STEPS.get((placement.status, then))
    if action is None:
        raise NotNowError(str(then), str(placement.status))
    placement.status, placement.changed_at, placement.reason = then, caller.now, reason
    if then == PlacementStatus.CANCELLED:
        store.places.give_back(session, session.get_one(models.Proposal, placement.proposal_id))
    note(session, caller, action, placement, reason=reason)
    session.flush()


@dataclass(frozen=True)
class Affected:
    """Somebody whose host is gone, and where he or she could go instead."""

    case: Case
    other_hosts: tuple[OtherHost, ...]


def host_drops_out(
    session: Session, caller: Caller, windows: Collection[uuid.UUID], reason: str
) -> list[Affected]:
    """Withdraw every live proposal and current placement of these windows, with the reason.

    Their offers are closed. For each person the feasible offers are looked up at once: the
    same dates first, then a week and two weeks either way.
    """
    for offer in store.cases.offers_of(session, windows):
        offer.status, offer.changed_at = models.OfferStatus.CLOSED, caller.now
        note(session, caller, "offer.closed", offer, reason=reason)
    session.flush()
    in_windows = col(models.OfferWindow.id).in_(windows)
    gone = [
        withdraw(session, caller, case, reason)
        for case in store.cases.live_cases(session, in_windows)
    ]
    for placement, case in store.cases.current_placements(session, windows=windows):
        step(session, caller, placement, PlacementStatus.CANCELLED, reason)
        for party in Party:
            tell_party(session, caller, case, party, "placement_cancelled")
        gone.append(case)
    return [
        Affected(
            case,
            tuple(
                other_hosts(
                    session, case.proposal.call_id, case.apprentice.id, caller.today,
                    (case.proposal.first_day, case.proposal.last_day),
                )
            ),
        )
        for case in gone
    ]  # fmt: skip


def check_again(
    session: Session, caller: Caller, edits: Collection[Edit] = (), *,
    apprentices: Collection[uuid.UUID] = (), companies: Collection[uuid.UUID] = (),
) -> int:  # fmt: skip
    """After an edit: look at the live proposals and placements that it touches.

    One that breaks a hard rule is put on hold (its place is kept, both coordinators are told);
    one that no longer does goes on. `edits` void the answers that ASKED_AGAIN names. Returns
    how many are on hold now.
    """
    held = 0
    voided = frozenset(party for edit in edits for party in ASKED_AGAIN[edit])
    touched = store.cases.touched_by(apprentices, companies)
    for case in store.cases.live_cases(session, touched):
        broken = rules_broken(session, case.proposal, case.proposal.call_id, caller.today)
        on_hold = case.proposal.status == ProposalStatus.ON_HOLD
        case.proposal.held_for = broken
        if voided:
            change_status(session, caller, case, Event.REASK, SERVICE)
            ask_again(session, caller, case, voided)
        if broken and not on_hold:
            change_status(session, caller, case, Event.HOLD, SERVICE)
            tell_coordinators(session, caller, case, "proposal_on_hold")
        elif not broken and on_hold:
            change_status(session, caller, case, Event.RELEASE, SERVICE)
        if not broken and (voided or on_hold):
            go_on(session, caller, case)
        held += bool(broken)
    for placement, case in store.cases.current_placements(session, touched):
        broken = rules_broken(session, placement, case.proposal.call_id, caller.today)
        if broken != placement.held_for:
            placement.held_for, placement.changed_at = broken, caller.now
            note(session, caller, "placement.held" if broken else "placement.released", placement)
            if broken:
                tell_coordinators(session, caller, case, "placement_on_hold")
        held += bool(broken)
    session.flush()
    return held
