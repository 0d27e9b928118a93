"""Calls: made, opened and finished, and what they fund."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import (
    CallChangeError,
    CallCodeTakenError,
    CallEvent,
    DatesNotInOrderError,
    FundingTakenError,
    LiveProposalsError,
    NoSuchCallError,
    NoSuchRegionError,
    RoundUnfinishedError,
    StaleVersionError,
    UnknownActivityError,
)
from api.policy import Action, Scope, scope_of
from api.services import records
from api.services.placements import check_again
from matcher.vocabulary import default_reference
from models import CallStatus, Role
from models.call_views import CallForAll, CallForOffice, CallShown, FundedShown

CALL_CHANGES: dict[tuple[CallStatus, CallEvent], CallStatus] = {
    (CallStatus.DRAFT, "open"): CallStatus.OPEN,
    (CallStatus.OPEN, "finish"): CallStatus.FINISHED,
}
"""What becomes of a call by which event; what is not here is refused."""

SEE_FUNDING = (Role.ADMIN, Role.COORDINATOR, Role.CENTRE)
"""Who knows how many places a call funds and how many are taken."""

MOST_KNOWN = 200
"""So many calls are shown to choose from."""

PERIOD = {"stays_from", "stays_to"}
"""Fields whose change is a change for stays that were proposed or booked."""


def load(
    session: Session, caller: Caller, code: str, *, change: bool = False, seen: int | None = None
) -> models.Call:
    """The call with this code; drafts are there for those who may change them.

    For a `change` it is held until the end of the transaction. Raises NoSuchCallError,
    StaleVersionError where it is not the version that was `seen`.
    """
    call = store.calls.call_by_code(session, code)
    if call is None or (call.status == CallStatus.DRAFT and not makes_calls(caller)):
        raise NoSuchCallError(code)
    if change:
        call = store.calls.hold_call(session, call.id)
    records.check_version("call", call, seen)
    return call


def every(session: Session) -> list[models.Call]:
    """All calls, drafts and finished ones too, the last to begin first."""
    found = store.rows.every(session, models.Call)
    return sorted(found, key=lambda call: call.stays_from, reverse=True)


def makes_calls(caller: Caller) -> bool:
    """Whether somebody makes and changes calls, and so knows of drafts."""
    return scope_of(caller.role, Action.CALL_CHANGE) is not None


def known(session: Session, caller: Caller) -> list[models.Call]:
    """The calls that somebody may see, the one with the latest stays first."""
    wanted = [] if makes_calls(caller) else [col(models.Call.status) != CallStatus.DRAFT]
    found = store.calls.calls(session, *wanted, limit=MOST_KNOWN)
    return sorted(found, key=lambda call: call.stays_from, reverse=True)


def region_in_scope(session: Session, caller: Caller, scope: Scope, code: str) -> models.Region:
    """A region in the scope. Raises NoSuchRegionError."""
    mine = store.scopes.regions_in(scope, caller.scope_id)
    region = store.regions.region_by_code(session, code, mine)
    if region is None:
        raise NoSuchRegionError(code)
    return region


def shown(session: Session, caller: Caller, call: models.Call) -> CallShown:
    """The view of a call for who asks."""
    values = {name: getattr(call, name) for name in CallForAll.model_fields}
    if caller.role not in SEE_FUNDING:
        return CallForAll(**values)
    found = store.places.funding_of_call(session, call.id)
    return CallForOffice(**values, funding=[funded_shown(*row) for row in found])


def lines(session: Session, call: models.Call) -> dict[tuple[str, str], FundedShown]:
    """What a call funds, by the codes of region and activity type."""
    found = [funded_shown(*row) for row in store.places.funding_of_call(session, call.id)]
    return {(line.region, line.activity): line for line in found}


def funded_shown(funded: models.FundedPlaces, region: models.Region) -> FundedShown:
    """What is funded, with the region's code."""
    return FundedShown(
        region=region.code, activity=funded.activity, places=funded.places, taken=funded.taken,
        version=funded.version,
    )  # fmt: skip


def create_call(session: Session, caller: Caller, fields: models.CallFields) -> models.Call:
    """Make a call, as a draft. Raises DatesNotInOrderError, CallCodeTakenError."""
    _check_days(fields)
    call = models.Call(
        **fields.model_dump(), id=caller.new_id(), created_at=caller.now, changed_at=caller.now
    )
    _store_call(session, call, fields.code)
    records.note(session, caller, "call.created", call)
    return call


def change_call(
    session: Session, caller: Caller, call: models.Call, fields: models.CallFields
) -> models.Call:
    """Change what a call says. Another period looks again at stays that are proposed or booked.

    Those that are outside of it now are put on hold, those that are inside again go on. Raises
    CallChangeError, DatesNotInOrderError, CallCodeTakenError.
    """
    check_unfinished(call, "change")
    _check_days(fields)
    new = fields.model_dump()
    changed = sorted(name for name, value in new.items() if value != getattr(call, name))
    if not changed:
        return call
    other = store.calls.call_by_code(session, fields.code)
    if other is not None and other.id != call.id:
        raise CallCodeTakenError(fields.code)
    for name in changed:
        setattr(call, name, new[name])
    call.changed_at = caller.now
    _store_call(session, call, fields.code)
    records.note(session, caller, "call.changed", call, fields=changed)
    if not PERIOD.isdisjoint(changed):
        check_again(session, caller, calls=[call.id])
    return call


def open_call(session: Session, caller: Caller, call: models.Call) -> models.Call:
    """Open a draft: people apply, rounds run. Raises CallChangeError."""
    return _move(session, caller, store.calls.hold_call(session, call.id), "open")


def finish_call(session: Session, caller: Caller, call: models.Call) -> models.Call:
    """Finish an open call: nothing more is proposed.

    Raises CallChangeError, LiveProposalsError, and RoundUnfinishedError while a round is queued
    or running, which would propose after the end.
    """
    call = store.calls.hold_call(session, call.id)
    if (call.status, "finish") in CALL_CHANGES:
        live = store.proposals.live_proposals(session, call.id)
        if live:
            raise LiveProposalsError(call.code, len(live))
        if store.rounds.round_unfinished(session, call.id):
            raise RoundUnfinishedError(call.code)
    return _move(session, caller, call, "finish")


def fund(
    session: Session,
    caller: Caller,
    call: models.Call,
    region: models.Region,
    activity: str,
    places: int,
    *,
    seen: int | None = None,
) -> models.FundedPlaces:
    """Fund that many stays of an activity type for a sending region, in place of what was funded.

    What was never funded has version 0: who saw none rests the change on that. A stay that
    takes a place is no change. Raises CallChangeError, UnknownActivityError,
    FundingTakenError when more are taken, StaleVersionError.
    """
    check_unfinished(call, "fund")
    if activity not in default_reference().codes("activities"):
        raise UnknownActivityError(activity)
    funded = _funded(session, caller, call, region, activity, seen)
    before = funded.places
    enough = store.places.set_funding(session, funded.id, places, caller.now)
    session.refresh(funded)
    if not enough:
        raise FundingTakenError(places, funded.taken)
    records.note(session, caller, "call.funded", funded, before=before, places=places)
    return funded


def _move(session: Session, caller: Caller, call: models.Call, event: CallEvent) -> models.Call:
    to = CALL_CHANGES.get((call.status, event))
    if to is None:
        raise CallChangeError(call.code, call.status, event)
    call.status, call.changed_at = to, caller.now
    records.note(session, caller, f"call.{to}", call)
    session.flush()
    return call


def check_unfinished(call: models.Call, event: CallEvent) -> None:
    """A finished call stays as it is. Raises CallChangeError."""
    if call.status == CallStatus.FINISHED:
        raise CallChangeError(call.code, call.status, event)


def _check_days(fields: models.CallFields) -> None:
    if fields.stays_from > fields.stays_to:
        raise DatesNotInOrderError("stays_from", "stays_to")
    if fields.closes_on > fields.stays_to:
        raise DatesNotInOrderError("closes_on", "stays_to")


def _store_call(session: Session, call: models.Call, code: str) -> None:
    try:
        with session.begin_nested():
            session.add(call)
    except IntegrityError:
        raise CallCodeTakenError(code) from None


def _funded(
    session: Session, caller: Caller, call: models.Call, region: models.Region, activity: str,
    seen: int | None,
) -> models.FundedPlaces:  # fmt: skip
    """The row of what a call funds, made with no places where there is none yet."""
    found = store.places.funded_places(session, call.id, region.id, activity)
    if found is None:
        made = models.FundedPlaces(
            id=caller.new_id(), created_at=caller.now, changed_at=caller.now,
            call_id=call.id, region_id=region.id, activity=activity, places=0,
        )  # fmt: skip
        if seen:
            raise StaleVersionError("funding", seen, 0)
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:
            pass  # somebody else made it meanwhile
        else:
            return made
        found = store.places.funded_places(session, call.id, region.id, activity)
    assert found is not None  # noqa: S101  # it was there, or was made above, by somebody
    records.check_version("funding", found, seen)
    return found
