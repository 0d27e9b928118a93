"""Travel groups: who goes together, what is fixed for all, who still lacks a place.

A person is in one group of a call at most that is not split. Every change of members, wishes
or accompanying persons counts as a change of the group: its version goes up.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import true
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
    GroupOfOthersError,
    GroupSplitError,
    LastMemberError,
    NoSuchApprenticeError,
    NoSuchCallError,
    NoSuchGroupError,
    NotEnrolledError,
    NotInGroupError,
    UnknownRegionError,
)
from api.policy import Scope
from api.services import records
from api.services.narrowing import in_effect
from matcher.limits import ADULT, age_on
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


def find(
    session: Session, group_id: uuid.UUID, *conditions: Any, seen: int | None = None
) -> models.TravelGroup:
    """The group, split or not, if it meets the conditions and is the version that was `seen`.

    Raises NoSuchGroupError, StaleVersionError.
    """
    found = store.groups.groups(session, models.TravelGroup.id == group_id, *conditions)
    if not found:
        raise NoSuchGroupError(group_id)
    records.check_version("travel_group", found[0], seen)
    return found[0]


def check_people_in(
    session: Session, caller: Caller, scope: Scope, people: Collection[uuid.UUID]
) -> None:
    """All of these people are in the scope. Raises NoSuchApprenticeError naming one who is not."""
    mine = store.scopes.people_in(scope, caller.scope_id)
    missing = {*people} - {person.id for person in store.calls.people(session, people, mine)}
    if missing:
        raise NoSuchApprenticeError(min(missing))


def check_whole(session: Session, caller: Caller, scope: Scope, group: models.TravelGroup) -> None:
    """What is fixed for all is changed by who answers for all. Raises GroupOfOthersError."""
    members = store.groups.members_of(session, [group.id])
    try:
        check_people_in(session, caller, scope, [member.apprentice_id for member in members])
    except NoSuchApprenticeError:
        raise GroupOfOthersError from None


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
    call = call_of(session, call_id)
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
    check_unsplit(group)
    if fields.kind != group.kind:
        raise GroupKindFixedError(group.kind)
    _check_fields(session, call_of(session, group.call_id), fields)
    new = fields.model_dump()
    changed = sorted(name for name, value in new.items() if value != getattr(group, name))
    for name in changed:
        setattr(group, name, new[name])
    if caller.role == Role.APPRENTICE and not {*WHERE_AND_WHEN}.isdisjoint(changed):
        for member in store.groups.members_of(session, [group.id]):
            if member.apprentice_id != caller.scope_id and member.wished_at is not None:
                member.wished_at, member.changed_at = None, caller.now
    return noted(session, caller, group, "group.changed", fields=changed)


def add_member(
    session: Session, caller: Caller, group: models.TravelGroup, apprentice_id: uuid.UUID
) -> models.TravelGroup:
    """Take somebody into a class.

    Raises GroupSplitError, FriendsAreTwoError, NotEnrolledError, AlreadyInGroupError,
    CallChangeError.
    """
    check_unsplit(group)
    if group.kind == GroupKind.FRIENDS:
        raise FriendsAreTwoError
    call_of(session, group.call_id)
    _check_people(session, group.call_id, [apprentice_id])
    session.add(_member(caller, group, apprentice_id))
    return noted(session, caller, group, "group.member_added", member=apprentice_id)


def remove_member(
    session: Session, caller: Caller, group: models.TravelGroup, apprentice_id: uuid.UUID
) -> models.TravelGroup:
    """Take somebody out of a class.

    Raises GroupSplitError, FriendsAreTwoError (split those), NotInGroupError, LastMemberError.
    """
    check_unsplit(group)
    if group.kind == GroupKind.FRIENDS:
        raise FriendsAreTwoError
    member = store.groups.member(session, group.id, apprentice_id)
    if member is None:
        raise NotInGroupError
    if len(store.groups.members_of(session, [group.id])) == 1:
        raise LastMemberError
    session.delete(member)
    return noted(session, caller, group, "group.member_removed", member=apprentice_id)


def set_accompanying(
    session: Session,
    caller: Caller,
    group: models.TravelGroup,
    accompanying: Sequence[models.AccompanyingPersonFields],
) -> models.TravelGroup:
    """Say who goes along, in place of what was said before.

    Raises GroupSplitError, DatesNotInOrderError.
    """
    check_unsplit(group)
    _check_days(accompanying)
    store.groups.forget_accompanying(session, group.id)
    session.add_all(_going_along(caller, group, accompanying))
    return noted(session, caller, group, "group.accompanying_set", people=len(accompanying))


def split(session: Session, caller: Caller, group: models.TravelGroup) -> models.TravelGroup:
    """End the effect of a group on rounds and answers; its members' proposals stay.

    Raises GroupSplitError.
    """
    check_unsplit(group)
    group.split_at = caller.now
    return noted(session, caller, group, "group.split")


def status(session: Session, group: models.TravelGroup) -> GroupStatus:
    """How the group stands: who of it has a place, and what its coordinator should know."""
    members = store.groups.members_with_people(session, [group.id], true())
    along = store.groups.accompanying_of(session, [group.id])
    return statuses(session, group.call_id, [group], members, along)[group.id]


def statuses(
    session: Session, call_id: uuid.UUID, groups: Sequence[models.TravelGroup],
    members: Sequence[store.groups.Travelling], along: Sequence[models.AccompanyingPerson],
    *known: Any,
) -> dict[uuid.UUID, GroupStatus]:  # fmt: skip
    """How groups of one call stand, by their ids, with their members and who goes along.

    Proposals count that meet what is `known`, a condition.
    """
    people = [person.id for _, person, _ in members]
    enrolled = {
        row.apprentice_id: row.status for row in store.calls.enrolments_of(session, call_id, people)
    }
    placed = store.groups.with_place(session, call_id, people, *known)
    found = {}
    for group in groups:
        own = [(member, person) for member, person, _ in members if member.group_id == group.id]
        ids = {person.id for _, person in own}
        found[group.id] = GroupStatus(
            in_effect=in_effect(group, [member for member, _ in own]),
            members=tuple(
                MemberStatus(
                    apprentice_id=person.id,
                    wished=member.wished_at is not None,
                    enrolment=enrolled.get(person.id),
                    has_place=person.id in placed,
                )
                for member, person in sorted(own, key=lambda pair: pair[1].id)
            ),
            missing=tuple(sorted(ids - placed)),
            uncovered_days=tuple(
                uncovered_days(
                    group, [person for _, person in own],
                    [person for person in along if person.group_id == group.id],
                )
            ),
        )  # fmt: skip
    return found


def uncovered_days(
    group: models.TravelGroup, people: Iterable[models.Apprentice],
    along: Sequence[models.AccompanyingPerson],
) -> list[datetime.date]:  # fmt: skip
    """The days on which nobody goes along with a class.

    None where the dates are open, or where every member is of age on the first day.
    """
    first, last = group.first_day, group.last_day
    if group.kind != GroupKind.CLASS or first is None or last is None:
        return []
    if all(age_on(person.birth_date, first) >= ADULT for person in people):
        return []
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


def call_of(session: Session, call_id: uuid.UUID) -> models.Call:
    """A call whose groups still change. Raises NoSuchCallError, CallChangeError."""
    call = session.get(models.Call, call_id)
    if call is None:
        raise NoSuchCallError(str(call_id))
    if call.status == CallStatus.FINISHED:
        raise CallChangeError(call.code, call.status, "group")
    return call


def check_unsplit(group: models.TravelGroup) -> None:
    """A split group stays as it is. Raises GroupSplitError."""
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
    check_enrolled(session, call_id, people)
    grouped = store.groups.in_groups(session, call_id, people)
    if grouped:
        raise AlreadyInGroupError(len(grouped))


def check_enrolled(session: Session, call_id: uuid.UUID, people: Collection[uuid.UUID]) -> None:
    """The people take part; their enrolments are held. Raises NotEnrolledError."""
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


def noted(
    session: Session, caller: Caller, group: models.TravelGroup, action: str, **data: object
) -> models.TravelGroup:
    """Count a change of the group, also where only its members changed, and write it down."""
    group.changed_at = caller.now
    flag_modified(group, "changed_at")
    records.note(session, caller, action, group, **data)
    session.flush()
    return group
