"""Signing in and out, and who one is."""

import uuid
from typing import Any

from fastapi import APIRouter, Request, Response

import models
from api.browser import Credentials, give_code, keep, open_session, take_cookie
from api.caller import Caller, caller_of
from api.edge import Anonymous, Permit, Writing, may, refuse_other_sites
from api.policy import Action
from api.services import sessions
from api.services.second_step import HalfOpened
from models import Role
from models.base import Shape
from models.factor_views import CodeAsked, CodeNeeded

router = APIRouter(prefix="/session", tags=["session"])


class Me(Shape):
    """Who is signed in, as what, and on whose rows."""

    user_id: uuid.UUID
    role: Role
    scope_id: uuid.UUID | None


SIGNED_IN_IN_PART: dict[int | str, dict[str, Any]] = {
    202: {"model": CodeNeeded, "description": "A code is missing."}
}
"""What is answered where the password alone is not enough."""


@router.post("", responses=SIGNED_IN_IN_PART)
def sign_in(
    asked: Credentials, request: Request, response: Response, caller: Anonymous, session: Writing
) -> Me | CodeNeeded:
    """Sign in; the session is in the cookie.

    202 where the account has a second factor: `POST /session/code` then asks for a code.
    """
    opened = open_session(request, session, caller, asked)
    keep(response, opened)
    if isinstance(opened, HalfOpened):
        response.status_code = 202
        return CodeNeeded(expires_at=opened.half.expires_at)
    return of_account(opened.user, caller)


@router.post("/code")
def second_step(asked: CodeAsked, request: Request, response: Response, caller: Anonymous) -> Me:
    """The code that signing in asks for after the password, or a recovery code.

    It is asked for within ten minutes; after five wrong ones the password is asked for again.
    """
    refuse_other_sites(request)
    opened = give_code(request, caller, asked.code)
    keep(response, opened)
    return of_account(opened.user, caller)


@router.get("")
def me(permit: Permit = may(Action.SESSION_OWN, without_factor=True)) -> Me:
    """Who one is."""
    caller = permit.caller
    assert caller.user_id is not None  # noqa: S101  # signed in
    assert caller.role is not None  # noqa: S101
    return Me(user_id=caller.user_id, role=caller.role, scope_id=caller.scope_id)


@router.delete("", status_code=204)
def sign_out(
    request: Request, response: Response, session: Writing,
    permit: Permit = may(Action.SESSION_OWN, without_factor=True),
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
