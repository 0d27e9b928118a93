"""What a browser is given to keep: its session, and the language that was chosen in it."""

import datetime
from typing import Literal

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
    own_session,
    refuse_unencrypted,
)
from api.errors import ServiceError
from api.services import accounts, devices, identities, links, second_step, sessions
from api.services.second_step import Browser, HalfOpened, Opened
from api.throttle import Tried
from models import Role
from models.base import Shape

YEAR = datetime.timedelta(days=365)
"""So long a chosen language is kept."""


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


def check_code_rate(request: Request, caller: Caller, code: str) -> None:
    """Count a try with a code of somebody who is signed in; without one there is none.

    Raises TooManyRequestsError.
    """
    if code:
        request.app.state.throttle.check(Tried.CODE_OF_ACCOUNT, str(caller.user_id))


def check_password_rate(request: Request, caller: Caller) -> None:
    """Count a try with the password of somebody who is signed in. Raises TooManyRequestsError."""
    request.app.state.throttle.check(Tried.SIGN_IN_TO_ACCOUNT, str(caller.user_id))


def refuse_token_for_office(request: Request, caller: Caller, role: Role) -> None:
    """Nobody lets somebody into an account of the office with a token, which may be lost.

    Raises SessionNeededError.
    """
    if role not in accounts.OF_REGION:
        own_session(request, caller)


def keep(response: Response, opened: Opened | HalfOpened) -> None:
    """Let the browser keep what was opened: the session, or the half of it."""
    if isinstance(opened, HalfOpened):
        _give(response, STEP_COOKIE, opened.secret, second_step.STEP_WITHIN)
        return
    give_cookie(response, opened.secret)
    _take(response, STEP_COOKIE)
    _give(response, DEVICE_COOKIE, opened.device_secret, devices.KNOWN_FOR)


def give_cookie(response: Response, secret: str) -> None:
    """Let the browser keep the secret of its session, for as long as that can last."""
    _give(response, COOKIE, secret, sessions.LASTS)


def take_cookie(response: Response) -> None:
    """Let the browser forget the session."""
    _take(response, COOKIE)


def give_identity_cookie(response: Response, secret: str) -> None:
    """Let the browser keep who it is while it is at a provider; it comes back from another site."""
    _give(response, IDENTITY_COOKIE, secret, identities.BACK_WITHIN)


def take_identity_cookie(response: Response) -> None:
    """Let the browser forget that it was at a provider."""
    _take(response, IDENTITY_COOKIE)


def keep_language(response: Response, code: str) -> None:
    """Let the browser keep the language that was chosen in it."""
    _give(response, LANGUAGE_COOKIE, code, YEAR)


def give_answer_cookie(response: Response, key: str) -> None:
    """Let the browser keep the secret of an opened link, for the time that it is open."""
    _give(response, ANSWER_COOKIE, key, links.OPEN_FOR, "strict")


def take_answer_cookie(response: Response) -> None:
    """Let the browser forget the opened link."""
    _take(response, ANSWER_COOKIE, "strict")


SameSite = Literal["lax", "strict"]
"""Whether a cookie comes along when somebody follows a link from another site."""


def _give(
    response: Response,
    name: str,
    value: str,
    lasts: datetime.timedelta,
    same_site: SameSite = "lax",
) -> None:
    response.set_cookie(
        name, value, secure=True, httponly=True, samesite=same_site, path="/",
        max_age=int(lasts.total_seconds()),
    )  # fmt: skip


def _take(response: Response, name: str, same_site: SameSite = "lax") -> None:
    response.delete_cookie(name, secure=True, httponly=True, samesite=same_site, path="/")
