"""Signing in and out, and who one is."""

import uuid

from fastapi import APIRouter, Request, Response
from pydantic import Field

import models
from api.caller import Caller, caller_of
from api.edge import COOKIE, Anonymous, Permit, Writing, may, refuse_unencrypted
from api.policy import Action
from api.services import sessions
from api.throttle import Tried
from models import Role
from models.base import Shape

router = APIRouter(prefix="/session", tags=["session"])


class Credentials(Shape):
    """What somebody signs in with."""

    email: str = Field(max_length=254, examples=["coordinator@example.org"])
    password: str = Field(max_length=128, examples=["a sentence that nobody guesses"])


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
    here = refuse_unencrypted(request)
    throttle = request.app.state.throttle
    throttle.check(Tried.SIGN_IN_FROM_ADDRESS, here)
    throttle.check(Tried.SIGN_IN_TO_ACCOUNT, asked.email)
    device = request.headers.get("user-agent", "")
    login, secret = sessions.sign_in(
        session, caller.now, caller.new_id, asked.email, asked.password, device,
        request_id=caller.request_id,
    )  # fmt: skip
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


def give_cookie(response: Response, secret: str) -> None:
    """Let the browser keep the secret of its session, for as long as that can last."""
    response.set_cookie(
        COOKIE, secret, secure=True, httponly=True, samesite="lax", path="/",
        max_age=int(sessions.LASTS.total_seconds()),
    )  # fmt: skip


def take_cookie(response: Response) -> None:
    """Let the browser forget the session."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")


def of_account(user: models.User, caller: Caller) -> Me:
    """Who somebody with this account is."""
    known = caller_of(user, caller.now, caller.new_id)
    return Me(user_id=user.id, role=user.role, scope_id=known.scope_id)
