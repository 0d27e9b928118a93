"""Signing in and out, and who one is."""

import uuid

from fastapi import APIRouter, Request, Response

import models
from api.browser import Credentials, give_cookie, open_session, take_cookie
from api.caller import Caller, caller_of
from api.edge import Anonymous, Permit, Writing, may
from api.policy import Action
from api.services import sessions
from models import Role
from models.base import Shape

router = APIRouter(prefix="/session", tags=["session"])


class Me(Shape):
    """Who is signed in, as what, and on whose rows."""

    user_id: uuid.UUID
    role: Role
    scope_id: uuid.UUID | None


@router.post("")
def sign_in(
    asked: Credentials, request: Request, response: Response, caller: Anonymous, session: Writing
) -> Me:
    """Sign in; the session is in the cookie."""
    login, secret = open_session(request, session, caller, asked)
    give_cookie(response, secret)
    return of_account(session.get_one(models.User, login.user_id), caller)


@router.get("")
def me(permit: Permit = may(Action.SESSION_OWN)) -> Me:
    """Who one is."""
    caller = permit.caller
    assert caller.user_id is not None  # noqa: S101  # signed in
    assert caller.role is not None  # noqa: S101
    return Me(user_id=caller.user_id, role=caller.role, scope_id=caller.scope_id)


@router.delete("", status_code=204)
def sign_out(
    request: Request, response: Response, session: Writing,
    permit: Permit = may(Action.SESSION_OWN),
) -> None:  # fmt: skip
    """End the session."""
    login_id = getattr(request.state, "login_id", None)
    if login_id is not None:
        sessions.end_session(session, permit.caller, login_id)
    take_cookie(response)


def of_account(user: models.User, caller: Caller) -> Me:
    """Who somebody with this account is."""
    known = caller_of(user, caller.now, caller.new_id)
    return Me(user_id=user.id, role=user.role, scope_id=known.scope_id)
