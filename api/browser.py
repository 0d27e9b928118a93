"""What a browser is given to keep: its session, and the language that was chosen in it."""

from fastapi import Request, Response
from pydantic import Field
from sqlmodel import Session

import models
from api.caller import Caller
from api.edge import ANSWER_COOKIE, COOKIE, LANGUAGE_COOKIE, refuse_unencrypted
from api.services import links, sessions
from api.throttle import Tried
from models.base import Shape

YEAR = 365 * 24 * 60 * 60
"""So long a chosen language is kept, in seconds."""


class Credentials(Shape):
    """What somebody signs in with."""

    email: str = Field(min_length=1, max_length=254, examples=["coordinator@example.org"])
    password: str = Field(min_length=1, max_length=128, examples=["a sentence that nobody guesses"])


def open_session(
    request: Request, session: Session, caller: Caller, asked: Credentials
) -> tuple[models.LoginSession, str]:
    """A session and its secret.

    Raises UnencryptedError, TooManyRequestsError, WrongCredentialsError.
    """
    here = refuse_unencrypted(request)
    throttle = request.app.state.throttle
    throttle.check(Tried.SIGN_IN_FROM_ADDRESS, here)
    throttle.check(Tried.SIGN_IN_TO_ACCOUNT, asked.email)
    device = request.headers.get("user-agent", "")
    return sessions.sign_in(
        session, caller.now, caller.new_id, asked.email, asked.password, device,
        request_id=caller.request_id,
    )  # fmt: skip


def give_cookie(response: Response, secret: str) -> None:
    """Let the browser keep the secret of its session, for as long as that can last."""
    response.set_cookie(
        COOKIE, secret, secure=True, httponly=True, samesite="lax", path="/",
        max_age=int(sessions.LASTS.total_seconds()),
    )  # fmt: skip


def take_cookie(response: Response) -> None:
    """Let the browser forget the session."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")


def keep_language(response: Response, code: str) -> None:
    """Let the browser keep the language that was chosen in it."""
    response.set_cookie(
        LANGUAGE_COOKIE, code, secure=True, httponly=True, samesite="lax", path="/", max_age=YEAR
    )


def give_answer_cookie(response: Response, key: str) -> None:
    """Let the browser keep the secret of an opened link, for the time that it is open."""
    response.set_cookie(
        ANSWER_COOKIE, key, secure=True, httponly=True, samesite="strict", path="/",
        max_age=int(links.OPEN_FOR.total_seconds()),
    )  # fmt: skip


def take_answer_cookie(response: Response) -> None:
    """Let the browser forget the opened link."""
    response.delete_cookie(ANSWER_COOKIE, secure=True, httponly=True, samesite="strict", path="/")
