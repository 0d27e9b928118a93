"""Travelling with a friend: the own code, a wish, a yes to a friend's wish, and taking it back."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.language import N_
from api.pages.frame import Faults, Form, attempt, go_to, show, version_seen
from api.pages.own import Own, own
from api.policy import Action
from api.services import calls, friends
from api.services.own_calls import own_calls
from api.services.showing_groups import friend_shown
from api.throttle import Tried

router = APIRouter()

TYPE_CODE = N_("Please type the code that your friend has given you.")


@router.get("/friends")
def my_friends(
    request: Request, session: Reading, permit: Permit = may(Action.FRIEND_WISH), done: str = ""
) -> Response:
    """The own code in each call, and with whom one wishes to go."""
    return _page(request, session, own(session, permit, Action.FRIEND_WISH), done=done)


@router.post("/friends/{call}/wish")
def wish(
    request: Request, call: str, form: Form, session: Writing,
    permit: Permit = may(Action.FRIEND_WISH),
) -> Response:  # fmt: skip
    """Wish to go with whose code it is, or say yes to the friend who has wished already."""
    me, faults = own(session, permit, Action.FRIEND_WISH), Faults()
    request.app.state.throttle.check(Tried.FRIEND_OF_ACCOUNT, str(me.caller.user_id))
    code = str(form.get("code", "")).strip()[:40]
    if "code" in form and not code:
        faults.fields["code"] = me.language.phrase(TYPE_CODE)
    if not faults:
        with attempt(session, faults, me.language):
            found = calls.load(session, me.caller, call)
            friends.wish(
                session, me.caller, me.person.id, found.id, code or None, None,
                seen=version_seen(form),
            )  # fmt: skip
    if faults:
        return _page(request, session, me, faults=faults, typed=form)
    return go_to(request, "/friends?done=wished")


@router.post("/friends/{call}/take-back")
def take_back(
    request: Request, call: str, _form: Form, session: Writing,
    permit: Permit = may(Action.FRIEND_WISH),
) -> Response:  # fmt: skip
    """Take a wish back, or say no to a friend's."""
    me, faults = own(session, permit, Action.FRIEND_WISH), Faults()
    with attempt(session, faults, me.language):
        found = calls.load(session, me.caller, call)
        friends.take_wish_back(session, me.caller, me.person.id, found.id)
    if faults:
        return _page(request, session, me, faults=faults)
    return go_to(request, "/friends?done=taken")


def _page(
    request: Request, session: Session, me: Own, *, done: str = "",
    faults: Faults | None = None, typed: Any = None,
) -> Response:  # fmt: skip
    mine = [one.call for one in own_calls(session, me.caller, me.person) if one.takes_part]
    return show(
        request, "friends.html", status=422 if faults else 200, done=done,
        calls=[(call, friend_shown(session, me.caller, call, me.person.id)) for call in mine],
        faults=faults or Faults(), typed=typed or {},
    )  # fmt: skip
