"""Travel groups: who goes together, what is fixed for all, who still lacks a place.

A person is in one group of a call at most that is not split. Every change of members, wishes
or accompanying persons counts as a change of the group: its version goes up.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import (
    AlreadyInGroupError,
    CallChangeError,
    DatesNotInOrderError,
    DatesOutsideCallError,
    FriendsAreTwoError,
    GroupKindFixedError,
    GroupSplitError,
    NoSuchCallError,
    NoSuchGroupError,
    NoSuchWishError,
    NotEnrolledError,
    NotInGroupError,
    UnknownRegionError,
)
from api.services import records
from api.services.asking import MAJORITY
from api.services.narrowing import in_effect
from matcher.limits import age_on
from models import CallStatus, EnrolmentStatus, GroupKind, Role

WHERE_AND_WHEN = ("region_code", "town", "first_day", "last_day", "together_or_not_at_all")
"""What friends agree on when they wish to travel together."""


@dataclass(frozen=True)
class MemberStatus:
    """One member: whether there is a wish (friends), a part in the call, and a place."""

    apprentice_id: uuid.UUID
    wished: bool
    enrolment: EnrolmentStatus | None
    has_place: bool


@dataclass(frozen=True)
class GroupStatus:
    """How a group stands, for its coordinator.

    `missing` are members without a live proposal or current placement of the call;
    `uncovered_days` days on which nobody goes along with a class that has minors: a warning.
    """

    in_effect: bool
    members: tuple[MemberStatus, ...]
    missing: tuple[uuid.UUID, ...]
    uncovered_days: tuple[datetime.date, ...]


def find(session: Session, group_id: uuid.UUID) -> models.TravelGroup:
    """The group, split or not. Raises NoSuchGroupError."""
    found = session.get(models.TravelGroup, group_id)
    if found is None:
        raise NoSuchGroupError(group_id)
    return found


def make_group(
    session: Session,
    caller: Caller,
    call_id: uuid.UUID,
    fields: models.TravelGroupFields,
    members: Collection[uuid.UUID],
    accompanying: Sequence[models.AccompanyingPersonFields] = (),
) -> models.TravelGroup:
    """Make a group of people who take part in a call. Friends have no effect before both wish.

    Raises NoSuchCallError, CallChangeError, UnknownRegionError, DatesNotInOrderError,
    DatesOutsideCallError, FriendsAreTwoError, NotEnrolledError, AlreadyInGroupError.
    """
    call = _call(session, call_id)
    _check_fields(session, call, fields)
    _check_days(accompanying)
    people = sorted(set(members))
    if fields.kind == GroupKind.FRIENDS and len(people) != 2:
        raise FriendsAreTwoError
    _check_people(session, call_id, people)
    group = models.TravelGroup(
        **fields.model_dump(), id=caller.new_id(), created_at=caller.now, changed_at=caller.now,
        call_id=call_id,
    )  # fmt: skip
    rows = [_member(caller, group, person) for person in people]
    store.rows.add_in_order(session, [group, *rows, *_going_along(caller, group, accompanying)])
    records.note(session, caller, "group.made", group, members=[str(p) for p in people])
    return group


def change_group(
    session: Session,
    caller: Caller,
    group: models.TravelGroup,
    fields: models.TravelGroupFields,
) -> models.TravelGroup:
    """Change what is fixed for all. A friend who changes it asks the other one again.

    Raises GroupSplitError, GroupKindFixedError, UnknownRegionError, DatesNotInOrderError,
    DatesOutsideCallError, CallChangeError.
    """
    _check_unsplit(group)
    if fields.kind != group.kind:
        raise GroupKindFixedError(group.kind)
    _check_fields(session, _call(session, group.call_id), fields)
    new = fields.model_dump()
    changed = sorted(name for name, value in new.items() if value != getattr(group, name))
    for name in changed:
        setattr(group, name, new[name])
    if caller.role == Role.APPRENTICE and not {*WHERE_AND_WHEN}.isdisjoint(changed):
        for member in store.groups.members_of(session, [group.id]):
            if member.apprentice_id != caller.scope_id and member.wished_at is not None:
                member.wished_at, member.changed_at = None, caller.now
    return _noted(session, caller, group, "group.changed", fields=changed)


def add_member(
    session: Session, caller: Caller, group: models.TravelGroup, apprentice_id: uuid.UUID
) -> models.TravelGroup:
    """Take somebody into a class.

    Raises GroupSplitError, FriendsAreTwoError, NotEnrolledError, AlreadyInGroupError,
    CallChangeError.
    """
    _check_unsplit(group)
    if group.kind == GroupKind.FRIENDS:
        raise FriendsAreTwoError
    _call(session, group.call_id)
    _check_people(session, group.call_id, [apprentice_id])
    session.add(_member(caller, group, apprentice_id))
    return _noted(session, caller, group, "group.member_added", member=apprentice_id)


def remove_member(
    session: Session, caller: Caller, group: models.TravelGroup, apprentice_id: uuid.UUID
) -> models.TravelGroup:
    """Take somebody out of a class.

    Raises GroupSplitError, FriendsAreTwoError (split those), NotInGroupError.
    """
    _check_unsplit(group)
    if group.kind == GroupKind.FRIENDS:
        raise FriendsAreTwoError
    member = store.groups.member(session, group.id, apprentice_id)
    if member is None:
        raise NotInGroupError
    session.delete(member)
    return _noted(session, caller, group, "group.member_removed", member=apprentice_id)


def set_accompanying(
    session: Session,
    caller: Caller,
    group: models.TravelGroup,
    accompanying: Sequence[models.AccompanyingPersonFields],
) -> models.TravelGroup:
    """Say who goes along, in place of what was said before.

    Raises GroupSplitError, DatesNotInOrderError.
    """
    _check_unsplit(group)
    _check_days(accompanying)
    store.groups.forget_accompanying(session, group.id)
    session.add_all(_going_along(caller, group, accompanying))
    return _noted(session, caller, group, "group.accompanying_set", people=len(accompanying))


def split(session: Session, caller: Caller, group: models.TravelGroup) -> models.TravelGroup:
    """End the effect of a group on rounds and answers; its members' proposals stay.

    Raises GroupSplitError.
    """
    _check_unsplit(group)
    group.split_at = caller.now
    return _noted(session, caller, group, "group.split")


def wish_together(
    session: Session,
    caller: Caller,
    apprentice_id: uuid.UUID,
    friend_id: uuid.UUID,
    call_id: uuid.UUID,
) -> models.TravelGroup:
    """Say that a person wishes to travel with a friend; it has effect once the friend says so too.

    Raises NoSuchCallError, CallChangeError, FriendsAreTwoError, NotEnrolledError,
    AlreadyInGroupError.
    """
    _call(session, call_id)
    both = sorted({apprentice_id, friend_id})
    if len(both) != 2:
        raise FriendsAreTwoError
    _check_enrolled(session, call_id, both)
    group = store.groups.group_of(session, apprentice_id, call_id)
    others = store.groups.group_of(session, friend_id, call_id)
    if group is None and others is None:
        fields = models.TravelGroupFields(name="Friends", kind=GroupKind.FRIENDS)
        group = make_group(session, caller, call_id, fields, both)
    elif group is None or others is None or group.id != others.id:
        raise AlreadyInGroupError(sum(found is not None for found in (group, others)))
    elif group.kind != GroupKind.FRIENDS:
        raise AlreadyInGroupError(len(both))
    member = store.groups.member(session, group.id, apprentice_id)
    if member is None or member.wished_at is not None:
        return group
    member.wished_at = member.changed_at = caller.now
    return _noted(session, caller, group, "group.wished", member=apprentice_id)


def take_wish_back(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, call_id: uuid.UUID
) -> models.TravelGroup:
    """Take a wish back, or refuse a friend's: the two are no group any more.

    Raises NoSuchWishError.
    """
    group = store.groups.group_of(session, apprentice_id, call_id)
    if group is None or group.kind != GroupKind.FRIENDS:
        raise NoSuchWishError
    member = store.groups.member(session, group.id, apprentice_id)
    if member is not None and member.wished_at is not None:
        member.wished_at, member.changed_at = None, caller.now
    records.note(session, caller, "group.wish_taken_back", group, member=apprentice_id)
    return split(session, caller, group)


def status(session: Session, group: models.TravelGroup) -> GroupStatus:
    """How the group stands: who of it has a place, and what its coordinator should know."""
    members = store.groups.members_of(session, [group.id])
    people = [member.apprentice_id for member in members]
    enrolled = {
        row.apprentice_id: row.status
        for row in store.calls.enrolments_of(session, group.call_id, people)
    }
    placed = store.groups.with_place(session, group.call_id, people)
    return GroupStatus(
        in_effect=in_effect(group, members),
        members=tuple(
            MemberStatus(
                apprentice_id=member.apprentice_id,
                wished=member.wished_at is not None,
                enrolment=enrolled.get(member.apprentice_id),
                has_place=member.apprentice_id in placed,
            )
            for member in sorted(members, key=lambda member: member.apprentice_id)
        ),
        missing=tuple(sorted({*people} - placed)),
        uncovered_days=tuple(uncovered_days(session, group)),
    )


def uncovered_days(session: Session, group: models.TravelGroup) -> list[datetime.date]:
    """The days on which nobody goes along with a class.

    None where the dates are open, or where every member is of age on the first day.
    """
    first, last = group.first_day, group.last_day
    if group.kind != GroupKind.CLASS or first is None or last is None:
        return []
    people = store.groups.people_of(session, group.id)
    if all(age_on(person.birth_date, first) >= MAJORITY for person in people):
        return []
    along = store.groups.accompanying_of(session, group.id)
    days = (first + datetime.timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if not any(p.first_day <= day <= p.last_day for p in along)]


def held_back(session: Session, apprentice_id: uuid.UUID, call_id: uuid.UUID) -> list[uuid.UUID]:
    """The members whose lack of a place holds a person's proposal in a call.

    Empty unless the person is in a group in effect that goes together or not at all. While it
    is not empty, the sending coordinator's yes is refused (GroupIncompleteError).
    """
    group = store.groups.group_of(session, apprentice_id, call_id)
    if group is None or not group.together_or_not_at_all:
        return []
    members = store.groups.members_of(session, [group.id])
    if not in_effect(group, members):
        return []
    people = {member.apprentice_id for member in members}
    return sorted(people - store.groups.with_place(session, call_id, people))


def _call(session: Session, call_id: uuid.UUID) -> models.Call:
    call = session.get(models.Call, call_id)
    if call is None:
        raise NoSuchCallError(str(call_id))
    if call.status == CallStatus.FINISHED:
        raise CallChangeError(call.code, call.status, "change its travel groups")
    return call


def _check_unsplit(group: models.TravelGroup) -> None:
    if group.split_at is not None:
        raise GroupSplitError


def _check_fields(session: Session, call: models.Call, fields: models.TravelGroupFields) -> None:
    first, last = fields.first_day, fields.last_day
    if (first is None) != (last is None):
        raise DatesNotInOrderError("first_day", "last_day")
    if first is not None and last is not None:
        if first > last:
            raise DatesNotInOrderError("first_day", "last_day")
        if not call.stays_from <= first <= last <= call.stays_to:
            raise DatesOutsideCallError(call.stays_from, call.stays_to)
    code = fields.region_code
    if code is not None and code not in {
        row.code for row in store.rows.every(session, models.Region)
    }:
        raise UnknownRegionError(code)


def _check_days(accompanying: Iterable[models.AccompanyingPersonFields]) -> None:
    if any(person.first_day > person.last_day for person in accompanying):
        raise DatesNotInOrderError("first_day", "last_day")


def _check_people(session: Session, call_id: uuid.UUID, people: Collection[uuid.UUID]) -> None:
    """The people take part and are in no group; their enrolments are held, so that it stays so."""
    _check_enrolled(session, call_id, people)
    grouped = store.groups.in_groups(session, call_id, people)
    if grouped:
        raise AlreadyInGroupError(len(grouped))


def _check_enrolled(session: Session, call_id: uuid.UUID, people: Collection[uuid.UUID]) -> None:
    held = store.calls.hold_enrolments(session, call_id, people)
    there = {row.apprentice_id for row in held if row.status != EnrolmentStatus.WITHDRAWN}
    if len(there) < len(people):
        raise NotEnrolledError(len(people) - len(there))


def _member(caller: Caller, group: models.TravelGroup, person: uuid.UUID) -> models.GroupMember:
    return models.GroupMember(
        id=caller.new_id(), created_at=caller.now, changed_at=caller.now, group_id=group.id,
        apprentice_id=person,
    )  # fmt: skip


def _going_along(
    caller: Caller,
    group: models.TravelGroup,
    accompanying: Iterable[models.AccompanyingPersonFields],
) -> list[models.AccompanyingPerson]:
    return [
        models.AccompanyingPerson(
            **person.model_dump(), id=caller.new_id(), created_at=caller.now, group_id=group.id
        )
        for person in accompanying
    ]


def _noted(
    session: Session, caller: Caller, group: models.TravelGroup, action: str, **data: object
) -> models.TravelGroup:
    """Count a change of the group, also where only its members changed, and write it down."""
    group.changed_at = caller.now
    flag_modified(group, "changed_at")
    records.note(session, caller, action, group, **data)
    session.flush()
    return group
