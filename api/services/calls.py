"""Calls: what is funded, who takes part, who waits.

Changes of a call's people and of its status hold the call's row, one at a time, so that the
queue has no gaps and no place twice.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import (
    AlreadyEnrolledError,
    ApplicationsClosedError,
    CallChangeError,
    CallCodeTakenError,
    DatesNotInOrderError,
    EnrolmentChangeError,
    FundingTakenError,
    LiveProposalsError,
    QueuePlaceError,
    RoundUnfinishedError,
    UnknownActivityError,
)
from api.services import records
from matcher.vocabulary import default_reference
from models import CallStatus, EnrolmentStatus, Role

CALL_CHANGES: dict[tuple[CallStatus, str], CallStatus] = {
    (CallStatus.DRAFT, "open"): CallStatus.OPEN,
    (CallStatus.OPEN, "finish"): CallStatus.FINISHED,
}
"""What becomes of a call by which event; what is not here is refused."""

ENROLMENT_CHANGES: dict[EnrolmentStatus, tuple[EnrolmentStatus, ...]] = {
    EnrolmentStatus.APPLIED: (EnrolmentStatus.SELECTED, EnrolmentStatus.WAITING),
    EnrolmentStatus.SELECTED: (EnrolmentStatus.WAITING, EnrolmentStatus.PAUSED),
    EnrolmentStatus.WAITING: (
        EnrolmentStatus.SELECTED, EnrolmentStatus.WAITING, EnrolmentStatus.PAUSED
    ),
    EnrolmentStatus.PAUSED: (EnrolmentStatus.SELECTED, EnrolmentStatus.WAITING),
    EnrolmentStatus.WITHDRAWN: (EnrolmentStatus.APPLIED,),
}  # fmt: skip
"""How people may go on; who waits may get another place in the queue. All but those who have
withdrawn may withdraw (`withdraw`)."""

HELD_A_PLACE = (EnrolmentStatus.SELECTED, EnrolmentStatus.PAUSED)
"""Whose leaving makes room for somebody who waits."""

OFFERED = 3
"""So many of those who wait are named when somebody leaves."""


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal leaves to do.

    The person's live proposals and current placements of the call, which still stand, and who
    could come in: an offer to the coordinator, nobody is moved by itself.
    """

    live_proposals: tuple[uuid.UUID, ...]
    current_placements: tuple[uuid.UUID, ...]
    next_waiting: tuple[models.Enrolment, ...]


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
    """Change what a call says. Raises CallChangeError, DatesNotInOrderError, CallCodeTakenError."""
    _check_unfinished(call, "change it")
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
) -> models.FundedPlaces:
    """Fund that many stays of an activity type for a sending region, in place of what was funded.

    Raises CallChangeError, UnknownActivityError, FundingTakenError when more are taken.
    """
    _check_unfinished(call, "change its funding")
    if activity not in default_reference().codes("activities"):
        raise UnknownActivityError(activity)
    funded = _funded(session, caller, call, region, activity)
    before = funded.places
    enough = store.places.set_funding(session, funded.id, places, caller.now)
    session.refresh(funded)
    if not enough:
        raise FundingTakenError(places, funded.taken)
    records.note(session, caller, "call.funded", funded, before=before, places=places)
    return funded


def enrol(
    session: Session, caller: Caller, call: models.Call, apprentice: models.Apprentice
) -> models.Enrolment:
    """Take an application in. After the closing date only coordinators and centres do that.

    Raises CallChangeError unless the call is open, ApplicationsClosedError,
    AlreadyEnrolledError.
    """
    if call.status != CallStatus.OPEN:
        raise CallChangeError(call.code, call.status, "enrol anybody")
    if caller.role in (Role.APPRENTICE, Role.GUARDIAN) and caller.today > call.closes_on:
        raise ApplicationsClosedError(call.closes_on)
    there = store.calls.enrolments_of(session, call.id, [apprentice.id])
    if there:
        raise AlreadyEnrolledError(there[0].status)
    enrolment = models.Enrolment(
        id=caller.new_id(), created_at=caller.now, changed_at=caller.now, call_id=call.id,
        apprentice_id=apprentice.id,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(enrolment)
    except IntegrityError:
        raise AlreadyEnrolledError(EnrolmentStatus.APPLIED) from None
    records.note(session, caller, "enrolment.applied", enrolment)
    return enrolment


def change_enrolment(
    session: Session,
    caller: Caller,
    enrolment: models.Enrolment,
    status: EnrolmentStatus,
    *,
    place_in_queue: int | None = None,
) -> models.Enrolment:
    """Let a person take part in another way; who waits gets the place asked for, or the last one.

    A queue is that of the sending region and the activity type. Raises CallChangeError,
    EnrolmentChangeError, QueuePlaceError.
    """
    held = _held(session, enrolment)
    allowed = ENROLMENT_CHANGES[held.status]
    if status not in allowed:
        raise EnrolmentChangeError(held.status, status, ", ".join(allowed))
    if place_in_queue is not None and status != EnrolmentStatus.WAITING:
        raise QueuePlaceError(0)
    _set_status(session, caller, held, status, place_in_queue)
    return held


def withdraw(session: Session, caller: Caller, enrolment: models.Enrolment) -> Withdrawal:
    """Let a person leave a call. What the person has and who could come in is for the caller.

    Those who wait are named only where the person was selected or paused. Raises
    CallChangeError, EnrolmentChangeError.
    """
    held = _held(session, enrolment)
    before = held.status
    if before == EnrolmentStatus.WITHDRAWN:
        allowed = ", ".join(ENROLMENT_CHANGES[before])
        raise EnrolmentChangeError(before, EnrolmentStatus.WITHDRAWN, allowed)
    _set_status(session, caller, held, EnrolmentStatus.WITHDRAWN, None)
    person = held.apprentice_id
    live = store.proposals.live_proposals(session, held.call_id, of=person)
    placed = store.proposals.current_placements(session, held.call_id, person)
    region_id, activity = _kind(session, held)
    waiting = store.calls.queue(session, held.call_id, region_id, activity)
    return Withdrawal(
        live_proposals=tuple(row.id for row in live),
        current_placements=tuple(row.id for row in placed),
        next_waiting=tuple(waiting[:OFFERED]) if before in HELD_A_PLACE else (),
    )


def next_waiting(
    session: Session, call: models.Call, region: models.Region, activity: str
) -> list[models.Enrolment]:
    """Who could come in next, in the order of the queue, three at most."""
    return store.calls.queue(session, call.id, region.id, activity)[:OFFERED]


def _move(session: Session, caller: Caller, call: models.Call, event: str) -> models.Call:
    to = CALL_CHANGES.get((call.status, event))
    if to is None:
        raise CallChangeError(call.code, call.status, f"{event} it")
    call.status, call.changed_at = to, caller.now
    records.note(session, caller, f"call.{to}", call)
    session.flush()
    return call


def _check_unfinished(call: models.Call, what: str) -> None:
    if call.status == CallStatus.FINISHED:
        raise CallChangeError(call.code, call.status, what)


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
    session: Session, caller: Caller, call: models.Call, region: models.Region, activity: str
) -> models.FundedPlaces:
    """The row of what a call funds, made with no places where there is none yet."""
    found = store.places.funded_places(session, call.id, region.id, activity)
    if found is None:
        try:
            with session.begin_nested():
                session.add(
                    models.FundedPlaces(
                        id=caller.new_id(), created_at=caller.now, changed_at=caller.now,
                        call_id=call.id, region_id=region.id, activity=activity, places=0,
                    )
                )  # fmt: skip
        except IntegrityError:
            pass  # somebody else made it meanwhile
        found = store.places.funded_places(session, call.id, region.id, activity)
    assert found is not None  # noqa: S101  # it was there, or was made above, by somebody
    return found


def _held(session: Session, enrolment: models.Enrolment) -> models.Enrolment:
    """The enrolment as it stands now, with its call held."""
    _check_unfinished(store.calls.hold_call(session, enrolment.call_id), "change who takes part")
    (held,) = store.calls.hold_enrolments(session, enrolment.call_id, [enrolment.apprentice_id])
    return held


def _set_status(
    session: Session,
    caller: Caller,
    held: models.Enrolment,
    status: EnrolmentStatus,
    place: int | None,
) -> None:
    """Set the status, put the person into the queue or out of it, and close the gaps there."""
    before = held.status
    others = [row for row in store.calls.queue(session, held.call_id, *_kind(session, held))
              if row.id != held.id]  # fmt: skip
    if status == EnrolmentStatus.WAITING:
        last = len(others) + 1
        if place is not None and not 1 <= place <= last:
            raise QueuePlaceError(last)
        others.insert((place or last) - 1, held)
    else:
        held.place_in_queue = None
    held.status, held.changed_at = status, caller.now
    _number(others, caller)
    records.note(
        session, caller, f"enrolment.{status}", held, before=before, place=held.place_in_queue
    )
    session.flush()


def _number(queue: Sequence[models.Enrolment], caller: Caller) -> None:
    for place, row in enumerate(queue, start=1):
        if row.place_in_queue != place:
            row.place_in_queue, row.changed_at = place, caller.now


def _kind(session: Session, enrolment: models.Enrolment) -> tuple[uuid.UUID, str]:
    """The sending region and the activity type of a person: they name the queue."""
    person = session.get_one(models.Apprentice, enrolment.apprentice_id)
    return session.get_one(models.Centre, person.centre_id).region_id, person.activity
