"""Travel groups: classes and friends, who is in them, what is fixed for all."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from sqlmodel import Session

import models
from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.routes.calls import Code
from api.services import calls, friends, groups
from api.services.showing_groups import friend_shown, page, shown
from api.store.scopes import groups_in
from api.throttle import Tried
from models import GroupKind
from models.group_views import (
    AlongAsked,
    FriendShown,
    FriendWish,
    GroupAsked,
    GroupPage,
    GroupShown,
    MemberAsked,
)

router = APIRouter(tags=["travel groups"])


@router.get("/calls/{code}/groups")
def list_groups(
    code: Code,
    session: Reading,
    permit: Permit = may(Action.GROUP_READ),
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> GroupPage:
    """The groups of a call that are not split and that one's own people are in, by id."""
    call = calls.load(session, permit.caller, code)
    mine = groups_in(permit.scope, permit.caller.scope_id)
    found = page(session, call.id, mine, after=after, limit=limit + 1)
    items = shown(session, permit.caller, permit.scope, call.id, found[:limit])
    return GroupPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.post("/calls/{code}/groups", status_code=201, response_model=GroupShown)
def make_group(
    code: Code, asked: GroupAsked, once: OnlyOnce, permit: Permit = may(Action.GROUP_CHANGE)
) -> JSONResponse:
    """Make a group of one's own people who take part in the call."""
    session, caller = once.session, permit.caller

    def make() -> GroupShown:
        call = calls.load(session, caller, code)
        groups.check_people_in(session, caller, permit.scope, asked.members)
        fields = models.TravelGroupFields(
            **asked.model_dump(exclude={"members", "accompanying_persons"})
        )
        group = groups.make_group(
            session, caller, call.id, fields, asked.members, asked.accompanying_persons
        )
        if group.kind == GroupKind.FRIENDS:
            friends.ask_both(session, caller, group)
        return shown(session, caller, permit.scope, call.id, [group])[0]

    return once(
        asked.model_dump(mode="json"), 201, make,
        headers=lambda made: {"ETag": tag(made.version), "Location": f"/api/v1/groups/{made.id}"},
    )  # fmt: skip


@router.get("/groups/{group_id}")
def one_group(
    group_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.GROUP_READ),
) -> GroupShown:  # fmt: skip
    """A group, split or not: for coordinators and schools with who lacks a place."""
    return _answer(session, permit, _found(session, permit, group_id), response)


@router.put("/groups/{group_id}")
def change_group(
    group_id: uuid.UUID, asked: models.TravelGroupFields, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.GROUP_CHANGE),
) -> GroupShown:  # fmt: skip
    """Change what is fixed for all, where all are one's own people."""
    group = _found(session, permit, group_id, seen)
    groups.check_whole(session, permit.caller, permit.scope, group)
    groups.change_group(session, permit.caller, group, asked)
    return _answer(session, permit, group, response)


@router.post("/groups/{group_id}/members", status_code=201)
def add_member(
    group_id: uuid.UUID, asked: MemberAsked, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.GROUP_CHANGE),
) -> GroupShown:  # fmt: skip
    """Take somebody of one's own people into a class."""
    group = _found(session, permit, group_id, seen)
    groups.check_people_in(session, permit.caller, permit.scope, [asked.apprentice_id])
    groups.add_member(session, permit.caller, group, asked.apprentice_id)
    return _answer(session, permit, group, response)


@router.delete("/groups/{group_id}/members/{apprentice_id}")
def remove_member(
    group_id: uuid.UUID, apprentice_id: uuid.UUID, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.GROUP_CHANGE),
) -> GroupShown:  # fmt: skip
    """Take one of one's own people out of a class."""
    group = _found(session, permit, group_id, seen)
    groups.check_people_in(session, permit.caller, permit.scope, [apprentice_id])
    groups.remove_member(session, permit.caller, group, apprentice_id)
    return _answer(session, permit, group, response)


@router.put("/groups/{group_id}/accompanying-persons")
def set_accompanying(
    group_id: uuid.UUID, asked: AlongAsked, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.GROUP_CHANGE),
) -> GroupShown:  # fmt: skip
    """Say who goes along, day by day, where all members are one's own people."""
    group = _found(session, permit, group_id, seen)
    groups.check_whole(session, permit.caller, permit.scope, group)
    groups.set_accompanying(session, permit.caller, group, asked.items)
    return _answer(session, permit, group, response)


@router.post("/groups/{group_id}/split")
def split(
    group_id: uuid.UUID, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.GROUP_CHANGE),
) -> GroupShown:  # fmt: skip
    """End the effect of a group for good; its members' proposals stay."""
    group = groups.split(session, permit.caller, _found(session, permit, group_id, seen))
    return _answer(session, permit, group, response)


@router.get("/calls/{code}/friend")
def own_friend(
    code: Code, session: Reading, response: Response, permit: Permit = may(Action.FRIEND_WISH)
) -> FriendShown:
    """One's own code in a call, and the group that one is in."""
    return _friend(session, permit, calls.load(session, permit.caller, code), response)


@router.put("/calls/{code}/friend")
def wish(
    code: Code, asked: FriendWish, request: Request, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.FRIEND_WISH),
) -> FriendShown:  # fmt: skip
    """Wish to travel with a friend, by the code that the friend gave, or say yes to a wish.

    Nobody can look for people: every person has an own code in each call, which only the
    person passes on. Both are a group once both have wished.
    """
    caller = permit.caller
    request.app.state.throttle.check(Tried.FRIEND_OF_ACCOUNT, str(caller.user_id))
    call = calls.load(session, caller, code)
    friends.wish(session, caller, _self(permit), call.id, asked.code, asked.terms, seen=seen)
    return _friend(session, permit, call, response)


@router.delete("/calls/{code}/friend", status_code=204)
def take_back(code: Code, session: Writing, permit: Permit = may(Action.FRIEND_WISH)) -> None:
    """Take a wish back, or say no to a friend's; the other one is told."""
    call = calls.load(session, permit.caller, code)
    friends.take_wish_back(session, permit.caller, _self(permit), call.id)


def _self(permit: Permit) -> uuid.UUID:
    assert permit.caller.scope_id is not None  # noqa: S101  # an apprentice's account has one
    return permit.caller.scope_id


def _found(
    session: Session, permit: Permit, group_id: uuid.UUID, seen: int | None = None
) -> models.TravelGroup:
    mine = groups_in(permit.scope, permit.caller.scope_id)
    return groups.find(session, group_id, mine, seen=seen)


def _answer(
    session: Session, permit: Permit, group: models.TravelGroup, response: Response
) -> GroupShown:
    session.flush()
    response.headers["ETag"] = tag(group.version)
    return shown(session, permit.caller, permit.scope, group.call_id, [group])[0]


def _friend(session: Session, permit: Permit, call: models.Call, response: Response) -> FriendShown:
    session.flush()
    view = friend_shown(session, permit.caller, call, _self(permit))
    response.headers["ETag"] = tag(view.group.version if view.group else 0)
    return view
