"""Which view of travel groups somebody gets, however many there are, with a few queries."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.policy import Scope
from api.services.friends import own_code
from api.services.groups import MemberStatus, statuses
from api.services.narrowing import in_effect
from api.store.groups import Travelling
from models import EnrolmentStatus, Role
from models.group_views import (
    FriendShown,
    GroupForMember,
    GroupForOffice,
    GroupShown,
    MemberForMember,
    MemberForOffice,
)


def page(
    session: Session, call_id: uuid.UUID, *conditions: Any, after: uuid.UUID | None, limit: int
) -> list[models.TravelGroup]:
    """The groups of a call that are not split and meet the conditions, by their ids."""
    of_call = models.TravelGroup.call_id == call_id
    return store.groups.groups(
        session, of_call, store.groups.unsplit(), *conditions, after=after, limit=limit
    )


def without_group(
    session: Session, caller: Caller, scope: Scope, call_id: uuid.UUID
) -> list[models.Apprentice]:
    """Who of the scope takes part in a call and is in none of its groups, by name."""
    found = store.calls.taking_part(
        session, models.Enrolment.call_id == call_id,
        models.Enrolment.status != EnrolmentStatus.WITHDRAWN,
        store.scopes.people_in(scope, caller.scope_id),
    )  # fmt: skip
    grouped = store.groups.in_groups(session, call_id, [person.id for _, person in found])
    free = [person for _, person in found if person.id not in grouped]
    return sorted(free, key=lambda one: (one.last_name, one.first_name))


def shown(
    session: Session, caller: Caller, scope: Scope, call_id: uuid.UUID,
    groups: Sequence[models.TravelGroup],
) -> list[GroupShown]:  # fmt: skip
    """The views of groups of one call for who asks, in their order."""
    ids = [group.id for group in groups]
    mine = store.scopes.people_in(scope, caller.scope_id)
    members = store.groups.members_with_people(session, ids, mine)
    if caller.role == Role.APPRENTICE:
        return [_for_member(group, members) for group in groups]
    along = store.groups.accompanying_of(session, ids)
    known = [store.scopes.known_outside()] if caller.role == Role.CENTRE else []
    standing = statuses(session, call_id, groups, members, along, *known)
    people = {person.id: (person, own) for _, person, own in members}
    views: list[GroupShown] = []
    for group in groups:
        status = standing[group.id]
        views.append(
            GroupForOffice(
                **_taken(group, GroupForOffice),
                in_effect=status.in_effect,
                members=[_member(one, *people[one.apprentice_id]) for one in status.members],
                missing=list(status.missing),
                uncovered_days=list(status.uncovered_days),
                accompanying_persons=[
                    models.AccompanyingPersonFields(**_taken(row, models.AccompanyingPersonFields))
                    for row in along
                    if row.group_id == group.id
                ],
            )
        )
    return views


def friend_shown(
    session: Session, caller: Caller, call: models.Call, apprentice_id: uuid.UUID
) -> FriendShown:
    """A person's own code and group in a call."""
    group = store.groups.group_of(session, apprentice_id, call.id)
    view = None
    if group is not None:
        mine = store.scopes.people_in(Scope.SELF, caller.scope_id)
        view = _for_member(group, store.groups.members_with_people(session, [group.id], mine))
    return FriendShown(own_code=own_code(session, call.id, apprentice_id), group=view)


def _for_member(group: models.TravelGroup, members: Sequence[Travelling]) -> GroupForMember:
    own = [row for row in members if row[0].group_id == group.id]
    return GroupForMember(
        **_taken(group, GroupForMember),
        in_effect=in_effect(group, [member for member, _, _ in own]),
        members=[
            MemberForMember(
                first_name=person.first_name, is_you=you, wished=member.wished_at is not None
            )
            for member, person, you in own
        ],
    )


def _member(status: MemberStatus, person: models.Apprentice, own: bool) -> MemberForOffice:
    return MemberForOffice(
        apprentice_id=person.id, first_name=person.first_name,
        last_name=person.last_name if own else None, wished=status.wished,
        enrolment=status.enrolment, has_place=status.has_place,
    )  # fmt: skip


def _taken(row: Any, shape: Any) -> dict[str, Any]:
    """The fields of the shape that the row has."""
    names = shape.model_fields.keys() & type(row).model_fields.keys()
    return {name: getattr(row, name) for name in names}
