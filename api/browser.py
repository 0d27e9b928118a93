"""What a browser is given to keep: its session, and the language that was chosen in it."""

from fastapi import Request, Response
from pydantic import Field
from sqlmodel import Session

from api.caller import Caller
from api.database import transaction
from api.edge import (
    ANSWER_COOKIE,
    COOKIE,
    DEVICE_COOKIE,
    IDENTITY_COOKIE,
    LANGUAGE_COOKIE,
    STEP_COOKIE,
    refuse_unencrypted,
)
from api.errors import ServiceError
from api.services import devices, identities, links, second_step, sessions
from api.services.second_step import Browser, HalfOpened, Opened
from api.throttle import Tried
from models.base import Shape

YEAR = 365 * 24 * 60 * 60
"""So long a chosen language is kept, in seconds."""


class Credentials(Shape):
    """What somebody signs in with."""

    email: str = Field(min_length=1, max_length=254, examples=["coordinator@example.org"])
    password: str = Field(min_length=1, max_length=128, examples=["a sentence that nobody guesses"])


def browser_of(request: Request) -> Browser:
    """What is known of the browser that asks."""
    says = request.headers.get("user-agent", "")
    return Browser(says, request.cookies.get(DEVICE_COOKIE, ""))


def open_session(
    request: Request, session: Session, caller: Caller, asked: Credentials
) -> Opened | HalfOpened:
    """A session, or half of one where a code is missing.

    Raises UnencryptedError, TooManyRequestsError, WrongCredentialsError.
    """
    here = refuse_unencrypted(request)
    throttle = request.app.state.throttle
    throttle.check(Tried.SIGN_IN_FROM_ADDRESS, here)
    throttle.check(Tried.SIGN_IN_TO_ACCOUNT, asked.email)
    return second_step.sign_in(session, caller, asked.email, asked.password, browser_of(request))


def give_code(request: Request, caller: Caller, code: str) -> Opened:
    """The second step, in transactions of its own: a wrong code is counted for good.

    Raises UnencryptedError, TooManyRequestsError, SecondStepOverError, WrongCodeError.
    """
    refuse_unencrypted(request)
    secret, engine = request.cookies.get(STEP_COOKIE, ""), request.app.state.engine
    with transaction(engine, writes=False) as session:
        user_id = second_step.whose(session, caller.now, secret)
    request.app.state.throttle.check(Tried.CODE_OF_ACCOUNT, str(user_id))
    with transaction(engine) as session:
        found = second_step.give_code(session, caller, secret, code, browser_of(request))
    if isinstance(found, ServiceError):
        raise found
    return found


def check_code_rate(request: Request, caller: Caller) -> None:
    """Count a try with a code of somebody who is signed in. Raises TooManyRequestsError."""
    request.app.state.throttle.check(Tried.CODE_OF_ACCOUNT, str(caller.user_id))


def keep(response: Response, opened: Opened | HalfOpened) -> None:
    """Let the browser keep what was opened: the session, or the half of it."""
    if isinstance(opened, HalfOpened):
        response.set_cookie(
            STEP_COOKIE, opened.secret, secure=True, httponly=True, samesite="lax", path="/",
            max_age=int(second_step.STEP_WITHIN.total_seconds()),
        )  # fmt: skip
        return
    give_cookie(response, opened.secret)
    response.delete_cookie(STEP_COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    response.set_cookie(
        DEVICE_COOKIE, opened.device_secret, secure=True, httponly=True, samesite="lax", path="/",
        max_age=int(devices.KNOWN_FOR.total_seconds()),
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


def give_identity_cookie(response: Response, secret: str) -> None:
    """Let the browser keep who it is while it is at a provider; it comes back from another site."""
    response.set_cookie(
        IDENTITY_COOKIE, secret, secure=True, httponly=True, samesite="lax", path="/",
        max_age=int(identities.BACK_WITHIN.total_seconds()),
    )  # fmt: skip


def take_identity_cookie(response: Response) -> None:
    """Let the browser forget that it was at a provider."""
    response.delete_cookie(IDENTITY_COOKIE, secure=True, httponly=True, samesite="lax", path="/")


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
