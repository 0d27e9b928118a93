"""Who takes part in a call and who waits.

Changes of a call's people hold the call's row, one at a time, so that the queue has no gaps
and no place twice.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import (
    AlreadyEnrolledError,
    ApplicationsClosedError,
    CallChangeError,
    EnrolmentChangeError,
    NoSuchApprenticeError,
    NoSuchEnrolmentError,
    QueuePlaceError,
)
from api.policy import Scope
from api.services import records
from api.services.calls import check_unfinished
from models import CallStatus, EnrolmentStatus, Role
from models.call_views import (
    EnrolmentShown,
    WithdrawalForApprentice,
    WithdrawalForSending,
    WithdrawalShown,
)

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


def load(
    session: Session, caller: Caller, scope: Scope, enrolment_id: uuid.UUID,
    *, seen: int | None = None,
) -> models.Enrolment:  # fmt: skip
    """An enrolment in the scope, held with its call until the end of the transaction.

    Raises NoSuchEnrolmentError, StaleVersionError where it is not the version that was `seen`.
    """
    found = store.calls.taking_part(
        session,
        models.Enrolment.id == enrolment_id,
        store.scopes.people_in(scope, caller.scope_id),
    )
    if not found:
        raise NoSuchEnrolmentError(enrolment_id)
    ((enrolment, person),) = found
    store.calls.hold_call(session, enrolment.call_id)
    (held,) = store.calls.hold_enrolments(session, enrolment.call_id, [person.id])
    records.check_version("enrolment", held, seen)
    return held


def person_in(
    session: Session, caller: Caller, scope: Scope, apprentice_id: uuid.UUID
) -> models.Apprentice:
    """An apprentice in the scope. Raises NoSuchApprenticeError."""
    mine = store.scopes.people_in(scope, caller.scope_id)
    found = store.calls.people(session, [apprentice_id], mine)
    if not found:
        raise NoSuchApprenticeError(apprentice_id)
    return found[0]


def page(
    session: Session, caller: Caller, scope: Scope, call: models.Call,
    *, status: EnrolmentStatus | None, after: uuid.UUID | None, limit: int,
) -> list[EnrolmentShown]:  # fmt: skip
    """Who of the scope takes part in a call, by the enrolments' ids."""
    wanted = _of_call(call, scope, caller)
    if status is not None:
        wanted.append(models.Enrolment.status == status)
    if after is not None:
        wanted.append(col(models.Enrolment.id) > after)
    return [shown(*row) for row in store.calls.taking_part(session, *wanted, limit=limit)]


def waiting(
    session: Session, caller: Caller, scope: Scope, call: models.Call, activity: str,
    *, after: int, limit: int,
) -> list[EnrolmentShown]:  # fmt: skip
    """Who of the scope waits for a place of an activity type, in the order of the queue.

    A school and a person see their own places in the queue of the whole region.
    """
    found = store.calls.taking_part(
        session,
        *_of_call(call, scope, caller),
        models.Enrolment.status == EnrolmentStatus.WAITING,
        models.Apprentice.activity == activity,
        col(models.Enrolment.place_in_queue) > after,
        by=models.Enrolment.place_in_queue,
        limit=limit,
    )
    return [shown(*row) for row in found]


def shown(enrolment: models.Enrolment, person: models.Apprentice) -> EnrolmentShown:
    """An enrolment with the person's name, for who answers for the person."""
    values = {
        name: getattr(row, name)
        for row in (person, enrolment)
        for name in EnrolmentShown.model_fields.keys() & type(row).model_fields.keys()
    }
    return EnrolmentShown(**values)


def withdrawal_shown(
    session: Session, caller: Caller, enrolment: models.Enrolment, left: Withdrawal
) -> WithdrawalShown:
    """What a withdrawal leaves: an apprentice sees of it what the person knew before.

    That is no proposal before the person's turn, and nobody else who waits.
    """
    rows = [enrolment, *left.next_waiting]
    people = {
        person.id: person
        for _, person in store.calls.taking_part(
            session, col(models.Enrolment.id).in_([row.id for row in rows])
        )
    }
    own, *others = [shown(row, people[row.apprentice_id]) for row in rows]
    live, placed = list(left.live_proposals), list(left.current_placements)
    if caller.role == Role.APPRENTICE:
        mine = store.scopes.cases_in(Scope.SELF, caller.scope_id)
        known = store.cases.cases(session, col(models.Proposal.id).in_(live), mine)
        return WithdrawalForApprentice(
            enrolment=own, live_proposals=[case.proposal.id for case in known],
            current_placements=placed,
        )  # fmt: skip
    return WithdrawalForSending(
        enrolment=own, live_proposals=live, current_placements=placed, next_waiting=others
    )


def _of_call(call: models.Call, scope: Scope, caller: Caller) -> list[Any]:
    mine = store.scopes.people_in(scope, caller.scope_id)
    return [models.Enrolment.call_id == call.id, mine]


def enrol(
    session: Session, caller: Caller, call: models.Call, apprentice: models.Apprentice
) -> models.Enrolment:
    """Take an application in. After the closing date only coordinators and centres do that.

    Raises CallChangeError unless the call is open, ApplicationsClosedError,
    AlreadyEnrolledError.
    """
    if call.status != CallStatus.OPEN:
        raise CallChangeError(call.code, call.status, "enrol")
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
        raise EnrolmentChangeError(held.status, status, allowed)
    if place_in_queue is not None and status != EnrolmentStatus.WAITING:
        raise QueuePlaceError(0)
    _set_status(session, caller, held, status, place_in_queue)
    return held


def withdraw(session: Session, caller: Caller, enrolment: models.Enrolment) -> Withdrawal:
    """Let a person leave a call. What the person has and who could come in is for the caller.

    Those who wait are named only where the person was selected or paused. The coordinator is
    told when the person leaves without one. Raises CallChangeError, EnrolmentChangeError.
    """
    held = _held(session, enrolment)
    before = held.status
    if before == EnrolmentStatus.WITHDRAWN:
        allowed = ENROLMENT_CHANGES[before]
        raise EnrolmentChangeError(before, EnrolmentStatus.WITHDRAWN, allowed)
    _set_status(session, caller, held, EnrolmentStatus.WITHDRAWN, None)
    person = held.apprentice_id
    live = store.proposals.live_proposals(session, held.call_id, of=person)
    placed = store.proposals.current_placements(session, held.call_id, person)
    region_id, activity = _kind(session, held)
    waiting = store.calls.queue(session, held.call_id, region_id, activity)
    if caller.role == Role.APPRENTICE:
        for user in store.cases.coordinators(
            session, region_id, caller.today, apprentice_id=person
        ):
            records.tell(
                session, caller, user.email, user.language, "enrolment_withdrawn",
                enrolment=held.id, call=held.call_id,
            )  # fmt: skip
    return Withdrawal(
        live_proposals=tuple(row.id for row in live),
        current_placements=tuple(row.id for row in placed),
        next_waiting=tuple(waiting[:OFFERED]) if before in HELD_A_PLACE else (),
    )


def leave(session: Session, caller: Caller, enrolment: models.Enrolment) -> None:
    """Take somebody who is being erased out of a call that is not finished."""
    call = store.calls.hold_call(session, enrolment.call_id)
    if call.status == CallStatus.FINISHED or enrolment.status == EnrolmentStatus.WITHDRAWN:
        return
    (held,) = store.calls.hold_enrolments(session, enrolment.call_id, [enrolment.apprentice_id])
    _set_status(session, caller, held, EnrolmentStatus.WITHDRAWN, None)


def _held(session: Session, enrolment: models.Enrolment) -> models.Enrolment:
    """The enrolment as it stands now, with its call held."""
    check_unfinished(store.calls.hold_call(session, enrolment.call_id), "change_enrolment")
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
