"""Placements: how they begin and end, what an edit does to them, and a host that drops out."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchPlacementError, NotNowError, SealBrokenError
from api.services.asking import (
    ask_again,
    change_status,
    go_on,
    tell_asked,
    tell_coordinators,
    tell_party,
)
from api.services.pairs import OtherHost, for_hosting, other_hosts, rules_broken
from api.services.proposals import withdraw
from api.services.records import check_version, note
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
        raise NotNowError(then, placement.status, "placement")
    placement.status, placement.changed_at, placement.reason = then, caller.now, reason
    if then == PlacementStatus.CANCELLED:
        store.places.give_back(session, session.get_one(models.Proposal, placement.proposal_id))
    note(session, caller, action, placement, reason=reason)
    session.flush()


def load_placement(
    session: Session, placement_id: uuid.UUID, *conditions: object, version: int | None = None
) -> tuple[models.Placement, Case]:
    """The placement with its case, held until the end of the transaction.

    `version` is the one that was seen. Raises NoSuchPlacementError, StaleVersionError.
    """
    store.placements.hold(session, placement_id)
    mine = col(models.Placement.id) == placement_id
    found = store.placements.placements(session, mine, *conditions)
    if not found:
        raise NoSuchPlacementError(placement_id)
    check_version("placement", found[0][0], version)
    return found[0]


def cancel(
    session: Session, caller: Caller, placement: models.Placement, case: Case, reason: str,
    *, told_otherwise: Collection[Party] = (),
) -> None:  # fmt: skip
    """Cancel a placement; everybody who had been asked is told. Raises NotNowError."""
    step(session, caller, placement, PlacementStatus.CANCELLED, reason)
    tell_asked(session, caller, case, "placement_cancelled", besides=told_otherwise)


@dataclass(frozen=True)
class Affected:
    """Somebody whose host is gone, and where he or she could go instead.

    `hosting_knows`: the hosting coordinator had been asked; else nobody there may learn of it.
    """

    case: Case
    placement: models.Placement | None
    hosting_knows: bool
    other_hosts: tuple[OtherHost, ...]


def host_drops_out(
    session: Session, caller: Caller, windows: Collection[uuid.UUID], reason: str
) -> list[Affected]:
    """Withdraw every live proposal and current placement of these windows, with the reason.

    The windows take nobody else; an offer without any other window is closed. The sending
    coordinators are told that the host is gone, everybody else who was asked that it is over.
    For each person the feasible offers are looked up at once: the same dates first, then a
    week and two weeks either way.
    """
    sending = frozenset({Party.SENDING_COORDINATOR})
    in_windows = col(models.OfferWindow.id).in_(windows)
    live = store.cases.live_cases(session, in_windows)
    placed = [
        load_placement(session, placement.id)
        for placement, _ in store.cases.current_placements(session, windows=windows)
    ]
    store.places.hold_windows(session, windows)  # after what is at them, as everybody does
    gone: list[tuple[Case, models.Placement | None]] = [
        (withdraw(session, caller, case, reason, told_otherwise=sending), None) for case in live
    ]
    for placement, case in placed:
        cancel(session, caller, placement, case, reason, told_otherwise=sending)
        gone.append((case, placement))
    for case, _ in gone:
        tell_party(session, caller, case, Party.SENDING_COORDINATOR, "host_dropped_out")
    _close(session, caller, windows, reason)
    given = store.cases.approvals_of(session, [case.proposal.id for case, _ in gone])
    return [
        Affected(
            case=case,
            placement=placement,
            hosting_knows=(
                (own := given[case.proposal.id].get(Party.HOSTING_COORDINATOR)) is not None
                and own.asked_at is not None
            ),
            other_hosts=tuple(
                other_hosts(
                    session, case.proposal.call_id, case.apprentice.id, caller.today,
                    (case.proposal.first_day, case.proposal.last_day),
                )
            ),
        )
        for case, placement in gone
    ]  # fmt: skip


def _close(
    session: Session, caller: Caller, windows: Collection[uuid.UUID], reason: str
) -> None:  # fmt: skip
    store.places.close_windows(session, windows, caller.now)
    for offer in store.cases.offers_of(session, windows):
        others = store.windows.windows_of(session, offer.id, besides=windows)
        note(
            session, caller, "offer.dropped_out", offer, reason=reason,
            windows=sorted(str(one) for one in windows),
        )  # fmt: skip
        if not others:
            offer.status, offer.changed_at = models.OfferStatus.CLOSED, caller.now
            note(session, caller, "offer.closed", offer, reason=reason)
    session.flush()


def check_again(
    session: Session, caller: Caller, edits: Collection[Edit] = (), *,
    apprentices: Collection[uuid.UUID] = (), companies: Collection[uuid.UUID] = (),
    sites: Collection[uuid.UUID] = (), offers: Collection[uuid.UUID] = (),
    windows: Collection[uuid.UUID] = (),
    calls: Collection[uuid.UUID] = (),
) -> int:  # fmt: skip
    """After an edit: look at the live proposals and placements that it touches.

    One that breaks a hard rule is put on hold (its place is kept, both coordinators are told);
    one that no longer does goes on. `edits` void the answers that ASKED_AGAIN names. Returns
    how many are on hold now.
    """
    held = 0
    voided = frozenset(party for edit in edits for party in ASKED_AGAIN[edit])
    touched = store.cases.touched_by(
        apprentices, companies, sites, offers, windows, calls
    )  # fmt: skip
    for case in store.cases.live_cases(session, touched):
        on_hold = case.proposal.status == ProposalStatus.ON_HOLD
        try:
            broken = rules_broken(session, case.proposal, case.proposal.call_id, caller.today)
        except SealBrokenError:
            breaks = on_hold  # nobody knows more than before; a round names the row
        else:
            breaks = bool(broken)
            case.proposal.held_for = _told(case, case.proposal, broken)
            store.sealed.hold_for(session, case.proposal, broken, caller.now)
        if voided:
            change_status(session, caller, case, Event.REASK, SERVICE)
            ask_again(session, caller, case, voided)
        if breaks and not on_hold:
            change_status(session, caller, case, Event.HOLD, SERVICE)
            tell_coordinators(session, caller, case, "proposal_on_hold")
        elif not breaks and on_hold:
            change_status(session, caller, case, Event.RELEASE, SERVICE)
        if not breaks and (voided or on_hold):
            go_on(session, caller, case)
        held += breaks
    for placement, case in store.cases.current_placements(session, touched):
        try:
            broken = rules_broken(session, placement, case.proposal.call_id, caller.today)
        except SealBrokenError:
            continue
        store.sealed.hold_for(session, placement, broken, caller.now)
        told = _told(case, placement, broken)
        if told != placement.held_for:
            placement.held_for, placement.changed_at = told, caller.now
            note(session, caller, "placement.held" if broken else "placement.released", placement)
            if broken:
                tell_coordinators(session, caller, case, "placement_on_hold")
        held += bool(broken)
    session.flush()
    return held


def _told(case: Case, row: models.Proposal | models.Placement, broken: Sequence[str]) -> list[str]:
    """The broken rules that the hosting side may know."""
    return for_hosting(broken, case.apprentice.activity, (row.first_day, row.last_day))
