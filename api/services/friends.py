"""Two friends who wish to travel together: how one names the other, and what both are told.

Nobody searches for people. Who takes part in a call has a code there, the last ten digits of
the enrolment's id: it says nothing, changes with every call, and nobody but the person, the
school and the coordinator knows it. A friend gets it from the person, by voice or as a
message, and types it in. A wrong code, one of another call and one of somebody who has
withdrawn are answered alike.
"""

import re
import uuid
from typing import Any

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import (
    AlreadyInGroupError,
    FriendsAreTwoError,
    NoSuchFriendError,
    NoSuchWishError,
    StaleVersionError,
)
from api.services import groups, records
from api.services.asking import tell_apprentice
from api.services.groups import call_of, check_enrolled, make_group, noted, split
from api.services.narrowing import in_effect
from models import EnrolmentStatus, GroupKind
from models.group_views import FriendTerms

LETTERS = 10
"""So many hexadecimal digits has a code: 40 bits, of which a call uses some thousand."""


def own_code(session: Session, call_id: uuid.UUID, apprentice_id: uuid.UUID) -> str | None:
    """The code of somebody who takes part in a call, in two halves."""
    for row in store.calls.enrolments_of(session, call_id, [apprentice_id]):
        if row.status != EnrolmentStatus.WITHDRAWN:
            code = row.id.hex[-LETTERS:]
            return f"{code[: LETTERS // 2]}-{code[LETTERS // 2 :]}"
    return None


def wish(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, call_id: uuid.UUID,
    code: str | None, terms: FriendTerms | None, *, seen: int | None = None,
) -> models.TravelGroup:  # fmt: skip
    """Wish to travel with whose code it is, or say yes to who has wished; with terms or as it is.

    The friend is told of a wish that waits for a yes, both once they are a group. `seen` is
    the version of the group, 0 for none. Raises NoSuchFriendError, NoSuchWishError,
    StaleVersionError and what `wish_together` and `change_group` raise.
    """
    before = store.groups.group_of(session, apprentice_id, call_id)
    version = before.version if before else 0
    if seen is not None and seen != version:
        raise StaleVersionError("wish", seen, version)
    friend = (
        _of_wish(session, before, apprentice_id)
        if code is None
        else _by_code(session, call_id, code)
    )
    group = wish_together(session, caller, apprentice_id, friend, call_id)
    if terms is not None:
        fields = models.TravelGroupFields(name=group.name, kind=group.kind, **terms.model_dump())
        if fields.model_dump() != group.model_dump(include=set(fields.model_dump())):
            group = groups.change_group(session, caller, group, fields)
    if group.version != version:
        both = in_effect(group, store.groups.members_of(session, [group.id]))
        people = [friend, apprentice_id] if both else [friend]
        _tell(session, caller, group, people, "friend_group" if both else "friend_wish")
    return group


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
    call_of(session, call_id)
    both = sorted({apprentice_id, friend_id})
    if len(both) != 2:
        raise FriendsAreTwoError
    check_enrolled(session, call_id, both)
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
    return noted(session, caller, group, "group.wished", member=apprentice_id)


def take_wish_back(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, call_id: uuid.UUID
) -> models.TravelGroup:
    """Take a wish back, or refuse a friend's: the two are no group any more, the other is told.

    Raises NoSuchWishError.
    """
    group = store.groups.group_of(session, apprentice_id, call_id)
    if group is None or group.kind != GroupKind.FRIENDS:
        raise NoSuchWishError
    member = store.groups.member(session, group.id, apprentice_id)
    if member is not None and member.wished_at is not None:
        member.wished_at, member.changed_at = None, caller.now
    records.note(session, caller, "group.wish_taken_back", group, member=apprentice_id)
    friend = _of_wish(session, group, apprentice_id)
    _tell(session, caller, group, [friend], "friend_wish_back")
    return split(session, caller, group)


def ask_both(session: Session, caller: Caller, group: models.TravelGroup) -> None:
    """Tell two friends whom somebody else put together: they are a group once both wish it."""
    members = store.groups.members_of(session, [group.id])
    _tell(session, caller, group, [one.apprentice_id for one in members], "friend_wish")


def _of_wish(
    session: Session, group: models.TravelGroup | None, apprentice_id: uuid.UUID
) -> uuid.UUID:
    """The other one of two friends."""
    if group is None or group.kind != GroupKind.FRIENDS:
        raise NoSuchWishError
    members = store.groups.members_of(session, [group.id])
    return next(one.apprentice_id for one in members if one.apprentice_id != apprentice_id)


def _by_code(session: Session, call_id: uuid.UUID, code: str) -> uuid.UUID:
    """Whose code it is; spaces, hyphens and capitals make no difference."""
    plain = re.sub(r"[\s-]", "", code).lower()
    if not re.fullmatch(f"[0-9a-f]{{{LETTERS}}}", plain):
        raise NoSuchFriendError
    found = store.calls.enrolments_ending_in(session, call_id, plain)
    if len(found) != 1 or found[0].status == EnrolmentStatus.WITHDRAWN:
        raise NoSuchFriendError
    return found[0].apprentice_id


def _tell(
    session: Session, caller: Caller, group: models.TravelGroup, people: list[uuid.UUID], text: str
) -> None:
    data: dict[str, Any] = {"group": group.id, "call": group.call_id}
    for person in people:
        tell_apprentice(session, caller, session.get_one(models.Apprentice, person), text, **data)
